import { expect, test, vi } from 'vitest';
import { stayWhile } from '../lib/leaving';
import { mayLeave } from './updating';

test('a page on which somebody talks is not loaded anew unasked', () => {
  vi.stubGlobal('document', { querySelector: () => null, querySelectorAll: () => [] });
  let talks = true;
  stayWhile(() => talks);
  expect(mayLeave()).toBe(false);
  talks = false;
  expect(mayLeave()).toBe(true);
});
