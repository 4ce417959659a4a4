import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Link } from './link';
import { Checking, type Compared } from './secrecy.svelte';

const [ADA, BEN, EVE] = ['sha-256 AA:AA', 'sha-256 BB:BB', 'sha-256 EE:EE'];

interface Side {
  checking: Checking;
  link: Link;
  /** On the way to the other. */
  out: string[];
}

/** `knows`: of both certificates, mine first. */
function side(knows: [string, string] | null): Side {
  const out: string[] = [];
  return { checking: new Checking(), out, link: { fingerprints: knows, tell: (word: string) => out.push(word) } as unknown as Link };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(crypto.subtle, 'digest').mockImplementation(async (_kind, data) => {
    return Uint8Array.from(createHash('sha256').update(data as Uint8Array).digest()).buffer;
  });
});

afterEach(() => void vi.useRealTimers());

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

function hear({ checking }: Side, word: string): void {
  if (!checking.hear(word)) checking.heard(JSON.parse(word) as Compared);
}

/** Until neither has anything left to say. */
async function talk(one: Side, other: Side): Promise<void> {
  await settle();
  while (one.out.length || other.out.length) {
    for (const word of one.out.splice(0)) hear(other, word);
    for (const word of other.out.splice(0)) hear(one, word);
    await settle();
  }
}

async function pair(ada = side([ADA!, BEN!]), ben = side([BEN!, ADA!])): Promise<[Side, Side]> {
  for (const [each, first] of [[ada, true], [ben, false]] as const) {
    each.checking.flows();
    each.checking.begin(each.link, first);
  }
  await talk(ada, ben);
  return [ada, ben];
}

const states = (...sides: Side[]): string[] => sides.map(({ checking }) => checking.state);

test('it is verified once both have said so, whoever was first', async () => {
  const [ada, ben] = await pair();
  expect(states(ada, ben)).toEqual(['encrypted', 'encrypted']);
  ada.checking.say('same');
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['waiting', 'encrypted']);
  ben.checking.say('same');
  expect(states(ben)).toEqual(['verified']);
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['verified', 'verified']);
});

test('the word of the other alone verifies nothing, however often it is said', async () => {
  const [ada] = await pair();
  for (let n = 0; n < 3; n++) ada.checking.heard({ type: 'compared', verdict: 'same', code: ada.checking.code });
  expect(states(ada)).toEqual(['encrypted']);
});

test('who is never answered waits', async () => {
  const [ada] = await pair();
  ada.checking.say('same');
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(states(ada)).toEqual(['waiting']);
});

test('a word for another code is none', async () => {
  const [ada, ben] = await pair();
  ada.checking.say('same');
  ada.checking.heard({ type: 'compared', verdict: 'same', code: '00 00 00 00 00' });
  expect(states(ada)).toEqual(['waiting']);
  ben.checking.say('same');
  await talk(ada, ben);
  ada.checking.heard({ type: 'compared', verdict: '', code: '00 00 00 00 00' });
  expect(states(ada)).toEqual(['verified']);
});

test('a word that comes before the code counts for this code only', async () => {
  for (const [said, becomes] of [['', 'verified'], ['00 00 00 00 00', 'waiting']] as const) {
    const [ada, ben] = [side([ADA!, BEN!]), side([BEN!, ADA!])];
    ben.checking.begin(ben.link, false);
    ada.checking.begin(ada.link, true);
    await settle();
    hear(ben, ada.out.shift()!);
    await settle();
    hear(ada, ben.out.shift()!);
    await settle();
    ben.checking.heard({ type: 'compared', verdict: 'same', code: said || ada.checking.code });
    await talk(ada, ben);
    ben.checking.say('same');
    expect(states(ben)).toEqual([becomes]);
  }
});

test('that it differs is a warning to both, and what was verified falls', async () => {
  const [ada, ben] = await pair();
  for (const each of [ada, ben]) each.checking.say('same');
  await talk(ada, ben);
  ben.checking.say('differs');
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['differs-there', 'differs']);
});

test('who compares once more does so with the other, from the beginning', async () => {
  const [ada, ben] = await pair();
  ada.checking.say('same');
  await talk(ada, ben);
  ben.checking.say('differs');
  await talk(ada, ben);
  ben.checking.say('');
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['encrypted', 'encrypted']);
  ben.checking.say('same');
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['encrypted', 'waiting']);
  ada.checking.say('same');
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['verified', 'verified']);
});

test('nor does what was said before a warning count after it, should the other not take it back', async () => {
  const [ada] = await pair();
  ada.checking.heard({ type: 'compared', verdict: 'same', code: ada.checking.code });
  for (const verdict of ['differs', '', 'same'] as const) ada.checking.say(verdict);
  expect(states(ada)).toEqual(['waiting']);
});

test('two who say the opposite at once are both warned, and nothing of it is left over', async () => {
  const [ada, ben] = await pair();
  ada.checking.say('same');
  ben.checking.say('differs');
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['differs-there', 'differs']);
  ben.checking.say('');
  ben.checking.say('same');
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['encrypted', 'waiting']);
});

test('whoever sits between is not verified by passing on what both say, and who finds them out warns both', async () => {
  const [ada, ben] = await pair(side([ADA!, EVE!]), side([BEN!, EVE!]));
  expect(ada.checking.code).not.toBe(ben.checking.code);
  for (const each of [ada, ben]) each.checking.say('same');
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['waiting', 'waiting']);
  ben.checking.say('differs');
  await talk(ada, ben);
  expect(states(ada, ben)).toEqual(['differs-there', 'differs']);
});

test('with the link all that was said of it falls, and it is told once', async () => {
  const [ada, ben] = await pair();
  for (const each of [ada, ben]) each.checking.say('same');
  await talk(ada, ben);
  const { code } = ada.checking;
  for (const each of [ada, ben]) each.checking.drop();
  expect([ada.checking.code, ...states(ada), ada.checking.changed]).toEqual(['', 'agreeing', true]);
  await pair(ada, ben);
  expect(ada.checking.code).not.toBe(code);
  expect([...states(ada, ben), ada.checking.changed]).toEqual(['encrypted', 'encrypted', true]);
  ada.checking.say('same');
  expect(ada.checking.changed).toBe(false);
});

test('a warning of the other is of a link, too', async () => {
  const [ada] = await pair();
  ada.checking.heard({ type: 'compared', verdict: 'differs', code: '' });
  ada.checking.drop();
  expect([...states(ada), ada.checking.changed]).toEqual(['agreeing', true]);
});

test('of a new link nothing is told to whoever had compared nothing', async () => {
  const [ada] = await pair();
  ada.checking.drop();
  expect(ada.checking.changed).toBe(false);
});

test('who broke their word, or has two certificates, is in no call that can be checked', async () => {
  const ben = side([BEN!, ADA!]);
  ben.checking.begin(ben.link, false);
  hear(ben, JSON.stringify({ op: 'commit', hash: 'ab'.repeat(32) }));
  hear(ben, JSON.stringify({ op: 'open', number: 'cd'.repeat(32) }));
  await settle();
  const cara = side(null);
  cara.checking.begin(cara.link, true);
  expect(states(ben, cara)).toEqual(['unchecked', 'unchecked']);
  ben.checking.say('differs');
  expect(states(ben)).toEqual(['unchecked']);
  ben.checking.say('same');
  ben.checking.heard({ type: 'compared', verdict: 'same', code: '' });
  expect(states(ben)).toEqual(['unchecked']);
});

test('where no code comes although sound flows, that is said after a while; a late one still counts', async () => {
  const [ada, ben] = [side([ADA!, BEN!]), side([BEN!, ADA!])];
  ada.checking.flows();
  ada.checking.begin(ada.link, true);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(states(ada)).toEqual(['agreeing']);
  await vi.advanceTimersByTimeAsync(1);
  expect(states(ada)).toEqual(['unchecked']);
  ben.checking.begin(ben.link, false);
  await talk(ada, ben);
  expect(states(ada)).toEqual(['encrypted']);
});

test('that nothing came on a former link says nothing of this one', async () => {
  const ada = side([ADA!, BEN!]);
  ada.checking.flows();
  ada.checking.drop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(states(ada)).toEqual(['agreeing']);
  for (const [waited, becomes] of [[0, 'agreeing'], [10_000, 'unchecked']] as const) {
    ada.checking.drop();
    ada.checking.flows();
    await vi.advanceTimersByTimeAsync(waited);
    expect(states(ada)).toEqual([becomes]);
  }
  ada.checking.drop();
  expect(states(ada)).toEqual(['agreeing']);
});
