import { beforeEach, expect, test, vi } from 'vitest';

vi.mock('./sounds', () => ({ soundFor: async () => new Blob(['sound']) }));
vi.mock('./heard.svelte', () => ({ heard: { listened: () => undefined } }));
vi.mock('../calls/devices.svelte', () => ({ devices: { speaker: '' } }));

let element: Quick;
let kept: Map<string, string>;

/** Loads at once. As in browsers, what is loaded begins at its usual speed (HTML, "load" algorithm). */
class Quick extends EventTarget {
  playbackRate = 1;
  duration = 3;
  currentTime = 0;
  paused = true;
  onplay: (() => void) | null = null;
  onpause: (() => void) | null = null;

  constructor() {
    super();
    element = this;
  }

  set src(_url: string) {
    this.playbackRate = 1;
    queueMicrotask(() => this.dispatchEvent(new Event('loadedmetadata')));
  }

  removeAttribute(): void {
    this.playbackRate = 1;
  }

  async play(): Promise<void> {
    this.paused = false;
    this.onplay?.();
  }

  pause(): void {
    this.paused = true;
    this.onpause?.();
  }
}

/** A page as it is just after loading. */
async function load(): Promise<(typeof import('./player.svelte'))['player']> {
  vi.resetModules();
  return (await import('./player.svelte')).player;
}

const piece = (key: string) => ({ key, message: key, file: key, clientId: '', mine: true, length: 3 });

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('Audio', Quick);
  vi.stubGlobal('requestAnimationFrame', () => 0);
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) });
});

test('it sounds as quick as it says: once, one and a half times, twice, and once again', async () => {
  const player = await load();
  await player.toggle(piece('one'));
  const heard = [element.playbackRate];
  for (let n = 0; n < 3; n++) {
    player.faster();
    heard.push(element.playbackRate);
  }
  expect(heard).toEqual([1, 1.5, 2, 1]);
});

test('the next one is as quick, and so is the first after the page was loaded anew', async () => {
  let player = await load();
  await player.toggle(piece('one'));
  player.faster();
  await player.toggle(piece('two'));
  expect([player.key, element.playbackRate]).toEqual(['two', 1.5]);
  player = await load();
  expect(element.playbackRate).toBe(1);
  await player.toggle(piece('one'));
  expect([player.speed, element.playbackRate]).toEqual([1.5, 1.5]);
});
