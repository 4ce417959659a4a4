import { textIn } from '../lib/content';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../wire/errors';
import { HALL, rows } from './fake';
import { deliversMail, mail, pass, refuse } from './mail';
import { ASK_AFTER } from './outbox';

deliversMail();
afterEach(() => vi.restoreAllMocks());

describe('refusals', () => {
  test.each(['not_found', 'text_too_long', 'forbidden', 'too_large'])('%s fails visibly and does not hold up the rest', async (code) => {
    const remember = mail.server;
    mail.server = (command) => (mail.sent.length === 1 ? refuse(code)() : remember(command));
    await mail.outbox.post(HALL, 'bad');
    await mail.outbox.post(HALL, 'good');
    await mail.settled();
    expect(mail.outbox.entries).toMatchObject([{ state: 'failed', code, error: `because of ${code}` }]);
    expect(await rows()).toHaveLength(1);
  });

  test('too fast: waits as long as the server says, and keeps the order', async () => {
    mail.server = refuse('rate_limited', { retry_after_ms: 4000 });
    await mail.outbox.post(HALL, 'one');
    await mail.outbox.post(HALL, 'two');
    await mail.settled();
    expect(mail.texts()).toEqual(['one']);
    mail.mend();
    await vi.advanceTimersByTimeAsync(4000);
    await mail.settled();
    expect(mail.texts()).toEqual(['one', 'one', 'two']);
  });

  test('an internal error is tried a few times and then shown', async () => {
    mail.server = refuse('internal');
    await mail.outbox.post(HALL, 'one');
    for (let i = 0; i < 8; i++) {
      await mail.settled();
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(mail.sent).toHaveLength(5);
    expect(mail.only().state).toBe('failed');
  });

  test('what a proxy blocks is tried a few times, told from the second on, and then fails', async () => {
    mail.server = refuse('blocked');
    await mail.outbox.post(HALL, 'one');
    await mail.settled();
    expect(mail.only()).toMatchObject({ state: 'waiting', error: '' });
    for (let i = 0; i < 8; i++) {
      await vi.advanceTimersByTimeAsync(60_000);
      await mail.settled();
    }
    expect(mail.sent).toHaveLength(5);
    expect(mail.only()).toMatchObject({ state: 'failed', error: 'because of blocked' });
  });

  test.each(['offline', 'timeout'])('%s over a connection that stands is tried ever more seldom, and its owner is told', async (code) => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    mail.server = refuse(code);
    await mail.outbox.post(HALL, 'one');
    await mail.settled();
    expect(mail.only().error).toBe('');
    for (let seconds = 0; seconds < 120; seconds++) {
      await vi.advanceTimersByTimeAsync(1000);
      await pass();
    }
    expect(mail.sent.length).toBeGreaterThan(5);
    expect(mail.sent.length).toBeLessThan(12);
    expect(mail.only()).toMatchObject({ state: 'waiting', error: `because of ${code}` });
  });

  test('after a loss of the connection it is tried as at first', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    mail.server = refuse('offline');
    await mail.outbox.post(HALL, 'one');
    for (let i = 0; i < 8; i++) {
      await mail.settled();
      await vi.advanceTimersByTimeAsync(31_000);
    }
    await mail.settled();
    mail.online = false;
    await mail.settled();
    mail.online = true;
    await mail.settled();
    const before = mail.sent.length;
    await vi.advanceTimersByTimeAsync(2000);
    await mail.settled();
    expect(mail.sent).toHaveLength(before + 1);
  });

  test('a full disk is tried slowly, for ever', async () => {
    mail.server = refuse('storage_full');
    await mail.outbox.post(HALL, 'one');
    await mail.settled();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(mail.sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20_000);
    await mail.settled();
    expect([mail.sent.length, mail.only().state]).toEqual([2, 'waiting']);
  });

  test('retry sends it again; after a conflict under a new id, since the old one never can', async () => {
    mail.server = refuse('conflict');
    await mail.outbox.post(HALL, 'one');
    await mail.settled();
    const old = mail.only().client_id;
    mail.mend();
    await mail.outbox.retry(old);
    await mail.settled();
    expect(mail.sent[1]!.client_id).not.toBe(old);
    expect(mail.outbox.entries).toEqual([]);
  });

  test('what waited for more than 90 days asks first', async () => {
    mail.online = false;
    await mail.outbox.post(HALL, 'old');
    vi.setSystemTime(Date.now() + ASK_AFTER + 1);
    mail.online = true;
    await mail.settled();
    expect([mail.sent.length, mail.only().state, mail.only().code]).toEqual([0, 'failed', 'expired']);
    await mail.outbox.retry(mail.only().client_id);
    await mail.settled();
    expect(mail.sent).toHaveLength(1);
  });
});

test('refused where it may have been accepted: an edit sends it again as it was, and changes it then', async () => {
  const remember = mail.server;
  mail.server = async (command) => {
    await remember(command);
    throw new ApiError('internal', 'Broken.');
  };
  await mail.outbox.post(HALL, 'frist');
  for (let i = 0; i < 400 && mail.only().state === 'waiting'; i++) {
    await mail.settled();
    await vi.advanceTimersByTimeAsync(20_000);
  }
  mail.mend();
  await mail.outbox.edit(HALL, { id: '', clientId: mail.only().client_id }, 'first');
  await mail.settled();
  expect(mail.outbox.entries).toEqual([]);
  expect((await rows()).map((row) => textIn(row.content))).toEqual(['first']);
});
