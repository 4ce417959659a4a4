const EVERY = 60;
/** Speech at arm's length fills most of the scale. */
const GAIN = 4;

/** How loud a track is, now and then, as long as somebody wants to know. */
export class Meter {
  level = $state(0);
  #audio: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  follow(track: MediaStreamTrack): void {
    this.stop();
    const audio = (this.#audio = new AudioContext());
    const ear = audio.createAnalyser();
    ear.fftSize = 512;
    audio.createMediaStreamSource(new MediaStream([track])).connect(ear);
    const wave = new Float32Array(ear.fftSize);
    this.#timer = setInterval(() => {
      ear.getFloatTimeDomainData(wave);
      const loud = Math.sqrt(wave.reduce((whole, each) => whole + each * each, 0) / wave.length);
      // Quick to rise, slow to fall, as eyes like it.
      this.level = Math.max(Math.min(1, loud * GAIN), this.level * 0.8);
    }, EVERY);
  }

  stop(): void {
    clearInterval(this.#timer);
    void this.#audio?.close();
    this.#audio = null;
    this.level = 0;
  }
}
