import { untrack } from 'svelte';
import { mint } from '../../lib/ids';
import { now } from '../../ui/now.svelte';
import { actingFor } from '../../local/db';
import { outbox } from '../../local/outbox';
import { arrived, forget, type Held } from '../../local/owner';
import {
  attentionChanged,
  joined,
  memberChanged,
  messageChanged,
  readChanged,
  restarted,
  roomChanged,
  seenHere,
  summarised,
  type Left,
} from '../../local/rooms';
import { reading } from '../../local/reading';
import type { RoomRecord } from '../../local/schema';
import { sync, type Change } from '../../local/sync';
import { newestHeld } from '../../local/held';
import { tabs } from '../../local/tabs';
import { writer } from '../../local/writer';
import { get } from '../../wire/http';
import type {
  Lasting,
  LeftReason,
  LogEvent,
  Member,
  Members,
  Message,
  Person,
} from '../../wire/protocol.gen';
import { people } from '../people/people.svelte';
import { callsOf, mentionsOf } from '../alerts/rules';
import { connection } from '../connection.svelte';
import { isBlocked } from '../people/blocks.svelte';
import { entriesOf, type RoomEntry } from './entries';
import { ReadMarks } from './reads';
import { typists } from './typing.svelte';

export type { LeftReason, Member, Message, Person, Role, Room, RoomKind } from '../../wire/protocol.gen';
export type { RoomEntry } from './entries';

/** `gone`: not in it any more, and nobody knows why. `unsent`: messages that were to go there. */
export interface Removed {
  title: string;
  reason: LeftReason | 'gone';
  unsent: number;
}

const SHOWS_WITHIN = 3000;
/** What others did to me or the room, wherever I am looking. */
const TOLD = new Set<Removed['reason']>(['removed', 'banned', 'deleted']);

/** The rooms that I am in. */
class Rooms {
  /** Newest activity first. */
  list = $state.raw<RoomEntry[]>([]);
  /** The list is what it should be; so it says only together with the list. */
  loaded = $state(false);
  /** The room on screen. */
  current = $state<string | null>(null);
  /** Rooms that one was taken out of, to be told of one by one. */
  removed = $state.raw<readonly Removed[]>([]);

  #records = new Map<string, RoomRecord>();
  #byId = $state.raw<ReadonlyMap<string, RoomEntry>>(new Map());
  /** By room; '' where one was emptied. */
  #drafts = new Map<string, string>();
  #leaving = new Set<string>();
  #reads = new ReadMarks((command) => connection.tell(command));
  #due = false;
  #whole = false;

  constructor() {
    arrived.on((held) => void this.#arrive(held));
    forget.on(() => this.#forget());
    sync.changes.on((change) => this.#change(change));
    outbox.changed.on(() => this.#redraw());
    people.changed.on(() => this.#redraw());
    tabs.heard.on(({ account, word }) => {
      if (account !== actingFor()) return;
      if (word.type === 'draft') this.drafted(word.room, word.text);
      if (word.type === 'seen') this.#alter(word.room, (held) => seenHere(held, word.seq, word.left));
    });
    globalThis.document?.addEventListener('visibilitychange', () => this.#turned());
  }

  /** Reactive: whether something new calls. Not `$derived`: that belongs to whatever component reads it first, and
   * ends with it. */
  get calling(): boolean {
    return this.list.some((entry) => callsOf(entry, now.minute) > 0);
  }

  /** Reactive: how many messages that I have not read are for me by name. */
  get totalMentions(): number {
    return this.list.reduce((sum, entry) => sum + mentionsOf(entry, now.minute), 0);
  }

  /** Reactive. */
  get(id: string): RoomEntry | undefined {
    return this.#byId.get(id);
  }

  open(id: string | null): void {
    this.current = id;
    reading(id);
    untrack(() => this.#view());
  }

  /** The verbs throw ApiError; `manage.ts` has those that only dialogs need. */
  async startDm(person: string): Promise<string> {
    return this.enter({ op: 'start_dm', client_id: mint(), person });
  }

  /** Carry out what brings a room, and wait for that; returns the room's id. */
  async enter(command: Lasting): Promise<string> {
    const { subject = '' } = await connection.carryOut(command);
    return this.shown(subject);
  }

  /** The event that brings a room and the answer that names it are two frames; whoever asked wants to open it now. */
  async shown(room: string): Promise<string> {
    const until = Date.now() + SHOWS_WITHIN;
    while (!this.#records.has(room) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    return room;
  }

  async leave(room: string): Promise<void> {
    this.#leaving.add(room);
    try {
      await connection.carryOut({ op: 'leave', client_id: mint(), room });
    } catch (error) {
      this.#leaving.delete(room);
      throw error;
    }
  }

  async members(room: string): Promise<Member[]> {
    const { members } = await get<Members>(`rooms/${room}/members`);
    people.remember(members.map((member) => member.person));
    return members;
  }

  /** Reactive: who is writing there. */
  typing(room: string): Person[] {
    return typists.in(room);
  }

  dismissRemoved(): void {
    this.removed = [];
  }

  /** Read up to `seq` on this screen, and `left` is what remains. */
  markSeen(room: string, seq: number, left: Left): void {
    const held = this.#records.get(room);
    if (!held || (seq <= held.readSeq && left.unread === held.unread && !held.markedUnread)) return;
    const to = Math.min(seq, held.head);
    this.amend(room, (record) => seenHere(record, to, left));
    tabs.tell(actingFor(), { type: 'seen', room, seq: to, left });
    this.#reads.mark(room, to);
  }

  /** The draft changed, here or in another tab. */
  drafted(room: string, text: string): void {
    this.#drafts.set(room, text);
    this.#redraw();
  }

  /** On screen and on disk, ahead of what the server will tell. */
  amend(room: string, how: (held: RoomRecord) => RoomRecord): void {
    this.#alter(room, how);
    writer.add(async (tx) => {
      const record = await tx.objectStore('rooms').get(room);
      if (record) await tx.objectStore('rooms').put(how(record));
    });
  }

  #arrive({ rooms, drafts }: Held): void {
    for (const record of rooms) this.#records.set(record.id, record);
    for (const { room, text } of drafts) if (text && !this.#drafts.has(room)) this.#drafts.set(room, text);
    this.#whole = rooms.length > 0;
    this.#redraw();
  }

  #forget(): void {
    this.#records.clear();
    this.#drafts.clear();
    this.#reads.forget();
    this.loaded = this.#whole = false;
    this.current = null;
    this.removed = [];
    this.#redraw();
  }

  #change(change: Change): void {
    switch (change.type) {
      case 'event':
        return this.#event(change.event, change.live);
      case 'summary': {
        const { summary, sure } = change;
        this.#alter(summary.room, (held) => summarised(held, summary, sure));
        const held = this.#records.get(summary.room);
        if (held && held.seen > summary.read_seq) this.#reads.mark(held.id, Math.min(held.seen, summary.head));
        return;
      }
      case 'reset':
        return this.#alter(change.room, (held) => restarted(held, change.to));
      case 'gone':
        return this.#gone(change.room, 'gone');
      case 'settled':
        this.#whole = true;
        this.#redraw();
        if (change.welcome) this.#settled();
    }
  }

  #event(event: LogEvent, live: boolean): void {
    switch (event.op) {
      case 'joined': {
        const { id } = event.room;
        this.#leaving.delete(id);
        this.#records.set(id, joined(this.#records.get(id), event));
        return this.#redraw();
      }
      case 'left':
        return this.#gone(event.room, event.reason ?? 'left');
      case 'room':
        return this.#alter(event.log, (held) => roomChanged(held, event));
      case 'member':
        return this.#alter(event.log, (held) => memberChanged(held, event, actingFor()));
      case 'read':
        return this.#alter(event.room, (held) => readChanged(held, event));
      case 'attention':
        return this.#alter(event.room, (held) => attentionChanged(held, event));
      case 'message':
        return this.#alter(event.log, (held) => {
          const { author } = event.message;
          const me = actingFor();
          const { record, lost, unsure } = messageChanged(held, event, me, author === me || isBlocked(author));
          if (lost) void this.#findLast(event.log, live);
          // A replay has a summary with it.
          else if (unsure && live) sync.doubt(event.log);
          return record;
        });
    }
  }

  async #findLast(room: string, live: boolean): Promise<void> {
    const head = () => this.#records.get(room)?.head;
    let heard: number | undefined;
    let last: Message | null;
    do {
      heard = head();
      last = await newestHeld(room);
      // What was heard in the meantime may be its deletion.
    } while (heard !== head());
    this.#alter(room, (held) => (held.last ? held : { ...held, last }));
    // What is held may not reach so far back. A replay has a summary with it.
    if (live) sync.doubt(room);
  }

  #gone(room: string, reason: Removed['reason']): void {
    const held = this.#byId.get(room);
    const byMe = this.#leaving.delete(room);
    if (!this.#records.delete(room)) return;
    this.#drafts.delete(room);
    void writer.idle().then(() => outbox.load());
    const unsent = outbox.entries.filter((entry) => entry.room === room && entry.kind === 'post').length;
    const told = TOLD.has(reason) || (this.current === room && !byMe);
    if (held && (told || unsent)) {
      this.removed = [...this.removed, { title: held.title, reason, unsent }];
    }
    this.#redraw();
  }

  #settled(): void {
    // A room that only this welcome brought was not there to be noted when it came on screen.
    reading(this.current);
    this.#view();
    this.#fetchAhead();
  }

  #fetchAhead(): void {
    // By the time that this has loaded, the list is drawn.
    void import('../../local/ahead').then(
      ({ fetchAhead }) => fetchAhead(this.list.map((entry) => entry.room.id), () => connection.online),
      () => undefined,
    );
  }

  /** Typing is told only for the room that somebody looks at. */
  #view(): void {
    const visible = globalThis.document?.visibilityState !== 'hidden';
    connection.tell({ op: 'view', room: visible ? this.current : null });
  }

  #turned(): void {
    this.#view();
    if (document.visibilityState === 'hidden') this.#reads.hurry();
    else if (connection.online) this.#fetchAhead();
  }

  #alter(room: string, how: (held: RoomRecord) => RoomRecord): void {
    const held = this.#records.get(room);
    if (!held) return;
    this.#records.set(room, how(held));
    this.#redraw();
  }

  /** Once for everything that one frame brings. */
  #redraw(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      const person = (id: string) => people.byId(id);
      const around = { me: actingFor(), person, drafts: this.#drafts, outbox: outbox.entries };
      this.list = entriesOf(this.#records.values(), around, this.#byId);
      this.#byId = new Map(this.list.map((entry) => [entry.room.id, entry]));
      this.loaded = this.#whole;
    });
  }
}

export const rooms = new Rooms();
