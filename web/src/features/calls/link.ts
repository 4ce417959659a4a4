import { Signal } from '../../lib/signal';
import { choose } from './codecs';
import { belongs, fingerprintIn, understood, type Spoken } from './spoken';

/** Carries words to the other end; some may be lost. */
export interface Signals {
  send(signal: string): void;
}

export type LinkState = 'connecting' | 'connected' | 'interrupted' | 'failed' | 'closed';

export interface LinkWants {
  /** Gives way when both offer at once, and waits for the first offer. Of two ends exactly one is. */
  polite: boolean;
  /** What may be sent, each way, from beginning to end: the same list on both sides. */
  slots: readonly ('audio' | 'video')[];
  config: RTCConfiguration;
  signals: Signals;
  /** Before ICE starts again: keys that are still good. */
  renew?: () => Promise<RTCConfiguration>;
  connect?: (config: RTCConfiguration) => RTCPeerConnection;
}

/** How long a link may be quiet before a new way is looked for, in ms; the polite end leaves it to the other first. */
const PATIENCE = 1200;
const POLITE = 800;
const RESTART_AGAIN = 5000;
const OFFER_AGAIN = 4000;
const EARLY = 64;

/**
 * One RTCPeerConnection, negotiated perfectly (W3C WebRTC, 10.7): it looks for another way when the one it has breaks,
 * and outlives lost and overtaken signals. All m-lines are there from the first offer, so what is sent changes without
 * a word to the other side. Each step of negotiating waits for the one before it: so the signalling state is what it
 * looks like whenever a step begins.
 */
export class Link {
  readonly changed = new Signal<LinkState>();
  /** What the other end told by `tell`. */
  readonly heard = new Signal<string>();
  /** The channel for it is open. */
  readonly opened = new Signal();
  state: LinkState = 'connecting';

  readonly #pc: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #tracks: (MediaStreamTrack | null)[];
  #turn: Promise<unknown> = Promise.resolve();
  #renewing: Promise<void> | null = null;
  #offers = 0;
  #answered = 0;
  #early: RTCIceCandidateInit[] = [];
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #unanswered: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly wants: LinkWants) {
    const { config, connect = (given) => new RTCPeerConnection(given), slots, polite } = wants;
    const pc = (this.#pc = connect({ ...config, bundlePolicy: 'max-bundle' }));
    this.#tracks = slots.map(() => null);
    pc.onnegotiationneeded = () => this.#then(() => this.#offer());
    // Whoever waited until all are gathered would wait for the slowest server that cannot be reached.
    pc.onicecandidate = ({ candidate }) => candidate && this.#say({ type: 'candidate', candidate: candidate.toJSON() });
    pc.onconnectionstatechange = pc.oniceconnectionstatechange = () => this.#moved();
    this.#channel = pc.createDataChannel('words', { negotiated: true, id: 0 });
    this.#channel.onopen = () => this.opened.send();
    this.#channel.onmessage = ({ data }) => this.heard.send(String(data));
    // Those of the polite end come with the offer: two that were made at both ends are never taken for one.
    if (!polite) for (const kind of slots) choose(pc.addTransceiver(kind, { direction: 'sendrecv' }), kind);
  }

  /** A word from the other end. */
  hear(signal: string): void {
    const said = understood(signal);
    if (said) this.#then(() => this.#take(said));
  }

  /** By the channel between both, which nobody else can read; false while there is none. */
  tell(text: string): boolean {
    if (this.#channel.readyState !== 'open') return false;
    this.#channel.send(text);
    return true;
  }

  /** Send this track, or nothing, without a word to the other side. */
  async put(slot: number, track: MediaStreamTrack | null): Promise<void> {
    this.#tracks[slot] = track;
    if (this.state !== 'closed') await this.#sender(slot)?.replaceTrack(track);
  }

  /** What comes in; it is silent, or stands still, while the other side sends nothing. null before there is a link. */
  track(slot: number): MediaStreamTrack | null {
    return this.#pc.getTransceivers()[slot]?.receiver.track ?? null;
  }

  /** `most` bits a second; `active` false sends nothing though the track stays. */
  async limit(slot: number, { most, active = true }: { most: number; active?: boolean }): Promise<void> {
    const sender = this.#sender(slot);
    const parameters = sender?.getParameters();
    if (this.state === 'closed' || !sender || !parameters?.encodings?.length) return;
    for (const encoding of parameters.encodings) Object.assign(encoding, { maxBitrate: most, active });
    // Another change may be under way, or the browser knows no such limit: it is one more kindness to the network.
    await sender.setParameters(parameters).catch(() => undefined);
  }

  /** Look for a new way: the network is another one, or the old way is known to be gone. */
  restart(): void {
    // Keys may take their time; what is heard meanwhile does not wait for them.
    this.#renewing ??= Promise.resolve(this.wants.renew?.()).catch(() => undefined).then((config) => {
      this.#renewing = null;
      this.#then(async () => {
        if (config) this.#pc.setConfiguration({ ...config, bundlePolicy: 'max-bundle' });
        if (!this.wants.polite || this.#pc.remoteDescription) this.#pc.restartIce();
      });
    });
  }

  /** The other end can hear again; what was said meanwhile may be lost. `anew`: the way there is gone for sure. */
  resume(anew = false): void {
    // An offer that nobody heard stands in the way of the next one.
    this.#repeat();
    if (anew || this.state !== 'connected') this.restart();
  }

  stats(): Promise<RTCStatsReport> {
    return this.#pc.getStats();
  }

  /** Of both certificates, mine first; null until both are known. */
  get fingerprints(): [string, string] | null {
    const mine = fingerprintIn(this.#pc.currentLocalDescription?.sdp);
    const theirs = fingerprintIn(this.#pc.currentRemoteDescription?.sdp);
    return mine && theirs ? [mine, theirs] : null;
  }

  close(): void {
    if (this.state === 'closed') return;
    clearTimeout(this.#quiet);
    clearTimeout(this.#unanswered);
    const pc = this.#pc;
    pc.onnegotiationneeded = pc.onicecandidate = pc.onconnectionstatechange = pc.oniceconnectionstatechange = null;
    this.#channel.onopen = this.#channel.onmessage = null;
    pc.close();
    this.#enter('closed');
  }

  #sender(slot: number): RTCRtpSender | undefined {
    return this.#pc.getTransceivers()[slot]?.sender;
  }

  #then(step: () => Promise<void>): void {
    const whole = async (): Promise<void> => {
      if (this.state !== 'closed') await step();
    };
    // A step that fails (a description that the browser does not take) must not stop those behind it.
    this.#turn = this.#turn.then(whole).catch(() => undefined);
  }

  async #offer(): Promise<void> {
    const pc = this.#pc;
    // It is asked for again once this exchange is over.
    if (pc.signalingState !== 'stable' || (this.wants.polite && !pc.remoteDescription)) return;
    await pc.setLocalDescription();
    this.#offers += 1;
    this.#repeat();
  }

  /** The offer that waits for its answer, with all candidates that are known by now; again, should it be lost. */
  #repeat(wait = OFFER_AGAIN): void {
    const { signalingState, localDescription } = this.#pc;
    clearTimeout(this.#unanswered);
    if (this.state === 'closed' || signalingState !== 'have-local-offer' || !localDescription) return;
    this.#say({ type: 'offer', n: this.#offers, sdp: localDescription.sdp });
    this.#unanswered = setTimeout(() => this.#repeat(wait * 2), wait);
  }

  async #take(said: Spoken): Promise<void> {
    if (said.type === 'candidate') return this.#reach(said.candidate);
    const pc = this.#pc;
    if (this.#isOfAnother(said.sdp)) return;
    if (said.type === 'answer') {
      // An answer to an offer that was taken back, or that was answered already.
      if (said.n !== this.#offers || pc.signalingState !== 'have-local-offer') return;
      clearTimeout(this.#unanswered);
      await pc.setRemoteDescription({ type: 'answer', sdp: said.sdp });
      return this.#catchUp();
    }
    if (said.n <= this.#answered) return this.#answerAgain(said.n);
    if (pc.signalingState !== 'stable' && !this.wants.polite) return;
    clearTimeout(this.#unanswered);
    // Takes back an offer of our own.
    await pc.setRemoteDescription({ type: 'offer', sdp: said.sdp });
    this.#answered = said.n;
    await this.#fill();
    await pc.setLocalDescription();
    this.#say({ type: 'answer', n: said.n, sdp: pc.localDescription?.sdp ?? '' });
    await this.#catchUp();
  }

  /** A browser takes another certificate in mid-link and begins anew with whoever has it; what people compared would
   * then be of somebody who is gone. Whoever really has a new one makes a new link. */
  #isOfAnother(sdp: string): boolean {
    const held = this.#pc.currentRemoteDescription;
    return held !== null && fingerprintIn(sdp) !== fingerprintIn(held.sdp);
  }

  /** The same answer: another one might be taken by nobody, since the first may have arrived after all. */
  #answerAgain(n: number): void {
    const { currentLocalDescription: held } = this.#pc;
    if (n === this.#answered && held?.type === 'answer') this.#say({ type: 'answer', n, sdp: held.sdp });
  }

  /** What came with the first offer sends as well as it receives. */
  async #fill(): Promise<void> {
    for (const [slot, transceiver] of this.#pc.getTransceivers().entries()) {
      transceiver.direction = 'sendrecv';
      const track = this.#tracks[slot] ?? null;
      if (transceiver.sender.track !== track) await transceiver.sender.replaceTrack(track);
    }
  }

  async #reach(candidate: RTCIceCandidateInit): Promise<void> {
    const { remoteDescription } = this.#pc;
    if (remoteDescription && belongs(candidate, remoteDescription.sdp)) {
      return this.#pc.addIceCandidate(candidate);
    }
    // It overtook its description, or is of an offer that was not taken.
    this.#early = [...this.#early, candidate].slice(-EARLY);
  }

  async #catchUp(): Promise<void> {
    for (const candidate of this.#early.splice(0)) await this.#reach(candidate);
  }

  #say(said: Spoken): void {
    this.wants.signals.send(JSON.stringify(said));
  }

  #moved(): void {
    const { connectionState, iceConnectionState } = this.#pc;
    if (connectionState === 'connected' && iceConnectionState !== 'disconnected') {
      clearTimeout(this.#quiet);
      return this.#enter('connected');
    }
    if (connectionState === 'failed' || iceConnectionState === 'failed') {
      if (this.state !== 'failed') this.#restartAfter(0);
      this.#enter('failed');
    } else if (iceConnectionState === 'disconnected') {
      if (this.state === 'connected') this.#restartAfter(PATIENCE);
      this.#enter('interrupted');
    }
  }

  /** And then again and again, until it is connected. */
  #restartAfter(wait: number): void {
    clearTimeout(this.#quiet);
    const again = (): void => (this.restart(), this.#restartAfter(RESTART_AGAIN));
    this.#quiet = setTimeout(again, wait + (this.wants.polite ? POLITE : 0));
  }

  #enter(state: LinkState): void {
    if (state === this.state) return;
    this.state = state;
    this.changed.send(state);
  }
}
