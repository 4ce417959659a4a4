import { devices } from './devices.svelte';

type Choosing = HTMLAudioElement & { setSinkId?(id: string): Promise<void> };

/** Lets the other be heard, whatever is on screen. */
export class Player {
  /** The browser wants a touch of the page first. */
  silenced = $state(false);
  #element: Choosing = new Audio();
  #stop: () => void;

  constructor() {
    this.#stop = devices.changed.on((kind) => {
      if (kind === 'speaker') this.#choose();
    });
    this.#choose();
  }

  /** What comes in is to be heard. */
  get playing(): boolean {
    return !this.#element.paused && !this.silenced;
  }

  play(stream: MediaStream | null): void {
    this.#element.srcObject = stream;
    if (stream) this.listen();
  }

  listen(): void {
    this.#element.play().then(
      () => (this.silenced = false),
      (error: { name?: string }) => (this.silenced = error.name === 'NotAllowedError'),
    );
  }

  close(): void {
    this.#stop();
    this.#element.pause();
    this.#element.srcObject = null;
  }

  #choose(): void {
    const element = this.#element;
    // One that is gone: the system's own goes on.
    element.setSinkId?.(devices.speaker).catch(() => element.setSinkId?.('').catch(() => undefined));
  }
}
