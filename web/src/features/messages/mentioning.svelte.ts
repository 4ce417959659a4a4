import { EVERYONE, writingAt } from '../../lib/mentions';
import { actingFor } from '../../local/db';
import { isBlocked } from '../people/blocks.svelte';
import { isDesk, nameOf } from '../people/people.svelte';
import { mentionablesOf, type Person } from './mentionables.svelte';
import { timelineOf } from './timelines';

/** Somebody (or everybody: null) who may be meant. */
export interface Choice {
  name: string;
  label: string;
  person: Person | null;
}

const MOST = 30;

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** How well a query finds somebody: 0 by the beginning of a name, 1 by a later word of it, -1 not at all. */
export function fit(query: string, { name, label }: Pick<Choice, 'name' | 'label'>): number {
  const wanted = plain(query);
  const shown = plain(label);
  if (name.startsWith(wanted) || shown.startsWith(wanted)) return 0;
  return shown.split(/[\s.-]+/).some((word) => word.startsWith(wanted)) ? 1 : -1;
}

/** A name that is being written after an @, and who may be meant by it. */
export class Mentioning {
  choices = $state.raw<readonly Choice[]>([]);
  /** The place of the choice that Enter takes. */
  at = $state(0);
  /** Where the @ stands; -1: nobody is being called. */
  #from = -1;
  #query = '';
  /** An @ that shall stay one. */
  #left = -1;

  constructor(readonly roomId: string) {}

  get open(): boolean {
    return this.choices.length > 0;
  }

  /** The text or the caret has moved. */
  look(text: string, caret: number): void {
    const found = writingAt(text, caret);
    if (found?.from !== this.#left) this.#left = -1;
    if (!found || found.from === this.#left) return this.#clear();
    if (found.query !== this.#query || found.from !== this.#from) this.at = 0;
    this.#from = found.from;
    this.#query = found.query;
    this.#find();
    void mentionablesOf(this.roomId).load().then(() => {
      if (this.#from >= 0) this.#find();
    });
  }

  /** The name stands there already, so Enter has nothing to add to it. */
  get done(): boolean {
    return this.choices[this.at]?.name === this.#query;
  }

  move(step: number): void {
    this.at = (this.at + step + this.choices.length) % this.choices.length;
  }

  /** The text with the name in it, and where the caret stands then. */
  take(choice: Choice, text: string, caret: number): { text: string; caret: number } {
    const before = `${text.slice(0, this.#from)}@${choice.name} `;
    this.#clear();
    return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
  }

  /** Not now: it stays as it was written. */
  leave(): void {
    this.#left = this.#from;
    this.#clear();
  }

  #clear(): void {
    this.#from = -1;
    if (this.choices.length) this.choices = [];
  }

  #find(): void {
    const { people, everyone } = mentionablesOf(this.roomId);
    const lately = this.#lately();
    const all = people
      .filter(({ id, name, gone }) => name && !gone && id !== actingFor() && !isBlocked(id) && !isDesk({ id, name }))
      .map((person) => ({ name: person.name, label: nameOf(person), person }))
      .map((choice) => ({ choice, fits: fit(this.#query, choice), spoke: lately.get(choice.person.id) ?? Infinity }))
      .filter(({ fits }) => fits >= 0)
      .sort((a, b) => a.fits - b.fits || a.spoke - b.spoke || a.choice.label.localeCompare(b.choice.label));
    const found: Choice[] = all.slice(0, MOST).map(({ choice }) => choice);
    if (everyone && EVERYONE.startsWith(this.#query)) found.push({ name: EVERYONE, label: EVERYONE, person: null });
    this.choices = found;
    this.at = Math.min(this.at, Math.max(0, found.length - 1));
  }

  /** Who spoke last comes first. */
  #lately(): Map<string, number> {
    const authors = timelineOf(this.roomId).items.toReversed().map((item) => item.author.id);
    return new Map([...new Set(authors)].map((id, at) => [id, at]));
  }
}
