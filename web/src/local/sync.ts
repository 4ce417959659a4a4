import { Signal } from '../lib/signal';
import type { Event, LogEvent, LogReplay, Replayed, Summary, Typing, Welcome } from '../wire/protocol.gen';
import { applyEvent, applySummary, dropRoom } from './apply';
import { ApiError } from '../wire/errors';
import { resetLog, trimAll } from './messages';
import type { LogRecord } from './schema';
import { writer } from './writer';

/** What a screen has to know of; told after the database was asked to write it. */
export type Change =
  | { type: 'event'; event: LogEvent; live: boolean }
  | { type: 'summary'; summary: Summary }
  | { type: 'typing'; typing: Typing }
  /** Rows of this room are no longer true; load its newest page. */
  | { type: 'reset'; room: string }
  /** Not in this room any more. */
  | { type: 'gone'; room: string }
  /** Everything of a welcome or a replay has been told. */
  | { type: 'settled'; welcome: boolean };

type AskReplay = (positions: Record<string, number>) => Promise<Replayed>;

/** Where this tab stands in one log. */
interface Place {
  position: number;
  /** Since this position the tab has had everything written; see `advance`. */
  base: number;
  /** Heard of beyond a gap. */
  ahead: Set<number>;
}

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
  #asking = new Set<string>();
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
    this.#asking.clear();
  }

  positions(): Record<string, number> {
    return Object.fromEntries([...this.#places].map(([log, place]) => [log, place.position]));
  }

  welcome(frame: Welcome): void {
    this.#asking.clear();
    for (const place of this.#places.values()) place.ahead.clear();
    for (const replay of frame.logs) this.#replay(replay);
    for (const summary of frame.summaries) this.#summary(summary);
    writer.add(trimAll);
    this.changes.send({ type: 'settled', welcome: true });
  }

  event(event: Event): void {
    if (event.op === 'summary') return this.#summary(event);
    if (event.op === 'typing') return this.changes.send({ type: 'typing', typing: event });
    if (!('log' in event)) return; // of a newer server
    const place = this.#places.get(event.log) ?? this.#place(event.log, event.seq - 1);
    if (event.seq <= place.position || place.ahead.has(event.seq)) return;
    if (event.seq > place.position + 1) {
      place.ahead.add(event.seq);
      this.#apply(event, true);
      return this.#fill(event.log);
    }
    this.#apply(event, true);
    this.#reach(event.log, place, event.seq);
  }

  #apply(event: LogEvent, live: boolean): void {
    const account = this.#account;
    writer.add((tx) => applyEvent(tx, event, account));
    if (++this.#sinceTrim % TRIM_EVERY === 0) writer.add(trimAll);
    if (event.op === 'joined' && !this.#places.has(event.room.id)) {
      this.#place(event.room.id, event.head);
      // A room that comes live has no summary yet, and a replay brings one.
      if (live) this.#fill(event.room.id);
    }
    if (event.op === 'left') this.#leave(event.room);
    this.changes.send({ type: 'event', event, live });
  }

  #replay(replay: LogReplay): void {
    const { log, after, to } = replay;
    if (replay.gone) return this.#gone(log);
    const events = replay.events ?? [];
    let place = this.#places.get(log) ?? this.#place(log, replay.reset ? to : after);
    if (replay.reset) {
      writer.unmark(log);
      writer.add((tx) => resetLog(tx, log, after, to));
      place = this.#place(log, to);
      if (log === this.#account) this.#goneBut(events);
      else this.changes.send({ type: 'reset', room: log });
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

  #summary(summary: Summary): void {
    if (!this.#places.has(summary.room)) this.#place(summary.room, summary.head);
    writer.add((tx) => applySummary(tx, summary));
    this.changes.send({ type: 'summary', summary });
  }

  /** Ask for what lies in a gap, once at a time per log. */
  #fill(log: string): void {
    const place = this.#places.get(log);
    if (!place || this.#asking.has(log)) return;
    this.#asking.add(log);
    this.#ask({ [log]: place.position }).then(
      (answer) => {
        if (!this.#asking.delete(log)) return; // a welcome has brought it
        for (const replay of answer.logs) this.#replay(replay);
        for (const summary of answer.summaries ?? []) this.#summary(summary);
        this.changes.send({ type: 'settled', welcome: false });
        if (this.#places.get(log)?.ahead.size) this.#fill(log);
      },
      (error: unknown) => {
        // Without a connection the next hello asks for everything.
        if (!this.#asking.delete(log) || !(error instanceof ApiError) || error.code === 'offline') return;
        setTimeout(() => this.#fill(log), Math.max(error.retryAfterMs, ASK_AGAIN));
      },
    );
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
    this.#asking.delete(room);
    writer.unmark(room);
  }

  #place(log: string, position: number): Place {
    const place = { position, base: position, ahead: new Set<number>() };
    this.#places.set(log, place);
    return place;
  }
}

export const sync = new Sync();
