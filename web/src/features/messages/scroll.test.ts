import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { VirtualizerHandle } from 'virtua/svelte';
import { Scroll } from './scroll.svelte';

const COUNT = 40;
let list: EventTarget & { scrollTop: number };
let told: unknown[];
let scroll: Scroll;

beforeEach(() => {
  vi.useFakeTimers();
  list = Object.assign(new EventTarget(), { scrollTop: 900 });
  told = [];
  const handle = {
    scrollToIndex: (index: number) => void told.push(index),
    scrollTo: (offset: number) => void told.push(offset),
    getScrollOffset: () => list.scrollTop,
    getScrollSize: () => 1500,
    getViewportSize: () => 600,
  };
  scroll = new Scroll(() => true);
  scroll.handle = handle as unknown as VirtualizerHandle;
  scroll.begin(COUNT);
  scroll.feel(list as unknown as HTMLElement);
});
afterEach(() => vi.useRealTimers());

test('whoever is at the end stays there while rows are measured', () => {
  scroll.resized(COUNT);
  expect(told).toEqual([COUNT - 1, COUNT - 1]);
});

test.each(['wheel', 'touchmove'])('%s: what is still to be repeated follows the hand', (kind) => {
  told = [];
  list.dispatchEvent(new Event(kind));
  expect(told).toHaveLength(1);
  list.scrollTop = 860;
  expect(Number(told[0])).toBe(860);
  scroll.moved();
  scroll.resized(COUNT);
  expect(told).toHaveLength(1);
  // Left alone within reach of the end, it is held there again.
  vi.advanceTimersByTime(300);
  scroll.resized(COUNT);
  expect(told).toHaveLength(2);
});

test('a hand that comes later finds nothing that is repeated', () => {
  vi.advanceTimersByTime(300);
  told = [];
  list.dispatchEvent(new Event('wheel'));
  expect(told).toEqual([]);
});

test('what I say myself brings me to it, whatever my hand does', async () => {
  list.dispatchEvent(new Event('wheel'));
  told = [];
  await scroll.toEnd(COUNT);
  expect(told).toEqual([COUNT - 1]);
});
