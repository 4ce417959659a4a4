import { textIn } from '../../lib/content';
import { describe, expect, test } from 'vitest';
import { BEN, deleted, edited, ME, message } from '../../local/fake';
import type { Message } from '../../wire/protocol.gen';
import { digestOf, withNewer, type Pile } from './digest';

const EVE = 'account-eve';
const by = (author: string, seq: number, more: Partial<Message> = {}) => message(seq, { author, ...more });
const answer = (seq: number, to: number, more: Partial<Message> = {}) => message(seq, { reply_to: `m${to}`, ...more });

function digest(rows: Message[], more: Partial<Pile> = {}) {
  return digestOf({ rows, quoted: [], mark: 10, head: 99, me: ME.id, direct: false, blocked: (id) => id === EVE, ...more });
}

describe('what is for me', () => {
  test('is what names me, what is for everybody, and what answers me, oldest first', () => {
    const mine = by(ME.id, 5);
    const rows = [answer(14, 5), message(11, { mentions: [ME.id] }), message(12), message(13, { everyone: true })];
    const { forMe } = digest(rows, { quoted: [mine] });
    expect(forMe.map(({ message: { id }, why }) => [id, why])).toEqual([
      ['m11', 'mention'],
      ['m13', 'everyone'],
      ['m14', 'reply'],
    ]);
    expect(forMe[2]!.answers).toEqual(mine);
  });

  test('is all of a direct message; the newest three are shown and the others counted', () => {
    const { forMe, earlier, top } = digest([11, 12, 13, 14, 15].map((seq) => message(seq)), { direct: true });
    expect(forMe.map((each) => each.message.id)).toEqual(['m13', 'm14', 'm15']);
    expect([earlier, top]).toEqual([2, []]);
  });

  test('is nothing that I read, that I wrote, that is deleted, that came later, or of somebody blocked', () => {
    const named = { mentions: [ME.id] };
    const rows = [
      message(10, named),
      by(ME.id, 11, named),
      deleted(message(12, named), 20),
      message(100, named),
      by(EVE, 13, named),
    ];
    expect(digest(rows)).toEqual({ forMe: [], earlier: 0, top: [], speakers: [], looked: 0 });
  });
});

describe('what was talked about', () => {
  test('is what was answered most; of as many answers, the later', () => {
    const rows = [message(11), message(12), message(13), answer(14, 11), answer(15, 12), answer(16, 12), answer(17, 13)];
    expect(digest(rows).top.map(({ message: { id }, replies }) => [id, replies])).toEqual([
      ['m12', 2],
      ['m13', 1],
      ['m11', 1],
    ]);
  });

  test('counts answers to what was read before, but not those of people I blocked', () => {
    const old = message(3);
    const rows = [answer(11, 3), answer(12, 3, { author: EVE }), answer(13, 4)];
    expect(digest(rows, { quoted: [old, by(EVE, 4)] }).top.map(({ message: { id }, replies }) => [id, replies])).toEqual([['m3', 1]]);
  });

  test('is the newest words where nobody answered anybody', () => {
    expect(digest([11, 12, 13].map((seq) => message(seq))).top.map(({ message: { id } }) => id)).toEqual(['m12', 'm13']);
  });

  test('never says again what is for me', () => {
    const rows = [message(11, { mentions: [ME.id] }), answer(12, 11)];
    expect(digest(rows).top).toEqual([]);
  });
});

test('who said most comes first', () => {
  const rows = [message(11), by('account-cleo', 12), message(13)];
  expect(digest(rows).speakers).toEqual([
    { person: BEN.id, n: 2 },
    { person: 'account-cleo', n: 1 },
  ]);
});

test('words that change or go do so wherever they stand, and an older version changes nothing', () => {
  const asked = by(ME.id, 5);
  const before = digest([message(11), answer(12, 5), answer(13, 11)], { quoted: [asked] });
  const now = withNewer(withNewer(before, deleted(asked, 30)), edited(message(11), 31, 'new'));
  expect(now.forMe[0]!.answers!.content).toBeNull();
  expect(textIn(now.top[0]!.message.content)).toBe('new');
  expect(withNewer(now, message(11))).toEqual(now);
});
