import { Comparing } from './comparing';
import type { Link } from './link';
import type { Secrecy, Verdict } from './shapes';

/** What both tell each other of it; `code`: the one that it was said of. */
export type Compared = { type: 'compared'; verdict: Verdict; code: string };

/** How long sound may flow without a code, in ms, before it is said that this call cannot be checked. */
const CODE_WITHIN = 10_000;
const NOTHING: Compared = { type: 'compared', verdict: '', code: '' };

/**
 * What is known of who could listen. Verified takes both: a press here, and the other's word for the same code. Their
 * word alone verifies nothing, since whoever sits in between can say it as well; so it can only make it stricter. Who
 * finds another code takes back what both said before, and both begin anew.
 */
export class Checking {
  code = $state('');
  /** What was compared is of a link that is gone, and nobody here has said yet that they know. */
  changed = $state(false);
  #mine = $state<Verdict>('');
  #theirs = $state.raw(NOTHING);
  /** No code came, or they broke their word. */
  #without = $state(false);
  #link: Link | null = null;
  #comparing: Comparing | null = null;
  #late: ReturnType<typeof setTimeout> | undefined;

  get state(): Secrecy {
    if (this.#mine === 'differs') return 'differs';
    if (this.#theirs.verdict === 'differs') return 'differs-there';
    if (!this.code) return this.#without ? 'unchecked' : 'agreeing';
    if (this.#mine !== 'same') return 'encrypted';
    return this.#theirs.verdict === 'same' && this.#theirs.code === this.code ? 'verified' : 'waiting';
  }

  /** Sound flows on this link. */
  flows(): void {
    this.#late ??= setTimeout(() => (this.#without = true), CODE_WITHIN);
  }

  /** The channel of this link is open. Once on each: its certificates stay what they are. */
  begin(link: Link, first: boolean): void {
    if (this.#comparing) return;
    this.#link = link;
    const { fingerprints } = link;
    // Nobody could say which certificate the browser took.
    this.#without ||= !fingerprints;
    if (!fingerprints) return;
    this.#comparing = new Comparing(first, fingerprints, (word) => void link.tell(word), (code) => this.#agreed(code));
    this.#comparing.begin();
  }

  /** What is said of the code that is on screen; '' takes it back. */
  say(verdict: Verdict): void {
    if (!this.code) return;
    this.#mine = verdict;
    this.changed = false;
    if (verdict === 'differs') this.#theirs = NOTHING;
    this.#link?.tell(JSON.stringify({ type: 'compared', verdict, code: this.code } satisfies Compared));
  }

  /** A word of the agreement on a code. */
  hear(text: string): boolean {
    return this.#comparing?.hear(text) ?? false;
  }

  /** What they say of their code. */
  heard({ verdict, code }: Compared): void {
    if (verdict === 'differs') {
      // Of whichever code: if somebody is in between, theirs is another one than mine.
      this.#theirs = { type: 'compared', verdict, code: String(code) };
      if (this.#mine === 'same') this.say('');
    } else if (!this.code || code === this.code) {
      this.#theirs = { type: 'compared', verdict: verdict === 'same' ? 'same' : '', code: String(code) };
    }
  }

  /** The link is gone, and with it the code and whatever was said of it. */
  drop(): void {
    clearTimeout(this.#late);
    this.#late = undefined;
    this.changed ||= this.#mine !== '' || this.#theirs.verdict === 'differs';
    this.#link = this.#comparing = null;
    this.code = this.#mine = '';
    this.#theirs = NOTHING;
    this.#without = false;
  }

  #agreed(code: string): void {
    this.code = code;
    this.#without = !code;
  }
}
