import type { ServerClock } from '../lib/clock';
import type { Command, MessageChanged } from '../wire/protocol.gen';

const EVERY = 30_000;
const MOST = 100;
const LONGEST = 600_000;

/** How long messages of others took from the server's commit to here, told to the server now and then. */
export class DeliveryTimes {
  #times: number[] = [];
  #toldAt = 0;

  constructor(
    private readonly clock: ServerClock,
    private readonly tell: (command: Command) => boolean,
  ) {}

  heard(event: MessageChanged, me: string): void {
    const posted = event.seq === event.message.seq;
    if (!posted || event.message.author === me || !this.clock.known) return;
    this.#times.push(Math.min(LONGEST, Math.max(0, this.clock.now() - event.message.at)));
    if (this.#times.length > MOST) this.#times.shift();
    if (Date.now() - this.#toldAt < EVERY) return;
    if (!this.tell({ op: 'report', delivery_ms: this.#times })) return;
    this.#toldAt = Date.now();
    this.#times = [];
  }
}
