/** All that the first JavaScript knows of calls: whether there is anything of them to be seen. Whoever makes or hears of
 * a call sets it, and the screens come. */
class Calling {
  on = $state(false);
}

export const calling = new Calling();
