import type { Reading } from './gauge';

/** Below that a picture takes from the voice what it needs, in kbit/s. */
const TOO_LITTLE = 150;
const TOO_MUCH_LOSS = 12;
/** Looks in a row, so that one bad moment is none. */
const BAD_LOOKS = 3;
const GOOD_LOOKS = 5;
/** How many good looks it takes the second time, the third, … at most. */
const MOST_LOOKS = 60;

type Look = Pick<Reading, 'room' | 'lossThere' | 'rttMs' | 'route'>;

/** Whether my pictures should rest, so that my voice gets through. How much a link carries shows only when something is
 * sent: so they come back for a try once all is calm, and wait longer each time that was too early. */
export class Weakness {
  resting = false;
  #bad = 0;
  #good = 0;
  #wanted = GOOD_LOOKS;

  /** One look; returns whether it changed. `sending`: there are pictures to rest. */
  look(look: Look, sending: boolean): boolean {
    if (!look.route) return false;
    if (this.resting) {
      this.#good = look.lossThere < TOO_MUCH_LOSS / 3 && look.rttMs < 500 ? this.#good + 1 : 0;
      if (this.#good < this.#wanted) return false;
      this.#wanted = Math.min(this.#wanted * 2, MOST_LOOKS);
      return this.#turn(false);
    }
    const bad = sending && (look.lossThere > TOO_MUCH_LOSS || (look.room > 0 && look.room < TOO_LITTLE));
    this.#bad = bad ? this.#bad + 1 : 0;
    return this.#bad >= BAD_LOOKS && this.#turn(true);
  }

  #turn(resting: boolean): boolean {
    this.resting = resting;
    this.#bad = this.#good = 0;
    return true;
  }
}
