import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sync } from '../../local/sync';
import type { Member, MemberChanged, Role } from '../../wire/protocol.gen';
import { MemberList } from './members.svelte';

const person = (id: string) => ({ id, name: id, display: id.toUpperCase() });
const member = (id: string, role: Role): Member => ({ person: person(id), role, joined_at: 1 });
const ALL = [member('zoe', 'member'), member('gil', 'guest'), member('ada', 'owner'), member('ben', 'member'), member('mo', 'moderator')];

let answer: (members: Member[]) => void;
let list: MemberList;
let end: () => void;

beforeEach(() => {
  vi.stubGlobal('fetch', () => new Promise((done) => (answer = (members) => done(new Response(JSON.stringify({ members }))))));
  list = new MemberList('hall');
  end = list.open();
});

afterEach(() => end());

const settled = () => new Promise((done) => setImmediate(done));
const come = async (members = ALL) => (answer(members), await settled());
const hear = (id: string, role: Role | null, more: Partial<MemberChanged> = {}) =>
  sync.changes.send({
    type: 'event',
    live: true,
    event: { op: 'member', log: 'hall', seq: 1, person: person(id), role, member_count: 1, ...more },
  });
const shown = () => list.list?.map((each) => `${each.person.id} ${each.role}`);

test('owners first, then moderators, guests last, each by name', async () => {
  expect(list.list).toBeNull();
  await come();
  expect(shown()).toEqual(['ada owner', 'mo moderator', 'ben member', 'zoe member', 'gil guest']);
});

test('who comes, goes and changes is seen at once, in this room only', async () => {
  await come();
  hear('ben', 'moderator');
  hear('zoe', null);
  hear('eve', 'member', { muted_until: 9 });
  hear('fay', 'member', { log: 'other' });
  expect(shown()).toEqual(['ada owner', 'ben moderator', 'mo moderator', 'eve member', 'gil guest']);
  expect(list.list?.find((each) => each.person.id === 'eve')?.muted_until).toBe(9);
});

test('what is heard before the list comes is newer than it', async () => {
  hear('ben', null);
  await come();
  expect(shown()).not.toContain('ben member');
});

test('what I do is seen at once, and taken back when the server says no', async () => {
  await come();
  let refuse: (why: Error) => void = () => undefined;
  const done = list.alter('ben', { role: 'moderator' }, () => new Promise((_, no) => (refuse = no)));
  expect(shown()).toContain('ben moderator');
  refuse(new Error('no'));
  await expect(done).rejects.toThrow('no');
  expect(shown()).toContain('ben member');
  await list.alter('zoe', null, () => Promise.resolve());
  expect(shown()).not.toContain('zoe member');
});
