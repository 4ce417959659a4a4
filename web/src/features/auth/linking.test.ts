import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Signal } from '../../lib/signal';
import type { Change } from '../../local/sync';
import { ApiError, offline } from '../../wire/errors';
import { get, post } from '../../wire/http';
import type { DeviceLink, LinkClaimant, LinkVerdict } from '../../wire/protocol.gen';
import { Newcomer } from './newcomer.svelte';
import { Offer } from './offer.svelte';
import { session } from './session.svelte';

vi.mock('../../wire/http', () => ({ get: vi.fn(), post: vi.fn() }));
vi.mock('./session.svelte', () => ({ session: { arrive: vi.fn() } }));
const changes = vi.hoisted(() => ({ signal: null as unknown as Signal<Change> }));
vi.mock('../../local/sync', async () => {
  const { Signal } = await import('../../lib/signal');
  changes.signal = new Signal<Change>();
  return { sync: { changes: changes.signal } };
});

const claimant: LinkClaimant = { device_name: 'Chrome on Android', device_kind: 'phone', number: '4821' };
const shown: DeviceLink = { id: 'l1', expires_at: 5, url: 'https://x/link#abcd', code: 'abcd' };
const over = new ApiError('not_found', 'There is nothing here.');

const tell = (link: string): void => changes.signal.send({ type: 'passing', event: { op: 'link_claimed', link, claimant } });
const reconnect = (): void => changes.signal.send({ type: 'settled', welcome: true });

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(get).mockReset();
  vi.mocked(post).mockReset().mockResolvedValue(shown);
  vi.mocked(session.arrive).mockReset();
});

afterEach(() => vi.useRealTimers());

const opened = async (): Promise<Offer> => {
  const offer = new Offer();
  await offer.open();
  return offer;
};

test('the device that shows a code asks about whoever used that one, and no other', async () => {
  const offer = await opened();
  tell('another');
  expect(offer.state).toBe('open');
  tell('l1');
  expect([offer.state, offer.claimant]).toEqual(['claimed', claimant]);
  await offer.decide(true);
  expect(post).toHaveBeenLastCalledWith('device-links/l1/decide', { confirm: true });
  expect(offer.state).toBe('in');
  offer.close();
  expect(post).toHaveBeenCalledTimes(2);
});

test('what was missed while it was away is looked up', async () => {
  const offer = await opened();
  vi.mocked(get).mockResolvedValueOnce({ ...shown, claimant });
  reconnect();
  await vi.waitFor(() => expect(offer.state).toBe('claimed'));
});

test('a code that is gone by then is over', async () => {
  const offer = await opened();
  vi.mocked(get).mockRejectedValueOnce(over);
  reconnect();
  await vi.waitFor(() => expect(offer.state).toBe('over'));
  tell('l1');
  expect(offer.state).toBe('over');
});

test('an answer that comes too late is no yes', async () => {
  const offer = await opened();
  tell('l1');
  vi.mocked(post).mockRejectedValueOnce(over);
  await offer.decide(true);
  expect(offer.state).toBe('over');
});

test('a code that nobody was let in with is withdrawn when it is put away', async () => {
  const offer = await opened();
  offer.close();
  expect(post).toHaveBeenLastCalledWith('device-links/l1/decide', { confirm: false });
  tell('l1');
  expect(offer.claimant).toBeNull();
});

// The new device

const claim = { claim: 'secret', number: '4821', display: 'Ada', expires_at: 5 };
const inside: LinkVerdict = { signed_in: { me: { id: 'a', name: 'ada', display: 'Ada' }, device: 'd' } };
const asks = (): number => vi.mocked(post).mock.calls.filter(([path]) => path === 'device-links/wait').length;

test('the new device asks again as long as nothing is decided, and is in then', async () => {
  vi.mocked(post).mockResolvedValueOnce(claim).mockResolvedValueOnce({}).mockResolvedValueOnce({}).mockResolvedValueOnce(inside);
  const newcomer = new Newcomer();
  await expect(newcomer.join('abcd')).resolves.toBe(true);
  expect(asks()).toBe(3);
  expect(session.arrive).toHaveBeenCalledWith(inside.signed_in);
});

test('a bad line is waited for, without asking all the time', async () => {
  vi.mocked(post).mockResolvedValueOnce(claim).mockRejectedValueOnce(offline()).mockResolvedValueOnce(inside);
  const newcomer = new Newcomer();
  const joining = newcomer.join('abcd');
  await vi.waitFor(() => expect(asks()).toBe(1));
  await vi.advanceTimersByTimeAsync(1000);
  await expect(joining).resolves.toBe(true);
});

test('a no is told, and one may start over', async () => {
  const refused = new ApiError('link_refused', 'The other device did not let this one in.');
  vi.mocked(post).mockResolvedValueOnce(claim).mockRejectedValueOnce(refused);
  const newcomer = new Newcomer();
  await expect(newcomer.join('abcd')).resolves.toBe(false);
  expect([newcomer.state, newcomer.problem]).toEqual(['failed', refused.text]);
  newcomer.startOver();
  expect([newcomer.state, newcomer.problem]).toEqual(['code', '']);
});

test('whoever leaves asks no more', async () => {
  const newcomer = new Newcomer();
  vi.mocked(post).mockResolvedValueOnce(claim).mockImplementation(() => {
    newcomer.leave();
    return Promise.resolve({});
  });
  await expect(newcomer.join('abcd')).resolves.toBe(false);
  expect(asks()).toBe(1);
});
