import { untrack } from 'svelte';
import { problemOf } from '../../lib/problem';
import { sync } from '../../local/sync';
import { ApiError } from '../../wire/errors';
import { post } from '../../wire/http';
import type { Found, Hit, Message, Person, Room, Search, Understood } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { people } from '../people/people.svelte';
import { hitIn, lookOnDevice } from './device';

export type { Hit, Person, Room } from '../../wire/protocol.gen';
export type Order = 'newest' | 'best';

/** What came of a question, with the question. */
export interface Answer {
  query: string;
  order: Order;
  hits: readonly Hit[];
  /** Found on this device, and not shown yet: some hundred rows take longer to draw than to find. */
  rest: readonly Hit[];
  understood: readonly Understood[];
  people: readonly Person[];
  rooms: readonly Room[];
  more: boolean;
  cursor: string;
  /** Nothing before that is findable yet (ms); 0: all is. */
  since: number;
  /** Without a network: only what this device keeps was looked through. */
  device: boolean;
}

/** Somebody types on; and 120 searches a minute are all there are. */
const PAUSE = 250;
/** Pages without a hit that are asked for in a row before somebody is asked whether to go on. */
const EMPTY_PAGES = 3;
/** Whoever has waited for so long sees what the device keeps until the server has answered. */
const SLOW = 1500;
/** As many as the server sends. */
const PAGE = 20;
const UNREACHABLE = new Set(['offline', 'timeout']);

/** A question that is asked again while one types it. What was found stays until the next answer comes, and answers to
 * older questions are dropped. */
export class Asking {
  wanted = $state('');
  order = $state<Order>('newest');
  answer = $state.raw<Answer | null>(null);
  busy = $state(false);
  /** Text for people. */
  problem = $state('');

  #timer: ReturnType<typeof setTimeout> | undefined;
  #question = 0;
  /** Until when the server would only say no (ms since the epoch). */
  #refusedUntil = 0;
  /** What the answer that is on its way is to. */
  #asked = '';
  /** Rooms and messages that went while it is on its way, and may still be in it. */
  #gone = new Set<string>();

  /** `room`: only there; '' everywhere. */
  constructor(readonly room = '') {}

  /** Reactive: what is shown was found for something else than what is asked now. */
  get stale(): boolean {
    const { answer } = this;
    return answer !== null && (answer.query !== this.wanted.trim() || answer.order !== this.order);
  }

  /** Something else is typed. */
  look(wanted: string): void {
    this.wanted = wanted;
    clearTimeout(this.#timer);
    if (!wanted.trim()) return this.forget(wanted);
    // A space more, or a letter that is taken back: its answer is on its way.
    if (untrack(() => this.busy && this.#asked === this.#key())) return;
    if (untrack(() => !this.stale && this.answer)) {
      this.problem = '';
      return this.#drop();
    }
    this.#timer = setTimeout(() => void this.#ask(), Math.max(PAUSE, this.#refusedUntil - Date.now()));
  }

  /** Without waiting for more letters. */
  now(): void {
    if (Date.now() < this.#refusedUntil) return;
    clearTimeout(this.#timer);
    if (!this.wanted.trim()) return;
    if (this.#asked === this.#key() && (this.busy || (this.answer && !this.stale && !this.problem))) return;
    void this.#ask();
  }

  again(): void {
    clearTimeout(this.#timer);
    if (this.wanted.trim()) void this.#ask();
  }

  by(order: Order): void {
    if (order === this.order) return;
    this.order = order;
    this.again();
  }

  async more(): Promise<void> {
    const { answer } = this;
    if (!answer?.more || this.stale) return;
    if (answer.rest.length) this.answer = onePage(answer);
    else if (!this.busy && !this.problem) await this.#ask(answer);
  }

  /** Nothing is asked for. */
  forget(wanted = ''): void {
    clearTimeout(this.#timer);
    this.#drop();
    this.wanted = wanted;
    this.answer = null;
    this.problem = '';
  }

  /** What is deleted, says something else, or is not mine to see any more, goes from what is shown; and what only this
   * device could tell is asked of the server once it is there again. Returns what ends that. */
  follow(): () => void {
    return sync.changes.on((change) => {
      if (change.type === 'settled' && change.welcome && (this.answer?.device || this.problem)) this.again();
      if (change.type === 'gone') this.#leave(change.room);
      if (change.type !== 'event') return;
      const { event } = change;
      if (event.op === 'message') this.#heard(event.message);
      if (event.op === 'left') this.#leave(event.room);
    });
  }

  #leave(left: string): void {
    if (left === this.room) return this.forget();
    this.#gone.add(left);
    this.#turn((hit) => (hit.room === left ? null : hit));
    const { answer } = this;
    if (answer) this.answer = { ...answer, rooms: answer.rooms.filter(({ id }) => id !== left) };
  }

  #heard(message: Message): void {
    const { answer } = this;
    if (message.content === null) this.#gone.add(message.id);
    const found = answer && [...answer.hits, ...answer.rest].some((hit) => hit.message === message.id);
    if (found) this.#turn((hit) => (hit.message === message.id ? hitIn(answer.query, message) : hit));
  }

  /** Each hit into what it is now; null: nothing. */
  #turn(into: (hit: Hit) => Hit | null): void {
    const { answer } = this;
    const turned = (hits: readonly Hit[]): Hit[] => hits.flatMap((hit) => into(hit) ?? []);
    if (answer) this.answer = { ...answer, hits: turned(answer.hits), rest: turned(answer.rest) };
  }

  #drop(): void {
    this.#question += 1;
    this.#asked = '';
    this.busy = false;
  }

  #key(): string {
    return `${this.order} ${this.wanted.trim()}`;
  }

  /** `before`: what to go on from, as long as that is what is asked. */
  async #ask(before: Answer | null = null): Promise<void> {
    const question = ++this.#question;
    const [query, order] = [this.wanted.trim(), this.order];
    if (before?.query !== query || before.order !== order) before = null;
    this.#asked = this.#key();
    this.#gone.clear();
    this.busy = true;
    try {
      const answer = await this.#answer(query, order, before, () => question === this.#question);
      if (!answer || question !== this.#question) return;
      this.#show(answer);
      this.problem = '';
    } catch (thrown) {
      if (question !== this.#question) return;
      this.problem = problemOf(thrown).text;
      const wait = thrown instanceof ApiError ? thrown.retryAfterMs : 0;
      this.#refusedUntil = wait && Date.now() + wait;
      if (!wait) return;
      // Nobody has to count the seconds; and what was typed meanwhile would be refused as well.
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#ask(before), wait);
    } finally {
      if (question === this.#question) this.busy = false;
    }
  }

  #show(answer: Answer): void {
    const left = ({ room, message }: Hit): boolean => !this.#gone.has(room) && !this.#gone.has(message);
    const rooms = answer.rooms.filter(({ id }) => !this.#gone.has(id));
    this.answer = { ...answer, hits: answer.hits.filter(left), rest: answer.rest.filter(left), rooms };
  }

  async #answer(query: string, order: Order, before: Answer | null, wanted: () => boolean): Promise<Answer | null> {
    if (connection.online) {
      const meanwhile = before ? undefined : this.#meanwhile(query, order, wanted);
      try {
        return await this.#ofServer(query, order, before, wanted);
      } catch (thrown) {
        if (before || !(thrown instanceof ApiError) || !UNREACHABLE.has(thrown.code)) throw thrown;
      } finally {
        meanwhile?.();
      }
    }
    return this.#ofDevice(query, order, wanted);
  }

  /** Returns what ends it. */
  #meanwhile(query: string, order: Order, wanted: () => boolean): () => void {
    let waiting = true;
    const still = (): boolean => waiting && wanted();
    const show = async (): Promise<void> => {
      const found = await this.#ofDevice(query, order, still);
      if (found && still()) this.#show(found);
    };
    const timer = setTimeout(() => void show().catch(() => undefined), SLOW);
    return () => {
      waiting = false;
      clearTimeout(timer);
    };
  }

  async #ofDevice(query: string, order: Order, wanted: () => boolean): Promise<Answer | null> {
    const found = await lookOnDevice(query, this.room, order, wanted);
    if (!found) return null;
    const { hits: rest, understood } = found;
    return onePage({ query, order, hits: [], rest, understood, people: [], rooms: [], more: true, cursor: '', since: 0, device: true });
  }

  async #ofServer(query: string, order: Order, before: Answer | null, wanted: () => boolean): Promise<Answer | null> {
    let cursor = before?.cursor ?? '';
    let first = before;
    for (let pages = 1; ; pages += 1) {
      const found = await ask({ query, order, cursor, room: this.room || null, names: !this.room });
      // Somebody else may have signed in meanwhile.
      if (!wanted()) return null;
      people.remember([...found.people, ...(found.named_people ?? [])]);
      first ??= answerOf(query, order, found);
      cursor = found.cursor ?? '';
      const more = found.more ?? false;
      // As it is now, and not as it was when this page was asked for.
      const held = before ? (this.answer?.hits ?? []) : [];
      const fresh = unlike(held, found.hits);
      if (!more || fresh.length || pages >= EMPTY_PAGES) {
        return { ...first, hits: [...held, ...fresh], more, cursor, since: found.indexed_since ?? 0 };
      }
    }
  }
}

/** The best are sorted anew for each page: what was said between two of them moves some to the next once more. */
function unlike(held: readonly Hit[], hits: readonly Hit[]): Hit[] {
  const known = new Set(held.map(({ message }) => message));
  return hits.filter(({ message }) => !known.has(message));
}

function ask(search: Search): Promise<Found> {
  return post<Found>('search', { ...search, utc_offset: -new Date().getTimezoneOffset() });
}

function answerOf(query: string, order: Order, found: Found): Answer {
  const { hits, understood, named_people: people = [], named_rooms: rooms = [] } = found;
  return { query, order, hits, rest: [], understood, people, rooms, more: false, cursor: '', since: 0, device: false };
}

function onePage(answer: Answer): Answer {
  const hits = [...answer.hits, ...answer.rest.slice(0, PAGE)];
  const rest = answer.rest.slice(PAGE);
  return { ...answer, hits, rest, more: rest.length > 0, cursor: String(hits.length) };
}
