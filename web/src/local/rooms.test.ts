import { describe, expect, test } from 'vitest';
import type { RoomRecord } from './schema';
import { deleted, edited, HALL, joinedHall, ME, message, summary, told } from './fake';
import { attentionChanged, joined, memberChanged, messageChanged, readChanged, seenHere, summarised } from './rooms';

const start = joined(undefined, joinedHall(1, 10));
const NOTHING = { unread: 0, mentions: 0 };
const after = (held: RoomRecord, ...events: Parameters<typeof messageChanged>[1][]) =>
  events.reduce((record, event) => messageChanged(record, event, ME.id).record, held);

describe('unread', () => {
  test('counts new messages of others, once', () => {
    const held = after(start, told(message(11)), told(message(11)), told(message(12, { author: ME.id })));
    expect(held).toMatchObject({ unread: 1, head: 12 });
  });

  test('what the desk says is new to who asked, and not to the staff, who says it', () => {
    const desk = { id: 'd', name: 'desk-d', display: 'Support' };
    const answer = { ...told(message(11, { author: desk.id })), person: desk };
    expect(after(start, answer).unread).toBe(1);
    expect(after({ ...start, role: 'staff' }, answer).unread).toBe(0);
  });

  test('goes down when an unread one is deleted, and not for one that was read', () => {
    const held = after(start, told(message(11)), told(message(12)));
    expect(after(held, told(deleted(message(11), 13))).unread).toBe(1);
    const read = seenHere(held, 12, NOTHING);
    expect(after(read, told(deleted(message(11), 13))).unread).toBe(0);
  });

  test('what is quiet is nothing new, and its deletion takes nothing away', () => {
    const quiet = message(11, { quiet: true, content: { type: 'call', video: false, outcome: 'answered', duration_ms: 9 } });
    const held = after(start, told(quiet), told(message(12)));
    expect(held).toMatchObject({ unread: 1, head: 12 });
    expect(after(held, told(deleted(quiet, 13))).unread).toBe(1);
  });

  test('an edit is nothing new', () => {
    const held = after(start, told(message(11)), told(edited(message(11), 12, 'x')));
    expect(held.unread).toBe(1);
  });

  test('a mark of another device never takes back what was read here', () => {
    const held = seenHere(after(start, told(message(11)), told(message(12))), 12, NOTHING);
    const mark = { op: 'read' as const, log: ME.id, seq: 2, room: HALL, read_seq: 11, unread: 1 };
    expect(readChanged(held, mark).unread).toBe(0);
    expect(summarised(held, summary(12, { read_seq: 5, unread: 2 }))).toMatchObject({ unread: 0, readSeq: 12 });
  });
});

describe('what is for me', () => {
  const forMe = (seq: number) => message(seq, { mentions: [ME.id] });
  const forAll = (seq: number) => message(seq, { everyone: true });

  test('counts where somebody names me or everybody', () => {
    const held = after(start, told(forMe(11)), told(forAll(12)), told(message(13, { mentions: ['somebody'] })));
    expect(held).toMatchObject({ unread: 3, mentions: 2 });
  });

  test('what blocked people say counts as nothing', () => {
    const { record } = messageChanged(start, told(forMe(11)), ME.id, true);
    expect(record).toMatchObject({ head: 11, unread: 0 });
    expect(record.mentions ?? 0).toBe(0);
  });

  test('what was for everybody goes with its message; who is named by a change is told apart', () => {
    const held = after(start, told(forMe(11)), told(forAll(12)));
    expect(after(held, told({ ...deleted(forAll(12), 13) }))).toMatchObject({ unread: 1, mentions: 1 });
    expect(after(held, told({ ...edited(message(11), 13, 'x') }))).toMatchObject({ unread: 2, mentions: 2 });
    const mark = { op: 'read' as const, log: ME.id, seq: 2, room: HALL, read_seq: 0, unread: 2, mentions: 1 };
    expect(readChanged(held, mark)).toMatchObject({ unread: 2, mentions: 1 });
  });

  test('beyond what is counted a deletion is not believed', () => {
    const many = { ...start, unread: 1000, head: 2000, readSeq: 10 };
    expect(messageChanged(many, told(deleted(message(50), 2001)), ME.id).unsure).toBe(true);
    expect(messageChanged({ ...many, unread: 999 }, told(deleted(message(50), 2001)), ME.id).unsure).toBe(false);
  });
});

test('a room that was put aside stays so until it is read here or elsewhere', () => {
  const mark = { op: 'read' as const, log: ME.id, seq: 2, room: HALL, read_seq: 0, unread: 0, marked_unread: true };
  const aside = readChanged(start, mark);
  expect(aside.markedUnread).toBe(true);
  expect(after(aside, told(message(11))).markedUnread).toBe(true);
  expect(seenHere(aside, 10, NOTHING).markedUnread).toBe(false);
  expect(readChanged(aside, { ...mark, seq: 3, marked_unread: false }).markedUnread).toBe(false);
  expect(summarised(start, summary(10, { marked_unread: true })).markedUnread).toBe(true);
});

test('what one wants to be told of is what was said last', () => {
  const event = { op: 'attention' as const, log: ME.id, seq: 2, room: HALL, level: 'mentions' as const, muted_until: 5 };
  expect(attentionChanged(start, event)).toMatchObject({ level: 'mentions', mutedUntil: 5 });
  expect(summarised(start, summary(10, { level: 'nothing' }))).toMatchObject({ level: 'nothing', mutedUntil: 0 });
});

describe('the newest message', () => {
  test('follows posts and edits, and is looked for after its deletion', () => {
    const held = after(start, told(message(11)), told(message(12)), told(edited(message(12), 13, 'x')));
    expect(held.last).toMatchObject({ id: 'm12', rev: 13 });
    const { record, lost } = messageChanged(held, told(deleted(message(12), 14)), ME.id);
    expect([record.last, lost]).toEqual([null, true]);
  });

  test('an edit of an older one changes nothing', () => {
    const held = after(start, told(message(11)), told(message(12)), told(edited(message(11), 13, 'x')));
    expect(held.last?.id).toBe('m12');
  });
});

test('what is heard late does not bring back an older number of members', () => {
  const event = { op: 'member' as const, log: HALL, person: { id: 'x', name: 'x', display: 'X' }, role: null };
  const held = memberChanged(start, { ...event, seq: 12, member_count: 5 }, ME.id);
  expect(memberChanged(held, { ...event, seq: 11, member_count: 6 }, ME.id).room.member_count).toBe(5);
});

describe('who is in it', () => {
  const person = (id: string, display = id) => ({ id, name: id, display });
  const came = (seq: number, who: string, role: 'member' | null, more = {}) =>
    ({ op: 'member', log: HALL, seq, person: person(who), role, member_count: 3, ...more }) as const;
  const group = joined(undefined, { ...joinedHall(1, 10), room: { id: HALL, kind: 'group' }, people: [person('b'), person('c')] });
  const ids = (held: RoomRecord) => held.people?.map(({ id }) => id);

  test('the people of a group come, change and go', () => {
    const after = memberChanged(memberChanged(group, came(11, 'd', 'member'), ME.id), came(12, 'b', null), ME.id);
    expect(ids(after)).toEqual(['c', 'd']);
    const renamed = memberChanged(after, { ...came(13, 'c', 'member'), person: person('c', 'Cleo') }, ME.id);
    expect(renamed.people?.[0]).toMatchObject({ id: 'c', display: 'Cleo' });
    expect(ids(memberChanged(renamed, came(11, 'b', 'member'), ME.id))).toEqual(['c', 'd']);
  });

  test('nobody is kept of rooms that have names', () => {
    expect(memberChanged(start, came(11, 'd', 'member'), ME.id).people).toBeUndefined();
  });

  test('what concerns me is my role and how long I have to be silent', () => {
    const muted = memberChanged(start, came(11, ME.id, 'member', { muted_until: 99 }), ME.id);
    expect(muted).toMatchObject({ role: 'member', silentUntil: 99 });
    expect(memberChanged(muted, came(12, ME.id, 'member'), ME.id).silentUntil).toBe(0);
    expect(memberChanged(muted, came(12, 'd', 'member'), ME.id).silentUntil).toBe(99);
  });
});
