import type { Person } from '../people/people.svelte';

/** What calls look like to whoever shows them. All fields are reactive; nothing of the wire is in here. */

/** `calling`: it rings at the other. `incoming`: it rings here. `connecting`: answered, and no way to each other yet.
 * `reconnecting`: there was one. `ended`: stays `calls.current` until `dismiss()`, so that it can be told why. */
export type Phase = 'calling' | 'incoming' | 'connecting' | 'live' | 'reconnecting' | 'ended';

/** '' until it has ended. */
export type Outcome = '' | 'answered' | 'declined' | 'cancelled' | 'missed' | 'busy' | 'failed';

/** What is in the way, and goes on being so: `insecure` where the page came without https and the browser gives it no
 * devices, `no-way` when no path to the other was found. */
export type Trouble =
  | ''
  | 'mic-denied'
  | 'mic-missing'
  | 'camera-denied'
  | 'camera-missing'
  | 'screen-denied'
  | 'insecure'
  | 'no-way';

export type Quality = 'unknown' | 'good' | 'fair' | 'poor';

export interface Details {
  /** There and back. */
  readonly rttMs: number;
  /** Of what was sent to me in the last seconds, 0 to 100. */
  readonly lossPercent: number;
  readonly kbitIn: number;
  readonly kbitOut: number;
  /** Of the picture that comes in; 0 without one. */
  readonly width: number;
  readonly height: number;
  readonly route: 'direct' | 'relay' | '';
  /** How my side reaches the relay, or the other: `udp`, `tcp` or `tls`; '' when not known. */
  readonly protocol: string;
}

/** What one of both says of the code; '' takes it back. */
export type Verdict = '' | 'same' | 'differs';

/** `agreeing`: there is no code yet. `unchecked`: there will be none though sound flows. `encrypted`: nobody here has
 * compared. `waiting`: here it was said to be the same, and the other has not said so. `verified`: both have. `differs`,
 * `differs-there`: somebody here, or there, said that it is another one. All fall with the code. */
export type Secrecy = 'agreeing' | 'unchecked' | 'encrypted' | 'waiting' | 'verified' | 'differs' | 'differs-there';

/** What the other side says of itself. */
export interface Theirs {
  /** Their page is connected to the server. */
  readonly here: boolean;
  readonly muted: boolean;
  readonly cameraOn: boolean;
  readonly sharing: boolean;
  /** Their pictures rest, since their link is weak. */
  readonly audioOnly: boolean;
}

export interface OneCall {
  readonly id: string;
  readonly room: string;
  readonly person: Person;
  readonly incoming: boolean;
  /** It was begun as a video call. */
  readonly video: boolean;
  readonly phase: Phase;
  readonly outcome: Outcome;
  /** When both first heard each other, ms since the epoch by this machine's clock; 0 before. */
  readonly since: number;
  /** How long it took in all, once it has ended. */
  readonly durationMs: number;

  readonly muted: boolean;
  readonly cameraOn: boolean;
  readonly sharing: boolean;
  readonly theirs: Theirs;

  /** My camera. */
  readonly mine: MediaStream | null;
  readonly myScreen: MediaStream | null;
  /** Their camera. */
  readonly picture: MediaStream | null;
  readonly theirScreen: MediaStream | null;
  /** What comes from them; it is played already, and no screen may play it again: give its videos `muted`. */
  readonly sound: MediaStream | null;
  /** The browser plays nothing before somebody touches the page: then call `listen()` from a click. */
  readonly silenced: boolean;

  readonly quality: Quality;
  readonly details: Details | null;
  /** My pictures, the screen too, rest on a weak link; they come back by themselves. */
  readonly audioOnly: boolean;
  /** Five groups of two digits, `12 34 56 78 90`, the same on both sides (`comparing.ts`); '' until it is agreed on. */
  readonly code: string;
  readonly secrecy: Secrecy;
  /** What was compared is of a link that is gone, and there is another code; until `verify()` or `knowsChanged()`. */
  readonly codeChanged: boolean;
  readonly trouble: Trouble;

  answer(video: boolean): void;
  decline(): void;
  /** Cancels while it rings. */
  hangUp(): void;
  /** The last screen of it was seen. */
  dismiss(): void;
  mute(on: boolean): void;
  camera(on: boolean): Promise<void>;
  /** Phones: front or back. */
  readonly canFlip: boolean;
  flip(): Promise<void>;
  readonly canShare: boolean;
  share(): Promise<void>;
  stopSharing(): void;
  verify(verdict: Verdict): void;
  knowsChanged(): void;
  listen(): void;
}

/** A call of mine that another page has: another tab, or another device. */
export interface Elsewhere {
  readonly id: string;
  readonly room: string;
  readonly person: Person;
  readonly video: boolean;
}

export interface Calls {
  /** The one that this page is in, rings out with, or that has just ended. */
  readonly current: OneCall | null;
  /** What rings here. */
  readonly incoming: readonly OneCall[];
  readonly elsewhere: readonly Elsewhere[];
  /** Throws ApiError when the server says no; what is wrong with devices stands in `current.trouble`. */
  start(room: string, person: Person, video: boolean): Promise<void>;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** Of this browser; what is chosen is kept in it. '' stands for what the system uses. */
export interface Devices {
  /** Labels are known only after `open`, or in a call. */
  readonly microphones: readonly Choice[];
  readonly cameras: readonly Choice[];
  readonly speakers: readonly Choice[];
  readonly microphone: string;
  readonly camera: string;
  readonly speaker: string;
  readonly canChooseSpeaker: boolean;
  /** How loud the microphone is now, 0 to 1, while open. */
  readonly level: number;
  /** My camera, while open with video. */
  readonly preview: MediaStream | null;
  readonly trouble: Trouble;
  /** Takes effect at once: in the preview, and in a call that is on. */
  chooseMicrophone(id: string): void;
  chooseCamera(id: string): void;
  chooseSpeaker(id: string): void;
  /** Begins preview and meter; again with another `video` changes them. */
  open(video: boolean): Promise<void>;
  close(): void;
  /** A short tone from the chosen speaker. */
  tryOut(): void;
}
