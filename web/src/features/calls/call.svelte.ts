import { mint } from '../../lib/ids';
import { connection } from '../connection.svelte';
import { people, type Person } from '../people/people.svelte';
import { preferences } from '../people/preferences.svelte';
import { devices } from './devices.svelte';
import { askBeforeLeaving, offerControls, onlyHere, stayAwake, tellControls } from './keeping';
import { Mine } from './mine.svelte';
import { parting } from './parting';
import { relay } from './relay';
import type { Seat } from './seat';
import type { Details, OneCall, Outcome, Phase, Quality, Secrecy, Theirs, Trouble, Verdict } from './shapes';
import { Talk } from './talk.svelte';
import { sound, vibrate, type Tone } from './tones';

export interface Given {
  id: string;
  room: string;
  person: Person;
  incoming: boolean;
  video: boolean;
}

const GONE = new Set(['call_over', 'call_elsewhere', 'not_found']);
const HURRY_EVERY = 700;
/** A little longer than the server lets it ring (ms): a page that hears from nobody any more does not ring for ever. */
const RINGS_MS = 50_000;
const NOBODY: Theirs = { here: false, muted: false, cameraOn: false, sharing: false, audioOnly: false };
const NETWORK = (globalThis.navigator as { connection?: EventTarget } | undefined)?.connection;

/** A call, as this page has it. */
export class ThisCall implements OneCall {
  id: string;
  incoming = $state(false);
  readonly room: string;
  readonly video: boolean;
  outcome = $state<Outcome>('');
  durationMs = $state(0);
  readonly own: Mine;
  #person: Person;
  #stage = $state<'calling' | 'incoming' | 'answered' | 'ended'>('calling');
  #talk = $state.raw<Talk | null>(null);
  #quiet = (): void => undefined;
  #stops: (() => void)[] = [];
  #ringing: ReturnType<typeof setTimeout> | undefined;

  /** `moved`: it was answered here, has ended, or (`seen`) needs not be shown any more. */
  constructor(
    given: Given,
    private readonly seat: Seat,
    private readonly moved: (call: ThisCall, seen: boolean) => void,
  ) {
    this.id = given.id;
    this.room = given.room;
    this.incoming = given.incoming;
    this.video = given.video;
    this.#person = given.person;
    const kept = given.id ? seat.keptOf(given.id) : null;
    this.own = new Mine(kept ? { muted: kept.muted, cameraOn: kept.camera } : { cameraOn: given.video && !given.incoming });
    this.own.changed.on(() => this.#keep());
    if (given.incoming && !kept) {
      this.#stage = 'incoming';
      this.#quiet = onlyHere(`ring-${this.id}`, () => {
        const ends = [vibrate(), preferences.sounds ? sound('ring', devices.speaker) : () => undefined];
        return () => ends.forEach((end) => end());
      });
      this.#ringing = setTimeout(() => this.leave(), RINGS_MS);
    }
  }

  get person(): Person {
    return people.byId(this.#person.id) ?? people.asSeen(this.#person);
  }

  get ended(): boolean {
    return this.#stage === 'ended';
  }

  get phase(): Phase {
    if (this.#stage !== 'answered') return this.#stage;
    return this.#talk?.state ?? 'connecting';
  }

  get since(): number {
    return this.#talk?.since ?? 0;
  }

  get muted(): boolean {
    return this.own.muted;
  }

  get cameraOn(): boolean {
    return this.own.cameraOn;
  }

  get sharing(): boolean {
    return this.own.sharing;
  }

  get theirs(): Theirs {
    return this.#talk?.theirs ?? NOBODY;
  }

  get mine(): MediaStream | null {
    return this.own.camera;
  }

  get myScreen(): MediaStream | null {
    return this.own.screen;
  }

  get picture(): MediaStream | null {
    return this.#talk?.picture ?? null;
  }

  get theirScreen(): MediaStream | null {
    return this.#talk?.theirScreen ?? null;
  }

  get sound(): MediaStream | null {
    return this.#talk?.sound ?? null;
  }

  get silenced(): boolean {
    return this.#talk?.player.silenced ?? false;
  }

  get quality(): Quality {
    return this.#talk?.quality ?? 'unknown';
  }

  get details(): Details | null {
    return this.#talk?.details ?? null;
  }

  get audioOnly(): boolean {
    return this.#talk?.audioOnly ?? false;
  }

  get code(): string {
    return this.#talk?.checking.code ?? '';
  }

  get secrecy(): Secrecy {
    return this.#talk?.checking.state ?? 'agreeing';
  }

  get codeChanged(): boolean {
    return this.#talk?.checking.changed ?? false;
  }

  get trouble(): Trouble {
    return this.own.trouble || (this.#talk?.lost ? 'no-way' : '');
  }

  get canFlip(): boolean {
    return this.own.canFlip;
  }

  get canShare(): boolean {
    return this.own.canShare;
  }

  answer(video: boolean): void {
    if (this.#stage !== 'incoming') return;
    this.own.cameraOn = video;
    this.#enter('answered');
    this.#keep();
    this.moved(this, false);
    const { id, seat } = this;
    const answered = connection.carryOut({ op: 'answer_call', client_id: mint(), call: id, seat: seat.id });
    answered.then(() => this.begin(), (error: { code?: string }) => {
      // Too late, or another device was quicker; else the server could not be told.
      if (GONE.has(error.code ?? '')) this.leave();
      else this.finish('failed');
    });
  }

  decline(): void {
    if (this.#stage !== 'incoming') return;
    parting.tell(this.id, 'decline_call');
    this.finish('declined');
  }

  hangUp(): void {
    if (this.#stage === 'incoming') return this.decline();
    if (this.#stage === 'ended') return;
    this.#talk?.bye();
    if (this.id) this.tellHungUp();
    this.finish(this.#stage === 'calling' ? 'cancelled' : 'answered');
  }

  /** Once it is known which call that was. */
  tellHungUp(): void {
    parting.tell(this.id);
  }

  dismiss(): void {
    if (this.#stage === 'ended') this.moved(this, true);
  }

  mute(on: boolean): void {
    this.own.mute(on);
  }

  camera(on: boolean): Promise<void> {
    return this.own.show(on);
  }

  flip(): Promise<void> {
    return this.own.flip();
  }

  share(): Promise<void> {
    return this.own.share();
  }

  stopSharing(): void {
    this.own.stopSharing();
  }

  verify(verdict: Verdict): void {
    this.#talk?.checking.say(verdict);
  }

  knowsChanged(): void {
    if (this.#talk) this.#talk.checking.changed = false;
  }

  listen(): void {
    this.#talk?.player.listen();
  }

  /** It rings at the other, who hears nothing before. */
  waiting(): void {
    if (this.#stage !== 'calling') return;
    this.#hush('waiting');
    this.#keep();
    this.#ringing ??= setTimeout(() => {
      this.tellHungUp();
      this.finish('missed');
    }, RINGS_MS);
  }

  /** Both have said yes. */
  begin(): void {
    if (this.#stage === 'ended' || this.#talk) return;
    this.#enter('answered');
    const { own: mine, seat } = this;
    const since = seat.keptOf(this.id)?.since ?? 0;
    const talk = (this.#talk = new Talk({
      mine,
      polite: this.incoming,
      since,
      servers: () => relay.servers(),
      hidden: () => preferences.relay_calls,
      send: (signal) => connection.tell({ op: 'call_signal', call: this.id, instance: talk.instance, signal }),
      here: () => this.here(),
    }));
    talk.over.on(() => {
      // They may not have got through to the server, or only to this page.
      this.tellHungUp();
      this.finish('answered');
    });
    talk.connected.on((first) => {
      this.#keep();
      if (first && preferences.sounds) sound('joined', devices.speaker);
    });
    this.#stops = [stayAwake(), askBeforeLeaving(), this.#listensToNetwork(), this.#hurries(), this.#offers()];
    if (!mine.opened) void mine.open();
    this.here();
    this.#keep();
  }

  /** After each welcome: this socket is the one of my seat. */
  here(): void {
    const instance = this.#talk?.instance;
    if (this.id && instance) connection.tell({ op: 'call_here', call: this.id, seat: this.seat.id, instance });
  }

  met(here: boolean, instance: string): void {
    this.#talk?.met(here, instance);
  }

  hear(instance: string, signal: string): void {
    this.#talk?.hear(instance, signal);
  }

  /** Ended for both; stays to be seen until `dismiss()`. */
  finish(outcome: Outcome, durationMs = this.since ? Date.now() - this.since : 0): void {
    if (this.#stage === 'ended') return;
    const heard = this.#stage !== 'incoming';
    this.outcome = outcome;
    this.durationMs = durationMs;
    this.#close();
    if (heard && preferences.sounds) sound('over', devices.speaker);
    this.moved(this, !heard);
  }

  /** Others may be in it, but not this page. */
  leave(): void {
    this.#close();
    this.moved(this, true);
  }

  #close(): void {
    this.#enter('ended');
    for (const stop of this.#stops.splice(0)) stop();
    this.#talk?.close();
    this.own.close();
    this.seat.forget(this.id);
  }

  #enter(stage: 'answered' | 'ended'): void {
    this.#stage = stage;
    clearTimeout(this.#ringing);
    this.#hush();
  }

  #hush(next?: Tone): void {
    this.#quiet();
    this.#quiet = next && preferences.sounds ? sound(next, devices.speaker) : () => undefined;
  }

  #keep(): void {
    if (!this.id || this.#stage === 'ended' || this.#stage === 'incoming') return;
    tellControls(this);
    this.seat.keep({ call: this.id, muted: this.muted, camera: this.cameraOn, since: this.since });
  }

  /** Others may wait longer for a server that restarts; who is in a call cannot. */
  #hurries(): () => void {
    const timer = setInterval(() => connection.online || connection.retryNow(), HURRY_EVERY);
    return () => clearInterval(timer);
  }

  #offers(): () => void {
    return offerControls({
      hangup: () => this.hangUp(),
      togglemicrophone: () => this.mute(!this.muted),
      togglecamera: () => void this.camera(!this.cameraOn),
    });
  }

  #listensToNetwork(): () => void {
    const moved = (): void => this.#talk?.moved();
    NETWORK?.addEventListener('change', moved);
    addEventListener('online', moved);
    return () => {
      NETWORK?.removeEventListener('change', moved);
      removeEventListener('online', moved);
    };
  }
}
