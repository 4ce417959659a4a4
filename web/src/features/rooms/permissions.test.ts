import { expect, test } from 'vitest';
import type { Role, RoomKind } from '../../wire/protocol.gen';
import { may, mayTo } from './permissions';

const i = (role: Role, kind: RoomKind = 'public') => ({ role, room: { id: 'r', kind } });

test('what one may do hangs on role and kind of room', () => {
  expect([may(i('owner'), 'delete'), may(i('moderator'), 'delete')]).toEqual([true, false]);
  expect([may(i('member'), 'add_member'), may(i('member', 'private'), 'add_member')]).toEqual([true, false]);
  expect([may(i('member', 'group'), 'change'), may(i('member', 'dm'), 'leave')]).toEqual([true, false]);
});

test('nobody is above their equals', () => {
  expect(mayTo(i('moderator'), 'ban', 'member')).toBe(true);
  expect(mayTo(i('moderator'), 'ban', 'guest')).toBe(true);
  expect(mayTo(i('moderator'), 'ban', 'moderator')).toBe(false);
  expect(mayTo(i('moderator'), 'ban', 'owner')).toBe(false);
  expect(mayTo(i('member', 'group'), 'remove_member', 'member')).toBe(false);
});
