/** For tests: peer connections that negotiate by the rules (JSEP), and a way between two of them that loses and
 * overtakes. No packet ever flows: both are connected once each knows the other's latest ICE credentials. */

let made = 0;

interface Described {
  type: 'offer' | 'answer';
  sdp: string;
}

const fragmentOf = (sdp: string | undefined): string => /a=ice-ufrag:(\S+)/.exec(sdp ?? '')?.[1] ?? '';
const kindsIn = (sdp: string): string[] => [...sdp.matchAll(/^m=(\S+)/gm)].map(([, kind]) => kind!);

class FakeTransceiver {
  direction = 'sendrecv';
  readonly sender = {
    track: null as MediaStreamTrack | null,
    parameters: { encodings: [{}] },
    replaceTrack: async (track: MediaStreamTrack | null) => void (this.sender.track = track),
    getParameters: () => structuredClone(this.sender.parameters),
    setParameters: async (given: { encodings: object[] }) => void (this.sender.parameters = given),
  };
  readonly receiver: { track: { kind: string } };

  constructor(kind: string) {
    this.receiver = { track: { kind } };
  }
}

export class FakePeer {
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: ((event: { candidate: { toJSON(): RTCIceCandidateInit } | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  signalingState: 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed' = 'stable';
  connectionState = 'new';
  iceConnectionState = 'new';
  currentLocalDescription: Described | null = null;
  currentRemoteDescription: Described | null = null;
  pendingLocal: Described | null = null;
  pendingRemote: Described | null = null;
  readonly candidates: string[] = [];
  readonly transceivers: FakeTransceiver[] = [];
  readonly channel = { readyState: 'connecting', onopen: null, onmessage: null, send: () => undefined };
  readonly fingerprint = `AA:${(made += 1).toString(16).padStart(2, '0')}`;
  configuration: RTCConfiguration = {};
  restarts = 0;
  /** How often a description was refused. */
  refused = 0;
  #fragment = '';
  #fresh = true;
  #needed = false;

  createDataChannel(): unknown {
    this.#need();
    return this.channel;
  }

  addTransceiver(kind: string): FakeTransceiver {
    this.transceivers.push(new FakeTransceiver(kind));
    this.#need();
    return this.transceivers.at(-1)!;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  get localDescription(): Described | null {
    return this.pendingLocal ?? this.currentLocalDescription;
  }

  get remoteDescription(): Described | null {
    return this.pendingRemote ?? this.currentRemoteDescription;
  }

  setConfiguration(given: RTCConfiguration): void {
    this.configuration = given;
  }

  restartIce(): void {
    this.restarts += 1;
    this.#fresh = true;
    this.#need();
  }

  async setLocalDescription(): Promise<void> {
    await Promise.resolve();
    if (this.signalingState === 'closed') throw new Error('closed');
    const answers = this.signalingState === 'have-remote-offer';
    const restarted = answers && fragmentOf(this.pendingRemote!.sdp) !== fragmentOf(this.currentRemoteDescription?.sdp);
    if (this.#fresh || restarted) this.#fragment = `f${(made += 1)}`;
    const gathers = this.#fresh || restarted;
    const described: Described = { type: answers ? 'answer' : 'offer', sdp: this.#sdp(answers) };
    if (answers) {
      this.#fresh = false;
      [this.currentLocalDescription, this.currentRemoteDescription] = [described, this.pendingRemote];
      this.pendingLocal = this.pendingRemote = null;
      this.#settle();
    } else {
      this.pendingLocal = described;
      this.signalingState = 'have-local-offer';
    }
    if (gathers) for (const n of [1, 2]) this.#gather(n);
  }

  async setRemoteDescription({ type, sdp }: Described): Promise<void> {
    await Promise.resolve();
    if (type === 'answer') {
      if (this.signalingState !== 'have-local-offer') throw this.#refusal('no offer');
      const asked = kindsIn(this.pendingLocal!.sdp).join();
      if (kindsIn(sdp).join() !== asked) throw this.#refusal('another order of m-lines');
      [this.currentLocalDescription, this.currentRemoteDescription] = [this.pendingLocal, { type, sdp }];
      this.pendingLocal = null;
      this.#fresh = false;
      return this.#settle();
    }
    if (this.signalingState === 'have-local-offer') this.pendingLocal = null;
    this.pendingRemote = { type, sdp };
    this.signalingState = 'have-remote-offer';
    const kinds = kindsIn(sdp).filter((kind) => kind !== 'application');
    for (const kind of kinds.slice(this.transceivers.length)) {
      const one = new FakeTransceiver(kind);
      one.direction = 'recvonly';
      this.transceivers.push(one);
    }
  }

  async addIceCandidate({ candidate, usernameFragment }: RTCIceCandidateInit): Promise<void> {
    const remote = this.remoteDescription;
    if (!remote || usernameFragment !== fragmentOf(remote.sdp)) throw this.#refusal('a candidate of nobody');
    this.candidates.push(candidate!);
  }

  async getStats(): Promise<Map<string, unknown>> {
    return new Map();
  }

  close(): void {
    this.signalingState = 'closed';
  }

  /** The network says so. */
  become(ice: 'connected' | 'disconnected' | 'failed'): void {
    this.iceConnectionState = ice;
    this.connectionState = ice;
    this.oniceconnectionstatechange?.();
    this.onconnectionstatechange?.();
  }

  #refusal(why: string): Error {
    this.refused += 1;
    return new Error(why);
  }

  #sdp(answers: boolean): string {
    const kinds = answers
      ? kindsIn(this.pendingRemote!.sdp)
      : [...this.transceivers.map((one) => one.receiver.track.kind), 'application'];
    return [`a=ice-ufrag:${this.#fragment}`, `a=fingerprint:sha-256 ${this.fingerprint}`, ...kinds.map((kind) => `m=${kind}`)].join('\n');
  }

  #gather(n: number): void {
    const candidate = { candidate: `${this.#fragment}-${n}`, usernameFragment: this.#fragment };
    // Behind the description: browsers keep that order.
    const tell = (hops: number): void => {
      if (hops) queueMicrotask(() => tell(hops - 1));
      else this.onicecandidate?.({ candidate: { toJSON: () => candidate } });
    };
    tell(8);
  }

  #settle(): void {
    this.signalingState = 'stable';
    if (this.#needed && !this.#fresh) this.#needed = false;
    if (this.#fresh) this.#need();
  }

  #need(): void {
    this.#needed = true;
    queueMicrotask(() => {
      if (!this.#needed || this.signalingState !== 'stable') return;
      this.#needed = false;
      this.onnegotiationneeded?.();
    });
  }
}

/** Each knows the other as it is now. */
export function agree(one: FakePeer, other: FakePeer): boolean {
  const knows = (a: FakePeer, b: FakePeer): boolean =>
    a.signalingState === 'stable' &&
    fragmentOf(a.currentRemoteDescription?.sdp) !== '' &&
    fragmentOf(a.currentRemoteDescription?.sdp) === fragmentOf(b.currentLocalDescription?.sdp);
  return knows(one, other) && knows(other, one);
}
