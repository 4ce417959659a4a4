import { Signal } from '../../lib/signal';
import { devices } from './devices.svelte';
import { camera, canShare, isPhone, MediaError, microphone, screen } from './media';
import type { Trouble } from './shapes';

/** What a call sends, each way; the order is the same on both sides for ever. */
export const SLOTS = ['audio', 'video', 'video', 'audio'] as const;
export const [VOICE, CAMERA, SCREEN, SCREEN_SOUND] = [0, 1, 2, 3] as const;

/** What I give to a call: my voice, my camera, my screen. */
export class Mine {
  /** Another track, or none, stands in this slot. */
  readonly put = new Signal<number>();
  /** Something that the other side should know. */
  readonly changed = new Signal();
  muted = $state(false);
  cameraOn = $state(false);
  sharing = $state(false);
  trouble = $state<Trouble>('');
  camera = $state.raw<MediaStream | null>(null);
  screen = $state.raw<MediaStream | null>(null);
  opened = false;
  readonly tracks: (MediaStreamTrack | null)[] = SLOTS.map(() => null);
  #facing: 'user' | 'environment' = 'user';
  #closed = false;
  #turn: Promise<unknown> = Promise.resolve();
  #stop: () => void;

  constructor({ muted = false, cameraOn = false }: { muted?: boolean; cameraOn?: boolean } = {}) {
    this.muted = muted;
    this.cameraOn = cameraOn;
    this.#stop = devices.changed.on((kind) => {
      if (kind === 'microphone' && this.tracks[VOICE]) void this.#inTurn(() => this.#hear());
      if (kind === 'camera' && this.cameraOn) void this.#inTurn(() => this.#look());
    });
  }

  /** Microphone and, where it is on, camera. What is not there stands in `trouble`. */
  async open(): Promise<void> {
    this.opened = true;
    await this.#inTurn(async () => {
      await this.#hear();
      if (this.cameraOn) await this.#look();
    });
  }

  mute(on: boolean): void {
    this.muted = on;
    const voice = this.tracks[VOICE];
    if (voice) voice.enabled = !on;
    else if (!on) void this.#inTurn(() => this.#hear());
    this.changed.send();
  }

  async show(on: boolean): Promise<void> {
    this.cameraOn = on;
    this.changed.send();
    await this.#inTurn(() => this.#look());
  }

  get canFlip(): boolean {
    return isPhone() && devices.cameras.length > 1;
  }

  async flip(): Promise<void> {
    this.#facing = this.#facing === 'user' ? 'environment' : 'user';
    if (this.cameraOn) await this.#inTurn(() => this.#look());
  }

  get canShare(): boolean {
    return canShare();
  }

  async share(): Promise<void> {
    try {
      const chosen = await screen();
      if (!chosen) return;
      const { picture, sound } = chosen;
      if (this.#closed) return void [picture, sound].map((track) => track?.stop());
      this.#set(SCREEN, picture);
      this.#set(SCREEN_SOUND, sound);
      // The browser has a button of its own for that.
      picture.onended = () => this.stopSharing();
      this.screen = new MediaStream([picture]);
      this.sharing = true;
      this.#clear('screen');
      this.changed.send();
    } catch (error) {
      this.#fail(error);
    }
  }

  stopSharing(): void {
    this.#set(SCREEN, null);
    this.#set(SCREEN_SOUND, null);
    this.screen = null;
    this.sharing = false;
    this.changed.send();
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    for (const slot of SLOTS.keys()) this.#set(slot, null);
    this.camera = this.screen = null;
    this.cameraOn = this.sharing = false;
  }

  /** One after the other: whoever changes their mind twice gets what they wanted last. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #hear(): Promise<void> {
    try {
      const track = await microphone(devices.microphone);
      if (this.#closed) return track.stop();
      track.enabled = !this.muted;
      // Pulled out: whatever else there is has to do.
      track.onended = () => void this.#inTurn(() => this.#hear());
      this.#set(VOICE, track);
      this.#clear('mic');
      void devices.look();
    } catch (error) {
      this.#set(VOICE, null);
      this.muted = true;
      this.#fail(error);
      this.changed.send();
    }
  }

  async #look(): Promise<void> {
    // Some phones have one camera at a time.
    this.#set(CAMERA, null);
    this.camera = null;
    if (!this.cameraOn || this.#closed) return;
    try {
      const chosen = this.#facing === 'user' ? devices.camera : '';
      const track = await camera(chosen, this.#facing);
      if (!this.cameraOn || this.#closed) return track.stop();
      track.onended = () => void this.#inTurn(() => this.#look());
      this.#set(CAMERA, track);
      this.camera = new MediaStream([track]);
      this.#clear('camera');
      void devices.look();
    } catch (error) {
      this.cameraOn = false;
      this.#fail(error);
      this.changed.send();
    }
  }

  #set(slot: number, track: MediaStreamTrack | null): void {
    const old = this.tracks[slot];
    if (old === track) return;
    if (old) old.onended = null;
    old?.stop();
    this.tracks[slot] = track;
    this.put.send(slot);
  }

  #fail(error: unknown): void {
    this.trouble = error instanceof MediaError ? error.trouble : 'mic-missing';
  }

  #clear(kind: string): void {
    if (this.trouble.startsWith(kind)) this.trouble = '';
  }
}
