const TICK = 5000;
const QUIET = 25_000;
const PONG_WITHIN = 5000;
/** After the browser itself spoke of a change there is good reason to doubt. */
const CHANGED_WITHIN = 2000;
const SLEPT = 15_000;

/**
 * Notices that the other side is gone. A browser shows neither the protocol's pings nor a half-open
 * connection, so silence is answered with a ping of our own, and silence after that is death.
 */
export class Watch {
  #heardAt = 0;
  #tickAt = 0;
  #tick: ReturnType<typeof setInterval> | undefined;
  #doubt: ReturnType<typeof setTimeout> | undefined;
  #doubtUntil = 0;

  constructor(private readonly act: { ping(within: number): void; dead(): void }) {}

  start(): void {
    this.#heardAt = this.#tickAt = Date.now();
    this.#tick = setInterval(() => {
      const now = Date.now();
      const slept = now - this.#tickAt > SLEPT || now < this.#tickAt;
      this.#tickAt = now;
      if (slept || now - this.#heardAt >= QUIET) this.check();
    }, TICK);
  }

  stop(): void {
    clearInterval(this.#tick);
    clearTimeout(this.#doubt);
    this.#doubt = undefined;
  }

  heard(): void {
    this.#heardAt = Date.now();
    clearTimeout(this.#doubt);
    this.#doubt = undefined;
  }

  /** Ask now; anything that comes within that time counts as an answer. */
  check(within = PONG_WITHIN): void {
    if (this.#doubt && this.#doubtUntil <= Date.now() + within) return;
    this.#ask(within);
  }

  /** Ask now, whatever was asked before: that went over a network which has changed since. */
  checkAnew(): void {
    this.#ask(CHANGED_WITHIN);
  }

  /** The browser says that the network is gone. */
  checkSoon(): void {
    this.check(CHANGED_WITHIN);
  }

  #ask(within: number): void {
    clearTimeout(this.#doubt);
    this.#doubtUntil = Date.now() + within;
    this.#doubt = setTimeout(() => {
      this.#doubt = undefined;
      this.act.dead();
    }, within);
    this.act.ping(within * 2);
  }
}
