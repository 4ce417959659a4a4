import { expect, it } from 'vitest';
import { t } from './i18n';

it('fills in values', () => {
  expect(t('signin.lead', { community: 'Harbour' })).toBe('Sign in to Harbour');
});

it('chooses the plural form and groups large numbers', () => {
  expect(t('room.members', { n: 1 })).toBe('1 member');
  expect(t('room.members', { n: 1200 })).toBe('1,200 members');
});

it('leaves text of people alone that looks like a placeholder', () => {
  expect(t('timeline.announce', { author: '{text}', text: 'hello' })).toBe('{text}: hello');
});
