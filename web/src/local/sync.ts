import { Signal } from '../lib/signal';
import type { Event, LogEvent, LogReplay, Replayed, Summary, Welcome } from '../wire/protocol.gen';
import { applyEvent, applySummary, dropRoom, restart } from './apply';
import { ApiError } from '../wire/errors';
import { trimAll } from './kept';
import type { LogRecord } from './schema';
import { writer } from './writer';

/** What is true for a moment: of no log, and never written down. */
export type Passing = Exclude<Event, LogEvent | Summary>;

/** What a screen has to know of; told after the database was asked to write it. */
export type Change =
  | { type: 'event'; event: LogEvent; live: boolean }
  /** `sure`: of a welcome, which is newer than all that is held. */
  | { type: 'summary'; summary: Summary; sure: boolean }
  | { type: 'passing'; event: Passing }
  /** Rows of this room are no longer true, it stands at `to`; load its newest page. */
  | { type: 'reset'; room: string; to: number }
  /** Not in this room any more. */
  | { type: 'gone'; room: string }
  /** Everything of a welcome or a replay has been told. */
  | { type: 'settled'; welcome: boolean };

type AskReplay = (positions: Record<string, number>) => Promise<Replayed>;

/** Where this tab stands in one log. A room that is left and joined again gets a new one. */
interface Place {
  position: number;
  /** Since this position the tab has had everything written; see `advance`. */
  base: number;
  /** Heard of beyond a gap. */
  ahead: Set<number>;
  /** The highest read mark that the server told of this room. */
  read: number;
  /** How the room stands has to be asked for. */
  unsure: boolean;
  /** The question that is under way. */
  asking: object | null;
}

const heard = (place: Place) => Math.max(place.position, ...place.ahead);

const ASK_AGAIN = 2000;
const TRIM_EVERY = 200;

/**
 * Turns frames into one order of changes. Each tab has its own place in every log, because each has its own
 * socket; the database has another, which only rises by what is really written.
 */
export class Sync {
  readonly changes = new Signal<Change>();
  #account = '';
  #places = new Map<string, Place>();
  #sinceTrim = 0;
  #ask: AskReplay = () => Promise.reject(new ApiError('offline', ''));

  /** Begin where the database stands. */
  begin(account: string, logs: LogRecord[], ask: AskReplay): void {
    this.forget();
    this.#account = account;
    this.#ask = ask;
    for (const { log, position } of logs) this.#place(log, position);
  }

  forget(): void {
    this.#account = '';
    this.#places.clear();
  }

  positions(): Record<string, number> {
    return Object.fromEntries([...this.#places].map(([log, place]) => [log, place.position]));
  }

  welcome(frame: Welcome): void {
    for (const place of this.#places.values()) {
      place.ahead.clear();
      place.asking = null;
      place.unsure = false;
    }
    for (const replay of frame.logs) {
      const place = this.#places.get(replay.log) ?? (replay.log === this.#account ? this.#place(replay.log, replay.to) : null);
      if (place) this.#replay(replay, place);
    }
    for (const summary of frame.summaries) this.#summary(summary, true);
    writer.add(trimAll);
    this.changes.send({ type: 'settled', welcome: true });
  }

  event(event: Event): void {
    if (event.op === 'summary') return this.#tell(event);
    if (!('log' in event)) return this.changes.send({ type: 'passing', event });
    const place = this.#places.get(event.log);
    // Of a room that is not mine (any more) nothing is kept.
    if (!place || event.seq <= place.position || place.ahead.has(event.seq)) return;
    place.ahead.add(event.seq);
    this.#apply(event, true);
    this.#reach(event.log, place, place.position);
    if (place.ahead.size) this.#fill(event.log);
  }

  /** What is believed of a room cannot be worked out from what was heard. */
  doubt(room: string): void {
    const place = this.#places.get(room);
    if (!place) return;
    place.unsure = true;
    this.#fill(room);
  }

  #apply(event: LogEvent, live: boolean): void {
    const account = this.#account;
    writer.add((tx) => applyEvent(tx, event, account));
    if (++this.#sinceTrim % TRIM_EVERY === 0) writer.add(trimAll);
    const fresh = event.op === 'joined' && !this.#places.has(event.room.id);
    if (fresh) this.#place(event.room.id, event.head);
    if (event.op === 'left') this.#leave(event.room);
    if (event.op === 'read') this.#marked(event.room, event.read_seq);
    this.changes.send({ type: 'event', event, live });
    if (!fresh) return;
    // A page that came before it lacks what happened until then, and nobody tells that.
    this.changes.send({ type: 'reset', room: event.room.id, to: event.head });
    // A room that comes live has no summary yet, and a replay brings one.
    if (live) this.doubt(event.room.id);
  }

  #replay(replay: LogReplay, place: Place): void {
    const { log, after, to } = replay;
    if (replay.gone) return this.#gone(log);
    const events = replay.events ?? [];
    if (replay.reset) {
      writer.unmark(log);
      place.position = place.base = to;
      const stands = heard(place);
      writer.add((tx) => restart(tx, log, after, to, stands));
      if (log === this.#account) this.#goneBut(events);
      else this.changes.send({ type: 'reset', room: log, to: stands });
    }
    for (const event of events) this.#apply(event, false);
    this.#reach(log, place, to);
  }

  /** All up to `to` is here, and perhaps more that was heard of before. */
  #reach(log: string, place: Place, to: number): void {
    place.position = Math.max(place.position, to);
    while (place.ahead.delete(place.position + 1)) place.position += 1;
    for (const seq of place.ahead) if (seq <= place.position) place.ahead.delete(seq);
    // A log that was left in the meantime must not come back.
    if (this.#places.get(log) === place) writer.mark(log, place.base, place.position);
  }

  #summary(summary: Summary, sure: boolean): void {
    const place = this.#places.get(summary.room) ?? this.#place(summary.room, summary.head);
    place.read = summary.read_seq;
    place.unsure = false;
    writer.add((tx) => applySummary(tx, summary, sure));
    this.changes.send({ type: 'summary', summary, sure });
  }

  /** A summary beside live events: it may have been read before them. */
  #tell(summary: Summary): void {
    const place = this.#places.get(summary.room);
    if (!place) return;
    if (summary.head < heard(place) || summary.read_seq < place.read) place.unsure = true;
    else this.#summary(summary, false);
  }

  #marked(room: string, seq: number): void {
    const place = this.#places.get(room);
    if (place) place.read = Math.max(place.read, seq);
  }

  /** Ask for what lies in a gap, and how a room stands; once at a time per log. */
  #fill(log: string): void {
    const place = this.#places.get(log);
    if (!place || place.asking) return;
    const question = (place.asking = {});
    // A welcome brings it too, and a room that was left and joined again is another.
    const stillAsked = () => this.#places.get(log) === place && place.asking === question;
    this.#ask({ [log]: place.position }).then(
      (answer) => {
        if (!stillAsked()) return;
        place.asking = null;
        this.#answered(log, place, answer);
      },
      (error: unknown) => {
        if (!stillAsked()) return;
        place.asking = null;
        // Without a connection the next hello asks for everything.
        if (!(error instanceof ApiError) || error.code === 'offline') return;
        this.#fillLater(log, place, Math.max(error.retryAfterMs, ASK_AGAIN));
      },
    );
  }

  /** An answer holds what stood when it was read, and live events from after that may have come before it. */
  #answered(log: string, place: Place, answer: Replayed): void {
    const replay = answer.logs.find((one) => one.log === log);
    const mine = log === this.#account;
    const rooms = mine ? [...this.#places.keys()] : [];
    // In my own log the later of two about one room counts, and only their order tells which that is.
    if (replay && (replay.gone || replay.to >= (mine ? heard(place) : place.position))) {
      const fresh = (event: LogEvent) => !mine || replay.reset || event.seq > place.position;
      this.#replay({ ...replay, events: replay.events?.filter(fresh) }, place);
      // What it brought was not counted one by one.
      place.unsure = !mine;
    }
    for (const summary of answer.summaries ?? []) this.#tell(summary);
    if (!answer.summaries?.length) place.unsure = false;
    this.changes.send({ type: 'settled', welcome: false });
    if (this.#places.get(log) !== place) return;
    if (place.ahead.size) this.#fill(log);
    else if (place.unsure) this.#fillLater(log, place, ASK_AGAIN);
    if (mine) this.#doubtAfter(replay, rooms);
  }

  /** Rooms that came with a replay of my own log have no summary, and read marks in it may be older than
   * what was heard in the room. */
  #doubtAfter(replay: LogReplay | undefined, before: string[]): void {
    const known = new Set(replay?.reset ? [] : before);
    for (const event of replay?.events ?? []) if (event.op === 'read') known.delete(event.room);
    for (const room of [...this.#places.keys()]) if (room !== this.#account && !known.has(room)) this.doubt(room);
  }

  #fillLater(log: string, place: Place, wait: number): void {
    setTimeout(() => {
      if (this.#places.get(log) === place && (place.ahead.size || place.unsure)) this.#fill(log);
    }, wait);
  }

  #goneBut(events: LogEvent[]): void {
    const mine = new Set(events.map((event) => (event.op === 'joined' ? event.room.id : '')));
    for (const log of [...this.#places.keys()]) if (log !== this.#account && !mine.has(log)) this.#gone(log);
  }

  #gone(room: string): void {
    writer.add((tx) => dropRoom(tx, room));
    this.#leave(room);
    this.changes.send({ type: 'gone', room });
  }

  #leave(room: string): void {
    this.#places.delete(room);
    writer.unmark(room);
  }

  #place(log: string, position: number): Place {
    const place = { position, base: position, ahead: new Set<number>(), read: 0, unsure: false, asking: null };
    this.#places.set(log, place);
    return place;
  }
}

export const sync = new Sync();
