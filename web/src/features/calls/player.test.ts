import { beforeEach, expect, test, vi } from 'vitest';
import { devices } from './devices.svelte';
import { Player } from './player.svelte';

let sinks: string[];
let there: Set<string>;

beforeEach(() => {
  [sinks, there] = [[], new Set(['', 'headset', 'kitchen'])];
  vi.stubGlobal('Audio', class {
    paused = true;
    pause = () => undefined;
    setSinkId = async (id: string): Promise<void> => {
      if (!there.has(id)) throw Object.assign(new Error(), { name: 'NotFoundError' });
      sinks.push(id);
    };
  });
});

test('a call is heard from the chosen speaker, and from another one as soon as that is chosen', () => {
  devices.chooseSpeaker('headset');
  const player = new Player();
  expect(sinks).toEqual(['headset']);
  devices.chooseSpeaker('kitchen');
  expect(sinks).toEqual(['headset', 'kitchen']);
  devices.chooseMicrophone('other');
  player.close();
  devices.chooseSpeaker('headset');
  expect(sinks).toEqual(['headset', 'kitchen']);
});

test('from a speaker that is gone it goes to the system\'s own', async () => {
  there.delete('headset');
  devices.chooseSpeaker('headset');
  const player = new Player();
  await vi.waitFor(() => expect(sinks).toEqual(['']));
  player.close();
});

test('a browser that lets nobody choose is none to break', () => {
  vi.stubGlobal('Audio', class { pause = () => undefined; });
  expect(() => new Player().close()).not.toThrow();
});
