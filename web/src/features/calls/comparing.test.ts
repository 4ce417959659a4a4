import { createHash } from 'node:crypto';
import { beforeEach, expect, test, vi } from 'vitest';
import { hexOf } from '../../lib/hex';
import { Comparing } from './comparing';

const ADA = 'sha-256 AA:AA';
const BEN = 'sha-256 BB:BB';
const EVE = 'sha-256 EE:EE';

interface Side {
  comparing: Comparing;
  /** On the way to the other. */
  out: string[];
  /** What it came to; undefined until then. */
  code: string | undefined;
}

function side(first: boolean, mine: string, theirs: string): Side {
  const made: Partial<Side> & { out: string[] } = { out: [] };
  made.comparing = new Comparing(first, [mine, theirs], (word) => made.out.push(word), (code) => (made.code = code));
  return made as Side;
}

// The browser makes digests elsewhere and in its own time; here they are a turn of the loop like all else.
beforeEach(() => {
  vi.spyOn(crypto.subtle, 'digest').mockImplementation(async (_kind, data) => {
    return Uint8Array.from(createHash('sha256').update(data as Uint8Array).digest()).buffer;
  });
});

const settle = (): Promise<void> => new Promise((done) => setTimeout(done));

async function talk(one: Side, other: Side): Promise<void> {
  one.comparing.begin();
  other.comparing.begin();
  await settle();
  while (one.out.length || other.out.length) {
    for (const word of one.out.splice(0)) other.comparing.hear(word);
    for (const word of other.out.splice(0)) one.comparing.hear(word);
    await settle();
  }
}

test('both sides come to the same code, another one each time', async () => {
  const codes = new Set<string>();
  for (let i = 0; i < 5; i++) {
    const [ada, ben] = [side(true, ADA, BEN), side(false, BEN, ADA)];
    await talk(ada, ben);
    expect(ada.code).toMatch(/^\d\d( \d\d){4}$/);
    expect(ben.code).toBe(ada.code);
    codes.add(ada.code!);
  }
  expect(codes.size).toBe(5);
});

test('whoever sits between, with a certificate of their own for each, gives them two codes', async () => {
  const [ada, ben] = [side(true, ADA, EVE), side(false, BEN, EVE)];
  // They pass on every word as it is, so all but the certificates is the same.
  await talk(ada, ben);
  expect(ada.code).toMatch(/\d/);
  expect(ben.code).toMatch(/\d/);
  expect(ben.code).not.toBe(ada.code);
});

test('who opens another number than they committed to is found out', async () => {
  const [ada, ben] = [side(true, ADA, BEN), side(false, BEN, ADA)];
  ada.comparing.begin();
  await settle();
  ben.comparing.hear(ada.out[0]!);
  await settle();
  expect(ben.out).toHaveLength(1);
  ben.comparing.hear(JSON.stringify({ op: 'open', number: hexOf(new Uint8Array(32)) }));
  await settle();
  expect(ben.code).toBe('');
});

test('nobody says their number before they heard to what the first is bound', async () => {
  const ben = side(false, BEN, ADA);
  ben.comparing.begin();
  await settle();
  expect(ben.out).toEqual([]);
});

test('words out of turn end it without a code', async () => {
  const number = hexOf(new Uint8Array(32).fill(7));
  for (const [first, op] of [[true, 'commit'], [true, 'open'], [false, 'number'], [false, 'open']] as const) {
    const one = side(first, ADA, BEN);
    one.comparing.hear(JSON.stringify(op === 'commit' ? { op, hash: number } : { op, number }));
    await settle();
    expect(one.code).toBe('');
  }
});

test('a second commitment is not taken, since it could be chosen by the number', async () => {
  const ben = side(false, BEN, ADA);
  const commit = (): string => JSON.stringify({ op: 'commit', hash: hexOf(crypto.getRandomValues(new Uint8Array(32))) });
  ben.comparing.hear(commit());
  ben.comparing.hear(commit());
  await settle();
  expect(ben.code).toBe('');
});

test('what else is said there passes by', () => {
  const ben = side(false, BEN, ADA);
  for (const text of ['', 'null', '7', '{"op":"muted"}', '{"op":"commit","hash":"zz"}', '{"op":"open","number":7}']) {
    expect(ben.comparing.hear(text)).toBe(false);
  }
  expect(ben.code).toBeUndefined();
});
