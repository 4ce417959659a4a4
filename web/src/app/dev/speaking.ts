import { mount, unmount } from 'svelte';
import { nameOf, type Person } from '../../features/people/people.svelte';
import { holding, type Phase } from '../../features/voice/holding.svelte';
import TalkSign from '../../features/voice/TalkSign.svelte';

/** Hold to talk, without a microphone: what stands on screen while somebody talks. */
const SAID_MS = 7_400;
const level = (at: number): number => 0.12 + 0.8 * Math.abs(Math.sin(at * 0.9) * Math.sin(at * 0.31 + 0.4));

let sign: Record<string, unknown> | null = null;

/** I do, in this room. Its composer shows it from the next press of its button on. */
export function talks(room: string, phase: Phase): void {
  Object.assign(holding, { room, hintRoom: room, hint: '', phase, ms: SAID_MS, slid: 0, lifted: 0 });
  holding.levels = Array.from({ length: 40 }, (_, at) => level(at));
}

/** The other one does, and I hear it. */
export function speaks(person: Person): void {
  sign = mount(TalkSign, { target: document.body, props: { name: nameOf(person), onstop: hushed } });
}

export function hushed(): void {
  Object.assign(holding, { phase: '', room: '' });
  if (sign) void unmount(sign);
  sign = null;
}
