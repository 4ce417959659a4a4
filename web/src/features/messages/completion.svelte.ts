import { inCode, type Change } from '../../lib/marks';
import { naming } from './naming';
import type { Person } from './mentionables.svelte';
import { shortcodes } from './shortcodes';

/** Something that may be meant by what is being written. */
export interface Choice {
  key: string;
  /** What is written once it is chosen. */
  insert: string;
  label: string;
  hint: string;
  /** null: everybody. */
  person?: Person | null;
}

/** What can be completed, from the sign that it begins with. */
export interface Source {
  kind: 'people' | 'emoji';
  /** What is being written at the caret; null: nothing of this kind. */
  at: (text: string, caret: number) => { from: number; query: string } | null;
  find: (query: string) => readonly Choice[];
  /** Makes more of it known; may take a while. */
  load: () => Promise<unknown>;
  /** It stands there already, so Enter has nothing to add to it. */
  done: (choice: Choice, query: string) => boolean;
  chosen?: (choice: Choice) => void;
}

/** A name or an emoji that is being written, and what may be meant by it. */
export class Completion {
  choices = $state.raw<readonly Choice[]>([]);
  /** The place of the choice that Enter takes. */
  at = $state(0);
  kind = $state<Source['kind']>('people');

  readonly #sources: readonly Source[];
  #source: Source | null = null;
  /** Where its sign stands; -1: nothing is being completed. */
  #from = -1;
  #query = '';
  /** A sign that shall stay one. */
  #left = -1;

  constructor(roomId: string) {
    this.#sources = [naming(roomId), shortcodes];
  }

  get open(): boolean {
    return this.choices.length > 0;
  }

  /** The text or the caret has moved. */
  look(text: string, caret: number): void {
    let found: ReturnType<Source['at']> = null;
    const source = this.#sources.find((each) => (found = each.at(text, caret))) ?? null;
    const { from, query } = found ?? { from: -1, query: '' };
    if (from !== this.#left) this.#left = -1;
    if (!source || from === this.#left || inCode(text, caret)) return this.#clear();
    if (query !== this.#query || from !== this.#from) this.at = 0;
    this.#from = from;
    this.#query = query;
    this.#source = source;
    this.#find();
    void source.load().then(
      () => {
        if (this.#from === from && this.#query === query) this.#find();
      },
      () => undefined,
    );
  }

  get done(): boolean {
    const choice = this.choices[this.at];
    return !!choice && !!this.#source?.done(choice, this.#query);
  }

  move(step: number): void {
    this.at = (this.at + step + this.choices.length) % this.choices.length;
  }

  /** The choice in place of what was written up to the caret. */
  take(choice: Choice, text: string, caret: number): Change {
    const from = this.#from;
    const written = `${choice.insert} `;
    this.#source?.chosen?.(choice);
    this.#clear();
    const to = text[caret] === ' ' ? caret + 1 : caret;
    return { from, to, text: written, start: from + written.length, end: from + written.length };
  }

  /** Not now: it stays as it was written. */
  leave(): void {
    this.#left = this.#from;
    this.#clear();
  }

  #clear(): void {
    this.#from = -1;
    this.#source = null;
    if (this.choices.length) this.choices = [];
  }

  #find(): void {
    const { kind, find } = this.#source!;
    this.choices = find(this.#query);
    this.kind = kind;
    this.at = Math.min(this.at, Math.max(0, this.choices.length - 1));
  }
}
