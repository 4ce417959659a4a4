import { beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../wire/errors';
import { get, post } from '../../wire/http';
import { confirming, PutAway, unlessPutAway } from './confirming.svelte';

vi.mock('../../wire/http', () => ({ get: vi.fn(), post: vi.fn() }));

const needed = new ApiError('confirm_needed', 'Please show once more that it is you.');
const methods = { password: true, totp: false, recovery_left: 0, passkeys: [] };

beforeEach(() => {
  vi.mocked(get).mockReset().mockResolvedValue(methods);
  vi.mocked(post).mockReset().mockResolvedValue(undefined);
});

/** Until the dialog would be open. */
const asked = () => vi.waitFor(() => expect(confirming.asked).toEqual(methods));

test('nobody is asked while the server does not want it', async () => {
  await expect(confirming.first(() => Promise.resolve(7))).resolves.toBe(7);
  expect(confirming.asked).toBeNull();
  const other = new ApiError('last_way_in', 'Not this one.');
  await expect(confirming.first(() => Promise.reject(other))).rejects.toBe(other);
  expect(get).not.toHaveBeenCalled();
});

test('after it was shown the same is done once more', async () => {
  const what = vi.fn().mockRejectedValueOnce(needed).mockResolvedValueOnce('done');
  const doing = confirming.first(what);
  await asked();
  await confirming.byPassword('copper-kettle');
  await expect(doing).resolves.toBe('done');
  expect(post).toHaveBeenCalledWith('confirm', { password: 'copper-kettle' });
  expect(what).toHaveBeenCalledTimes(2);
  expect(confirming.asked).toBeNull();
});

test('a wrong password leaves the question open', async () => {
  const doing = confirming.first(vi.fn().mockRejectedValueOnce(needed).mockResolvedValueOnce('done'));
  await asked();
  vi.mocked(post).mockRejectedValueOnce(new ApiError('wrong_credentials', 'This password is not right.'));
  await expect(confirming.byPassword('wrong')).rejects.toThrow('wrong_credentials');
  expect(confirming.asked).toEqual(methods);
  await confirming.byPassword('right');
  await expect(doing).resolves.toBe('done');
});

test('whoever thinks better of it has done nothing, and hears of no problem', async () => {
  const what = vi.fn().mockRejectedValue(needed);
  const doing = unlessPutAway(async () => void (await confirming.first(what)));
  await asked();
  confirming.putAway();
  await expect(doing).resolves.toBeUndefined();
  expect(what).toHaveBeenCalledTimes(1);
  const again = confirming.first(what);
  await asked();
  confirming.putAway();
  await expect(again).rejects.toThrow(PutAway);
});
