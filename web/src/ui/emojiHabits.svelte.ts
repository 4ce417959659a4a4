import type { Tone } from '../lib/emojis/book';
import { MINE, note, noted } from '../lib/noted';

const KEY = `${MINE}emoji`;
/** Two rows of them. */
const MOST = 18;

interface Habits {
  recent: string[];
  tone: Tone;
}

/** Which emoji somebody takes, and in which skin; remembered on this device only. */
class EmojiHabits {
  /** Without their skin tones, the last one first. */
  recent = $state.raw<readonly string[]>([]);
  tone = $state<Tone>(0);

  constructor() {
    const { recent, tone } = habits();
    this.recent = recent;
    this.tone = tone;
  }

  used(text: string): void {
    this.recent = [text, ...this.recent.filter((each) => each !== text)].slice(0, MOST);
    this.#keep();
  }

  /** For the next person who uses this browser. */
  forget(): void {
    this.recent = [];
    this.tone = 0;
  }

  wear(tone: Tone): void {
    this.tone = tone;
    this.#keep();
  }

  #keep(): void {
    note(KEY, JSON.stringify({ recent: this.recent, tone: this.tone }));
  }
}

function habits(): Habits {
  try {
    const { recent, tone } = JSON.parse(noted(KEY) || '{}') as Partial<Habits>;
    const known = Array.isArray(recent) ? recent.filter((each) => typeof each === 'string').slice(0, MOST) : [];
    return { recent: known, tone: tone && [1, 2, 3, 4, 5].includes(tone) ? tone : 0 };
  } catch {
    return { recent: [], tone: 0 };
  }
}

export const emojiHabits = new EmojiHabits();
