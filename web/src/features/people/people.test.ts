import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { BEN, ME, nothingHeld } from '../../local/fake';
import { arrived, forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { ApiError } from '../../wire/errors';
import type { LogEvent } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { blocks, isBlocked } from './blocks.svelte';
import { nameOf, openPerson, people, statusOf } from './people.svelte';
import { preferences } from './preferences.svelte';

let refused = false;
const said: object[] = [];

beforeEach(() => {
  forget.send();
  said.length = 0;
  refused = false;
  vi.spyOn(connection, 'carryOut').mockImplementation(async (command) => {
    said.push(command);
    if (refused) throw new ApiError('rate_limited', 'Too fast.');
    return { op: 'ack', id: '' };
  });
});

function hear(event: object): void {
  sync.changes.send({ type: 'event', event: { log: ME.id, seq: 1, ...event } as LogEvent, live: true });
}

test('my own name for somebody goes before theirs, wherever they are shown', () => {
  people.remember([BEN]);
  hear({ op: 'nicknames', nicknames: [{ person: BEN.id, name: 'Benno' }] });
  expect(people.byId(BEN.id)?.display).toBe('Benno');
  expect(people.byName('ben')?.display).toBe('Benno');
  expect(nameOf({ ...BEN, status: 'Here' })).toBe('Benno');
  expect(people.ownName(BEN.id)).toBe('Ben');
  expect(people.byId(BEN.id)).toBe(people.byId(BEN.id));
  hear({ op: 'nicknames', nicknames: [] });
  expect(people.byId(BEN.id)).toBe(BEN);
});

test('somebody who deleted their account has no name, whatever I called them', () => {
  hear({ op: 'nicknames', nicknames: [{ person: BEN.id, name: 'Benno' }] });
  people.remember([{ id: BEN.id, name: '', display: '', gone: true }]);
  expect(people.byId(BEN.id)?.display).toBe('Deleted person');
});

test('a new name shows at once, and goes again when it was refused', async () => {
  people.remember([BEN]);
  const set = people.setNickname(BEN.id, ' Benno ');
  expect(people.byId(BEN.id)?.display).toBe('Benno');
  await set;
  refused = true;
  await expect(people.setNickname(BEN.id, '')).rejects.toThrow('rate_limited');
  expect(people.byId(BEN.id)?.display).toBe('Benno');
});

test('a changed picture or status is news, an equal person is not', () => {
  let news = 0;
  const off = people.changed.on(() => (news += 1));
  people.remember([BEN]);
  people.remember([{ ...BEN }]);
  people.remember([{ ...BEN, picture: 'p' }]);
  people.remember([{ ...BEN, picture: 'p', status: 'Out' }]);
  off();
  expect(news).toBe(3);
});

test('a status shows until its time is over', () => {
  expect(statusOf({ ...BEN, status: 'Lunch' }, 5)).toBe('Lunch');
  expect(statusOf({ ...BEN, status: 'Lunch', status_until: 6 }, 5)).toBe('Lunch');
  expect(statusOf({ ...BEN, status: 'Lunch', status_until: 5 }, 5)).toBe('');
  expect(statusOf(undefined, 5)).toBe('');
});

test('a block shows at once, is taken back when refused, and is what the server says', async () => {
  const adding = blocks.add(BEN);
  expect(isBlocked(BEN.id)).toBe(true);
  await adding;
  refused = true;
  await expect(blocks.drop(BEN)).rejects.toThrow();
  expect(isBlocked(BEN.id)).toBe(true);
  hear({ op: 'blocked', people: [] });
  expect(blocks.list).toEqual([]);
  expect(said.map((command) => (command as { op: string }).op)).toEqual(['block', 'unblock']);
});

test('what was chosen shows at once, and is as it was when refused', async () => {
  await preferences.choose('receipts', false);
  expect(preferences.receipts).toBe(false);
  refused = true;
  await expect(preferences.choose('invisible', true)).rejects.toThrow();
  expect([preferences.invisible, preferences.receipts]).toEqual([false, false]);
});

test('what was held shows before the server is heard', () => {
  const chosen = { receipts: true, last_seen: false, invisible: false, sounds: true, toasts: true, enter_sends: true, relay_calls: true };
  const nicknames = [{ person: BEN.id, name: 'Benno' }];
  arrived.send({ ...nothingHeld, people: [BEN], blocks: [BEN], nicknames, preferences: chosen });
  expect(people.byId(BEN.id)?.display).toBe('Benno');
  expect(isBlocked(BEN.id)).toBe(true);
  expect(preferences.last_seen).toBe(false);
});

test('nothing of it is left for the next person', () => {
  people.remember([BEN]);
  hear({ op: 'blocked', people: [BEN] });
  hear({ op: 'nicknames', nicknames: [{ person: BEN.id, name: 'Benno' }] });
  openPerson(BEN.id);
  forget.send();
  expect([people.byId(BEN.id), people.nickname(BEN.id), people.opened, isBlocked(BEN.id)]).toEqual([undefined, '', '', false]);
});
