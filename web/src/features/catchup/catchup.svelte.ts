import { SvelteSet } from 'svelte/reactivity';
import { now } from '../../ui/now.svelte';
import { actingFor } from '../../local/db';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { fetchUnread, heldUnread, type Unread } from '../../local/unread';
import type { Message } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { isBlocked } from '../people/blocks.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { cardOf, isDone, type Card, type Phase } from './card';
import { digestOf, withNewer } from './digest';
import { Lane } from './lane';
import { arranged, isForMe } from './rank';
import { Undoable } from './undo.svelte';
import { isQuiet, waits } from './waiting';

export type { Card } from './card';
export type { Digest, ForMe } from './digest';
export type { Message } from '../../wire/protocol.gen';

/** More of a room nobody reads here, and asking for it would take seconds. */
export const MOST = 200;
/** Requests under way at once: the page shares a narrow line with everything else. */
const AT_ONCE = 2;
const BLINK_MS = 250;
const PATIENCE_MS = 3000;

/** What waits to be read, laid out once: it changes by what its reader does, not by what arrives. */
class CatchUp {
  cards = $state.raw<readonly Card[]>([]);
  /** Rooms that were told not to call me. */
  quiet = $state.raw<readonly Card[]>([]);
  laid = $state(false);
  /** Cards wait for those above them, so that nothing moves that somebody reads; but no longer than this. */
  late = $state(false);
  /** Cleared here, whether that can still be taken back or not. */
  readonly cleared = new SvelteSet<string>();
  readonly undoable = new Undoable((cleared) => this.#tell(cleared));
  #lane = new Lane(AT_ONCE);
  /** So many cards have been on screen, counted from the top. */
  #seen = 0;
  #turn = 0;

  constructor() {
    forget.on(() => {
      this.undoable.forget();
      this.leave();
    });
    sync.changes.on((change) => {
      if (change.type === 'event' && change.event.op === 'message') this.#heard(change.event.message);
      // What was held of it may have changed, or been deleted, unheard.
      if (change.type === 'reset') this.#drop(change.room);
    });
  }

  /** Reactive: those still to be read, in order. */
  get left(): readonly Card[] {
    return this.cards.filter(({ room }) => !this.cleared.has(room));
  }

  /** Reactive. */
  get quietLeft(): readonly Card[] {
    return this.quiet.filter((card) => !this.cleared.has(card.room) && !isDone(card, rooms.get(card.room)));
  }

  /** Reactive: rooms with something that was not there when it was laid out. */
  get news(): number {
    const known = new Map([...this.cards, ...this.quiet].map((card) => [card.room, card]));
    return rooms.list.filter((entry) => {
      const card = known.get(entry.room.id);
      if (!waits(entry) || isQuiet(entry, now.minute)) return false;
      return !card || (this.cleared.has(card.room) && !this.#pending(card.room));
    }).length;
  }

  /** What the device holds is looked through first, for it may hold answers to me; but not for long. */
  async lay(): Promise<void> {
    this.undoable.settle();
    this.cleared.clear();
    this.#seen = 0;
    const turn = ++this.#turn;
    this.late = false;
    setTimeout(() => (this.late ||= turn === this.#turn), PATIENCE_MS);
    const waiting = rooms.list.filter(waits);
    const cards = waiting.filter((entry) => !isQuiet(entry, now.minute)).map(cardOf);
    this.cards = arranged(cards);
    this.quiet = arranged(waiting.filter((entry) => isQuiet(entry, now.minute)).map(cardOf));
    const shown = new Promise((done) => setTimeout(done, BLINK_MS));
    await Promise.race([this.#look(turn), shown]);
    if (turn === this.#turn) this.laid = true;
  }

  leave(): void {
    this.undoable.settle();
    this.#turn += 1;
    this.#lane.clear();
    this.laid = false;
    this.cards = this.quiet = [];
    this.cleared.clear();
  }

  /** This card has been on screen, so it stays where it is. */
  saw(room: string): void {
    this.#seen = Math.max(this.#seen, this.cards.findIndex((card) => card.room === room) + 1);
  }

  /** Somebody is about to see this card. */
  want(room: string): void {
    const card = this.#card(room);
    if (!card || card.phase === 'whole') return;
    const turn = this.#turn;
    this.#lane.add(room, () => this.#fetch(card, turn));
  }

  /** What only the device was asked for, or nobody answered, may be had now. */
  again(): void {
    for (const { room, phase } of this.cards) if (phase === 'held' || phase === 'failed') this.want(room);
  }

  clear(cleared: readonly string[]): void {
    if (!cleared.length) return;
    for (const room of cleared) this.cleared.add(room);
    this.undoable.add(cleared);
  }

  /** Returns the rooms that are back. */
  undo(): readonly string[] {
    const back = this.undoable.undo();
    for (const room of back) this.cleared.delete(room);
    return back;
  }

  #pending(room: string): boolean {
    return this.undoable.groups.some((group) => group.rooms.includes(room));
  }

  #card(room: string): Card | undefined {
    return this.cards.find((card) => card.room === room);
  }

  async #look(turn: number): Promise<void> {
    for (const { room } of this.cards) {
      const card = this.#card(room);
      if (!card || card.aside) continue;
      const held = await heldUnread(room, card.mark, MOST);
      if (turn !== this.#turn) return;
      if (this.#card(room)?.phase === 'waiting') this.#put(card, held, held.whole ? 'whole' : 'waiting');
    }
  }

  async #fetch(card: Card, turn: number): Promise<void> {
    const wanted = (): boolean => turn === this.#turn && connection.online;
    try {
      const found = await fetchUnread(card.room, card.mark, MOST, wanted);
      if (turn === this.#turn) this.#put(card, found, found.whole ? 'whole' : 'held');
    } catch {
      const held = await heldUnread(card.room, card.mark, MOST);
      if (turn === this.#turn) this.#put(card, held, connection.online ? 'failed' : 'held');
    }
  }

  #put(card: Card, { rows, quoted }: Unread, phase: Phase): void {
    const { mark, head, direct } = card;
    const digest = digestOf({ rows, quoted, mark, head, direct, me: actingFor(), blocked: isBlocked });
    const found = digest.forMe.length;
    const next = this.cards.map((each) => (each.room === card.room ? { ...each, phase, digest, found } : each));
    this.cards = found && !isForMe(card) ? arranged(next.slice(this.#seen), next.slice(0, this.#seen)) : next;
  }

  /** Words that change, or go, do so here too; nothing comes or moves. */
  #heard(message: Message): void {
    const card = this.#card(message.room);
    if (card?.digest) this.#alter(card.room, { digest: withNewer(card.digest, message) });
  }

  #drop(room: string): void {
    if (!this.#card(room)) return;
    this.#alter(room, { digest: null, phase: 'waiting' });
    this.want(room);
  }

  #alter(room: string, how: Partial<Card>): void {
    this.cards = this.cards.map((each) => (each.room === room ? { ...each, ...how } : each));
  }

  /** The furthest that was laid out here; what came later stays unread. */
  #tell(cleared: readonly string[]): void {
    for (const card of [...this.cards, ...this.quiet]) {
      const entry = cleared.includes(card.room) ? rooms.get(card.room) : undefined;
      // Read on another device meanwhile, which knows better what is left.
      if (!entry || isDone(card, entry)) continue;
      const unread = Math.max(0, entry.unread - card.unread);
      rooms.markSeen(card.room, card.head, { unread, mentions: Math.min(unread, Math.max(0, entry.mentions - card.mentions)) });
    }
  }
}

export const catchup = new CatchUp();
