import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { uploadTo } from './uploads';

class FakeRequest {
  static last: FakeRequest;
  upload: { onprogress?: () => void; onload?: () => void } = {};
  onload?: () => void;
  onerror?: () => void;
  status = 0;
  responseText = '';
  aborted = false;
  constructor() {
    FakeRequest.last = this;
  }
  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
  abort(): void {
    this.aborted = true;
  }
  answer(status: number, body: object | string): void {
    [this.status, this.responseText] = [status, typeof body === 'string' ? body : JSON.stringify(body)];
    this.onload?.();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const begin = () => {
  const sending = uploadTo<{ media: string }>('media', new Blob([new Uint8Array(1_200_000)]));
  sending.catch(() => undefined);
  return { sending, request: FakeRequest.last };
};

test('an upload takes as long as it takes while it gets on', async () => {
  const { sending, request } = begin();
  for (let minutes = 0; minutes < 30; minutes++) {
    vi.advanceTimersByTime(50_000);
    request.upload.onprogress?.();
  }
  request.upload.onload?.();
  // What was handed over may still be on its way.
  vi.advanceTimersByTime(300_000);
  request.answer(201, { media: 'm' });
  expect(await sending).toEqual({ media: 'm' });
  expect(request.aborted).toBe(false);
});

test('one that gets on no more is given up, before the end and at it', async () => {
  for (const at of ['onprogress', 'onload'] as const) {
    const { sending, request } = begin();
    request.upload[at]?.();
    vi.advanceTimersByTime(600_000);
    await expect(sending).rejects.toMatchObject({ code: 'timeout' });
    expect(request.aborted).toBe(true);
  }
});

test('a refusal is the one of the server, and a lost line is offline', async () => {
  const refused = begin();
  refused.request.answer(507, { code: 'storage_full', text: 'No room.', retry_after_ms: 7 });
  await expect(refused.sending).rejects.toMatchObject({ code: 'storage_full', retryAfterMs: 7 });
  const lost = begin();
  lost.request.onerror?.();
  await expect(lost.sending).rejects.toMatchObject({ code: 'offline' });
});

test.each([
  [413, 'too_large'],
  [502, 'offline'],
  [403, 'blocked'],
  // Led on to a page where one signs in.
  [200, 'blocked'],
])('a page of a proxy instead of an answer: %i is %s', async (status, code) => {
  const { sending, request } = begin();
  request.answer(status, '<html><center>nginx</center></html>');
  await expect(sending).rejects.toMatchObject({ code });
});
