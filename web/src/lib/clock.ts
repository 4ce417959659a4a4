const KEPT = 8;

/** What the server's clock shows, estimated from round trips; the quickest of the last few is trusted. */
export class ServerClock {
  #samples: { trip: number; offset: number }[] = [];

  /** `sent` and `heard` by this machine's clock, `told` by the server's; all in ms since the epoch. */
  sample(sent: number, told: number, heard: number): void {
    const trip = heard - sent;
    if (trip < 0) return; // this machine's clock was set back in between
    this.#samples.push({ trip, offset: told - (sent + trip / 2) });
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  get known(): boolean {
    return this.#samples.length > 0;
  }

  now(here = Date.now()): number {
    let best = this.#samples[0];
    for (const sample of this.#samples) if (best && sample.trip < best.trip) best = sample;
    return here + (best?.offset ?? 0);
  }

  /** Another server, or this machine slept: old samples say nothing any more. */
  forget(): void {
    this.#samples = [];
  }
}
