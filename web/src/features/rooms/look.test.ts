import { expect, test } from 'vitest';
import type { Room } from '../../wire/protocol.gen';
import { isQuiet, signOf } from './look';
import { PACES, PENALTIES, SILENCES } from './spans';
import { spanInWords } from './words';

test('what is unusual about a room has a sign, the most important one', () => {
  const signs = (more: Partial<Room>) => signOf({ room: { id: 'r', kind: 'public', ...more } });
  expect(signs({})).toBeUndefined();
  expect(signs({ kind: 'group' })).toBeUndefined();
  expect(signs({ kind: 'private' })).toBe('lock');
  expect(signs({ kind: 'secret', archived_at: 5 })).toBe('archive');
  expect(signs({ kind: 'secret', archived_at: 5, deleted_at: 6 })).toBe('trash');
});

test('a room is quiet for ever, or for a while', () => {
  expect(isQuiet({ level: 'nothing', mutedUntil: 0 }, 100)).toBe(true);
  expect(isQuiet({ level: 'all', mutedUntil: 101 }, 100)).toBe(true);
  expect(isQuiet({ level: 'mentions', mutedUntil: 100 }, 100)).toBe(false);
});

test('every span that one can choose has words of its own', () => {
  expect(PENALTIES.map(spanInWords)).toEqual(['1 hour', '1 day', '7 days', '30 days', 'Until somebody lifts it']);
  for (const spans of [PACES, SILENCES]) expect(new Set(spans.map(spanInWords)).size).toBe(spans.length);
});
