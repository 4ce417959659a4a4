import { expect, it } from 'vitest';
import type { CommunityRole } from '../../wire/protocol.gen';
import { mayAppoint, mayJudge, mayReset } from './powers';

const ROLES: CommunityRole[] = ['admin', 'moderator', 'member', 'guest', 'desk'];
const over = (role: CommunityRole, may: typeof mayJudge): string[] =>
  ROLES.filter((other) => may({ id: 'me', role }, { id: 'other', role: other }));

it('lets admins judge all but admins, and moderators all but the staff', () => {
  expect(over('admin', mayJudge)).toEqual(['moderator', 'member', 'guest']);
  expect(over('moderator', mayJudge)).toEqual(['member', 'guest']);
  expect(over('member', mayJudge)).toEqual([]);
});

it('lets nobody judge themselves', () => {
  expect(mayJudge({ id: 'me', role: 'admin' }, { id: 'me', role: 'member' })).toBe(false);
  expect(mayJudge(null, { id: 'me', role: 'member' })).toBe(false);
});

it('leaves roles and passwords to admins', () => {
  expect(over('admin', mayAppoint)).toEqual(['admin', 'moderator', 'member']);
  expect(over('moderator', mayAppoint)).toEqual([]);
  expect(mayReset({ id: 'me', role: 'admin' }, { id: 'me', role: 'admin' })).toBe(false);
  expect(over('admin', mayReset)).toEqual(['admin', 'moderator', 'member']);
});
