/** Two soft notes, made here: a message; three: it is for me. Nothing is loaded. */

const APART = 2500;
const LOUD = 0.16;

/** Hertz, and when each begins, in seconds. */
const MESSAGE = [
  [587.33, 0],
  [880, 0.09],
] as const;
const MENTION = [
  [659.25, 0],
  [880, 0.09],
  [1174.66, 0.18],
] as const;

let audio: AudioContext | null = null;
let rang = 0;

/** Browsers let a page be heard once somebody has used it, and complain when it tries before. */
function wake(): void {
  audio ??= new AudioContext();
}

for (const gesture of ['pointerdown', 'keydown']) {
  globalThis.addEventListener?.(gesture, wake, { once: true, capture: true });
}

/** Not again and again when many messages come at once; `now` in ms. */
export function ring(forMe: boolean, now = Date.now()): void {
  if (!audio || now - rang < APART) return;
  rang = now;
  const at = audio;
  void at.resume().then(() => (forMe ? MENTION : MESSAGE).forEach(([pitch, after]) => note(at, pitch, at.currentTime + after)));
}

function note(at: AudioContext, pitch: number, start: number): void {
  const tone = at.createOscillator();
  const volume = at.createGain();
  tone.type = 'sine';
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUD, start + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.42);
  tone.connect(volume).connect(at.destination);
  tone.start(start);
  tone.stop(start + 0.45);
}
