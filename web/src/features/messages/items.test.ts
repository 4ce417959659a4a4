import { describe, expect, test } from 'vitest';
import { BEN, deleted, edited, HALL, ME, message } from '../../local/fake';
import type { Entry } from '../../local/schema';
import type { Message } from '../../wire/protocol.gen';
import { Items, type Scene } from './items';

const mine = (seq: number, client_id: string) => message(seq, { author: ME.id, client_id });
const text = (value: string) => ({ type: 'text' as const, text: value });

function entry(client_id: string, more: Partial<Entry> = {}): Entry {
  const command = { op: 'post' as const, client_id, room: HALL, content: text(client_id) };
  const rest = { target: '', created: 1, state: 'waiting' as const, code: '', error: '', attempts: 0 };
  return { client_id, kind: 'post', room: HALL, command, ...rest, ...more };
}

const edit = (client_id: string, of: string, value: string, more: Partial<Entry> = {}) =>
  entry(client_id, { kind: 'edit', command: { op: 'edit', client_id, message: of, content: text(value) }, ...more });
const removal = (client_id: string, of: string, more: Partial<Entry> = {}) =>
  entry(client_id, { kind: 'delete', command: { op: 'delete', client_id, message: of }, ...more });

function scene(messages: Message[], outbox: Entry[] = [], more: Partial<Scene> = {}): Scene {
  const known = new Map(messages.map((one) => [one.id, one]));
  return { me: ME.id, known, low: 0, high: Infinity, outbox, person: (id) => [ME, BEN].find((one) => one.id === id), nameOf: (one) => one?.display ?? '', ...more };
}

const brief = (wanted: Scene) => new Items().of(wanted).map((item) => [item.key, item.text, item.state]);

describe('what is on its way', () => {
  test('stands at the end, in the order of the outbox', () => {
    expect(brief(scene([message(1)], [entry('b'), entry('a')]))).toEqual([
      ['m1', 'text 1', 'sent'],
      ['b', 'b', 'pending'],
      ['a', 'a', 'pending'],
    ]);
  });

  test('keeps its key when it arrives, and is never there twice', () => {
    const arrived = scene([mine(2, 'a')], [entry('a')]);
    expect(brief(arrived)).toEqual([['a', 'text 2', 'sent']]);
  });

  test('is not at the end of a run that does not reach the newest', () => {
    expect(brief(scene([message(1)], [entry('a')], { high: 5 }))).toHaveLength(1);
  });

  test('says why it failed', () => {
    const [item] = new Items().of(scene([], [entry('a', { state: 'failed', error: 'Too long.' })]));
    expect(item).toMatchObject({ state: 'failed', error: 'Too long.', clientId: 'a' });
  });
});

describe('changes on their way', () => {
  test('show at once', () => {
    const held = [mine(1, 'a'), mine(2, 'b')];
    expect(brief(scene(held, [edit('e', 'm1', 'better'), removal('d', 'm2')]))).toEqual([
      ['a', 'better', 'pending'],
      ['b', null, 'pending'],
    ]);
  });

  test('roll back visibly when they are refused', () => {
    const refused = { state: 'failed' as const, error: 'No.' };
    const [item] = new Items().of(scene([mine(1, 'a')], [removal('d', 'm1', refused)]));
    expect(item).toMatchObject({ text: 'text 1', deleted: false, state: 'failed', error: 'No.', clientId: 'd' });
  });

  test('of a message that is itself on its way', () => {
    expect(brief(scene([], [entry('a'), edit('e', '', 'better', { target: 'a' })]))).toEqual([['a', 'better', 'pending']]);
  });

  test('do not bring back what was deleted meanwhile', () => {
    const gone = deleted(mine(1, 'a'), 5);
    expect(brief(scene([gone], [edit('e', 'm1', 'better')]))).toEqual([['a', null, 'sent']]);
  });
});

test('a client_id copied by somebody else makes no second row with the same key', () => {
  const keys = brief(scene([mine(1, 'a'), message(2, { client_id: 'a' }), mine(3, 'a')])).map(([key]) => key);
  expect(keys).toEqual(['a', 'm2', 'm3']);
});

test('what only a later version has words for is there, quoted too, and not deleted', () => {
  const content = { type: 'hologram' } as unknown as Message['content'];
  const items = new Items().of(scene([message(1, { content }), message(2, { reply_to: 'm1' })]));
  expect(items[0]).toMatchObject({ deleted: false, text: expect.stringContaining('cannot show') });
  expect(items[1]!.quoted).toMatchObject({ text: expect.stringContaining('cannot show'), known: true });
});

test('a quote shows the message as it is now, and nothing of one that was deleted', () => {
  const reply = message(2, { reply_to: 'm1' });
  const quoted = (first: Message[]) => new Items().of(scene([...first, reply])).at(-1)!.quoted;
  expect(quoted([edited(message(1), 3, 'now')])).toMatchObject({ text: 'now', known: true });
  expect(quoted([deleted(message(1), 3)])).toMatchObject({ text: null, known: true });
  expect(quoted([])).toMatchObject({ known: false });
});

test('rows that did not change stay the same objects', () => {
  const items = new Items();
  const first = [message(1), message(2)];
  const before = items.of(scene(first));
  const later = items.of(scene([first[0]!, edited(first[1]!, 3, 'x')]));
  expect([later[0] === before[0], later[1] === before[1]]).toEqual([true, false]);
});

test('what was refused keeps the words that its author wanted', () => {
  const refused = { state: 'failed' as const, error: 'No.' };
  const of = (outbox: Entry[]) => new Items().of(scene([mine(1, 'a')], outbox)).map((item) => item.refused);
  expect(of([edit('e', 'm1', 'better', refused)])).toEqual(['better']);
  expect(of([removal('d', 'm1', refused)])).toEqual([null]);
  expect(of([entry('b', refused)])).toEqual([null, 'b']);
});

test('an answer to a message on its way quotes it', () => {
  const quoted = new Items().of(scene([], [entry('a'), entry('b', { target: 'a' })]))[1]!.quoted;
  expect(quoted).toMatchObject({ id: '', text: 'a', known: true, author: { id: ME.id } });
});

describe('people who are named', () => {
  const CLEO = { id: 'account-cleo', name: 'cleo', display: 'Cleo' };
  const everybody = (id: string) => [ME, BEN, CLEO].find((one) => one.id === id);
  const shown = (one: Message, outbox: Entry[] = []) => new Items().of(scene([one], outbox, { person: everybody })).at(-1)!;

  test('are marked, and I am told that it is for me', () => {
    const item = shown(message(1, { content: text('@ada and @cleo'), mentions: [ME.id, CLEO.id] }));
    expect([...item.called.values()].map((one) => [one.label, one.me])).toEqual([
      ['Ada', true],
      ['Cleo', false],
    ]);
    expect(item.forMe).toBe(true);
    expect(shown(message(1, { content: text('@room'), everyone: true })).forMe).toBe(true);
  });

  test('what I write myself is not for me', () => {
    expect(shown(message(1, { author: ME.id, content: text('@room'), everyone: true })).forMe).toBe(false);
  });

  test('a word after an @ alone names nobody', () => {
    expect(shown(message(1, { content: text('@ada') })).called.size).toBe(0);
  });

  test('follow a change that is on its way', () => {
    const change = edit('e', 'm1', '@cleo', {});
    const command = { ...change.command, mentions: [CLEO.id] } as Entry['command'];
    const item = shown(mine(1, 'a'), [{ ...change, command }]);
    expect([...item.called.keys()]).toEqual(['cleo']);
  });

  test('a row is made anew when one of them has another name', () => {
    const items = new Items();
    const one = message(1, { content: text('@cleo'), mentions: [CLEO.id] });
    const before = items.of(scene([one], [], { person: everybody }))[0];
    const renamed = (id: string) => (id === CLEO.id ? { ...CLEO, display: 'Cleopatra' } : everybody(id));
    expect(items.of(scene([one], [], { person: renamed }))[0]!.called.get('cleo')?.label).toBe('Cleopatra');
    expect(items.of(scene([one], [], { person: renamed }))[0]).not.toBe(before);
  });
});
