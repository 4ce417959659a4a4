const TICK = 5000;
const QUIET = 25_000;
const PONG_WITHIN = 5000;
/** After the browser itself spoke of a change there is good reason to doubt: then so many times as long as an answer took
 * last is enough, within these bounds. Whoever is in a call hears nothing meanwhile, and a needless reconnect costs little. */
const CHANGED = { times: 5, least: 400, most: 2000 };
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
  #answerMs = CHANGED.most;

  constructor(private readonly act: { ping(within: number): void; dead(): void }) {}

  /** `answerMs`: see `took`. */
  start(answerMs: number): void {
    this.took(answerMs);
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

  /** How long an answer to a question took, in ms. */
  took(answerMs: number): void {
    this.#answerMs = answerMs;
  }

  /** Ask now; anything that comes within that time counts as an answer. */
  check(within = PONG_WITHIN): void {
    if (this.#doubt && this.#doubtUntil <= Date.now() + within) return;
    this.#ask(within);
  }

  /** Ask now, whatever was asked before: that went over a network which has changed since. */
  checkAnew(): void {
    this.#ask(this.#changedWithin());
  }

  /** The browser says that the network is gone. */
  checkSoon(): void {
    this.check(this.#changedWithin());
  }

  #changedWithin(): number {
    return Math.min(CHANGED.most, Math.max(CHANGED.least, CHANGED.times * this.#answerMs));
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
