import { untrack } from 'svelte';
import { actingFor } from '../../local/db';
import { MOST_UNREAD, mentionsMe, type Left } from '../../local/rooms';
import type { Message } from '../../wire/protocol.gen';
import { rooms, type RoomEntry } from '../rooms/rooms.svelte';
import { connection } from '../connection.svelte';
import { isBlocked } from '../people/blocks.svelte';

const EVERY = 1000;

/** The run of messages that somebody looks at. */
export interface Sight {
  /** It is on a screen at all. */
  shown(): boolean;
  /** The run reaches up to the newest message. */
  whole(): boolean;
  messages(): Iterable<Message>;
}

/** What of a room was new when somebody came to look, and how far it has been on screen since. */
export class Seen {
  /** Messages from here on were unread; 0: none. */
  firstUnread = $state(0);
  /** How many those were. */
  unreadThen = $state(0);
  /** How far the room went then. */
  #headThen = 0;
  #seq = 0;
  /** How far of it was told. */
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly roomId: string,
    private readonly sight: Sight,
  ) {}

  /** Somebody comes to look: what they see counts anew, even where it had been read, for it may be marked unread. */
  begin(): void {
    this.#seq = this.#told = this.firstUnread = 0;
    this.note();
  }

  /** What is unread from here on is new to them; false when that is no news. */
  note(): boolean {
    const entry = rooms.get(this.roomId);
    if (!entry?.unread || this.firstUnread === entry.readSeq + 1) return false;
    this.firstUnread = entry.readSeq + 1;
    this.unreadThen = entry.unread;
    this.#headThen = entry.head;
    return true;
  }

  /** Whether a run from `low` on has the first unread message in it: between the two nothing may have been said. */
  isIn(low: number): boolean {
    if (low <= this.firstUnread) return true;
    const counted = this.firstUnread > 0 && this.unreadThen < MOST_UNREAD;
    return counted && this.#count(low - 1, this.#headThen).unread >= this.unreadThen;
  }

  /** They turn away: what they saw in the last second is told now. */
  end(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // What was put aside in that second stays so.
    untrack(() => this.#seq > this.#told && !rooms.get(this.roomId)?.markedUnread && this.#say());
  }

  /** The page was turned to, or away from. */
  turned(): void {
    if (document.visibilityState === 'visible') this.tell();
    else this.end();
  }

  /** `seq` has been on screen; told at most once a second. */
  see(seq: number): void {
    if (seq <= this.#seq) return;
    this.#seq = seq;
    if (this.#timer) return;
    untrack(() => this.tell());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // With nothing new to tell, it would only take back what was put aside on another device meanwhile.
      if (this.#seq > this.#told) this.tell();
    }, EVERY);
  }

  /** On a screen that nobody looks at it waits until somebody does. */
  tell(): void {
    if (this.sight.shown() && document.visibilityState === 'visible') this.#say();
  }

  #say(): void {
    // What else is unread may not be known yet; it is asked again when it is.
    if (connection.state === 'connecting') return;
    const entry = rooms.get(this.roomId);
    if (!entry || !this.#seq) return;
    this.#told = this.#seq;
    if (this.#seq <= entry.readSeq && !entry.markedUnread) return;
    rooms.markSeen(this.roomId, this.#seq, this.#left(entry));
  }

  /** What remains to be read below; where the run does not reach so far, a guess until the server says. */
  #left({ readSeq, unread, mentions }: RoomEntry): Left {
    if (this.sight.whole()) return this.#count(Math.max(this.#seq, readSeq), Infinity);
    const read = this.#count(readSeq, this.#seq);
    // So many or more: what remains of them may be as many.
    const rest = unread < MOST_UNREAD ? Math.max(0, unread - read.unread) : unread;
    return { unread: rest, mentions: Math.max(0, mentions - read.mentions) };
  }

  #count(from: number, to: number): Left {
    const me = actingFor();
    const left = { unread: 0, mentions: 0 };
    for (const message of this.sight.messages()) {
      const { seq, author, content, quiet } = message;
      if (seq <= from || seq > to || author === me || content === null || quiet || isBlocked(author)) continue;
      left.unread += 1;
      if (mentionsMe(message, me)) left.mentions += 1;
    }
    return left;
  }
}
