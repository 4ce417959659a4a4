import { expect, test } from 'vitest';
import { keepReturned } from '../../lib/returned';
import { problemText, providers } from './providers.svelte';

test('what came of going to another site is told once', () => {
  expect(providers.outcome()).toEqual({ done: '', problem: '' });
  keepReturned('link');
  expect(providers.outcome()).toEqual({ done: 'link', problem: '' });
  expect(providers.outcome()).toEqual({ done: '', problem: '' });
  keepReturned('provider_down');
  expect(providers.outcome()).toEqual({ done: '', problem: 'provider_down' });
});

test('an address can make the page say nothing but what it knows to say', () => {
  expect(problemText('')).toBe('');
  expect(problemText('identity_taken')).toContain('somebody else');
  expect(problemText('<b>Call 555</b>')).toBe(problemText('anything'));
  expect(problemText('anything')).toContain('did not work');
});
