import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from './errors';
import { Ear, FakeNetwork } from './fake';
import type { Command } from './protocol.gen';
import { Socket } from './socket';

let net: FakeNetwork;
let ear: Ear;
let socket: Socket;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  net = new FakeNetwork();
  ear = new Ear();
  socket = new Socket(ear, net);
  socket.start();
});
afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

/** `answerMs`: how long the network takes for a question and its answer. */
function comeOnline(answerMs = 0): void {
  net.now.open();
  vi.advanceTimersByTime(answerMs);
  net.now.welcome();
}

const post = (client_id: string): Command => ({ op: 'post', client_id, room: 'r', content: { type: 'text', text: 'x' } });

describe('connecting', () => {
  test('says hello with the positions and is online after the welcome', () => {
    ear.held = { log: 7 };
    net.now.open();
    expect(net.now.last('hello')).toMatchObject({ positions: { log: 7 } });
    expect(socket.online).toBe(false);
    net.now.welcome();
    expect(ear.states).toEqual(['connecting', 'online']);
  });

  test('gives up a network that swallows everything, and tries again', () => {
    vi.advanceTimersByTime(20_000);
    expect(net.sockets[0]!.closed).toBe(true);
    vi.advanceTimersByTime(1);
    expect(net.sockets).toHaveLength(2);
  });

  test('waits longer and longer, up to a limit, and starts small again after a stable time', () => {
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      net.now.cut();
      waits.push(ear.retryAt - Date.now());
      vi.advanceTimersToNextTimer();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    comeOnline();
    vi.advanceTimersByTime(6000);
    net.now.cut();
    expect(ear.retryAt - Date.now()).toBe(500);
  });

  test('a server that welcomes and closes at once does not make it hurry', () => {
    for (let i = 0; i < 4; i++) {
      comeOnline();
      net.now.cut();
      if (i < 3) vi.advanceTimersToNextTimer();
    }
    expect(ear.retryAt - Date.now()).toBe(4000);
  });

  test('a connection lost before the welcome is followed by one, not by two', () => {
    net.now.open();
    net.now.cut();
    expect(ear.states).toEqual(['connecting', 'waiting']);
    vi.advanceTimersByTime(500);
    expect(net.sockets).toHaveLength(2);
    comeOnline();
    expect(ear.states.at(-1)).toBe('online');
  });

  test('spreads: with no luck asked for, it may come back at once', () => {
    net.luck = 0;
    net.now.cut();
    expect(ear.retryAt).toBe(Date.now());
  });
});

describe('coming back', () => {
  test('tries at once when the network is back', () => {
    net.now.cut();
    net.window.dispatchEvent(new Event('online'));
    expect(net.sockets).toHaveLength(2);
  });

  test('tries at once when somebody looks, but not when they look away', () => {
    net.now.cut();
    net.document.visibilityState = 'hidden';
    net.document.dispatchEvent(new Event('visibilitychange'));
    expect(net.sockets).toHaveLength(1);
    net.document.visibilityState = 'visible';
    net.document.dispatchEvent(new Event('visibilitychange'));
    expect(net.sockets).toHaveLength(2);
  });

  test('says offline, not waiting, when the browser has no network', () => {
    net.up = false;
    net.now.cut();
    expect(ear.states.at(-1)).toBe('offline');
  });
});

describe('watching', () => {
  test('asks after 25 s of silence and reconnects at once when nothing comes', () => {
    comeOnline();
    vi.advanceTimersByTime(25_000);
    net.now.last('ping');
    vi.advanceTimersByTime(5000);
    expect(net.sockets[0]!.closed).toBe(true);
    vi.advanceTimersByTime(1);
    expect(net.sockets).toHaveLength(2);
  });

  test('any frame counts as a sign of life', () => {
    comeOnline();
    vi.advanceTimersByTime(25_000);
    net.now.hear({ op: 'typing', room: 'r', person: 'p' });
    vi.advanceTimersByTime(5000);
    expect(socket.online).toBe(true);
  });

  test('asks at once when the network is said to be back or gone, and after sleep', () => {
    comeOnline();
    const pings = () => net.now.sent.filter((command) => command.op === 'ping').length;
    net.window.dispatchEvent(new Event('offline'));
    expect(pings()).toBe(1);
    net.now.hear({ op: 'pong', id: net.now.last('ping').id, now: 0 });
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5000);
    expect(pings()).toBe(2);
  });
});

describe('told by the browser that the network is gone', () => {
  test('on a slow line believes it when nothing comes within 2 s, and is back at once when the network is', () => {
    comeOnline(900);
    net.up = false;
    net.window.dispatchEvent(new Event('offline'));
    vi.advanceTimersByTime(1999);
    expect(socket.online).toBe(true);
    vi.advanceTimersByTime(1);
    expect(ear.states.at(-1)).toBe('offline');
    vi.advanceTimersByTime(1);
    const hanging = net.now;
    net.up = true;
    net.window.dispatchEvent(new Event('online'));
    expect(hanging.closed).toBe(true);
    expect(net.now).not.toBe(hanging);
    comeOnline();
    expect(socket.online).toBe(true);
  });

  test('believes the server rather than the browser', () => {
    comeOnline();
    net.window.dispatchEvent(new Event('offline'));
    net.now.hear({ op: 'pong', id: net.now.last('ping').id, now: 0 });
    vi.advanceTimersByTime(4000);
    expect(socket.online).toBe(true);
  });

  test('back within the 2 s: the question is asked anew, over the network that is there now', () => {
    comeOnline(900);
    net.window.dispatchEvent(new Event('offline'));
    vi.advanceTimersByTime(1900);
    net.window.dispatchEvent(new Event('online'));
    vi.advanceTimersByTime(1900);
    expect(socket.online).toBe(true);
    vi.advanceTimersByTime(100);
    expect(socket.online).toBe(false);
  });

  test.each([
    [10, 400],
    [120, 600],
  ])('on a line that answers within %i ms, within %i ms', (answerMs, patience) => {
    comeOnline(answerMs);
    net.window.dispatchEvent(new Event('online'));
    vi.advanceTimersByTime(patience - 1);
    expect(socket.online).toBe(true);
    vi.advanceTimersByTime(1);
    expect(socket.online).toBe(false);
  });

  test('how long an answer takes is learnt from each', () => {
    comeOnline(10);
    vi.advanceTimersByTime(25_000);
    vi.advanceTimersByTime(300);
    net.now.hear({ op: 'pong', id: net.now.last('ping').id, now: 0 });
    net.window.dispatchEvent(new Event('offline'));
    vi.advanceTimersByTime(1499);
    expect(socket.online).toBe(true);
    vi.advanceTimersByTime(1);
    expect(socket.online).toBe(false);
  });
});

describe('close codes', () => {
  test.each([
    [4409, 0, 0],
    [4429, 5000, 7000],
    [4430, 10_000, 13_000],
    [1012, 200, 1500],
    [1009, 5000, 8000],
    [4408, 0, 500],
  ])('%i waits between %i and %i ms', (code, least, most) => {
    comeOnline();
    vi.advanceTimersByTime(6000);
    net.now.cut(code);
    expect(ear.retryAt - Date.now()).toBeGreaterThanOrEqual(least);
    expect(ear.retryAt - Date.now()).toBeLessThanOrEqual(most);
  });

  test('a server that restarts is called that', () => {
    comeOnline();
    net.now.cut(1012);
    expect(ear.states.at(-1)).toBe('restarting');
  });

  test('an ended session stops for good', () => {
    comeOnline();
    net.now.cut(4401);
    expect(ear.over).toBe(true);
    vi.advanceTimersByTime(600_000);
    expect(net.sockets).toHaveLength(1);
  });
});

describe('requests', () => {
  test('each gets its own answer', async () => {
    comeOnline();
    const first = socket.request(post('a'));
    const one = net.now.last('post').id;
    const second = socket.request(post('b'));
    net.now.hear({ op: 'error', id: net.now.last('post').id, code: 'room_full', text: 'Full.', retry_after_ms: 5 });
    net.now.hear({ op: 'ack', id: one, subject: 'm', seq: 3, at: 9 });
    await expect(second).rejects.toMatchObject({ code: 'room_full', text: 'Full.', retryAfterMs: 5 });
    await expect(first).resolves.toMatchObject({ subject: 'm' });
  });

  test('one that waits too long is a time-out, and a late answer harms nothing', async () => {
    comeOnline();
    const late = socket.request(post('a'), 1000);
    const check = expect(late).rejects.toMatchObject({ code: 'timeout' });
    vi.advanceTimersByTime(1000);
    await check;
    net.now.hear({ op: 'ack', id: net.now.last('post').id });
  });

  test('all that wait learn that the connection is gone', async () => {
    comeOnline();
    const waiting = socket.request(post('a'));
    net.now.cut();
    await expect(waiting).rejects.toBeInstanceOf(ApiError);
    await expect(socket.request(post('b'))).rejects.toMatchObject({ code: 'offline' });
    expect(socket.tell({ op: 'view', room: null })).toBe(false);
  });

  test('a connection that is about to close takes no words any more', () => {
    comeOnline();
    net.now.closed = true;
    expect([socket.online, socket.tell({ op: 'view', room: null })]).toEqual([false, false]);
  });

  test('through a network that loses frames and connections, every request ends, and once', async () => {
    let seed = 7;
    const chance = () => ((seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647);
    net.random = chance;
    const ends: string[] = [];
    const answered = new Set<string>();
    for (let i = 0; i < 300; i++) {
      if (!socket.online) {
        vi.advanceTimersToNextTimer();
        if (net.now.onopen && chance() < 0.7) comeOnline();
        continue;
      }
      socket.request(post(`c${i}`), 150).then(() => ends.push('ack'), (error: ApiError) => ends.push(error.code));
      const { id } = net.now.last('post');
      answered.add(id);
      const dice = chance();
      if (dice < 0.6) net.now.hear({ op: 'ack', id });
      else if (dice < 0.8) net.now.cut();
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(5000);
    expect(ends).toHaveLength(answered.size);
    expect(new Set(ends)).toEqual(new Set(['ack', 'offline', 'timeout']));
  });
});
