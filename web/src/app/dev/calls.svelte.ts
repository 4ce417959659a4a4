/** Calls that nobody makes: each state of the screens as it stands, for the gallery and for pictures of it. */
import type { Calls, Choice, Details, Devices, OneCall, Verdict } from '../../features/calls/shapes';
import type { Person } from '../../features/people/people.svelte';

const nothing = (): void => undefined;
const done = (): Promise<void> => Promise.resolve();

const DETAILS: Details = { rttMs: 38, lossPercent: 0.2, kbitIn: 1240, kbitOut: 1180, width: 1280, height: 720, route: 'direct', protocol: 'udp' };

/** A room at dusk with somebody in it, drawn: the same each time, in whichever browser. */
function paint(pen: CanvasRenderingContext2D, width: number, height: number, hue: number): void {
  const wall = pen.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, `oklch(0.78 0.07 ${hue})`);
  wall.addColorStop(1, `oklch(0.42 0.08 ${hue + 40})`);
  pen.fillStyle = wall;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = `oklch(0.9 0.08 80 / 0.9)`;
  pen.beginPath();
  pen.roundRect(width * 0.08, height * 0.1, width * 0.24, height * 0.34, 12);
  pen.fill();
  const [x, unit] = [width * 0.54, Math.min(width, height)];
  pen.fillStyle = `oklch(0.36 0.09 ${hue + 180})`;
  pen.beginPath();
  pen.ellipse(x, height * 1.08, unit * 0.42, unit * 0.46, 0, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = 'oklch(0.72 0.06 55)';
  pen.beginPath();
  pen.ellipse(x, height * 0.5, unit * 0.17, unit * 0.21, 0, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = 'oklch(0.3 0.04 40)';
  pen.beginPath();
  pen.ellipse(x, height * 0.5 - unit * 0.1, unit * 0.19, unit * 0.15, 0, Math.PI, Math.PI * 2);
  pen.fill();
}

/** A page with a plan of the garden. */
function draft(pen: CanvasRenderingContext2D, width: number, height: number): void {
  pen.fillStyle = 'oklch(0.97 0.01 80)';
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = 'oklch(0.9 0.02 80)';
  pen.fillRect(0, 0, width, height * 0.08);
  pen.font = `600 ${height * 0.055}px sans-serif`;
  pen.fillStyle = 'oklch(0.3 0.04 330)';
  pen.fillText('Beds for next spring', width * 0.06, height * 0.2);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 5; column++) {
      pen.fillStyle = `oklch(${0.7 + 0.05 * ((row + column) % 3)} 0.1 ${110 + 25 * ((row * 2 + column) % 4)})`;
      pen.beginPath();
      pen.roundRect(width * (0.06 + column * 0.18), height * (0.28 + row * 0.22), width * 0.15, height * 0.17, 10);
      pen.fill();
    }
  }
}

/** A stream of one still picture. */
export function still(kind: 'them' | 'me' | 'screen', width = 720, height = 960): MediaStream {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext('2d');
  if (pen && kind === 'screen') draft(pen, width, height);
  else if (pen) paint(pen, width, height, kind === 'them' ? 30 : 265);
  const stream = canvas.captureStream();
  // A video that comes later sees what is drawn from then on.
  const again = setInterval(() => pen?.fillRect(0, 0, 0.01, 0.01), 200);
  stream.getVideoTracks()[0]?.addEventListener('ended', () => clearInterval(again));
  return stream;
}

export class MadeUp implements OneCall {
  readonly id: string = 'made-up';
  readonly room: string;
  readonly person: Person;
  readonly incoming: boolean = false;
  readonly video: boolean = false;
  phase = $state<OneCall['phase']>('live');
  outcome = $state<OneCall['outcome']>('');
  /** For how long, in ms; it does not grow, so that two pictures of it are alike. */
  talked = 0;
  durationMs = $state(0);
  muted = $state(false);
  cameraOn = $state(false);
  sharing = $state(false);
  theirs = $state<OneCall['theirs']>({ here: true, muted: false, cameraOn: false, sharing: false, audioOnly: false });
  mine = $state.raw<MediaStream | null>(null);
  myScreen = $state.raw<MediaStream | null>(null);
  picture = $state.raw<MediaStream | null>(null);
  theirScreen = $state.raw<MediaStream | null>(null);
  sound: MediaStream | null = null;
  silenced = $state(false);
  quality = $state<OneCall['quality']>('good');
  details: Details | null = DETAILS;
  audioOnly = $state(false);
  code = $state('12 84 05 37 61');
  secrecy = $state<OneCall['secrecy']>('encrypted');
  codeChanged = $state(false);
  trouble = $state<OneCall['trouble']>('');
  canFlip = true;
  canShare = true;

  constructor(room: string, person: Person, more: Partial<MadeUp> = {}) {
    this.room = room;
    this.person = person;
    Object.assign(this, more);
  }

  get since(): number {
    return this.talked && Date.now() - this.talked;
  }

  answer: (video: boolean) => void = () => void (this.phase = 'live');
  decline = (): void => this.dismiss();
  hangUp = (): void => {
    this.outcome = this.phase === 'calling' ? 'cancelled' : 'answered';
    this.durationMs = this.talked;
    this.phase = 'ended';
  };
  dismiss = nothing;
  mute = (on: boolean): void => void (this.muted = on);
  camera = async (on: boolean): Promise<void> => {
    this.cameraOn = on;
    this.mine = on ? still('me') : null;
  };
  flip = done;
  share = async (): Promise<void> => void (this.sharing = true);
  stopSharing = (): void => void (this.sharing = false);
  verify = (verdict: Verdict): void => {
    this.secrecy = verdict === 'differs' ? 'differs' : verdict === 'same' ? 'waiting' : 'encrypted';
    this.codeChanged = false;
  };
  knowsChanged = (): void => void (this.codeChanged = false);
  listen = (): void => void (this.silenced = false);
}

export class MadeUpCalls implements Calls {
  current = $state.raw<OneCall | null>(null);
  incoming = $state.raw<readonly OneCall[]>([]);
  elsewhere = [];

  start = async (room: string, person: Person, video: boolean): Promise<void> => {
    this.show(new MadeUp(room, person, { video, phase: 'calling', ...(video && { cameraOn: true, mine: still('me') }) }));
  };

  show(call: MadeUp): void {
    call.dismiss = (): void => void (this.current = null);
    this.current = call;
  }

  ring(...calls: MadeUp[]): void {
    for (const call of calls) {
      const gone = (): void => void (this.incoming = this.incoming.filter((each) => each !== call));
      call.decline = gone;
      call.answer = (video: boolean): void => {
        gone();
        const answered = { talked: 500, cameraOn: video, mine: video ? still('me') : null, video: call.video };
        this.show(new MadeUp(call.room, call.person, { ...answered, picture: call.video ? still('them') : null }));
      };
    }
    this.incoming = calls;
  }
}

const of = (...labels: string[]): Choice[] => labels.map((label, at) => ({ id: `${at}`, label }));

export class MadeUpDevices implements Devices {
  microphones = of('Built-in microphone', 'Headset');
  cameras = of('Front camera', 'Camera on the shelf');
  speakers = of('Built-in speakers', 'Headset');
  microphone = $state('');
  camera = $state('');
  speaker = $state('');
  canChooseSpeaker = true;
  level = $state(0.55);
  preview = $state.raw<MediaStream | null>(null);
  trouble = $state<Devices['trouble']>('');
  chooseMicrophone = (id: string): void => void (this.microphone = id);
  chooseCamera = (id: string): void => void (this.camera = id);
  chooseSpeaker = (id: string): void => void (this.speaker = id);
  open = async (video: boolean): Promise<void> => void (this.preview = video && !this.trouble ? still('me', 960, 720) : null);
  close = (): void => void (this.preview = null);
  tryOut = nothing;
}
