import { note, noted } from '../../lib/noted';
import { forget } from '../../local/owner';
import { devices } from '../calls/devices.svelte';
import { heard } from './heard.svelte';
import { soundFor } from './sounds';

const SPEEDS = [1, 1.5, 2] as const;
const SPEED = 'safevoice.speed';
/** So much of it counts as listened to (s), or half of what is shorter. */
const LISTENED = 1;
/** Far beyond any end. A recording does not say how long it is; to look for its end finds out. */
const FAR = 1e7;
/** Its end was seen, and may be told a moment later (ms). */
const END_WITHIN = 1000;

type Choosing = HTMLAudioElement & { setSinkId?(id: string): Promise<void> };

/** What is played. */
export interface Piece {
  key: string;
  /** '' while it is on its way. */
  message: string;
  file: string;
  clientId: string;
  mine: boolean;
  /** In s. */
  length: number;
}

/** One plays at a time, and goes on while one is elsewhere in the app. */
class Player {
  key = $state('');
  playing = $state(false);
  loading = $state(false);
  /** In s. */
  at = $state(0);
  /** By key: it could not be had. */
  lost = $state('');
  speed = $state(SPEEDS.find((each) => String(each) === noted(SPEED)) ?? 1);
  #audio = new Audio();
  #piece: Piece | null = null;
  #url = '';
  #turn = 0;
  #frame = 0;

  constructor() {
    const audio = this.#audio;
    audio.preload = 'auto';
    audio.onplay = () => this.#follow(true);
    audio.onpause = () => this.#follow(false);
    audio.onended = () => this.#over();
    audio.onerror = () => this.#broken();
    forget.on(() => this.#drop());
  }

  async toggle(piece: Piece, from = piece.key === this.key ? this.at : 0): Promise<void> {
    if (piece.key === this.key && this.playing) return this.#audio.pause();
    if (!(await this.#take(piece))) return;
    this.#seek(from >= piece.length ? 0 : from);
    this.#audio.playbackRate = this.speed;
    await (this.#audio as Choosing).setSinkId?.(devices.speaker).catch(() => undefined);
    await this.#audio.play().catch(() => undefined);
  }

  /** To a place in it, whether it plays or not. */
  async seek(piece: Piece, to: number): Promise<void> {
    this.lost = '';
    if (piece.key !== this.key && !(await this.#take(piece))) return;
    this.#seek(to);
  }

  faster(): void {
    const next = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length]!;
    this.speed = next;
    this.#audio.playbackRate = next;
    note(SPEED, String(next));
  }

  pause(): void {
    this.#audio.pause();
  }

  async #take(piece: Piece): Promise<boolean> {
    this.lost = '';
    if (this.#piece?.key === piece.key && this.#url) {
      this.#piece = piece;
      return true;
    }
    this.#drop();
    const turn = ++this.#turn;
    [this.key, this.#piece, this.loading] = [piece.key, piece, true];
    const sound = await soundFor(piece).catch(() => null);
    if (turn !== this.#turn) return false;
    const ready = sound !== null && (await this.#open(sound));
    if (turn !== this.#turn) return false;
    this.loading = false;
    if (!ready) {
      this.#drop();
      this.lost = piece.key;
    }
    return ready;
  }

  async #open(sound: Blob): Promise<boolean> {
    this.#url = URL.createObjectURL(sound);
    const audio = this.#audio;
    audio.src = this.#url;
    if (!(await came(audio, 'loadedmetadata'))) return false;
    if (!Number.isFinite(audio.duration)) {
      audio.currentTime = FAR;
      if (!(await came(audio, 'seeked'))) return false;
      // What holds no sound has no end either, and would be played for ever.
      if (!Number.isFinite(audio.duration)) await came(audio, 'durationchange', END_WITHIN);
      if (!Number.isFinite(audio.duration)) return false;
      audio.currentTime = 0;
      if (!(await came(audio, 'seeked'))) return false;
    }
    return audio.duration > 0;
  }

  #seek(to: number): void {
    const end = Number.isFinite(this.#audio.duration) ? this.#audio.duration : (this.#piece?.length ?? 0);
    this.at = Math.max(0, Math.min(to, end));
    this.#audio.currentTime = this.at;
  }

  #follow(playing: boolean): void {
    this.playing = playing;
    cancelAnimationFrame(this.#frame);
    if (!playing) return;
    const step = (): void => {
      this.at = this.#audio.currentTime;
      const piece = this.#piece;
      if (piece && !piece.mine && piece.message && this.at >= Math.min(LISTENED, piece.length / 2)) void heard.listened(piece.message);
      this.#frame = requestAnimationFrame(step);
    };
    step();
  }

  #over(): void {
    const piece = this.#piece;
    this.#follow(false);
    if (piece && !piece.mine && piece.message) void heard.listened(piece.message);
    this.#audio.currentTime = 0;
    this.at = 0;
  }

  /** It went as far as it is whole. */
  #broken(): void {
    const { key } = this;
    if (!this.playing) return;
    this.#drop();
    this.lost = key;
  }

  #drop(): void {
    this.#turn += 1;
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#follow(false);
    [this.key, this.#piece, this.#url, this.at, this.loading] = ['', null, '', 0, false];
  }
}

/** Whether it came to that, and not to an error; `within` ms, if that matters. */
function came(audio: HTMLAudioElement, what: 'loadedmetadata' | 'seeked' | 'durationchange', within = 0): Promise<boolean> {
  return new Promise((done) => {
    const heardOf = new AbortController();
    const end = (good: boolean) => (): void => {
      heardOf.abort();
      done(good);
    };
    audio.addEventListener(what, end(true), heardOf);
    audio.addEventListener('error', end(false), heardOf);
    if (within) setTimeout(end(false), within);
  });
}

export const player = new Player();
