import { expect, it } from 'vitest';
import { dayText, endingOf, extended, finished, renamed } from './suggest';

it('sees the filter that is being typed', () => {
  expect(endingOf('from:')).toEqual({ name: 'from', value: '', at: 0, minus: false });
  expect(endingOf('tea from:@be')).toEqual({ name: 'from', value: 'be', at: 4, minus: false });
  expect(endingOf('tea -In:gar')).toEqual({ name: 'in', value: 'gar', at: 4, minus: true });
  expect(endingOf('in:"New ro')).toEqual({ name: 'in', value: 'New ro', at: 0, minus: false });
});

it('sees none where there is none', () => {
  for (const query of ['', 'tea', 'from:bela ', 'in:"New room"', 'wherefrom:be', 'from:bela tea']) expect(endingOf(query), query).toBeNull();
});

it('finishes it, in quotes where it has spaces', () => {
  const query = 'tea -in:gar';
  expect(finished(query, endingOf(query)!, 'garden')).toBe('tea -in:garden ');
  expect(finished(query, endingOf(query)!, 'New "old" room')).toBe('tea -in:"New old room" ');
});

it('puts another one in its place', () => {
  expect(renamed('tea -on:2026', endingOf('tea -on:2026')!, 'before')).toBe('tea -before:2026');
});

it('adds one behind the words', () => {
  expect(extended('', 'from:')).toBe('from:');
  expect(extended('tea ', 'from:')).toBe('tea from:');
  expect(extended('tea', 'has:link')).toBe('tea has:link ');
});

it('writes a day as people of all countries read it', () => {
  expect(dayText(new Date(2026, 0, 5, 23, 59).getTime())).toBe('2026-01-05');
});
