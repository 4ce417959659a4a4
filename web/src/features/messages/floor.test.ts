import { expect, test } from 'vitest';
import { joinedHall } from '../../local/fake';
import { joined } from '../../local/rooms';
import type { Role, Room } from '../../wire/protocol.gen';
import { entryOf, type RoomEntry } from '../rooms/entries';
import { floorFor } from './floor';

const NOW = 1_000_000;
const around = { me: 'me', person: () => undefined, drafts: new Map(), outbox: [] };

function hall(room: Partial<Room>, role: Role = 'member', silentUntil = 0): RoomEntry {
  const record = joined(undefined, { ...joinedHall(1, 1), role });
  return entryOf({ ...record, silentUntil, room: { ...record.room, ...room } }, around);
}

const kind = (entry: RoomEntry, silenced = 0, lastAt = 0) => floorFor(entry, silenced, lastAt, NOW).kind;

test('the floor is open to whoever is in the room', () => {
  expect([kind(hall({})), kind(hall({ slow_s: 30 })), kind(hall({ posting: 'moderators' }, 'moderator'))]).toEqual([
    'open',
    'open',
    'open',
  ]);
});

test('nobody writes in an archived room, not even its owner', () => {
  expect(kind(hall({ archived_at: 1 }, 'owner'))).toBe('archived');
});

test('a support conversation that is closed can be opened again', () => {
  const entry = hall({ kind: 'support', archived_at: 1 });
  expect(floorFor(entry, 0, 0, NOW)).toEqual({ kind: 'closed', room: entry.room.id });
});

test('only moderators write where that is so', () => {
  expect(kind(hall({ posting: 'moderators' }))).toBe('moderators');
});

test('whoever was muted waits, here or everywhere, for the later of the two', () => {
  expect(floorFor(hall({}, 'member', NOW + 5), NOW + 9, 0, NOW)).toEqual({ kind: 'muted', until: NOW + 9 });
  expect(kind(hall({}, 'member', NOW - 5))).toBe('open');
});

test('in slow mode one waits after each message, moderators do not', () => {
  expect(floorFor(hall({ slow_s: 30 }), 0, NOW - 10_000, NOW)).toEqual({ kind: 'slow', until: NOW + 20_000 });
  expect(kind(hall({ slow_s: 30 }), 0, NOW - 31_000)).toBe('open');
  expect(kind(hall({ slow_s: 30 }, 'moderator'), 0, NOW)).toBe('open');
});
