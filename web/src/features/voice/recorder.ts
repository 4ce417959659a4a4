import { packed, spoken } from './waveform';

/** Of what the server takes, in the order in which browsers are good at it. */
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4;codecs=opus'];
/** Speech. */
const BITS_PER_SECOND = 32_000;
const LEVEL_EVERY = 50;
/** So much is lost at most when the page is gone (ms). */
const PART = 500;

export type Trouble = 'denied' | 'missing' | 'busy' | 'insecure' | 'unsupported';

/** The microphone cannot be had; `why` says what to tell. */
export class NoMicrophone extends Error {
  constructor(readonly why: Trouble) {
    super(why);
  }
}

export interface Recorded {
  sound: Blob;
  ms: number;
  waveform: string;
}

/** Throws NoMicrophone. Without an answer to the browser's question it waits. */
export async function microphone(chosen = ''): Promise<MediaStream> {
  if (!globalThis.isSecureContext || !navigator.mediaDevices) throw new NoMicrophone('insecure');
  if (!recordable()) throw new NoMicrophone('unsupported');
  const audio: MediaTrackConstraints = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  if (chosen) audio.deviceId = { ideal: chosen };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    throw new NoMicrophone(whyNot(error));
  }
}

function whyNot(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'busy';
}

function recordable(): string | undefined {
  return typeof MediaRecorder === 'undefined' ? undefined : TYPES.find((type) => MediaRecorder.isTypeSupported(type));
}

/** Records a stream from the moment it is made, and says how loud it is. It does not end the stream. */
export class Recorder {
  /** Loudness so far, 0 to 1, in steps of 50 ms. */
  readonly levels: number[] = [];
  #parts: Blob[] = [];
  #recorder: MediaRecorder;
  #context = new AudioContext();
  #timer: ReturnType<typeof setInterval>;
  #began = performance.now();

  /** `heard` is told each time that the loudness is known, `came` each time that there is more to keep. */
  constructor(stream: MediaStream, heard: () => void, came: (soFar: Blob) => void) {
    this.#recorder = new MediaRecorder(stream, { mimeType: recordable()!, audioBitsPerSecond: BITS_PER_SECOND });
    this.#recorder.ondataavailable = ({ data }) => {
      if (!data.size) return;
      this.#parts.push(data);
      if (this.#recorder.state === 'recording') came(this.#whole);
    };
    this.#recorder.onstart = () => (this.#began = performance.now());
    this.#recorder.start(PART);
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 1024;
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // What is twice as loud to the ear has ten times the power.
      this.levels.push(Math.min(1, power ** 0.3 * 1.4));
      heard();
    }, LEVEL_EVERY);
  }

  /** Somebody has spoken; or may have, where the browser does not listen yet. */
  get spoken(): boolean {
    return this.#context.state === 'suspended' || spoken(this.levels);
  }

  get #whole(): Blob {
    return new Blob(this.#parts, { type: this.#recorder.mimeType });
  }

  get ms(): number {
    return Math.round(performance.now() - this.#began);
  }

  /** Ends it; what was said since it began. */
  async stop(): Promise<Recorded> {
    const { ms } = this;
    const over = new Promise((done) => (this.#recorder.onstop = done));
    if (this.#recorder.state !== 'inactive') {
      this.#recorder.stop();
      await over;
    }
    this.#letGo();
    return { sound: this.#whole, ms, waveform: packed(this.levels) };
  }

  /** Ends it; nothing is left. */
  drop(): void {
    this.#recorder.ondataavailable = null;
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    this.#parts = [];
    this.#letGo();
  }

  #letGo(): void {
    clearInterval(this.#timer);
    void this.#context.close().catch(() => undefined);
  }
}
