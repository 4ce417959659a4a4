import type { Command, MessageChanged } from '../wire/protocol.gen';

const EVERY = 1000;
const MOST = 200;

/**
 * Tells the server what this device holds of what others wrote, so that they see it was delivered: at most once a
 * second, and only what is on disk, whatever is on screen. `hello` says the same of what was held before it.
 */
export class DeliveredMarks {
  #due = new Set<string>();
  #wanted = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (command: Command) => boolean) {}

  heard({ seq, message, log }: MessageChanged, me: string): void {
    if (message.author !== me && message.seq === seq) this.#due.add(log);
  }

  /** These logs are on disk up to these positions. */
  written(positions: ReadonlyMap<string, number>): void {
    for (const [log, position] of positions) if (this.#due.delete(log)) this.held(log, position);
  }

  /** Everything of this room up to `seq` is here. */
  held(room: string, seq: number): void {
    this.#wanted.set(room, Math.max(seq, this.#wanted.get(room) ?? 0));
    // Rooms that come in one burst go out as one.
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#say(), 0);
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due.clear();
    this.#wanted.clear();
  }

  #say(): void {
    this.#timer = undefined;
    const marks = [...this.#wanted].slice(0, MOST);
    if (!marks.length) return;
    for (const [room] of marks) this.#wanted.delete(room);
    // What is not told now, without a connection, the next hello says.
    this.tell({ op: 'delivered', marks: Object.fromEntries(marks) });
    this.#timer = setTimeout(() => this.#say(), EVERY);
  }
}
