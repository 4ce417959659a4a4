import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { forget } from '../../local/owner';
import { marks } from './marks';

afterEach(() => vi.unstubAllGlobals());

it('goes with whoever looked for it', () => {
  const [watched, disconnect] = [vi.fn(), vi.fn()];
  const frames: FrameRequestCallback[] = [];
  const highlights = new Map<string, Set<Range>>();
  vi.stubGlobal('document', { querySelector: () => ({}) });
  vi.stubGlobal('MutationObserver', class {
    observe = watched;
    disconnect = disconnect;
  });
  vi.stubGlobal('addEventListener', vi.fn());
  vi.stubGlobal('removeEventListener', vi.fn());
  vi.stubGlobal('requestAnimationFrame', (draw: FrameRequestCallback) => frames.push(draw));
  const cancelled = vi.fn();
  vi.stubGlobal('cancelAnimationFrame', cancelled);
  vi.stubGlobal('Highlight', class extends Set {});
  vi.stubGlobal('CSS', { highlights });
  marks.show('room-hall', new Map([['m1', ['secret']]]), 'm1');
  expect([watched.mock.calls.length, disconnect.mock.calls.length, frames.length]).toEqual([1, 0, 1]);
  forget.send();
  expect([disconnect.mock.calls.length, cancelled.mock.calls.at(-1)]).toEqual([1, [1]]);
  expect([...highlights.values()].map(({ size }) => size)).toEqual([0, 0]);
});
