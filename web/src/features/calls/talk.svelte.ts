import { mint } from '../../lib/ids';
import { Signal } from '../../lib/signal';
import { qualityOf, reading, type Counted } from './gauge';
import { Link } from './link';
import { isPhone, MOST } from './media';
import { CAMERA, SCREEN, SCREEN_SOUND, SLOTS, VOICE, type Mine } from './mine.svelte';
import { Player } from './player.svelte';
import { Checking, type Compared } from './secrecy.svelte';
import type { Details, Quality, Theirs } from './shapes';
import { Weakness } from './weak';

export interface TalkWants {
  mine: Mine;
  polite: boolean;
  /** When both first heard each other, should that be long ago. */
  since: number;
  servers(): Promise<RTCIceServer[]>;
  /** My address stays with the server. */
  hidden(): boolean;
  /** To the other's page, by the server. */
  send(signal: string): void;
  /** Say (again) that I am here. */
  here(): void;
}

type Told = ({ type: 'state' } & Omit<Theirs, 'here'>) | { type: 'bye' } | Compared;

const LOOKS_EVERY = 2000;
const FIRST_LOOK = 400;
const LAST_WORD = 500;
/** After so long without a link both begin from nothing; the polite one later, so that not both do, in ms. */
const RENEW_AFTER = 12_000;
const RENEW_POLITE = 6000;
/** The other one may begin anew first, and again and again, so nobody's own patience need ever end. */
const NO_WAY_AFTER = 10_000;

/** What two people in a call have of each other, over as many links as it takes. */
export class Talk {
  /** The other one has gone for good. */
  readonly over = new Signal();
  /** Both hear each other (again); `first`: for the first time in this call. */
  readonly connected = new Signal<boolean>();
  /** A life of this page as the other side knows it; another one when all begins anew. */
  instance = mint();
  state = $state<'connecting' | 'live' | 'reconnecting'>('connecting');
  since = $state(0);
  lost = $state(false);
  theirs = $state.raw<Theirs>({ here: false, muted: false, cameraOn: false, sharing: false, audioOnly: false });
  sound = $state.raw<MediaStream | null>(null);
  details = $state.raw<Details | null>(null);
  quality = $state<Quality>('unknown');
  resting = $state(false);
  readonly checking = new Checking();
  readonly player = new Player();
  #link: Link | null = null;
  #camera = $state.raw<MediaStream | null>(null);
  #screen = $state.raw<MediaStream | null>(null);
  #peer = '';
  #sought = 0;
  #pair = '';
  #former = new Set<string>();
  #early: string[] = [];
  #weakness = new Weakness();
  #counted: Counted | null = null;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #renewing: ReturnType<typeof setTimeout> | undefined;
  #stops: (() => void)[];

  constructor(private readonly wants: TalkWants) {
    this.since = wants.since;
    if (wants.since) this.state = 'reconnecting';
    const { mine } = wants;
    this.#stops = [mine.put.on((slot) => void this.#put(slot)), mine.changed.on(() => this.#tellState())];
  }

  get picture(): MediaStream | null {
    return this.theirs.cameraOn && !this.theirs.audioOnly ? this.#camera : null;
  }

  get theirScreen(): MediaStream | null {
    return this.theirs.sharing && !this.theirs.audioOnly ? this.#screen : null;
  }

  /** My pictures rest. */
  get audioOnly(): boolean {
    return this.resting && this.#shows;
  }

  get #shows(): boolean {
    return this.wants.mine.cameraOn || this.wants.mine.sharing;
  }

  /** The other's page came, in this life of it, or went. */
  met(here: boolean, instance: string): void {
    this.theirs = { ...this.theirs, here };
    if (!here || !instance) return;
    if (this.#link && this.#pair === this.instance + instance) {
      // With the server its relay was gone too, whether or not that shows by now.
      this.#link.resume(this.details?.route === 'relay' && !this.wants.polite);
    } else if (this.#pair !== this.instance + instance) void this.#begin(instance);
  }

  hear(instance: string, signal: string): void {
    const cut = signal.indexOf(' ');
    // It was said to a former life of this page.
    if (signal.slice(0, cut) !== this.instance || this.#former.has(instance)) return;
    if (instance !== this.#peer) void this.#begin(instance);
    const word = signal.slice(cut + 1);
    if (this.#link) this.#link.hear(word);
    else this.#early.push(word);
  }

  /** The network is another one. */
  moved(): void {
    this.#link?.restart();
  }

  /** The other hears it on the link itself, so it stays for as long as a word takes. */
  bye(): void {
    this.#tell({ type: 'bye' });
    const link = this.#link;
    this.#link = null;
    if (link) setTimeout(() => link.close(), LAST_WORD);
    this.close();
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#drop();
    this.#peer = this.#pair = '';
    this.player.close();
  }

  async #begin(peer: string): Promise<void> {
    this.#drop();
    if (this.#peer && this.#peer !== peer) this.#former.add(this.#peer);
    this.#peer = peer;
    this.#sought ||= Date.now();
    this.lost ||= !this.since && Date.now() - this.#sought > NO_WAY_AFTER;
    const pair = (this.#pair = this.instance + peer);
    this.#renewLater();
    const config = await this.#config();
    if (this.#pair !== pair || !this.#stops.length) return;
    const signals = { send: (signal: string) => this.wants.send(`${peer} ${signal}`) };
    const link = new Link({ polite: this.wants.polite, slots: SLOTS, config, signals, renew: () => this.#config() });
    this.#link = link;
    for (const slot of SLOTS.keys()) void this.#put(slot);
    link.changed.on((state) => {
      if (link !== this.#link) return;
      if (state === 'connected') this.#connected(link);
      else if (state !== 'closed') this.#interrupted(state === 'failed');
    });
    link.opened.on(() => {
      this.#tellState();
      this.checking.begin(link, !this.wants.polite);
    });
    link.heard.on((text) => this.#heard(link, text));
    for (const word of this.#early.splice(0)) link.hear(word);
  }

  #drop(): void {
    clearTimeout(this.#looking);
    clearTimeout(this.#renewing);
    this.#link?.close();
    this.#link = this.#counted = null;
    this.#camera = this.#screen = this.sound = null;
    this.checking.drop();
    this.details = null;
    this.quality = 'unknown';
    this.#early = [];
    this.player.play(null);
    this.#interrupted(false);
  }

  async #config(): Promise<RTCConfiguration> {
    const iceServers = await this.wants.servers();
    return { iceServers, iceTransportPolicy: this.wants.hidden() ? 'relay' : 'all' };
  }

  #connected(link: Link): void {
    clearTimeout(this.#renewing);
    const first = !this.since;
    this.since ||= Date.now();
    this.state = 'live';
    this.lost = false;
    this.connected.send(first);
    this.checking.flows();
    if (this.sound) return;
    const of = (...slots: number[]): MediaStream => new MediaStream(slots.flatMap((slot) => link.track(slot) ?? []));
    [this.#camera, this.#screen, this.sound] = [of(CAMERA), of(SCREEN), of(VOICE, SCREEN_SOUND)];
    this.player.play(this.sound);
    this.#limit(link);
    this.#lookIn(FIRST_LOOK);
  }

  #interrupted(failed: boolean): void {
    this.state = this.since ? 'reconnecting' : 'connecting';
    // Until there is a way: what was tried anew has not failed yet, and takes as long again to do so.
    this.lost ||= failed && !this.since;
    this.#renewLater();
  }

  /** Should no new way be found on this link, both get another one. */
  #renewLater(): void {
    clearTimeout(this.#renewing);
    if (!this.#stops.length) return;
    this.#renewing = setTimeout(() => {
      if (this.theirs.here) {
        this.lost = !this.since;
        this.instance = mint();
      }
      this.#renewLater();
      this.wants.here();
    }, RENEW_AFTER + (this.wants.polite ? RENEW_POLITE : 0));
  }

  async #put(slot: number): Promise<void> {
    const link = this.#link;
    await link?.put(slot, this.wants.mine.tracks[slot] ?? null);
    // A page that hears may be heard as well, in browsers that want a touch else.
    if (this.player.silenced) this.player.listen();
    if (link && this.state === 'live') this.#limit(link);
  }

  #limit(link: Link): void {
    const camera = isPhone() ? MOST.smallCamera : MOST.camera;
    void link.limit(VOICE, { most: MOST.voice });
    void link.limit(CAMERA, { most: camera, active: !this.resting });
    void link.limit(SCREEN, { most: MOST.screen, active: !this.resting });
  }

  #lookIn(wait: number): void {
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => void this.#look(), wait);
  }

  async #look(): Promise<void> {
    const link = this.#link;
    const report = await link?.stats().catch(() => null);
    if (!link || link !== this.#link || !report) return;
    const found = reading(report, this.#counted);
    this.#counted = found.counted;
    this.details = found.reading;
    this.quality = qualityOf(found.reading);
    if (this.#weakness.look(found.reading, this.#shows)) {
      this.resting = this.#weakness.resting;
      this.#limit(link);
      this.#tellState();
    }
    this.#lookIn(LOOKS_EVERY);
  }

  #tell(told: Told): void {
    this.#link?.tell(JSON.stringify(told));
  }

  #tellState(): void {
    const { muted, cameraOn, sharing } = this.wants.mine;
    this.#tell({ type: 'state', muted, cameraOn, sharing, audioOnly: this.audioOnly });
  }

  #heard(link: Link, text: string): void {
    if (link !== this.#link) return;
    // A word may come before this side hears that the channel is open.
    this.checking.begin(link, !this.wants.polite);
    if (this.checking.hear(text)) return;
    const told = understood(text);
    if (told?.type === 'compared') return this.checking.heard(told);
    if (told?.type === 'bye') return this.over.send();
    if (told?.type !== 'state') return;
    const { muted, cameraOn, sharing, audioOnly } = told;
    this.theirs = { here: this.theirs.here, muted: !!muted, cameraOn: !!cameraOn, sharing: !!sharing, audioOnly: !!audioOnly };
  }
}

function understood(text: string): Told | null {
  try {
    return JSON.parse(text) as Told | null;
  } catch {
    return null;
  }
}
