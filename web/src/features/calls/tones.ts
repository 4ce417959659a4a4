/** What a call sounds like before anybody speaks; made here, nothing is loaded. */

export type Tone = 'ring' | 'waiting' | 'joined' | 'over';

/** Hertz, when it begins and how long it sounds, in seconds; `every` 0: once. */
const TONES: Record<Tone, { notes: readonly (readonly [number, number, number])[]; every: number; loud: number }> = {
  ring: { notes: [[659.25, 0, 0.5], [830.61, 0.16, 0.5], [987.77, 0.32, 0.9], [830.61, 0.72, 0.5], [987.77, 0.88, 1]], every: 3, loud: 0.22 },
  waiting: { notes: [[440, 0, 0.9], [554.37, 0, 0.9]], every: 3.4, loud: 0.05 },
  joined: { notes: [[587.33, 0, 0.3], [880, 0.09, 0.4]], every: 0, loud: 0.1 },
  over: { notes: [[587.33, 0, 0.3], [392, 0.12, 0.5]], every: 0, loud: 0.1 },
};
const VIBRATION = [500, 250, 500, 1250];
const VIBRATES_EVERY = 2500;

let audio: AudioContext | null = null;

/** Sounds until what it returns is called. A browser that plays nothing yet plays it once somebody touches the page. */
export function sound(tone: Tone, speaker = ''): () => void {
  const { every } = TONES[tone];
  const stop = new AbortController();
  void at(speaker).then((on) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (): void => {
      if (stop.signal.aborted) return;
      if (on.state === 'running') play(on, tone, stop.signal);
      if (every) timer = setTimeout(again, every * 1000);
    };
    again();
    stop.signal.addEventListener('abort', () => clearTimeout(timer));
    if (on.state !== 'running') waken(on, stop.signal, every ? undefined : again);
  });
  return () => stop.abort();
}

/** Phones that are let do so; until what it returns is called. */
export function vibrate(): () => void {
  const hum = (): void => void (navigator.userActivation?.hasBeenActive && navigator.vibrate?.(VIBRATION));
  hum();
  const timer = setInterval(hum, VIBRATES_EVERY);
  return () => {
    clearInterval(timer);
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(0);
  };
}

/** For whoever chooses a speaker. */
export function sample(speaker: string): void {
  sound('joined', speaker);
}

async function at(speaker: string): Promise<AudioContext> {
  audio ??= new AudioContext();
  const choosing = audio as AudioContext & { setSinkId?(id: string): Promise<void> };
  await choosing.setSinkId?.(speaker).catch(() => undefined);
  // Where the page was never touched this waits until it is.
  if (navigator.userActivation?.hasBeenActive !== false) await audio.resume().catch(() => undefined);
  return audio;
}

function waken(on: AudioContext, signal: AbortSignal, then?: () => void): void {
  const wake = (): void => void on.resume().then(then);
  for (const gesture of ['pointerdown', 'keydown']) addEventListener(gesture, wake, { once: true, capture: true, signal });
}

function play(on: AudioContext, tone: Tone, signal: AbortSignal): void {
  const { notes, loud, every } = TONES[tone];
  const out = on.createGain();
  out.connect(on.destination);
  for (const [pitch, after, long] of notes) note(on, out, { pitch, start: on.currentTime + after, long, loud });
  // What was answered elsewhere falls silent in the middle of a note; what sounds once is heard to its end.
  if (every) signal.addEventListener('abort', () => out.gain.setTargetAtTime(0, on.currentTime, 0.02));
}

function note(on: AudioContext, out: AudioNode, { pitch, start, long, loud }: { pitch: number; start: number; long: number; loud: number }): void {
  const tone = on.createOscillator();
  const volume = on.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(loud, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + long);
  tone.connect(volume).connect(out);
  tone.start(start);
  tone.stop(start + long + 0.05);
}
