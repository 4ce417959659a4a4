import { expect, test } from 'vitest';
import { BEN, HALL, ME, message } from '../../local/fake';
import type { Entry, RoomRecord } from '../../local/schema';
import { entriesOf, entryOf } from './entries';

const text = (value: string) => ({ type: 'text' as const, text: value });
const base = { room: HALL, target: '', created: 9000, state: 'waiting' as const, code: '', error: '', attempts: 0 };

const post = (client_id: string, more: Partial<Entry> = {}): Entry => ({
  ...base,
  client_id,
  kind: 'post',
  command: { op: 'post', client_id, room: HALL, content: text(client_id) },
  ...more,
});
const edit = (of: string, value: string, more: Partial<Entry> = {}): Entry => ({
  ...base,
  client_id: 'e',
  kind: 'edit',
  command: { op: 'edit', client_id: 'e', message: of, content: text(value) },
  ...more,
});

const last = message(7, { author: ME.id, client_id: 'arrived' });
const record: RoomRecord = {
  id: HALL,
  room: { id: HALL, kind: 'public', name: 'Hall' },
  role: 'member',
  other: null,
  head: 7,
  readSeq: 7,
  unread: 0,
  last,
  seen: 7,
};

function shown(...outbox: Entry[]): unknown[] {
  const person = (id: string) => [ME, BEN].find((one) => one.id === id);
  const { lastText, lastState, lastAt } = entryOf(record, { me: ME.id, person, drafts: new Map(), outbox });
  return [lastText, lastState, lastAt];
}

test('mine on its way is the newest there is, failed or not', () => {
  expect(shown()).toEqual(['text 7', 'sent', 1007]);
  expect(shown(post('hello'))).toEqual(['hello', 'pending', 9000]);
  expect(shown(post('one'), post('two', { state: 'failed' }))).toEqual(['two', 'failed', 9000]);
});

test('with its changes, and those of the last message', () => {
  expect(shown(post('hello'), edit('', 'hullo', { target: 'hello' }))).toEqual(['hullo', 'pending', 9000]);
  expect(shown(edit('m7', 'better'))).toEqual(['better', 'pending', 1007]);
  expect(shown(edit('m7', 'refused', { state: 'failed' }))).toEqual(['text 7', 'sent', 1007]);
});

test('what has arrived already is not on its way, though its acknowledgement is', () => {
  expect(shown(post('arrived'))).toEqual(['text 7', 'sent', 1007]);
});

const around = { me: ME.id, person: () => undefined, drafts: new Map(), outbox: [] };
const people = (...names: string[]) => names.map((display) => ({ id: display, name: display, display }));
const group = (...names: string[]): RoomRecord => ({ ...record, room: { id: HALL, kind: 'group' }, people: people(...names) });
const titled = (of: RoomRecord) => entryOf(of, around).title;

test('a group without a name is called after who is in it', () => {
  expect(titled(group('Ben Bay'))).toBe('Ben Bay');
  expect(titled(group('Ben Bay', 'Cleo Cox'))).toBe('Ben, Cleo');
  expect(titled(group('Ben', 'Cleo', 'Dan', 'Eve', 'Fay'))).toBe('Ben, Cleo, Dan and 2 others');
  expect(titled(group())).toBe('Only you');
  expect(titled({ ...group('Ben'), room: { id: HALL, kind: 'group', name: 'Trip' } })).toBe('Trip');
});

test('an entry stays the same object until something in it changes', () => {
  const held = group('Ben', 'Cleo');
  const person = (id: string) => people(id)[0];
  const known = new Map(people('Ben', 'Cleo').map((one) => [one.id, one]));
  const [first] = entriesOf([held], { ...around, person: (id) => known.get(id) }, new Map());
  const before = new Map([[HALL, first!]]);
  expect(entriesOf([{ ...held }], { ...around, person: (id) => known.get(id) }, before)[0]).toBe(first);
  expect(entriesOf([held], { ...around, person }, before)[0]).not.toBe(first);
});
