import { outbox } from './outbox';

/*
 * Browsers clear what sites keep when the disk runs full, unless a site asks them not to. Some put a question to
 * the person for that, so it is asked when it is plain what for, and once: after the app was installed, on a second
 * visit, or after a few messages.
 */

const KEY = 'safevoice.habit';
const MESSAGES = 3;
/** A start so long after the last one is another visit. */
const APART = 30 * 60_000;

export interface Habit {
  visits: number;
  /** When the last visit began (ms). */
  last: number;
  sent: number;
  asked: boolean;
}

const NONE: Habit = { visits: 0, last: 0, sent: 0, asked: false };

/** Whether it is plain by now why this should be kept. */
export function isTime({ visits, sent, asked }: Habit): boolean {
  return !asked && (visits > 1 || sent >= MESSAGES);
}

/** One more start of the app at `now`. */
export function visited(habit: Habit, now: number): Habit {
  return now - habit.last > APART ? { ...habit, visits: habit.visits + 1, last: now } : habit;
}

let begun = false;

/** Somebody is signed in. */
export function learnHabit(): void {
  if (begun) return;
  begun = true;
  note(visited(remembered(), Date.now()));
  outbox.acked.on(({ message }) => {
    const habit = remembered();
    // An edit or a deletion is no message more.
    if (!habit.asked && message?.rev === message?.seq) note({ ...habit, sent: habit.sent + 1 });
  });
  addEventListener('appinstalled', () => void keepForGood());
}

/** Asks the browser; whether it agreed. */
export async function keepForGood(): Promise<boolean> {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}

/** Whether the browser clears nothing by itself; undefined where it does not say. */
export async function isKeptForGood(): Promise<boolean | undefined> {
  return navigator.storage?.persisted?.().catch(() => undefined);
}

function note(habit: Habit): void {
  const now = isTime(habit) ? { ...habit, asked: true } : habit;
  if (now.asked && !habit.asked) void keepForGood();
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    // Where nothing is kept there is nothing to ask for.
  }
}

function remembered(): Habit {
  try {
    return { ...NONE, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Habit>) };
  } catch {
    return NONE;
  }
}
