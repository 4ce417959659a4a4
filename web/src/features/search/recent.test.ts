import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { forgetMine } from '../../lib/noted';
import { forget } from '../../local/owner';
import { recents } from './recent.svelte';

beforeEach(() => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      kept.set(key, value);
      Object.assign(storage, { [key]: value });
    },
    removeItem: (key: string) => {
      kept.delete(key);
      Reflect.deleteProperty(storage, key);
    },
  };
  vi.stubGlobal('localStorage', storage);
  recents.look();
});

it('keeps the last eight, each once, the newest first', () => {
  for (let n = 1; n <= 10; n += 1) recents.add(`word ${n}`);
  recents.add(' Word 5 ');
  recents.add('  ');
  expect(recents.list).toEqual(['Word 5', 'word 10', 'word 9', 'word 8', 'word 7', 'word 6', 'word 4', 'word 3']);
  recents.drop('word 9');
  expect(recents.list).not.toContain('word 9');
});

it('leaves nothing to whoever signs in next', () => {
  recents.add('a secret');
  expect(Object.keys(localStorage).some((key) => key.startsWith('safevoice.my.'))).toBe(true);
  forget.send();
  forgetMine();
  recents.look();
  expect(recents.list).toEqual([]);
  expect(JSON.stringify(localStorage)).not.toContain('secret');
});

it('takes what it does not know for nothing', () => {
  localStorage.setItem('safevoice.my.searches', '{broken');
  recents.look();
  expect(recents.list).toEqual([]);
});
