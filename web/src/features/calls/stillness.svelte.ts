import { calm } from '../../lib/drag';

const AFTER_MS = 3500;

/** Whether nobody has stirred for a while, so that a picture may have the screen to itself. Never where the keys are in
 * use, or for whoever wants less to move: then everything stays where it can be seen. */
export class Stillness {
  #rests = $state(false);
  #keys = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly may: () => boolean) {
    $effect(() => {
      if (may()) this.stir();
      else this.#wake();
    });
  }

  get rests(): boolean {
    return this.#rests && this.may() && !this.#keys;
  }

  /** `keys`: by keyboard, or the focus came. */
  stir(keys = false): void {
    if (keys) this.#keys = document.activeElement?.matches(':focus-visible') ?? false;
    this.#wake();
    if (!calm()) this.#timer = setTimeout(() => (this.#rests = true), AFTER_MS);
  }

  /** A finger on the picture itself shows what there is to press, or clears the picture. */
  tap(event: PointerEvent): void {
    this.#keys = false;
    const bare = event.target instanceof Element && !event.target.closest('button, [popover], dialog, .own');
    if (event.pointerType === 'mouse' || !bare || this.#rests || calm()) return this.stir();
    clearTimeout(this.#timer);
    this.#rests = this.may();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #wake(): void {
    clearTimeout(this.#timer);
    this.#rests = false;
  }
}
