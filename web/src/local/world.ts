/** For tests: a server with a few rooms, seen from one connection on which frames are late, lost and overtaken. */
import { ApiError, offline } from '../wire/errors';
import type {
  Event,
  Joined,
  Left,
  LogEvent,
  LogReplay,
  Message,
  Page,
  Person,
  Replayed,
  RoomChanged,
  Summary,
  Welcome,
} from '../wire/protocol.gen';
import { BEN, ME } from './fake';

export const MOST_ROWS = 8;

interface Hall {
  id: string;
  messages: Message[];
  members: number;
  mine: boolean;
  read: number;
  aside: boolean;
}

/** Somebody whom Ada blocked. */
export const EVE: Person = { id: 'account-eve', name: 'eve', display: 'Eve' };

type Row = { seq: number; subject: string };
type Held<T> = { made: T | null; make: () => T | null; done: (made: T) => void; fail: (error: unknown) => void };

/** Numbers that look random and are the same each time (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

export class World {
  readonly halls = new Map<string, Hall>();
  /** What is on its way to the client, in order. */
  wire: (() => void)[] = [];
  #journal = new Map<string, Row[]>();
  #questions: Held<Replayed>[] = [];
  #pages: Held<Page>[] = [];

  constructor(
    readonly roll: (below: number) => number,
    private readonly hear: (event: Event) => void,
  ) {
    for (const id of ['room-one', 'room-two']) {
      this.halls.set(id, { id, messages: [], members: 2, mine: true, read: 0, aside: false });
      for (let i = this.roll(20); i > 0; i--) this.post(id);
    }
    this.wire = [];
  }

  head(log: string): number {
    return this.#journal.get(log)?.at(-1)?.seq ?? 0;
  }

  get quiet(): boolean {
    return !this.wire.length && !this.#questions.length && !this.#pages.length;
  }

  /** Something happens on the server. */
  happen(): void {
    const hall = this.#any([...this.halls.values()]);
    const what = this.roll(21);
    if (what === 20) this.#setAside(hall);
    else if (what < 8) this.post(hall.id);
    else if (what < 11) this.#alter(hall, false);
    else if (what < 14) this.#alter(hall, true);
    else if (what < 16) this.#seat(hall, this.roll(2) ? 1 : -1);
    else if (what < 18) this.#mark(hall);
    else this.#enter(hall);
  }

  post(room: string, losing = true): void {
    const hall = this.halls.get(room)!;
    const id = `${room}-${this.head(room) + 1}`;
    const seq = this.#write(room, id);
    const author = [BEN.id, BEN.id, EVE.id, ME.id][this.roll(4)]!;
    const content = { type: 'text' as const, text: `text of ${id}` };
    hall.messages.push({ id, room, seq, rev: seq, author, at: seq, content, mentions: this.#names(), everyone: !this.roll(9) });
    this.#tell(hall, this.#message(hall, id, seq), losing);
  }

  /** Every log moves once more, and nothing of that is lost. */
  settle(): void {
    for (const hall of this.halls.values()) if (hall.mine) this.post(hall.id, false);
    const seq = this.#write(ME.id, 'me');
    this.#send(this.#me(seq), false);
  }

  /** One thing on its way gets further. */
  move(): void {
    const what = this.roll(6);
    if (what === 0) this.#read(this.#questions);
    else if (what === 1) this.#answer();
    else if (what === 2) this.#read(this.#pages);
    else if (what === 3) this.#arrive();
    else this.wire.shift()?.();
  }

  ask(positions: Record<string, number>): Promise<Replayed> {
    const make = (): Replayed => ({ op: 'replayed', id: '', ...this.#missed(positions, false) });
    return new Promise((done, fail) => this.#questions.push({ made: null, make, done, fail }));
  }

  page(room: string, query: URLSearchParams): Promise<Page> {
    return new Promise((done, fail) => this.#pages.push({ made: null, make: () => this.#page(room, query), done, fail }));
  }

  /** The connection is lost with all that was on it. */
  hangUp(): void {
    this.wire = [];
    for (const { fail } of this.#questions.splice(0)) fail(offline());
  }

  welcome(positions: Record<string, number>): Welcome {
    const past = this.#missed(positions, true);
    return { op: 'welcome', id: '', account: ME.id, device: 'd', now: 0, heartbeat_s: 30, ...past };
  }

  summary(room: string): Summary {
    const hall = this.halls.get(room)!;
    const last = hall.messages.findLast((one) => one.content);
    const summary = { op: 'summary' as const, room, head: this.head(room), ...this.#left(hall), marked_unread: hall.aside };
    return { ...summary, member_count: hall.members, ...(last && { last: { ...last }, person: BEN }) };
  }

  #any<T>(of: T[]): T {
    return of[this.roll(of.length)]!;
  }

  #write(log: string, subject: string): number {
    const rows = this.#journal.get(log) ?? [];
    this.#journal.set(log, rows);
    rows.push({ seq: this.head(log) + 1, subject });
    return rows.at(-1)!.seq;
  }

  #tell(hall: Hall, event: LogEvent, losing = true): void {
    if (hall.mine) this.#send(event, losing);
  }

  #send(event: LogEvent, losing = true): void {
    if (!losing || this.roll(5)) this.wire.push(() => this.hear(event));
  }

  #alter(hall: Hall, away: boolean): void {
    const living = hall.messages.filter((one) => one.content);
    if (!living.length) return;
    // Often the newest, of which more is shown than of others.
    const old = this.roll(2) ? living.at(-1)! : this.#any(living);
    const rev = this.#write(hall.id, old.id);
    const content = away ? null : { type: 'text' as const, text: `${old.id} as of ${rev}` };
    const mentions = away ? [] : this.#names();
    const times = away ? { deleted_at: rev } : { edited_at: rev };
    hall.messages[hall.messages.indexOf(old)] = { ...old, rev, content, mentions, ...times };
    this.#tell(hall, this.#message(hall, old.id, rev));
    // Whoever is named by the change, or no longer, is told what is left for them.
    const named = old.mentions!.length > 0 || mentions.length > 0;
    if (hall.mine && named && old.seq > hall.read && old.author === BEN.id) {
      this.#send(this.#readMark(hall, this.#write(ME.id, `read ${hall.id}`)));
    }
  }

  #names(): string[] {
    return this.roll(4) ? [] : [ME.id];
  }

  #setAside(hall: Hall): void {
    if (!hall.mine) return;
    hall.aside = true;
    this.#send(this.#readMark(hall, this.#write(ME.id, `read ${hall.id}`)));
  }

  #seat(hall: Hall, by: number): void {
    hall.members = Math.max(2, hall.members + by);
    const seq = this.#write(hall.id, `somebody-${this.roll(3)}`);
    this.#tell(hall, this.#member(hall, this.#journal.get(hall.id)!.at(-1)!.subject, seq));
  }

  #mark(hall: Hall): void {
    if (!hall.mine || this.head(hall.id) <= hall.read) return;
    hall.read += 1 + this.roll(this.head(hall.id) - hall.read);
    hall.aside = false;
    this.#send(this.#readMark(hall, this.#write(ME.id, `read ${hall.id}`)));
  }

  #enter(hall: Hall): void {
    hall.mine = !hall.mine;
    this.#write(hall.id, 'me');
    if (hall.mine) hall.read = this.head(hall.id);
    hall.aside = false;
    this.#send(this.#standing(hall, this.#write(ME.id, `in ${hall.id}`)));
  }

  #message(hall: Hall, id: string, seq: number): LogEvent {
    return { op: 'message', log: hall.id, seq, message: { ...hall.messages.find((one) => one.id === id)! }, person: BEN };
  }

  #member(hall: Hall, id: string, seq: number): LogEvent {
    return { op: 'member', log: hall.id, seq, person: { id, name: id, display: id }, role: 'member', member_count: hall.members };
  }

  #readMark(hall: Hall, seq: number): LogEvent {
    return { op: 'read', log: ME.id, seq, room: hall.id, ...this.#left(hall), marked_unread: hall.aside };
  }

  #standing(hall: Hall, seq: number): Joined | Left {
    if (!hall.mine) return { op: 'left', log: ME.id, seq, room: hall.id };
    const room: RoomChanged['room'] = { id: hall.id, kind: 'public', name: hall.id, member_count: hall.members };
    return { op: 'joined', log: ME.id, seq, room, role: 'member', head: this.head(hall.id) };
  }

  #me(seq: number): LogEvent {
    return { op: 'me', log: ME.id, seq, me: { ...ME, role: 'member' } };
  }

  #left(hall: Hall): { read_seq: number; unread: number; mentions: number } {
    const unread = hall.messages.filter((one) => one.seq > hall.read && one.author === BEN.id && one.content && !one.quiet);
    const mentions = unread.filter((one) => one.everyone || one.mentions!.length > 0).length;
    return { read_seq: hall.read, unread: unread.length, mentions };
  }

  #missed(positions: Record<string, number>, fresh: boolean): { logs: LogReplay[]; summaries: Summary[] } {
    const mine = [...this.halls.values()].filter((hall) => hall.mine).map((hall) => hall.id);
    const logs: LogReplay[] = fresh || ME.id in positions ? [this.#own(positions[ME.id])] : [];
    for (const [log, after] of Object.entries(positions)) {
      if (log === ME.id) continue;
      if (!mine.includes(log)) logs.push({ log, after, to: 0, gone: true });
      else logs.push(this.#since(log, after, (row) => this.#state(this.halls.get(log)!, row)));
    }
    return { logs, summaries: mine.filter((room) => fresh || room in positions).map((room) => this.summary(room)) };
  }

  #own(after: number | undefined): LogReplay {
    const to = this.head(ME.id);
    const found = this.#since(ME.id, after ?? -1, (row) => this.#ownState(row));
    if (after !== undefined && !found.reset) return found;
    const joined = [...this.halls.values()].filter((hall) => hall.mine).map((hall) => this.#standing(hall, to));
    return { log: ME.id, after: after ?? 0, to, reset: true, events: [this.#me(to), ...joined] };
  }

  #since(log: string, after: number, load: (row: Row) => LogEvent | null): LogReplay {
    const to = this.head(log);
    const rows = (this.#journal.get(log) ?? []).filter((row) => row.seq > after);
    if (after > to || rows.length > MOST_ROWS) return { log, after, to, reset: true };
    const newest = rows.filter((row) => rows.findLast((other) => other.subject === row.subject) === row);
    return { log, after, to, events: newest.map(load).filter((event) => event !== null) };
  }

  #state(hall: Hall, { subject, seq }: Row): LogEvent {
    return subject.startsWith('room') ? this.#message(hall, subject, seq) : this.#member(hall, subject, seq);
  }

  #ownState({ subject, seq }: Row): LogEvent | null {
    if (subject === 'me') return this.#me(seq);
    const [what, room] = subject.split(' ');
    const hall = this.halls.get(room!)!;
    if (what === 'in') return this.#standing(hall, seq);
    return hall.mine ? this.#readMark(hall, seq) : null;
  }

  #page(room: string, query: URLSearchParams): Page | null {
    const hall = this.halls.get(room)!;
    if (!hall.mine) return null;
    const wanted = Number(query.get('around_seq'));
    const at = hall.messages.findIndex((one) => one.id === query.get('around') || (wanted && one.seq >= wanted));
    const [before, after] = [Number(query.get('before')), Number(query.get('after'))];
    // Short ones, so that there is something to page through.
    const limit = 5;
    let to = before ? hall.messages.filter((one) => one.seq < before).length : hall.messages.length;
    let from = Math.max(0, to - limit);
    if (after) from = hall.messages.filter((one) => one.seq <= after).length;
    if (at >= 0) from = Math.max(0, at - 2);
    if (after || at >= 0) to = Math.min(hall.messages.length, from + limit);
    const [messages, has_before, has_after] = [hall.messages.slice(from, to), from > 0, to < hall.messages.length];
    const stands = { head: this.head(room), ...this.#left(hall) };
    return { room, messages: structuredClone(messages), quoted: [], people: [BEN], has_before, has_after, ...stands };
  }

  /** The server looks into its database. */
  #read<T>(waiting: Held<T>[]): void {
    const open = waiting.filter((one) => !one.made);
    if (!open.length) return;
    const one = this.#any(open);
    one.made = one.make();
    if (one.made) return;
    waiting.splice(waiting.indexOf(one), 1);
    one.fail(new ApiError('not_found', 'No such room.'));
  }

  /** An answer gets on the wire, behind what went before it. */
  #answer(): void {
    const at = this.#questions.findIndex((one) => one.made);
    if (at < 0) return;
    const [one] = this.#questions.splice(at, 1);
    this.wire.push(() => one!.done(one!.made!));
  }

  #arrive(): void {
    const ready = this.#pages.filter((one) => one.made);
    if (!ready.length) return;
    const one = this.#any(ready);
    this.#pages.splice(this.#pages.indexOf(one), 1);
    one.done(one.made!);
  }
}
