import { describe, expect, test } from 'vitest';
import { arranged, type Placed, type Standing } from './rank';
import { awaySince, isMuch } from './absence';
import { deedOf } from './keys';
import { Lane } from './lane';
import { isQuiet } from './waiting';

const card = (room: string, more: Partial<Standing> = {}): Standing => ({ room, direct: false, unread: 1, mentions: 0, lastAt: 0, found: 0, ...more });
const order = (cards: Standing[], fixed: Placed<Standing>[] = []) => arranged(cards, fixed).map(({ room, first }) => (first ? `*${room}` : room)).join(' ');

describe('the order of the cards', () => {
  test('is mentions, answers to me, direct messages, then rooms by how much was said', () => {
    const cards = [
      card('few', { unread: 2, lastAt: 9 }),
      card('many', { unread: 50 }),
      card('bela', { direct: true }),
      card('answered', { found: 1 }),
      card('named', { mentions: 1 }),
    ];
    expect(order(cards)).toBe('*named *answered *bela many few');
  });

  test('puts what was said lately first among those for me', () => {
    expect(order([card('old', { mentions: 3, lastAt: 1 }), card('new', { mentions: 1, lastAt: 2 })])).toBe('*new *old');
  });

  test('leaves alone what was seen already, and puts nothing above it', () => {
    const rest = [card('c'), card('d', { found: 1 })];
    expect(order(rest, [{ ...card('a'), first: true }])).toBe('*a *d c');
    expect(order(rest, [{ ...card('a'), first: true }, { ...card('b'), first: false }])).toBe('*a b d c');
  });
});

test('a room is quiet when it may not call: muted, told to be, or nobody was named where only that calls', () => {
  const room = { unread: 3, markedUnread: false, mentions: 0, mutedUntil: 0, room: { id: 'r', kind: 'public' as const } };
  expect(isQuiet({ ...room, level: 'all' }, 5)).toBe(false);
  expect(isQuiet({ ...room, level: 'all', mutedUntil: 9 }, 5)).toBe(true);
  expect(isQuiet({ ...room, level: 'nothing', mentions: 2 }, 5)).toBe(true);
  expect(isQuiet({ ...room, level: 'mentions' }, 5)).toBe(true);
  expect(isQuiet({ ...room, level: 'mentions', mentions: 1 }, 5)).toBe(false);
});

describe('an absence', () => {
  const HOUR = 3_600_000;

  test('is one from six hours on, where somebody was here before', () => {
    expect(awaySince(1000, 1000 + 6 * HOUR)).toBe(1000);
    expect(awaySince(1000, 999 + 6 * HOUR)).toBe(0);
    expect(awaySince(0, 99 * HOUR)).toBe(0);
  });

  test('is worth a page when much was said in several rooms', () => {
    expect(isMuch({ unread: 25, rooms: 2 })).toBe(true);
    expect(isMuch({ unread: 400, rooms: 1 })).toBe(false);
    expect(isMuch({ unread: 5, rooms: 5 })).toBe(true);
    expect(isMuch({ unread: 24, rooms: 4 })).toBe(false);
  });
});

describe('a key', () => {
  const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false, isComposing: false };
  const press = (key: string, more: Partial<Parameters<typeof deedOf>[0]> = {}, letters = true) =>
    deedOf({ ...NONE, key, defaultPrevented: false, target: null, ...more }, letters);

  test('does what the page says', () => {
    expect(['j', 'ArrowDown', 'k', 'ArrowUp', 'e', 'o', 'Enter', 'r', 'z', 'u'].map((key) => press(key))).toEqual(
      ['next', 'next', 'previous', 'previous', 'read', 'open', 'open', 'reply', 'undo', 'undo'],
    );
    expect(press('E', { shiftKey: true })).toBe('all');
    expect(press('z', { ctrlKey: true })).toBe('undo');
  });

  test('with Shift held, or the caps lock on, never reads everything by mistake', () => {
    expect(press('E')).toBeNull();
    expect(press('J', { shiftKey: true })).toBeNull();
    expect(press('e', { ctrlKey: true })).toBeNull();
    expect(press('j', { defaultPrevented: true })).toBeNull();
  });

  test('that is held moves on, and clears one card only', () => {
    expect(press('j', { repeat: true })).toBe('next');
    expect(press('e', { repeat: true })).toBeNull();
    expect(press('z', { ctrlKey: true, repeat: true })).toBeNull();
  });

  test('is no command where single letters are switched off', () => {
    expect([press('e', {}, false), press('j', {}, false)]).toEqual([null, null]);
    expect(press('ArrowDown', {}, false)).toBe('next');
    expect(press('z', { ctrlKey: true }, false)).toBe('undo');
  });
});

test('a lane does a few things at a time, the last asked for first, each once', async () => {
  const lane = new Lane(2);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const job = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((done) => ends.set(name, done));
  };
  for (const name of ['a', 'b', 'c', 'd', 'a']) lane.add(name, job(name));
  expect(begun).toEqual(['a', 'b']);
  ends.get('a')!();
  await Promise.resolve().then(() => new Promise((done) => setTimeout(done)));
  expect(begun).toEqual(['a', 'b', 'd']);
});
