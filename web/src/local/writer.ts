import { Signal } from '../lib/signal';
import { StrangerError, write } from './db';
import { advance } from './messages';
import { STORES, type Tx } from './schema';

type Job = (tx: Tx) => Promise<void>;

const RETRY = 10_000;
const MOST = 5000;

/**
 * Writes what was heard in the order in which it was heard; all that waits shares one transaction. The
 * positions of the logs move in the same transaction as the rows, so a crash can lose both but never one.
 */
export class Writer {
  /** These logs are on disk up to these positions now. */
  readonly wrote = new Signal<ReadonlyMap<string, number>>();
  #jobs: Job[] = [];
  #marks = new Map<string, { base: number; to: number }>();
  #running: Promise<void> | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failing = false;
  #lost = false;

  add(job: Job): void {
    if (this.#lost) return;
    if (this.#jobs.length >= MOST) return this.#giveUp();
    this.#jobs.push(job);
    if (!this.#failing) this.#start();
  }

  /** All jobs so far make `log` whole from `base` to `to`. */
  mark(log: string, base: number, to: number): void {
    if (this.#lost) return;
    this.#marks.set(log, { base, to });
    if (!this.#failing) this.#start();
  }

  /** The marks of a log no longer hold. */
  unmark(log: string): void {
    this.#marks.delete(log);
  }

  /** Resolves when everything added so far is written, or cannot be at present. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** The disk lacks something that was heard: it must not be shown as if it were whole. */
  get behind(): boolean {
    return this.#failing || this.#lost;
  }

  /** Forget what is not written yet: it belongs to somebody who is gone. */
  forget(): void {
    this.#jobs = [];
    this.#marks.clear();
    clearTimeout(this.#retry);
    this.#failing = this.#lost = false;
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (!this.#failing && (this.#jobs.length || this.#marks.size)) this.#start();
    });
  }

  async #run(): Promise<void> {
    // Frames that arrive in one burst share a transaction.
    await Promise.resolve();
    while (this.#jobs.length || this.#marks.size) {
      const jobs = this.#jobs;
      const marks = this.#marks;
      this.#jobs = [];
      this.#marks = new Map();
      try {
        await write(STORES, async (tx) => {
          for (const job of jobs) await job(tx);
          for (const [log, { base, to }] of marks) await advance(tx, log, base, to);
        });
        this.#failing = false;
        this.wrote.send(new Map([...marks].map(([log, { to }]) => [log, to])));
      } catch (error) {
        if (error instanceof StrangerError) return this.forget();
        this.#jobs = [...jobs, ...this.#jobs];
        this.#marks = new Map([...marks, ...this.#marks]);
        return this.#later();
      }
    }
  }

  #later(): void {
    this.#failing = true;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#start(), RETRY);
  }

  /** The disk stays as it is, behind but consistent; the next start of the app replays from there. */
  #giveUp(): void {
    this.#lost = true;
    this.#jobs = [];
    this.#marks.clear();
    clearTimeout(this.#retry);
  }
}

export const writer = new Writer();
