import { expect, it } from 'vitest';
import type { Action, AuditEntry } from '../../wire/protocol.gen';
import { detailOf, sentenceOf } from './sentences';

const ADA = { id: 'a', name: 'ada', display: 'Ada' };
const BELA = { id: 'b', name: 'bela', display: 'Béla' };
const entry = (action: Action, more: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'e',
  at: 0,
  actor: ADA,
  action,
  subject: 'b',
  person: BELA,
  ...more,
});
const told = (one: AuditEntry): string => sentenceOf(one).map(({ text }) => text).join('');

it('tells who did what to whom, and where', () => {
  expect(told(entry('room.ban', { room_name: 'Garden' }))).toBe('Ada banned Béla from Garden');
  expect(told(entry('account.role', { detail: 'moderator' }))).toBe('Ada made Béla a moderator');
  expect(told(entry('report.resolve', { detail: 'dismissed' }))).toBe('Ada dismissed a report about Béla');
});

it('keeps people and rooms apart from the words, so that they can be links', () => {
  expect(sentenceOf(entry('room.archive', { room_name: 'Garden' }))).toEqual([
    { kind: 'person', person: ADA, text: 'Ada' },
    { kind: 'words', text: ' archived ' },
    { kind: 'room', text: 'Garden' },
  ]);
});

it('names what is not there any more', () => {
  expect(told(entry('room.purge', { actor: null, room_name: '' }))).toBe('a room was removed for good');
  expect(told(entry('account.trust', { person: { ...BELA, display: '', gone: true } }))).toBe('Ada trusted Deleted person');
  expect(told(entry('credits.grant', { actor: null }))).toBe('The server changed the credits of Béla');
});

it('is not confused by names that look like placeholders', () => {
  expect(told(entry('account.trust', { actor: { ...ADA, display: '{person}' } }))).toBe('{person} trusted Béla');
});

it('says which setting was changed, also one that it does not know', () => {
  expect(told(entry('settings.change', { subject: 'quiet_weeks', person: undefined }))).toBe('Ada changed a setting: quiet weeks');
  expect(told(entry('settings.change', { subject: 'later' }))).toBe('Ada changed a setting: later');
  expect(told(entry('room.teleport' as Action))).toBe('Ada: room.teleport');
});

it('adds reasons and ends, and no ids', () => {
  expect(detailOf(entry('account.suspend', { detail: 'Spam' }))).toBe('Spam');
  expect(detailOf(entry('room.ban', { detail: '1758397200000 Third time' }))).toMatch(/^until .*2025.*: Third time$/);
  expect(detailOf(entry('room.mute', { detail: '9007199254740991' }))).toBe('');
  expect(detailOf(entry('message.delete', { detail: '01HABC' }))).toBe('');
  expect(detailOf(entry('report.resolve', { detail: 'acted Muted for 1 day.' }))).toBe('Muted for 1 day.');
  expect(detailOf(entry('invite.make', { detail: 'moderator, 1 uses' }))).toBe('for 1 moderator');
  expect(detailOf(entry('guest_link.make', { detail: '10 uses' }))).toBe('for 10 guests');
  expect(detailOf(entry('room.change', { detail: 'topic, slow_s, later' }))).toBe('topic, slow mode, later');
  expect(detailOf(entry('settings.change', { subject: 'guests', detail: 'False' }))).toBe('off');
  expect(detailOf(entry('settings.change', { subject: 'accent', detail: '#1f66b1' }))).toBe('#1f66b1');
  expect(detailOf(entry('credits.grant', { detail: '+50 cake' }))).toBe('+50 cake');
});
