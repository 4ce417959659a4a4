import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Command } from '../wire/protocol.gen';
import { DeliveredMarks } from './delivered';
import { edited, HALL, ME, message, told } from './fake';

let said: Command[];
let marks: DeliveredMarks;
const heldUpTo = (seq: number) => marks.written(new Map([[HALL, seq]]));

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  marks = new DeliveredMarks((command) => said.push(command) > 0);
});
afterEach(() => void vi.useRealTimers());

test('what others wrote is told once it is on disk, at most once a second', () => {
  marks.heard(told(message(1)), ME.id);
  expect(said).toEqual([]);
  heldUpTo(1);
  vi.advanceTimersByTime(0);
  marks.heard(told(message(2)), ME.id);
  heldUpTo(2);
  marks.heard(told(message(3)), ME.id);
  heldUpTo(3);
  expect(said).toEqual([{ op: 'delivered', marks: { [HALL]: 1 } }]);
  vi.advanceTimersByTime(1000);
  expect(said.slice(1)).toEqual([{ op: 'delivered', marks: { [HALL]: 3 } }]);
});

test('nothing is told of my own messages, nor of changes', () => {
  marks.heard(told(message(1, { author: ME.id })), ME.id);
  marks.heard(told(edited(message(1), 2, 'x')), ME.id);
  heldUpTo(2);
  vi.advanceTimersByTime(5000);
  expect(said).toEqual([]);
});

test('what is held of several rooms goes out as one', () => {
  marks.held('room-a', 5);
  marks.held('room-b', 7);
  marks.held('room-a', 4);
  vi.advanceTimersByTime(5000);
  expect(said).toEqual([{ op: 'delivered', marks: { 'room-a': 5, 'room-b': 7 } }]);
});
