import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LogReplay, Replayed, Welcome } from '../wire/protocol.gen';
import { heldState } from './owner';
import { deleted, disk, edited, freshBrowser, HALL, joinedHall, ME, message, rows, summary, told } from './fake';
import type { LogRecord, RoomRecord } from './schema';
import { Sync, type Change } from './sync';
import { writer } from './writer';

let sync: Sync;
let changes: Change[];
let asked: Record<string, number>[];
let answer: (replayed: Partial<Replayed>) => Promise<void>;

function welcome(logs: LogReplay[], summaries = [summary(10)]): Welcome {
  return { op: 'welcome', id: 'h', account: ME.id, device: 'd', now: 0, heartbeat_s: 30, logs, summaries };
}

function begin(logs: LogRecord[] = []): void {
  sync = new Sync();
  changes = [];
  asked = [];
  sync.changes.on((change) => changes.push(change));
  sync.begin(ME.id, logs, (positions) => {
    asked.push(positions);
    return new Promise((resolve) => {
      answer = async (replayed) => {
        resolve({ op: 'replayed', id: 'r', logs: [], ...replayed });
        await new Promise((done) => setTimeout(done));
      };
    });
  });
}

const fresh = () => sync.welcome(welcome([{ log: ME.id, after: 0, to: 4, reset: true, events: [joinedHall(4, 10)] }]));
const texts = async () => (await rows()).map((row) => row.content?.text ?? null);
const hall = async () => ((await disk()).rooms as RoomRecord[])[0]!;
const position = async (log = HALL) => ((await disk()).logs as LogRecord[]).find((held) => held.log === log)?.position;

beforeEach(async () => {
  await freshBrowser();
  begin();
  fresh();
});

describe('live', () => {
  test('the first welcome gives every room a position', async () => {
    expect(sync.positions()).toEqual({ [ME.id]: 4, [HALL]: 10 });
    expect([await position(ME.id), await position()]).toEqual([4, 10]);
  });

  test('events in order are written and counted', async () => {
    sync.event(told(message(11)));
    sync.event(told(message(12)));
    expect(await texts()).toEqual(['text 11', 'text 12']);
    expect(await hall()).toMatchObject({ head: 12, unread: 2, last: { id: 'm12' } });
    expect(await position()).toBe(12);
  });

  test('doubles change nothing', async () => {
    sync.event(told(message(11)));
    sync.event(told(message(11)));
    expect((await hall()).unread).toBe(1);
    expect(changes.filter((change) => change.type === 'event' && change.live)).toHaveLength(1);
  });

  test('an edit that comes before its message wins', async () => {
    const first = message(11);
    sync.event(told(edited(first, 12, 'as edited')));
    sync.event(told(first));
    expect(await texts()).toEqual(['as edited']);
  });

  test('a deletion takes the text out of every store', async () => {
    sync.event(told(message(11)));
    sync.event(told(message(12, { content: { type: 'text', text: 'secret' } })));
    sync.event(told(deleted(message(12), 13)));
    expect(JSON.stringify(await disk())).not.toContain('secret');
    expect(await hall()).toMatchObject({ unread: 1, last: { id: 'm11' } });
  });

  test('read marks of my other devices count', async () => {
    sync.event(told(message(11)));
    sync.event({ op: 'read', log: ME.id, seq: 5, room: HALL, read_seq: 11, unread: 0 });
    expect(await hall()).toMatchObject({ unread: 0, readSeq: 11 });
  });
});

describe('gaps', () => {
  test('what is beyond a gap is shown at once, and the gap is asked for once', async () => {
    sync.event(told(message(13)));
    sync.event(told(message(14)));
    expect(asked).toEqual([{ [HALL]: 10 }]);
    expect(sync.positions()[HALL]).toBe(10);
    expect(await position()).toBe(10);
    const events = [11, 12, 13].map((seq) => told(message(seq)));
    await answer({ logs: [{ log: HALL, after: 10, to: 13, events }], summaries: [summary(14, { unread: 4 })] });
    expect(sync.positions()[HALL]).toBe(14);
    expect([await texts(), await position()]).toEqual([['text 11', 'text 12', 'text 13', 'text 14'], 14]);
    expect((await hall()).unread).toBe(4);
  });

  test('a second gap behind the first is asked for too', async () => {
    sync.event(told(message(12)));
    sync.event(told(message(15)));
    await answer({ logs: [{ log: HALL, after: 10, to: 12, events: [told(message(11))] }] });
    expect(asked.at(-1)).toEqual({ [HALL]: 12 });
  });

  test('a crash inside a gap loses nothing: the next start asks from before it', async () => {
    sync.event(told(message(13)));
    await writer.idle();
    begin((await heldState()).logs);
    expect(sync.positions()[HALL]).toBe(10);
  });
});

describe('coming back', () => {
  test('a replay brings what was missed, deletions included', async () => {
    sync.event(told(message(11)));
    await writer.idle();
    begin((await heldState()).logs);
    const events = [told(message(12)), told(deleted(message(11), 13))];
    sync.welcome(welcome([{ log: ME.id, after: 4, to: 4 }, { log: HALL, after: 11, to: 13, events }], [summary(13)]));
    expect([await texts(), await position()]).toEqual([[null, 'text 12'], 13]);
  });

  test('a reset leaves no text of before, nor in the list of rooms', async () => {
    sync.event(told(message(11, { content: { type: 'text', text: 'secret' } })));
    sync.welcome(welcome([{ log: HALL, after: 11, to: 900, reset: true }], [summary(900)]));
    expect(JSON.stringify(await disk())).not.toContain('secret');
    expect(changes).toContainEqual({ type: 'reset', room: HALL });
    sync.event(told(message(901)));
    expect([await texts(), await position()]).toEqual([['text 901'], 901]);
  });

  test('a room that is gone leaves nothing', async () => {
    sync.event(told(message(11)));
    sync.welcome(welcome([{ log: HALL, after: 11, to: 0, gone: true }], []));
    const left = await disk();
    expect([left.rooms, left.messages]).toEqual([[], []]);
    expect(sync.positions()).toEqual({ [ME.id]: 4 });
  });

  test('being removed live leaves nothing either, and late events of the room do not come back', async () => {
    sync.event(told(message(11)));
    sync.event({ op: 'left', log: ME.id, seq: 5, room: HALL, reason: 'removed' });
    sync.event(told(message(12)));
    const left = await disk();
    expect([left.rooms, left.messages]).toEqual([[], []]);
  });

  test('an account reset drops the rooms that are not in it', async () => {
    sync.event(told(message(11)));
    sync.welcome(welcome([{ log: ME.id, after: 4, to: 900, reset: true, events: [] }], []));
    expect((await disk()).rooms).toEqual([]);
    expect(changes).toContainEqual({ type: 'gone', room: HALL });
  });

  test('a room that I join live is asked for, to learn how it stands', async () => {
    sync.event({ ...joinedHall(5, 3), room: { id: 'room-new', kind: 'private', name: 'New' } });
    expect(asked).toEqual([{ 'room-new': 3 }]);
    await answer({ logs: [{ log: 'room-new', after: 3, to: 3 }], summaries: [summary(3, { room: 'room-new', unread: 2 })] });
    expect(((await disk()).rooms as RoomRecord[]).find((held) => held.id === 'room-new')!.unread).toBe(2);
  });
});

describe('two tabs', () => {
  test('both write the same; the disk is where the further one is, and nothing counts twice', async () => {
    const other = new Sync();
    await writer.idle();
    other.begin(ME.id, (await heldState()).logs, () => new Promise(() => undefined));
    for (const tab of [sync, other]) tab.event(told(message(11)));
    sync.event(told(message(12)));
    expect(await hall()).toMatchObject({ unread: 2, head: 12 });
    expect(await position()).toBe(12);
    other.event(told(message(12)));
    expect(await hall()).toMatchObject({ unread: 2, head: 12 });
  });
});
