import { expect, test, vi } from 'vitest';

vi.mock('./sounds', () => ({ soundFor: () => Promise.reject(new Error('broken off')) }));
vi.mock('./heard.svelte', () => ({ heard: {} }));
vi.mock('../calls/devices.svelte', () => ({ devices: { speaker: '' } }));

test('what breaks off on its way is said not to be had, and does not load for ever', async () => {
  vi.stubGlobal('Audio', class { pause = () => undefined; removeAttribute = () => undefined; });
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  const { player } = await import('./player.svelte');
  await player.toggle({ key: 'one', message: 'm1', file: 'f1', clientId: '', mine: false, length: 3 });
  expect([player.loading, player.lost]).toEqual([false, 'one']);
});
