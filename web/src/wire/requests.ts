import { ApiError, offline, timedOut } from './errors';
import type { Answer } from './protocol.gen';

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: ApiError): void;
  timer: ReturnType<typeof setTimeout>;
}

/** Commands that wait for the answer with their id. */
export class Requests {
  #last = 0;
  #waiting = new Map<string, Waiting>();

  /** Returns the id to send with the command. Exactly one of the two is called. */
  open(timeout: number, resolve: Waiting['resolve'], reject: Waiting['reject']): string {
    const id = (++this.#last).toString(36);
    const timer = setTimeout(() => {
      this.#waiting.delete(id);
      reject(timedOut());
    }, timeout);
    this.#waiting.set(id, { resolve, reject, timer });
    return id;
  }

  /** False when nobody waits for it (any more). */
  answer(frame: Answer): boolean {
    const waiting = this.#waiting.get(frame.id);
    if (!waiting) return false;
    this.#waiting.delete(frame.id);
    clearTimeout(waiting.timer);
    if (frame.op === 'error') waiting.reject(new ApiError(frame.code, frame.text, frame));
    else waiting.resolve(frame);
    return true;
  }

  failAll(): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of all) {
      clearTimeout(timer);
      reject(offline());
    }
  }
}
