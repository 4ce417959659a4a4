import { expect, it } from 'vitest';
import type { RoomEntry } from '../rooms/rooms.svelte';
import { endOf, landings, type Invite } from './invites.svelte';

const link = (more: Partial<Invite>): Invite => ({ uses_left: 1, expires_at: 100, ...more }) as Invite;

it('knows why a link lets nobody in any more', () => {
  expect(endOf(link({}), 99)).toBe('');
  expect(endOf(link({}), 100)).toBe('expired');
  expect(endOf(link({ uses_left: 0 }), 99)).toBe('spent');
  expect(endOf(link({ uses_left: 0, revoked_at: 5 }), 200)).toBe('revoked');
});

it('leads only into rooms where one may bring people in', () => {
  const entry = (id: string, room: object, role = 'member'): RoomEntry => ({ room: { id, ...room }, role }) as unknown as RoomEntry;
  const mine = [
    entry('public', { kind: 'public' }),
    entry('private', { kind: 'private' }),
    entry('own', { kind: 'private' }, 'owner'),
    entry('dm', { kind: 'dm' }),
    entry('over', { kind: 'public', archived_at: 1 }),
    entry('gone', { kind: 'public', deleted_at: 1 }, 'owner'),
  ];
  expect(landings(mine).map(({ room }) => room.id)).toEqual(['public', 'own']);
});
