import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { write } from '../../local/db';
import { ME, disk, freshBrowser } from '../../local/fake';
import { arrived, heldState, resign } from '../../local/owner';
import { outbox } from '../../local/outbox';
import type { LogRecord, RoomRecord } from '../../local/schema';
import { sync } from '../../local/sync';
import { evict, keeping, noteRead, trim } from '../../local/kept';
import { dice, EVE, World } from '../../local/world';
import { writer } from '../../local/writer';
import type { Message, Summary } from '../../wire/protocol.gen';
import { rooms } from '../rooms/rooms.svelte';
import { timelineOf } from './timelines';

const RUNS = 300;
// Short enough that these histories come to their ends.
Object.assign(keeping, { opened: 15, ahead: 8, span: 8 });
let spans = 0;
const STEPS = 120;

let world: World;

const turn = () => new Promise((done) => setImmediate(done));

async function start(): Promise<void> {
  const held = await heldState();
  sync.begin(ME.id, held.logs, (positions) => world.ask(positions));
  arrived.send(held);
  connect();
}

function connect(): void {
  world.hangUp();
  const welcome = world.welcome(sync.positions());
  // What happens from here on comes behind it.
  world.wire.unshift(() => sync.welcome(welcome));
}

async function step(): Promise<void> {
  const { roll } = world;
  const what = roll(40);
  const timeline = timelineOf([...world.halls.keys()][roll(2)]!);
  if (what < 14) world.happen();
  else if (what < 30) world.move();
  else if (what < 32) void timeline.open();
  else if (what < 34) void timeline.loadBefore();
  else if (what === 34) void timeline.jumpTo(`${timeline.roomId}-${1 + roll(world.head(timeline.roomId))}`);
  else if (what === 35) timeline.close();
  else if (what === 36) await writer.idle();
  else if (what === 38) shrink(timeline.roomId);
  else if (what === 37) await vi.advanceTimersByTimeAsync(2000);
  else if (!roll(8)) connect();
  else await turn();
}

/** As a long day, a full disk and a glance into the room do. */
function shrink(room: string): void {
  const how = world.roll(4);
  if (how === 0) writer.add((tx) => evict(tx, room));
  else if (how === 1) writer.add((tx) => noteRead(tx, room, 1));
  else writer.add((tx) => trim(tx, room, 1 + world.roll(6), 0));
}

/** Everything that is on its way arrives, and all that is asked for because of it. */
async function calm(): Promise<void> {
  for (let still = 0; still < 3; still++) {
    while (!world.quiet) {
      world.move();
      if (!world.roll(4)) await turn();
      still = 0;
    }
    await vi.advanceTimersByTimeAsync(3000);
    await writer.idle();
    for (let i = 0; i < 5; i++) await turn();
    if (!world.quiet) still = -1;
  }
}

const brief = (last: Message | null | undefined) => (last ? `${last.id}@${last.rev}` : '');
const ofServer = ({ head, read_seq, unread, mentions, marked_unread, last, member_count }: Summary) =>
  ({ head, read_seq, unread, mentions, marked_unread, last: brief(last), member_count });
type Record = Pick<RoomRecord, 'head' | 'readSeq' | 'unread' | 'mentions' | 'markedUnread' | 'last' | 'room'>;
const ofRecord = ({ head, readSeq, unread, mentions = 0, markedUnread = false, last, room }: Record) =>
  ({ head, read_seq: readSeq, unread, mentions, marked_unread: markedUnread, last: brief(last), member_count: room.member_count });

async function compare(): Promise<void> {
  const held = await disk();
  const mine = [...world.halls.values()].filter((hall) => hall.mine);
  const ids = mine.map((hall) => hall.id);
  expect((held.rooms as RoomRecord[]).map((record) => record.id).sort()).toEqual(ids);
  expect(rooms.list.map((entry) => entry.room.id).sort()).toEqual(ids);
  expect(sync.positions()).toEqual(Object.fromEntries([ME.id, ...ids].map((log) => [log, world.head(log)])));
  for (const hall of mine) {
    const record = (held.rooms as RoomRecord[]).find((one) => one.id === hall.id)!;
    expect(ofRecord(rooms.get(hall.id)!)).toEqual(ofServer(world.summary(hall.id)));
    expect(ofRecord(record)).toEqual(ofServer(world.summary(hall.id)));
    const log = (held.logs as LogRecord[]).find((one) => one.log === hall.id)!;
    expect(log.position).toBe(world.head(hall.id));
    const rows = (held.messages as Message[]).filter((one) => one.room === hall.id);
    const now = new Map(hall.messages.map((one) => [one.id, one]));
    for (const row of rows) expect(row).toEqual(now.get(row.id));
    const whole = hall.messages.filter((one) => log.complete || one.seq >= log.low);
    expect(rows.map((one) => one.id)).toEqual(expect.arrayContaining(whole.map((one) => one.id)));
    const { low = 0, high = -1 } = log.span ?? {};
    const around = hall.messages.filter((one) => one.seq >= low && one.seq <= high);
    expect(rows.filter((one) => one.seq >= low && one.seq <= high).map((one) => one.id)).toEqual(around.map((one) => one.id));
    expect(high).toBeLessThan(log.low);
    spans += around.length;
    const timeline = timelineOf(hall.id);
    const seen = timeline.items.map((item) => item.message!);
    for (const one of seen) expect(one).toEqual(now.get(one.id));
    const run = hall.messages.filter((one) => seen.length && one.seq >= seen[0]!.seq && (!timeline.hasAfter || one.seq <= seen.at(-1)!.seq));
    expect(seen.map((one) => one.id)).toEqual(run.map((one) => one.id));
  }
  expect((held.messages as Message[]).filter((one) => !ids.includes(one.room))).toEqual([]);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
  vi.stubGlobal('fetch', async (address: string) => {
    const { pathname, searchParams } = new URL(address, 'http://x');
    return { ok: true, status: 200, json: async () => world.page(pathname.split('/')[3]!, searchParams) };
  });
});
afterEach(() => void vi.useRealTimers());

const from = Number(process.env.SEED ?? 0);
test.each(Array.from({ length: process.env.SEED ? 1 : RUNS }, (_, i) => from + i))('history %i ends as the server has it', async (seed) => {
  resign();
  await freshBrowser();
  await write(['blocks'], (tx) => tx.objectStore('blocks').put(EVE));
  await outbox.load();
  world = new World(dice(seed), (event) => sync.event(event));
  await start();
  for (let i = 0; i < STEPS; i++) {
    await step();
    if (!world.roll(150)) {
      // The app is closed, and opened again later.
      await writer.idle();
      world.hangUp();
      resign();
      await freshStart();
    }
  }
  await calm();
  world.settle();
  await calm();
  await compare();
});

test('some of them end with a place that somebody read at', () => {
  if (!process.env.SEED) expect(spans).toBeGreaterThan(RUNS / 10);
});

async function freshStart(): Promise<void> {
  const { takeOver } = await import('../../local/owner');
  await takeOver({ me: ME, device: 'device', community: null });
  await outbox.load();
  for (let i = world.roll(10); i > 0; i--) world.happen();
  await start();
}
