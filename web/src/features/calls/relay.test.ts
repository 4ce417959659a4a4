import { beforeEach, expect, test, vi } from 'vitest';
import { sync } from '../../local/sync';
import { connection } from '../connection.svelte';
import { relay } from './relay';

vi.mock('../../local/sync', async () => {
  const { Signal } = await import('../../lib/signal');
  return { sync: { changes: new Signal() } };
});
vi.mock('../../local/owner', async () => {
  const { Signal } = await import('../../lib/signal');
  return { forget: new Signal() };
});
vi.mock('../connection.svelte', () => ({ connection: { tell: vi.fn(), clock: { now: () => 0 } } }));

const HOUR = 3_600_000;

/** What the server answers from now on. */
function answers(port: number, hours = 12): void {
  vi.mocked(connection.tell).mockImplementation(() => {
    const servers = [{ urls: [`turn:{host}:${port}`], username: 'u', credential: 'c' }];
    sync.changes.send({ type: 'passing', event: { op: 'relay_keys', servers, expires_at: hours * HOUR } } as never);
    return true;
  });
}

const urls = async (): Promise<unknown[]> => (await relay.servers()).map((server) => server.urls);
const asked = (): number => vi.mocked(connection.tell).mock.calls.length;

beforeEach(() => {
  vi.stubGlobal('location', { hostname: 'chat.example.org' });
  sync.changes.send({ type: 'settled', welcome: true } as never);
  vi.mocked(connection.tell).mockReset();
});

test('keys are asked for once, and name the host by which this page reached the server', async () => {
  answers(3478);
  expect(await urls()).toEqual([['turn:chat.example.org:3478']]);
  expect(await urls()).toEqual([['turn:chat.example.org:3478']]);
  expect(asked()).toBe(1);
});

test('keys in their last hour are not begun with', async () => {
  answers(3478, 1);
  await urls();
  await urls();
  expect(asked()).toBe(2);
});

test('a server that was started anew is asked anew: its relay may be elsewhere', async () => {
  answers(3478);
  await urls();
  sync.changes.send({ type: 'settled', welcome: false } as never);
  await urls();
  expect(asked()).toBe(1);
  sync.changes.send({ type: 'settled', welcome: true } as never);
  answers(13478);
  expect(await urls()).toEqual([['turn:chat.example.org:13478']]);
});

test('what is held serves while the server does not answer', async () => {
  answers(3478, 0.5);
  await urls();
  vi.useFakeTimers();
  vi.mocked(connection.tell).mockReset();
  const found = urls();
  await vi.advanceTimersByTimeAsync(3000);
  vi.useRealTimers();
  expect(await found).toEqual([['turn:chat.example.org:3478']]);
});
