/** Jobs by name, a few at a time, the last asked for first: that is what somebody looks at now. */
export class Lane {
  #waiting = new Map<string, () => Promise<void>>();
  #running = new Set<string>();

  constructor(private readonly width: number) {}

  /** Once, as long as the same has not begun and ended. */
  add(name: string, job: () => Promise<void>): void {
    if (this.#running.has(name)) return;
    this.#waiting.delete(name);
    this.#waiting.set(name, job);
    this.#next();
  }

  clear(): void {
    this.#waiting.clear();
  }

  #next(): void {
    const last = [...this.#waiting].at(-1);
    if (!last || this.#running.size >= this.width) return;
    const [name, job] = last;
    this.#waiting.delete(name);
    this.#running.add(name);
    void job().finally(() => {
      this.#running.delete(name);
      this.#next();
    });
    this.#next();
  }
}
