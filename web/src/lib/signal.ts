/** Tells its listeners, in the order in which they came. */
export class Signal<T = void> {
  #listeners = new Set<(value: T) => void>();

  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
