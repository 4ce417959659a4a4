import { note, noted } from '../../lib/noted';
import { Signal } from '../../lib/signal';
import { Meter } from './meter.svelte';
import { camera, MediaError, microphone } from './media';
import type { Choice, Devices, Trouble } from './shapes';

type Kind = (typeof KINDS)[number];

const KINDS = ['microphone', 'camera', 'speaker'] as const;
const KEY = 'safevoice.device.';

/** What this browser hears, sees and speaks with. Which ones were chosen is kept in it: another browser has others. */
class TheseDevices implements Devices {
  /** Another one was chosen, or the chosen one is gone, or is back. */
  readonly changed = new Signal<Kind>();
  microphones = $state.raw<readonly Choice[]>([]);
  cameras = $state.raw<readonly Choice[]>([]);
  speakers = $state.raw<readonly Choice[]>([]);
  microphone = $state(noted(`${KEY}microphone`));
  camera = $state(noted(`${KEY}camera`));
  speaker = $state(noted(`${KEY}speaker`));
  preview = $state.raw<MediaStream | null>(null);
  trouble = $state<Trouble>('');
  #meter = new Meter();
  #open = false;
  #video = false;
  #listened: MediaStreamTrack | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor() {
    globalThis.navigator?.mediaDevices?.addEventListener('devicechange', () => void this.look());
  }

  get canChooseSpeaker(): boolean {
    return 'setSinkId' in HTMLMediaElement.prototype;
  }

  get level(): number {
    return this.#meter.level;
  }

  chooseMicrophone(id: string): void {
    this.#choose('microphone', id);
  }

  chooseCamera(id: string): void {
    this.#choose('camera', id);
  }

  chooseSpeaker(id: string): void {
    this.#choose('speaker', id);
  }

  async open(video: boolean): Promise<void> {
    this.#open = true;
    this.#video = video;
    await this.#fit();
  }

  close(): void {
    this.#open = false;
    void this.#fit();
  }

  tryOut(): void {
    void import('./tones').then(({ sample }) => sample(this.speaker));
  }

  /** Which there are. Browsers name them only to a page that was let use one. */
  async look(): Promise<void> {
    const before = KINDS.map((kind) => this.#there(kind));
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const of = (kind: MediaDeviceKind): Choice[] =>
      all.flatMap(({ kind: each, deviceId, label }) => (each === kind && deviceId && label && deviceId !== 'default' ? [{ id: deviceId, label }] : []));
    this.microphones = of('audioinput');
    this.cameras = of('videoinput');
    this.speakers = of('audiooutput');
    for (const [i, kind] of KINDS.entries()) if (before[i] !== null && before[i] !== this.#there(kind)) this.changed.send(kind);
  }

  /** Whether the chosen one is; null when none is chosen, or nothing is known of any. */
  #there(kind: Kind): boolean | null {
    const all = this[`${kind}s`];
    return this[kind] && all.length ? all.some(({ id }) => id === this[kind]) : null;
  }

  #choose(kind: Kind, id: string): void {
    this[kind] = id;
    note(KEY + kind, id);
    this.changed.send(kind);
    if (this.#open) void this.#fit(kind);
  }

  /** One after the other: a preview that comes late must not stay on when nobody looks any more. */
  #fit(anew?: Kind): Promise<void> {
    const work = this.#turn.then(() => this.#become(anew));
    this.#turn = work.catch(() => undefined);
    return work;
  }

  async #become(anew?: Kind): Promise<void> {
    if (!this.#open || anew === 'microphone') this.#deafen();
    if (!this.#open || !this.#video || anew === 'camera') this.#look(null);
    if (!this.#open) return;
    this.trouble = '';
    try {
      if (!this.#listened) this.#meter.follow((this.#listened = await microphone(this.microphone)));
      if (this.#video && !this.preview) this.#look(await camera(this.camera));
    } catch (error) {
      this.trouble = error instanceof MediaError ? error.trouble : 'mic-missing';
    }
    await this.look();
  }

  #deafen(): void {
    this.#meter.stop();
    this.#listened?.stop();
    this.#listened = null;
  }

  #look(track: MediaStreamTrack | null): void {
    for (const old of this.preview?.getTracks() ?? []) old.stop();
    this.preview = track && new MediaStream([track]);
  }
}

export const devices = new TheseDevices();
