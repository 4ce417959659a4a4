import type { Command } from '../../wire/protocol.gen';

const EVERY = 1000;

/** Tells the server what was read: at most once a second a room, always the furthest. */
export class ReadMarks {
  #wanted = new Map<string, number>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly tell: (command: Command) => boolean) {}

  /** Nothing is lost when it cannot be told now: the room's record keeps it until the next welcome. */
  mark(room: string, seq: number): void {
    this.#wanted.set(room, Math.max(seq, this.#wanted.get(room) ?? 0));
    if (!this.#timers.has(room) || globalThis.document?.visibilityState === 'hidden') this.#say(room);
  }

  /** The page is turned away from, and may be gone before the second is over. */
  hurry(): void {
    for (const room of [...this.#wanted.keys()]) this.#say(room);
  }

  forget(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#wanted.clear();
  }

  #say(room: string): void {
    const seq = this.#wanted.get(room);
    clearTimeout(this.#timers.get(room));
    this.#timers.delete(room);
    this.#wanted.delete(room);
    if (seq === undefined) return;
    this.tell({ op: 'read', room, seq });
    this.#timers.set(room, setTimeout(() => this.#say(room), EVERY));
  }
}
