import { calling } from '../../features/calls/calling.svelte';
import { stage } from '../../features/calls/stage.svelte';
import type { Person } from '../../features/people/people.svelte';
import { hushed, speaks, talks } from './speaking';
import { MadeUp, MadeUpCalls, MadeUpDevices, still } from './calls.svelte';

/** What only two people can bring about, made up: puts a call on screen as it looks in this state. */
export type Scene = keyof typeof SCENES;

const TALKED = 754_500;

interface Set {
  calls: MadeUpCalls;
  devices: MadeUpDevices;
  room: string;
  person: Person;
  other: Person;
}

const shown = ({ calls, room, person }: Set, more: ConstructorParameters<typeof MadeUp>[2]): void => {
  calls.show(new MadeUp(room, person, { talked: TALKED, ...more }));
};
const both = (): Partial<MadeUp> => ({ video: true, cameraOn: true, mine: still('me'), picture: still('them') });

export const SCENES = {
  'no call': () => undefined,
  calling: (set: Set) => shown(set, { phase: 'calling', talked: 0, code: '' }),
  'calling with video': (set: Set) => shown(set, { phase: 'calling', talked: 0, code: '', video: true, cameraOn: true, mine: still('me') }),
  'somebody calls': ({ calls, room, person }: Set) => calls.ring(new MadeUp(room, person, { incoming: true, phase: 'incoming' })),
  'somebody calls with video': ({ calls, room, person }: Set) =>
    calls.ring(new MadeUp(room, person, { incoming: true, phase: 'incoming', video: true })),
  'two call': ({ calls, room, person, other }: Set) =>
    calls.ring(
      new MadeUp(room, person, { id: 'one', incoming: true, phase: 'incoming', video: true }),
      new MadeUp(room, other, { id: 'two', incoming: true, phase: 'incoming' }),
    ),
  audio: (set: Set) => shown(set, {}),
  video: (set: Set) => shown(set, both()),
  verified: (set: Set) => shown(set, { ...both(), secrecy: 'verified' }),
  'I compared': (set: Set) => shown(set, { secrecy: 'waiting' }),
  'their code differs': (set: Set) => shown(set, { secrecy: 'differs-there' }),
  'no code': (set: Set) => shown(set, { secrecy: 'unchecked', code: '' }),
  'another code': (set: Set) => shown(set, { codeChanged: true }),
  'their camera is off': (set: Set) =>
    shown(set, { cameraOn: true, mine: still('me'), theirs: { here: true, muted: true, cameraOn: false, sharing: false, audioOnly: false } }),
  screen: (set: Set) => shown(set, { ...both(), theirScreen: still('screen', 1600, 1000) }),
  'sharing mine': (set: Set) => shown(set, { ...both(), sharing: true }),
  weak: (set: Set) => shown(set, { video: true, cameraOn: true, quality: 'poor', audioOnly: true }),
  reconnecting: (set: Set) => shown(set, { phase: 'reconnecting', quality: 'unknown' }),
  'reconnecting with video': (set: Set) => shown(set, { ...both(), phase: 'reconnecting', quality: 'unknown' }),
  'microphone blocked': (set: Set) => shown(set, { trouble: 'mic-denied', muted: true }),
  insecure: (set: Set) => shown(set, { phase: 'ended', outcome: 'failed', talked: 0, trouble: 'insecure' }),
  'no way': (set: Set) => shown(set, { phase: 'ended', outcome: 'failed', talked: 0, trouble: 'no-way' }),
  declined: (set: Set) => shown(set, { phase: 'ended', outcome: 'declined', talked: 0 }),
  busy: (set: Set) => shown(set, { phase: 'ended', outcome: 'busy', talked: 0 }),
  missed: (set: Set) => shown(set, { phase: 'ended', outcome: 'missed', talked: 0 }),
  long: (set: Set) => shown(set, { talked: 3_600_000 + TALKED }),
  small: (set: Set) => {
    shown(set, {});
    stage.small = true;
  },
  'small with video': (set: Set) => {
    shown(set, both());
    stage.small = true;
  },
  'hold to talk': ({ room }: Set) => talks(room, 'recording'),
  'talking on': ({ room }: Set) => talks(room, 'locked'),
  'they talk': ({ person }: Set) => speaks(person),
  before: ({ room, person }: Set) => stage.prepare(room, person),
  'before, camera blocked': ({ devices, room, person }: Set) => {
    devices.trouble = 'camera-denied';
    stage.prepare(room, person);
  },
} satisfies Record<string, (set: Set) => void>;

export function play(scene: Scene, room: string, person: Person, other: Person): void {
  const [calls, devices] = [new MadeUpCalls(), new MadeUpDevices()];
  Object.assign(stage, { calls, devices, plan: null, small: false });
  hushed();
  calling.on = true;
  SCENES[scene]({ calls, devices, room, person, other });
}
