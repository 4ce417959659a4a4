const TICK = 5000;
const QUIET = 25_000;
const PONG_WITHIN = 5000;
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

  /** Ask now; anything that comes within 5 s counts as an answer. */
  check(): void {
    if (this.#doubt) return;
    this.#doubt = setTimeout(() => {
      this.#doubt = undefined;
      this.act.dead();
    }, PONG_WITHIN);
    this.act.ping(PONG_WITHIN * 2);
  }
}
