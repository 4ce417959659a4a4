import { expect, test } from 'vitest';
import type { Role, RoomKind } from '../../wire/protocol.gen';
import { deedsFor } from './deeds';

const i = (role: Role, kind: RoomKind = 'private') => ({ role, room: { id: 'r', kind } });
const somebody = (role: Role, more = {}) => ({ person: { id: 'them', name: 't', display: 'T', ...more }, role, joined_at: 0 });
const offered = (my: Role, their: Role) => deedsFor(i(my), somebody(their), 'me', 100);

test('an owner may do everything, and moderators are made out of members', () => {
  expect(offered('owner', 'member')).toEqual(['message', 'moderator', 'transfer', 'mute', 'remove', 'ban']);
  expect(offered('owner', 'moderator')).toEqual(['message', 'plain', 'transfer', 'mute', 'remove', 'ban']);
});

test('a moderator keeps order among members and guests only', () => {
  expect(offered('moderator', 'member')).toEqual(['message', 'mute', 'remove', 'ban']);
  expect(offered('moderator', 'moderator')).toEqual(['message']);
  expect(offered('moderator', 'owner')).toEqual(['message']);
  expect(offered('member', 'member')).toEqual(['message']);
});

test('a room does not go to a guest, and nobody writes to one alone', () => {
  expect(deedsFor(i('owner'), somebody('guest', { guest: true }), 'me', 100)).toEqual(['mute', 'remove', 'ban']);
  expect(deedsFor(i('guest'), somebody('member'), 'me', 100)).toEqual([]);
});

test('a mute is lifted while it holds', () => {
  const muted = { ...somebody('member'), muted_until: 200 };
  expect(deedsFor(i('moderator'), muted, 'me', 100)).toEqual(['message', 'unmute', 'remove', 'ban']);
  expect(deedsFor(i('moderator'), muted, 'me', 200)).toContain('mute');
});

test('nothing is offered for oneself, nor among equals beyond talking', () => {
  expect(deedsFor(i('owner'), somebody('owner', { id: 'me' }), 'me', 100)).toEqual([]);
  expect(deedsFor(i('member', 'group'), somebody('member'), 'me', 100)).toEqual(['message']);
});
