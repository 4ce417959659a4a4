import { t } from '../../lib/i18n/areas/voice';
import { mint } from '../../lib/ids';
import { beforeLeaving, stayWhile } from '../../lib/leaving';
import { begin, drop, keep } from '../../local/speaking';
import { forget } from '../../local/owner';
import { composerOf } from '../messages/composer.svelte';
import { timelineOf } from '../messages/timelines';
import { offered } from './interrupted.svelte';
import { player } from './player.svelte';
import { devices } from '../calls/devices.svelte';
import { stage } from '../calls/stage.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { Talk } from './talk.svelte';
import { microphone, NoMicrophone, Recorder, type Trouble } from './recorder';
import { packed } from './waveform';

/** What is shorter was no more than a tap. */
const SHORTEST = 500;
const LONGEST = 300_000;
/** How far a finger slides to discard it, or to let it go on by itself (px). */
const CANCEL_PX = 110;
const LOCK_PX = 80;
/** What was said last goes out live before the microphone is let go (ms). */
const LAST_WORDS = 300;
/** It is kept again once it is so much longer. */
const KEPT_AGAIN = 1.03;
/** A hint goes by itself (ms). */
const HINT_MS = 6000;
const BARS = 40;

export type Phase = '' | 'asking' | 'recording' | 'locked' | 'ending';
export type Hint = '' | Trouble | 'short' | 'short.mouse' | 'short.key' | 'cancelled' | 'full' | 'most' | 'gone';

/** One recording at a time, in whatever room; what the composer shows of it. */
class Holding {
  room = $state('');
  phase = $state<Phase>('');
  /** How far it is on its way to being discarded, 0 to 1; then to be let go on. */
  slid = $state(0);
  lifted = $state(0);
  ms = $state(0);
  /** The newest loudness last. */
  levels = $state.raw<readonly number[]>([]);
  hint = $state<Hint>('');
  hintRoom = $state('');
  #by: 'touch' | 'mouse' | 'key' = 'touch';
  #recorder: Recorder | null = null;
  #stream: MediaStream | null = null;
  #talk = $state.raw<Talk | null>(null);
  #from = { x: 0, y: 0, rtl: false };
  #heardOf: AbortController | null = null;
  #hintTimer: ReturnType<typeof setTimeout> | undefined;
  /** They spoke before the other could hear it. */
  #early = false;
  /** What the message will be known by. */
  #id = '';
  /** One after the other, and the last of all before the whole of it. */
  #keeping: Promise<unknown> = Promise.resolve();
  #keptAt = 0;
  /** Rises with each; what was asked for before it comes too late. */
  #turn = 0;
  /** It was let go before there was anything to record. */
  #released = false;
  /** The page is about to be gone. */
  #leaves = false;

  constructor() {
    forget.on(() => this.cancel(false));
    stage.taken.on(() => void this.setAside());
    // A phone shows something else then, or nothing; beside a keyboard one looks something up and goes on talking.
    globalThis.document?.addEventListener('visibilitychange', () => {
      const phone = this.#by === 'touch' || matchMedia('(pointer: coarse)').matches;
      if (document.visibilityState === 'hidden' && phone) void this.setAside();
    });
    globalThis.addEventListener?.('pagehide', () => (this.#leaves = true));
    globalThis.addEventListener?.('pageshow', () => {
      this.#leaves = false;
      if (this.#stream?.getAudioTracks().some(({ readyState }) => readyState === 'ended')) this.#unplugged();
    });
    stayWhile(() => this.active);
    beforeLeaving(() => this.setAside());
  }

  get active(): boolean {
    return this.phase !== '';
  }

  /** The other one hears it as it is said. */
  get live(): boolean {
    return this.#talk?.live ?? false;
  }

  /** A finger or a mouse button went down on the button. */
  press(event: PointerEvent, button: HTMLElement, room: string): void {
    if (event.button || this.active) return;
    this.#by = event.pointerType === 'mouse' ? 'mouse' : 'touch';
    this.#from = { x: event.clientX, y: event.clientY, rtl: getComputedStyle(button).direction === 'rtl' };
    // It may have been let go while this was loading.
    const held = button.hasPointerCapture(event.pointerId);
    const own = (handle: (event: PointerEvent) => void) => (other: Event) => {
      if ((other as PointerEvent).pointerId === event.pointerId) handle(other as PointerEvent);
    };
    void this.#begin(room, held, (signal) => {
      button.addEventListener('pointermove', own((moved) => this.#move(moved)), signal);
      button.addEventListener('pointerup', own(() => this.#release()), signal);
      // Not by a hand: the system took it. Nothing that was said is lost, and nothing is sent unasked.
      button.addEventListener('pointercancel', own(() => this.#lose()), signal);
    });
  }

  /** Space holds, Enter begins and ends. */
  key(event: KeyboardEvent, button: HTMLElement, room: string): void {
    if (event.repeat) return;
    this.#by = 'key';
    if (event.key === 'Enter') return this.toggle(room);
    void this.#begin(room, true, (signal) => {
      button.addEventListener('keyup', (up) => (up as KeyboardEvent).key === ' ' && this.#release(), signal);
      button.addEventListener('blur', () => this.#lose(), signal);
    });
  }

  /** Without holding anything: begins, or ends and sends. */
  toggle(room: string): void {
    if (this.phase === 'locked') return void this.finish();
    if (this.active) return;
    this.#by = 'key';
    void this.#begin(room, true, () => undefined).then(() => this.#lock());
  }

  /** Sends what was said; `aside`: keeps it in its conversation as not sent. */
  async finish(aside = false): Promise<void> {
    const recorder = this.#recorder;
    if (!recorder || this.phase === 'ending') return;
    if (recorder.ms < SHORTEST) {
      this.cancel(false);
      return this.#say(this.#by === 'touch' ? 'short' : `short.${this.#by}`);
    }
    const { room } = this;
    const id = this.#id;
    this.phase = 'ending';
    this.#heardOf?.abort();
    const composer = composerOf(room);
    const { replyTo } = composer;
    const goOn = begin(room, id, this.#said(), replyTo?.id ?? '', aside);
    try {
      const [{ sound }, heard] = await Promise.all([recorder.stop(), this.#talk?.end()]);
      if (heard && !this.#early) {
        this.#forget();
        // The end of it is still on its way.
        return this.#over(LAST_WORDS);
      }
      await this.#keeping;
      await goOn(sound);
      if (replyTo) composer.cancel();
      if (!aside) void timelineOf(room).toNewest();
    } catch {
      this.#say('full');
      void offered.look();
    }
    this.#over();
  }

  /** What shows it goes from the screen, or a call wants the microphone. Nobody is recorded without seeing it, nothing
   * is sent unasked, and nothing that was said is lost. */
  async setAside(): Promise<void> {
    if (this.phase === 'asking') this.cancel(false);
    else if (this.phase === 'recording' || this.phase === 'locked') await this.finish(true);
  }

  /** Nothing of it stays. */
  cancel(told = true): void {
    if (!this.active) return;
    this.#forget();
    this.#over();
    if (told) this.#say('cancelled');
  }

  async #begin(room: string, held: boolean, listen: (options: { signal: AbortSignal }) => void): Promise<void> {
    if (this.active) return;
    const turn = ++this.#turn;
    [this.room, this.hintRoom, this.phase] = [room, room, 'asking'];
    [this.slid, this.lifted, this.ms, this.levels] = [0, 0, 0, []];
    this.#released = !held;
    this.hint = '';
    player.pause();
    this.#heardOf = new AbortController();
    if (held) listen(this.#heardOf);
    window.addEventListener('keydown', (event) => event.key === 'Escape' && this.cancel(), { signal: this.#heardOf.signal });
    try {
      const stream = await microphone(devices.microphone);
      if (turn !== this.#turn || this.#released) {
        stream.getTracks().forEach((track) => track.stop());
        // Whoever answered the browser's question had to let go for it.
        if (turn === this.#turn) this.#tooShort();
        return;
      }
      this.#stream = stream;
      stream.getAudioTracks().forEach((track) => (track.onended = () => this.#unplugged()));
      const id = (this.#id = mint());
      this.#keptAt = 0;
      this.#recorder = new Recorder(stream, () => this.#tick(), (soFar) => void this.#keep(id, soFar));
      this.phase = 'recording';
      this.#reach(room, stream);
      navigator.vibrate?.(10);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#over();
      this.#say(error instanceof NoMicrophone ? error.why : 'busy');
    }
  }

  /** In a conversation of two the other one may be listening. What is recorded is sent where that does not work. */
  #reach(room: string, stream: MediaStream): void {
    const [track] = stream.getAudioTracks();
    if (!track || !rooms.get(room)?.other || stage.busy) return;
    this.#early = false;
    this.#talk = new Talk(room, track, () => (this.#early = this.#recorder?.spoken ?? false));
  }

  /** Pulled out, or the system took it: what was said until then is not sent unasked. A page that goes loses it as well,
   * and offers what was said in the next one. */
  #unplugged(): void {
    if (!this.#leaves) void this.setAside().then(() => this.#say('gone'));
  }

  #tooShort(): void {
    this.#over();
    this.#say(this.#by === 'touch' ? 'short' : `short.${this.#by}`);
  }

  #tick(): void {
    const recorder = this.#recorder;
    if (!recorder) return;
    this.ms = recorder.ms;
    this.levels = recorder.levels.slice(-BARS);
    if (recorder.ms < LONGEST) return;
    void this.finish(document.visibilityState === 'hidden').then(() => this.#say('most'));
  }

  #move({ clientX, clientY }: PointerEvent): void {
    if (this.phase !== 'recording') return;
    const back = (this.#from.x - clientX) * (this.#from.rtl ? -1 : 1);
    const up = this.#from.y - clientY;
    const sideways = back > up;
    this.slid = sideways ? Math.max(0, Math.min(1, back / CANCEL_PX)) : 0;
    this.lifted = sideways ? 0 : Math.max(0, Math.min(1, up / LOCK_PX));
    if (this.lifted === 1) this.#lock();
  }

  #release(): void {
    if (this.phase === 'asking') this.#released = true;
    if (this.phase !== 'recording') return;
    if (this.slid === 1) this.cancel();
    else void this.finish();
  }

  /** Nobody holds it any more, and nobody let go. Before there was anything to record, it is as if they had: they
   * answer the browser's question, and would else be recorded by a button that nothing can let go of. */
  #lose(): void {
    if (this.phase === 'asking') this.#released = true;
    else this.#lock();
  }

  #lock(): void {
    if (this.phase !== 'recording') return;
    this.phase = 'locked';
    [this.slid, this.lifted] = [0, 0];
    navigator.vibrate?.(10);
  }

  /** Each time all of it, so the longer it is, the more seldom. */
  async #keep(id: string, soFar: Blob): Promise<void> {
    if (this.ms < this.#keptAt * KEPT_AGAIN) return;
    this.#keptAt = this.ms;
    const before = this.#keeping;
    const known = { room: this.room, replyTo: composerOf(this.room).replyTo?.id ?? '', said: this.#said() };
    this.#keeping = before.then(() => (this.#id === id ? keep(id, soFar, known) : undefined)).catch(() => undefined);
    await this.#keeping;
  }

  #said(): { duration_ms: number; waveform: string } {
    const { ms, levels } = this.#recorder!;
    return { duration_ms: Math.min(ms, LONGEST), waveform: packed(levels) };
  }

  /** Nothing of it stays, on the disk either. */
  #forget(): void {
    const id = this.#id;
    this.#recorder?.drop();
    this.#id = '';
    this.#keeping = this.#keeping.then(() => drop(id));
  }

  #over(after = 0): void {
    this.#turn += 1;
    this.#heardOf?.abort();
    if (!after) this.#talk?.close();
    this.#talk = null;
    const tracks = this.#stream?.getTracks() ?? [];
    if (after) setTimeout(() => tracks.forEach((track) => track.stop()), after);
    else tracks.forEach((track) => track.stop());
    [this.#recorder, this.#stream, this.#heardOf] = [null, null, null];
    [this.phase, this.room] = ['', ''];
  }

  #say(hint: Hint): void {
    clearTimeout(this.#hintTimer);
    this.hint = hint;
    this.#hintTimer = setTimeout(() => (this.hint = ''), HINT_MS);
  }
}

export const holding = new Holding();

/** For people. */
export const hintText = (hint: Exclude<Hint, ''>): string => t(`voice.${hint}`);
