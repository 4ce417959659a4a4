import { expect, test } from 'vitest';
import { changesOf } from './changes';

const room = { id: 'r', kind: 'public' as const, name: 'Garden', topic: 'Beds', category: 'c' };

test('only what is different is a change', () => {
  expect(changesOf(room, { name: 'Garden', topic: 'Seeds', posting: 'everyone', slow_s: 0 })).toEqual({ topic: 'Seeds' });
  expect(changesOf(room, { slow_s: 30, posting: 'moderators', category: '' })).toEqual({
    slow_s: 30,
    posting: 'moderators',
    category: '',
  });
});

test('a room that is left as it is has none', () => {
  const same = { name: 'Garden', icon: '', topic: 'Beds', kind: 'public' as const, category: 'c', history: 'all' as const, member_limit: 0 };
  expect(changesOf(room, same)).toEqual({});
});
