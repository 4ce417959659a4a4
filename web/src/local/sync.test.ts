import { textIn } from '../lib/content';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LogReplay, Replayed, Welcome } from '../wire/protocol.gen';
import { heldState } from './owner';
import { keepPage } from './kept';
import { deleted, disk, edited, freshBrowser, HALL, joinedHall, ME, message, page, rows, summary, told } from './fake';
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
        await new Promise((done) => setImmediate(done));
      };
    });
  });
}

const fresh = () => sync.welcome(welcome([{ log: ME.id, after: 0, to: 4, reset: true, events: [joinedHall(4, 10)] }]));
const texts = async () => (await rows()).map((row) => textIn(row.content));
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
    expect(changes).toContainEqual({ type: 'reset', room: HALL, to: 900 });
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

describe('answers that are older than what came live', () => {
  const read = (seq: number, read_seq: number, unread: number) =>
    ({ op: 'read', log: ME.id, seq, room: HALL, read_seq, unread }) as const;
  const later = () => vi.advanceTimersByTimeAsync(5000);

  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  test('a summary from before the last live message is not taken, and asked for again', async () => {
    sync.event(told(message(13)));
    sync.event(told(message(14)));
    const events = [11, 12, 13].map((seq) => told(message(seq)));
    await answer({ logs: [{ log: HALL, after: 10, to: 13, events }], summaries: [summary(13, { unread: 3, last: message(13) })] });
    expect((await hall()).last?.id).toBe('m14');
    expect(sync.positions()[HALL]).toBe(14);
    await later();
    expect(asked).toEqual([{ [HALL]: 10 }, { [HALL]: 14 }]);
    await answer({ logs: [{ log: HALL, after: 14, to: 14 }], summaries: [summary(14, { unread: 4, last: message(14) })] });
    expect(await hall()).toMatchObject({ unread: 4, last: { id: 'm14' } });
    await later();
    expect(asked).toHaveLength(2);
  });

  test('a summary from before a read mark is not taken', async () => {
    sync.event(told(message(12)));
    sync.event(read(5, 12, 0));
    const logs = [{ log: HALL, after: 10, to: 12, events: [told(message(11))] }];
    await answer({ logs, summaries: [summary(12, { read_seq: 0, unread: 2 })] });
    expect(await hall()).toMatchObject({ readSeq: 12, unread: 0 });
    await later();
    expect(asked).toHaveLength(2);
  });

  test('an answer about a room that I left and joined again says nothing about it', async () => {
    sync.event(told(message(13)));
    const old = answer;
    sync.event({ op: 'left', log: ME.id, seq: 5, room: HALL });
    sync.event(joinedHall(6, 20));
    await old({ logs: [{ log: HALL, after: 10, to: 0, gone: true }] });
    expect(sync.positions()[HALL]).toBe(20);
    expect(await position()).toBe(20);
    await old({ logs: [] });
    await answer({ logs: [{ log: HALL, after: 20, to: 20 }], summaries: [summary(20, { read_seq: 20 })] });
    expect(await hall()).toMatchObject({ readSeq: 20 });
  });

  test('events of such an answer are not told either', async () => {
    sync.event(told(message(13)));
    const old = answer;
    sync.event({ op: 'left', log: ME.id, seq: 5, room: HALL });
    sync.event({ ...joinedHall(6, 20), room: { ...joinedHall(6, 20).room, history: 'joined' } });
    await old({ logs: [{ log: HALL, after: 10, to: 13, events: [told(message(11))] }], summaries: [summary(13)] });
    expect(await rows()).toEqual([]);
  });

  test('a room that I left live does not come back with an older replay of my own log', async () => {
    sync.event({ op: 'left', log: ME.id, seq: 7, room: HALL });
    await answer({ logs: [{ log: ME.id, after: 4, to: 6, events: [joinedHall(6, 10)] }] });
    expect((await disk()).rooms).toEqual([]);
    await answer({ logs: [{ log: ME.id, after: 4, to: 7, events: [{ op: 'left', log: ME.id, seq: 7, room: HALL }] }] });
    expect((await disk()).rooms).toEqual([]);
  });

  test('a read mark in a replay may count less than was heard live: the room is asked for', async () => {
    sync.event(read(6, 10, 0));
    sync.event(told(message(11)));
    await answer({ logs: [{ log: ME.id, after: 4, to: 6, events: [read(6, 10, 0)] }] });
    expect(asked).toEqual([{ [ME.id]: 4 }, { [HALL]: 11 }]);
    await answer({ logs: [{ log: HALL, after: 11, to: 11 }], summaries: [summary(11, { read_seq: 10, unread: 1 })] });
    expect((await hall()).unread).toBe(1);
  });

  test('a room that comes by a replay of my own log is asked for', async () => {
    sync.event({ op: 'me', log: ME.id, seq: 7, me: { ...ME, role: 'member' } as never });
    const joined = { ...joinedHall(6, 3), room: { id: 'room-new', kind: 'private' as const, name: 'New' } };
    await answer({ logs: [{ log: ME.id, after: 4, to: 7, events: [joined] }] });
    expect(asked.at(-1)).toEqual({ 'room-new': 3 });
  });

  test('an event that a newer page has overtaken does not bring back what that replaced', async () => {
    writer.add((tx) => keepPage(tx, page([message(19), message(20)], 20)));
    sync.event(told(message(11)));
    expect((await rows()).map((row) => row.id)).toEqual(['m19', 'm20']);
  });

  test('a reset keeps what was heard from beyond it', async () => {
    sync.event(told(message(902)));
    sync.event(told(deleted(message(5), 903)));
    await answer({ logs: [{ log: HALL, after: 10, to: 901, reset: true }], summaries: [summary(901)] });
    writer.add((tx) => keepPage(tx, page([message(4), message(5)], 902)));
    expect((await rows()).find((row) => row.id === 'm5')).toMatchObject({ content: null });
    expect([await texts(), await position()]).toEqual([expect.arrayContaining(['text 902']), 903]);
  });
});

describe('what is not in any log', () => {
  test('the number of members comes with the summary after a reset, and an older one changes nothing', async () => {
    sync.welcome(welcome([{ log: HALL, after: 10, to: 900, reset: true }], [summary(900, { member_count: 7 })]));
    expect((await hall()).room.member_count).toBe(7);
    const member = { op: 'member', log: HALL, person: { id: 'x', name: 'x', display: 'X' }, role: 'member' } as const;
    sync.event({ ...member, seq: 903, member_count: 9 });
    sync.event(told(message(904)));
    await answer({ logs: [{ log: HALL, after: 900, to: 902, events: [{ ...member, seq: 902, member_count: 8 }] }] });
    expect((await hall()).room.member_count).toBe(9);
  });

  test('somebody who came in a gap counts, though later messages were heard', async () => {
    const member = { op: 'member', log: HALL, person: { id: 'x', name: 'x', display: 'X' }, role: 'member' } as const;
    sync.event(told(message(12)));
    const events = [{ ...member, seq: 11, member_count: 3 }];
    await answer({ logs: [{ log: HALL, after: 10, to: 12, events }] });
    expect((await hall()).room.member_count).toBe(3);
  });

  test('an event of a room that is not known leaves nothing and is not asked for', async () => {
    const people = (await disk()).people.length;
    sync.event({ ...told(message(50)), log: 'room-other', person: { id: 'stranger', name: 's', display: 'S' } });
    expect(sync.positions()).toEqual({ [ME.id]: 4, [HALL]: 10 });
    expect([(await disk()).people.length, asked]).toEqual([people, []]);
  });

  test('a server that was set back counts from where it stands', async () => {
    sync.event(told(message(11)));
    sync.welcome(welcome([{ log: HALL, after: 11, to: 5, reset: true }], [summary(5, { unread: 1, last: message(5) })]));
    sync.event(told(message(6)));
    expect(await hall()).toMatchObject({ head: 6, unread: 2, last: { id: 'm6' } });
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
