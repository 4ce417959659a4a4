import { bytesIn, hexOf } from '../../lib/hex';

/**
 * A short code that both ends of a link show, for people to compare: a short authentication string, agreed on as in
 * ZRTP (RFC 6189, 4.4 and 5.4). It is made of both certificates' fingerprints and a number of each side. The first
 * side commits to its number before it hears the other one, so whoever sits in between, with a certificate of their
 * own for each side, has to choose all that goes into both codes before they know either: one guess in 10^10. Of
 * fingerprints alone a code that short would be worth nothing, since certificates can be tried until both fit, which
 * takes a hundred thousand of them.
 *
 * Words go by the channel that the certificates protect: `commit` (first side), `number` (second side), `open`
 * (first side).
 */
type Word = { op: 'commit'; hash: string } | { op: 'number' | 'open'; number: string };

const LENGTH = 32;
const HEX = /^[0-9a-f]{64}$/;

export class Comparing {
  #mine = crypto.getRandomValues(new Uint8Array(LENGTH));
  /** What the other side committed to, or its number. */
  #theirs = '';
  #turn: Promise<unknown> = Promise.resolve();
  #over = false;

  /**
   * `first`: this side commits; of two sides exactly one is. `fingerprints`: of my certificate and theirs.
   * `done` hears the code (`12 34 56 78 90`), or '' when the other side broke its word, which no honest one does.
   */
  constructor(
    private readonly first: boolean,
    private readonly fingerprints: readonly [string, string],
    private readonly say: (word: string) => void,
    private readonly done: (code: string) => void,
  ) {}

  /** Once the channel is open at both ends. */
  begin(): void {
    if (this.first) this.#then(async () => this.#tell({ op: 'commit', hash: hexOf(await digest(this.#mine)) }));
  }

  /** True when the word was meant for this. */
  hear(text: string): boolean {
    const word = understood(text);
    if (word) this.#then(() => this.#take(word));
    return word !== null;
  }

  #then(step: () => Promise<void> | void): void {
    this.#turn = this.#turn.then(() => (this.#over ? undefined : step()));
  }

  /** Each word counts once, in its turn; any other is from somebody who does not keep to the order. */
  async #take(word: Word): Promise<void> {
    if (this.first && word.op === 'number' && !this.#theirs) {
      this.#theirs = word.number;
      this.#tell({ op: 'open', number: hexOf(this.#mine) });
      return this.#end(await this.#code(this.#mine, bytesIn(word.number)));
    }
    if (!this.first && word.op === 'commit' && !this.#theirs) {
      this.#theirs = word.hash;
      return this.#tell({ op: 'number', number: hexOf(this.#mine) });
    }
    if (!this.first && word.op === 'open' && this.#theirs) {
      const opened = bytesIn(word.number);
      const kept = hexOf(await digest(opened)) === this.#theirs;
      return this.#end(kept ? await this.#code(opened, this.#mine) : '');
    }
    this.#end('');
  }

  async #code(first: Bytes, second: Bytes): Promise<string> {
    const [mine, theirs] = this.fingerprints;
    const names = this.first ? [mine, theirs] : [theirs, mine];
    const text = new TextEncoder().encode(['safevoice code 1', ...names, hexOf(first), hexOf(second)].join('\n'));
    const view = new DataView((await digest(text)).buffer);
    // 64 bits over 10^10: no digit is more likely than another by a part in a thousand million.
    const digits = String(view.getBigUint64(0) % 10n ** 10n).padStart(10, '0');
    return digits.match(/../g)!.join(' ');
  }

  #tell(word: Word): void {
    this.say(JSON.stringify(word));
  }

  #end(code: string): void {
    this.#over = true;
    this.done(code);
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

async function digest(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function understood(text: string): Word | null {
  let word: Partial<Record<'op' | 'hash' | 'number', unknown>> | null;
  try {
    word = JSON.parse(text) as typeof word;
  } catch {
    return null;
  }
  const { op, hash, number } = word ?? {};
  if (op === 'commit') return typeof hash === 'string' && HEX.test(hash) ? { op, hash } : null;
  if (op !== 'number' && op !== 'open') return null;
  return typeof number === 'string' && HEX.test(number) ? { op, number } : null;
}
