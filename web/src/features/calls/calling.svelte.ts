export type Wish = 'answer' | 'mute' | 'end';

/** All that the first JavaScript knows of calls: whether there is anything of them to be seen. Whoever makes or hears of
 * a call sets it, and the screens come. */
class Calling {
  on = $state(false);
  /** What a key of the app's table asks for; false: nothing to do. */
  keys: ((what: Wish) => boolean) | null = null;
}

export const calling = new Calling();
