import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { VirtualizerHandle } from 'virtua/svelte';
import { Scroll } from './scroll.svelte';

const COUNT = 40;
let wrote: number[];
let told: number[];
let list: HTMLElement;
let scroll: Scroll;

beforeEach(() => {
  vi.useFakeTimers();
  [wrote, told] = [[], []];
  const fake = Object.assign(new EventTarget(), { scrollTo: ({ top }: { top: number }) => void wrote.push(top) });
  list = fake as unknown as HTMLElement;
  const handle = {
    scrollToIndex: (index: number) => void told.push(index),
    getScrollOffset: () => 860,
    getScrollSize: () => 1500,
    getViewportSize: () => 600,
  };
  scroll = new Scroll(() => true);
  scroll.handle = handle as unknown as VirtualizerHandle;
  scroll.begin(COUNT);
  scroll.feel(list);
});
afterEach(() => vi.useRealTimers());

/** What the list writes by itself, as it does for a while after it was told something. */
const repeat = (top: number): void => list.scrollTo({ top, behavior: 'instant' });

test('whoever is at the end stays there while rows are measured', () => {
  scroll.resized(COUNT);
  repeat(900);
  expect([told, wrote]).toEqual([[COUNT - 1, COUNT - 1], [900]]);
});

test.each(['wheel', 'touchmove'])('%s: nothing is repeated against the hand', (kind) => {
  list.dispatchEvent(new Event(kind));
  scroll.moved();
  scroll.resized(COUNT);
  repeat(900);
  expect([told, wrote]).toEqual([[COUNT - 1], []]);
  // Left alone within reach of the end, it is held there again.
  vi.advanceTimersByTime(300);
  scroll.resized(COUNT);
  repeat(900);
  expect([told, wrote]).toEqual([[COUNT - 1, COUNT - 1], [900]]);
});

test('what the list puts right for itself later on is written under a hand, too', () => {
  vi.advanceTimersByTime(300);
  list.dispatchEvent(new Event('wheel'));
  repeat(850);
  expect(wrote).toEqual([850]);
});

test('what I say myself brings me to it, whatever my hand does', async () => {
  list.dispatchEvent(new Event('wheel'));
  await scroll.toEnd(COUNT);
  repeat(940);
  expect([told.at(-1), wrote]).toEqual([COUNT - 1, [940]]);
});
