import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { arrived, heldState } from '../../local/owner';
import { outbox } from '../../local/outbox';
import { deleted, freshBrowser, HALL, joinedHall, ME, message, page, rows, summary, told } from '../../local/fake';
import { sync } from '../../local/sync';
import { writer } from '../../local/writer';
import type { LogReplay, Message, Page } from '../../wire/protocol.gen';
import type { Timeline } from './timeline.svelte';
import { timelineOf } from './timelines';

/** What the server holds: messages with seq 11 to 210. */
let held: Message[];
let requests: string[];

function answer(address: string): Page {
  const query = new URL(address, 'http://x').searchParams;
  requests.push([...query].filter(([name]) => name !== 'limit').map(([name, value]) => `${name}=${value}`)[0] ?? 'newest');
  const limit = Number(query.get('limit'));
  const at = held.findIndex((one) => one.id === query.get('around'));
  const before = Number(query.get('before'));
  const after = Number(query.get('after'));
  let from = held.length - limit;
  if (before) from = held.findIndex((one) => one.seq >= before) - limit;
  if (after) from = held.findIndex((one) => one.seq > after);
  if (at >= 0) from = at - Math.floor(limit / 2);
  const to = before ? held.findIndex((one) => one.seq >= before) : from + limit;
  const messages = held.slice(Math.max(0, from), to);
  return page(messages, held.at(-1)!.seq, { has_before: from > 0, has_after: to < held.length });
}

function welcome(logs: LogReplay[], head: number): void {
  sync.welcome({ op: 'welcome', id: '', account: ME.id, device: 'd', now: 0, heartbeat_s: 30, logs, summaries: [summary(head)] });
}

let timeline: Timeline;
const seqs = () => timeline.items.map((item) => item.seq);
const drawn = () => new Promise((done) => setTimeout(done));

beforeEach(async () => {
  await freshBrowser();
  held = Array.from({ length: 200 }, (_, i) => message(11 + i));
  requests = [];
  await outbox.load();
  vi.stubGlobal('fetch', async (address: string) => Response.json(answer(address)));
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
  sync.begin(ME.id, [], () => new Promise(() => undefined));
  arrived.send(await heldState());
  welcome([{ log: ME.id, after: 0, to: 1, reset: true, events: [joinedHall(1, 210)] }], 210);
  await writer.idle();
  timeline = timelineOf(HALL);
  timeline.gone();
  await timeline.open();
});

describe('opening', () => {
  test('shows the newest page, and the next time without the server', async () => {
    expect(seqs().at(-1)).toBe(210);
    const asked = requests.length;
    timeline.gone();
    await timeline.open();
    expect([seqs().at(-1), requests.length]).toEqual([210, asked]);
  });

  test('follows what is told, in one run', async () => {
    sync.event(told(message(211)));
    sync.event(told(deleted(message(210), 212)));
    await drawn();
    expect(timeline.items.slice(-2).map((item) => [item.seq, item.text])).toEqual([[210, null], [211, 'text 211']]);
  });

  test('what I write stands at the end until it arrives', async () => {
    await outbox.post(HALL, 'mine');
    await drawn();
    const key = timeline.items.at(-1)!.key;
    expect(timeline.items.at(-1)).toMatchObject({ text: 'mine', state: 'pending' });
    sync.event(told(message(211, { author: ME.id, client_id: key, content: { type: 'text', text: 'mine' } })));
    await drawn();
    expect(timeline.items.filter((item) => item.key === key)).toMatchObject([{ state: 'sent', seq: 211 }]);
  });
});

describe('paging', () => {
  test('goes back to the beginning without holes or doubles, and says each time that rows were prepended', async () => {
    for (let i = 0; i < 20 && timeline.hasBefore; i++) {
      const times = timeline.prepended;
      await timeline.loadBefore();
      expect(timeline.prepended).toBe(times + 1);
    }
    expect(seqs()).toEqual(held.map((one) => one.seq));
  });

  test('jumps far back, pages on from there, and meets the newest', async () => {
    await timeline.jumpTo('m30');
    expect([timeline.target, timeline.hasAfter, seqs().includes(30)]).toEqual(['m30', true, true]);
    sync.event(told(message(211)));
    await drawn();
    expect(seqs()).not.toContain(211);
    held.push(message(211));
    while (timeline.hasAfter) await timeline.loadAfter();
    const all = seqs();
    expect([all.at(-1), new Set(all).size, timeline.hasAfter]).toEqual([211, all.length, false]);
    expect(all).toEqual(held.map((one) => one.seq).filter((seq) => seq >= all[0]!));
  });

  test('a jump to what is held needs no server', async () => {
    const asked = requests.length;
    await timeline.jumpTo('m180');
    expect([timeline.target, timeline.hasAfter, requests.length]).toEqual(['m180', false, asked]);
  });

  test('goes back to the newest', async () => {
    await timeline.jumpTo('m30');
    await timeline.toNewest();
    expect([seqs().at(-1), timeline.hasAfter]).toEqual([210, false]);
  });

  test('a page that was asked for before a reset is not taken', async () => {
    const loading = timeline.loadBefore();
    welcome([{ log: HALL, after: 210, to: 900, reset: true }], 900);
    held = held.map((one) => deleted(one, 900));
    await loading;
    await vi.waitFor(() => expect(timeline.items.length).toBeGreaterThan(0));
    expect(timeline.items.every((item) => item.text === null)).toBe(true);
  });
});

describe('what is heard while a page is on its way', () => {
  /** Holds back what the server has already read. */
  function slow(): () => void {
    let arrive = () => undefined as void;
    const arrival = new Promise<void>((done) => (arrive = done));
    vi.stubGlobal('fetch', async (address: string) => {
      const read = answer(address);
      await arrival;
      return Response.json(read);
    });
    return arrive;
  }

  test('a deletion wins over the page, on screen and on disk', async () => {
    const arrive = slow();
    const asked = requests.length;
    const loading = timeline.jumpTo('m100');
    await vi.waitFor(() => expect(requests.length).toBe(asked + 1));
    sync.event(told(deleted(message(100), 211)));
    arrive();
    await loading;
    expect(timeline.items.find((item) => item.seq === 100)).toMatchObject({ text: null });
    expect((await rows()).filter((row) => row.id === 'm100')).toMatchObject([{ content: null }]);
  });

  test('a jump while an older page is on its way leaves no hole', async () => {
    const arrive = slow();
    const asked = requests.length;
    void timeline.loadBefore();
    await vi.waitFor(() => expect(requests.length).toBe(asked + 1));
    const jump = timeline.jumpTo('m30');
    arrive();
    await jump;
    await drawn();
    const all = seqs();
    expect([timeline.target, all]).toEqual(['m30', held.map((one) => one.seq).slice(all[0]! - 11, all.at(-1)! - 10)]);
  });

  test('a run that was cut meanwhile does not take it, so there is no hole', async () => {
    held = Array.from({ length: 400 }, (_, i) => message(11 + i));
    welcome([{ log: HALL, after: 210, to: 900, reset: true }], 900);
    await vi.waitFor(() => expect(timeline.items.length).toBeGreaterThan(0));
    while (seqs().length <= 240) await timeline.loadBefore();
    const arrive = slow();
    const asked = requests.length;
    const loading = timeline.loadBefore();
    await vi.waitFor(() => expect(requests.length).toBe(asked + 1));
    timeline.close();
    arrive();
    await loading;
    await timeline.open();
    const all = seqs();
    expect(all).toEqual(held.map((one) => one.seq).filter((seq) => seq >= all[0]!));
  });
});

test('without a network it says so, and loads as soon as there is one', async () => {
  timeline.gone();
  welcome([{ log: HALL, after: 210, to: 900, reset: true }], 900);
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('no network')));
  await timeline.open();
  expect([timeline.items, timeline.error !== '']).toEqual([[], true]);
  vi.stubGlobal('fetch', async (address: string) => Response.json(answer(address)));
  await timeline.online();
  expect([seqs().at(-1), timeline.error]).toEqual([210, '']);
});

test('a connection that comes while the first page is read leads nobody away from it', async () => {
  timeline.gone();
  const { begun } = timeline;
  const read = vi.spyOn(writer, 'idle');
  const opening = timeline.open();
  await Promise.all([opening, timeline.online()]);
  expect([seqs().at(-1), timeline.begun]).toEqual([210, begun]);
  expect(read, 'what is held is read once').toHaveBeenCalledTimes(1);
  await timeline.jumpToUnread();
  expect([seqs().at(-1), timeline.target]).toEqual([210, '']);
});
