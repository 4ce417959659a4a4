import { backoff } from '../lib/backoff';
import { ApiError } from '../wire/errors';
import type { Ack } from '../wire/protocol.gen';
import type { Outbox } from './outbox';
import type { Entry } from './schema';

const LOCK = 'safevoice-outbox';
/** So often what may pass by itself is tried before it is shown. */
const MOST = 5;
const DISK_AGAIN = 5000;
/** Why something waits although the connection is there; its owner would only see a clock. */
const TOLD = new Set(['rate_limited', 'storage_busy', 'storage_full']);
/** The same, if it was not the connection itself that broke just then. */
const TOLD_TWICE = new Set(['offline', 'timeout', 'blocked']);

export interface Way {
  online(): boolean;
  request(command: Entry['command']): Promise<Ack>;
}

type Locks = Pick<LockManager, 'request'> | null;

/**
 * Sends the outbox: rooms side by side, each strictly in order and by one tab at a time where the browser has
 * locks (elsewhere every tab may, since the server counts a repeated command once). Nothing in one room waits for
 * another: a recording may take minutes to go out on a slow line.
 *
 * One command of a room is on its way at a time, which costs a round trip each. Several at once would be
 * quicker and could change their order: the server answers each command for itself, so one that is put off
 * (`rate_limited` until the next token, `storage_busy`) is overtaken by the next, which is accepted a moment
 * later. It takes a server that can be told "only after that one" to allow it.
 */
export class Sender {
  /** Rooms in which this tab sends, or waits for another one to have sent. */
  #lanes = new Set<string>();
  /** How often something was tried in vain since the connection was there. */
  #tries = new Map<string, number>();
  #wake: (() => void)[] = [];

  constructor(
    private readonly outbox: Outbox,
    private readonly way: Way,
    private readonly locks: Locks = globalThis.navigator?.locks ?? null,
  ) {}

  /** There may be something to send, or the connection changed. */
  kick(): void {
    if (!this.way.online()) {
      this.#tries.clear();
      return this.#wake.splice(0).forEach((wake) => wake());
    }
    for (const { room } of this.outbox.entries) if (!this.#lanes.has(room) && this.#next(room)) void this.#run(room);
  }

  async #run(room: string): Promise<void> {
    this.#lanes.add(room);
    try {
      while (this.way.online() && this.#next(room)) {
        if (this.locks) await this.locks.request(`${LOCK}:${room}`, () => this.#drain(room));
        else await this.#drain(room);
      }
    } finally {
      this.#lanes.delete(room);
    }
  }

  async #drain(room: string): Promise<void> {
    // Another tab may have sent some of it while this one waited for the lock.
    await this.outbox.load();
    // The disk refused, so nothing may be sent; without a pause this would go round and round.
    await this.#lane(room).catch(() => this.#pause(DISK_AGAIN));
  }

  async #lane(room: string): Promise<void> {
    for (let entry = this.#next(room); entry && this.way.online(); entry = this.#next(room)) {
      const wait = await this.#send(entry);
      if (wait > 0) await this.#pause(wait);
    }
  }

  /** A change whose own message has failed cannot go and stands in nobody's way. */
  #next(room: string): Entry | undefined {
    return this.outbox.entries.find((entry) => entry.state === 'waiting' && !entry.target && entry.room === room);
  }

  /** Returns how long to wait before the room's next try, in ms. */
  async #send(waiting: Entry): Promise<number> {
    const entry = await this.outbox.begin(waiting.client_id);
    if (!entry) return 0;
    let ack: Ack;
    try {
      ack = await this.way.request(entry.command);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const wait = this.#retryAfter(entry, error);
      if (wait < 0) this.#tries.delete(entry.client_id);
      if (wait < 0) await this.outbox.fail(entry.client_id, error.code, error.text);
      else if (TOLD.has(error.code) || (TOLD_TWICE.has(error.code) && this.#tries.get(entry.client_id)! > 1))
        await this.outbox.explain(entry.client_id, error.code, error.text);
      return Math.max(0, wait);
    }
    this.#tries.delete(entry.client_id);
    await this.outbox.settle(entry, ack);
    return 0;
  }

  /** ms until another try makes sense; -1: it never will. */
  #retryAfter(entry: Entry, { code, retryAfterMs }: ApiError): number {
    switch (code) {
      // Said although the connection is there: by a proxy that takes the socket and not a recording, or a line that
      // is too slow for it. To upload it anew each second would use up a phone's data.
      case 'offline':
      case 'timeout':
        return 1000 + backoff(this.#counted(entry), 500);
      case 'signed_out':
      case 'session_ended':
        return 1000;
      case 'rate_limited':
        return Math.max(retryAfterMs, 500);
      case 'storage_busy':
      case 'restarting':
        return Math.max(retryAfterMs, 2000);
      case 'storage_full':
        return Math.max(retryAfterMs, 30_000);
      // A proxy that is being set up anew says this for a moment as well.
      case 'blocked':
      case 'internal': {
        const tries = this.#counted(entry);
        return tries < MOST ? 1000 + backoff(tries, 1000) : -1;
      }
      default:
        return -1;
    }
  }

  #counted({ client_id }: Entry): number {
    const tries = (this.#tries.get(client_id) ?? 0) + 1;
    this.#tries.set(client_id, tries);
    return tries;
  }

  /** Ends early when the connection is lost: then the lock is free for a tab that has one. */
  #pause(ms: number): Promise<void> {
    if (!this.way.online()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake.push(() => (clearTimeout(timer), resolve()));
    });
  }
}
