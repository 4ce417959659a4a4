/** Short notices that float above everything, with at most one action each. */
export interface Toast {
  key: number;
  text: string;
  action: string;
  act: () => void;
  /** Runs when the notice goes without its action having been taken. */
  passed: () => void;
}

class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(text: string, more: { action?: string; act?: () => void; passed?: () => void; ms?: number } = {}): void {
    const key = this.#next++;
    const nothing = (): void => undefined;
    for (const old of this.list.slice(0, -2)) this.drop(old.key);
    this.list = [
      ...this.list,
      { key, text, action: more.action ?? '', act: more.act ?? nothing, passed: more.passed ?? nothing },
    ];
    this.#timers.set(
      key,
      setTimeout(() => this.drop(key), more.ms ?? (more.action ? 6000 : 2600)),
    );
  }

  act(key: number): void {
    const toast = this.#take(key);
    toast?.act();
  }

  drop(key: number): void {
    const toast = this.#take(key);
    toast?.passed();
  }

  /** Nothing may stay undecided when the page goes. */
  settle(): void {
    for (const toast of this.list) this.drop(toast.key);
  }

  #take(key: number): Toast | undefined {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    const toast = this.list.find((each) => each.key === key);
    this.list = this.list.filter((each) => each.key !== key);
    return toast;
  }
}

export const toasts = new Toasts();
