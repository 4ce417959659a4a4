import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { deleted, message, told } from '../../local/fake';
import { sync } from '../../local/sync';
import { ApiError, offline } from '../../wire/errors';
import type { Found, Search } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { people } from '../people/people.svelte';
import { Asking } from './asking.svelte';

const server = vi.hoisted(() => ({ post: vi.fn() }));
const device = vi.hoisted(() => ({ look: vi.fn() }));
vi.mock('../../wire/http', async (original) => ({ ...(await original<object>()), post: server.post }));
vi.mock('./device', async (original) => ({ ...(await original<object>()), lookOnDevice: device.look }));

const hit = (id: string) => ({ message: id, room: 'room-hall', seq: 1, author: 'account-ben', at: 1, snippet: [id] });
const found = (ids: string[], more: Partial<Found> = {}): Found => ({ hits: ids.map(hit), people: [], understood: [], ...more });
const queries = (): string[] => server.post.mock.calls.map(([, asked]) => (asked as Search).query);
const shown = (asking: Asking): string[] => asking.answer?.hits.map(({ message }) => message) ?? [];
const settled = () => vi.advanceTimersByTimeAsync(0);
let online = true;

beforeEach(() => {
  vi.useFakeTimers();
  online = true;
  server.post.mockReset();
  device.look.mockReset();
  vi.spyOn(connection, 'online', 'get').mockImplementation(() => online);
});

afterEach(() => vi.useRealTimers());

/** Answers that come when the test says so. */
function answers(): ((what: Found | Error) => Promise<void>)[] {
  const given: ((what: Found | Error) => Promise<void>)[] = [];
  server.post.mockImplementation(
    () =>
      new Promise((resolve, reject) => {
        given.push(async (what) => {
          if (what instanceof Error) reject(what);
          else resolve(what);
          await settled();
        });
      }),
  );
  return given;
}

it('asks once somebody pauses, and keeps what is there until the answer comes', async () => {
  const given = answers();
  const asking = new Asking();
  for (const typed of ['t', 'te', 'tea']) {
    asking.look(typed);
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(queries()).toEqual([]);
  await vi.advanceTimersByTimeAsync(50);
  expect(queries()).toEqual(['tea']);
  await given[0]!(found(['a']));
  expect([shown(asking), asking.stale]).toEqual([['a'], false]);
  asking.look('teapot');
  expect([shown(asking), asking.stale]).toEqual([['a'], true]);
  await vi.advanceTimersByTimeAsync(250);
  await given[1]!(found(['b']));
  expect([shown(asking), asking.stale, asking.busy]).toEqual([['b'], false, false]);
});

it('keeps to the answer that is on its way when a space comes, or a letter that is taken back', async () => {
  const given = answers();
  const asking = new Asking();
  for (const typed of ['tea', 'tea ', 'tea p', 'tea ']) {
    asking.look(typed);
    if (!queries().length) await vi.advanceTimersByTimeAsync(250);
  }
  await vi.advanceTimersByTimeAsync(1500);
  expect([queries(), asking.busy]).toEqual([['tea'], true]);
  await given[0]!(found(['a']));
  asking.look('coffee');
  await vi.advanceTimersByTimeAsync(250);
  asking.look('tea');
  expect([shown(asking), asking.stale, asking.busy]).toEqual([['a'], false, false]);
});

it('drops a late answer to an older question', async () => {
  const given = answers();
  const asking = new Asking();
  asking.look('tea');
  asking.now();
  asking.look('coffee');
  asking.now();
  await given[1]!(found(['coffee']));
  await given[0]!(found(['tea']));
  expect(shown(asking)).toEqual(['coffee']);
});

it('asks nothing twice, and nothing for what was typed and taken back', async () => {
  const given = answers();
  const asking = new Asking();
  asking.look('tea');
  asking.now();
  asking.now();
  await given[0]!(found(['a']));
  asking.now();
  asking.look('teap');
  asking.look('tea');
  await vi.advanceTimersByTimeAsync(1000);
  expect(queries()).toEqual(['tea']);
  asking.look('  ');
  expect([asking.answer, asking.stale]).toEqual([null, false]);
});

it('goes on where the page ended, and through pages without a hit', async () => {
  const given = answers();
  const asking = new Asking('room-hall');
  asking.look('tea');
  asking.now();
  await given[0]!(found([], { more: true, cursor: 'one' }));
  await given[1]!(found(['a'], { more: true, cursor: 'two' }));
  expect([shown(asking), asking.answer?.more]).toEqual([['a'], true]);
  void asking.more();
  await settled();
  await given[2]!(found(['b']));
  expect([shown(asking), asking.answer?.more]).toEqual([['a', 'b'], false]);
  const asked = server.post.mock.calls.map(([, search]) => search as Search);
  expect(asked.map(({ cursor, room, names }) => [cursor, room, names])).toEqual([
    ['', 'room-hall', false],
    ['one', 'room-hall', false],
    ['two', 'room-hall', false],
  ]);
});

it('shows nothing twice that moved to the next page meanwhile', async () => {
  const given = answers();
  const asking = new Asking();
  asking.look('tea');
  asking.now();
  await given[0]!(found(['a', 'b'], { more: true, cursor: 'one' }));
  void asking.more();
  await given[1]!(found(['b'], { more: true, cursor: 'two' }));
  await given[2]!(found(['b', 'c']));
  expect(shown(asking)).toEqual(['a', 'b', 'c']);
});

it('lets an answer to whom it is not any more tell nobody anything', async () => {
  const given = answers();
  const asking = new Asking();
  asking.look('tea');
  asking.now();
  asking.forget();
  await given[0]!(found(['a'], { people: [{ id: 'account-gone', name: 'gone', display: 'Gone' }], more: true, cursor: 'one' }));
  expect([people.byId('account-gone'), queries()]).toEqual([undefined, ['tea']]);
});

it('shows nothing that went while its answer was on the way', async () => {
  const given = answers();
  const asking = new Asking();
  const stop = asking.follow();
  asking.look('tea');
  asking.now();
  await given[0]!(found(['m1', 'm2'], { more: true, cursor: 'one' }));
  void asking.more();
  for (const seq of [1, 3]) sync.changes.send({ type: 'event', event: told(deleted(message(seq), 9)), live: true });
  await given[1]!(found(['m3', 'm4']));
  expect(shown(asking)).toEqual(['m2', 'm4']);
  asking.again();
  sync.changes.send({ type: 'gone', room: 'room-hall' });
  await given[2]!(found(['m2'], { named_rooms: [{ id: 'room-hall', kind: 'public', name: 'Hall' }] }));
  expect([shown(asking), asking.answer?.rooms]).toEqual([[], []]);
  stop();
});

it('asks whether to go on after three pages without a hit', async () => {
  server.post.mockResolvedValue(found([], { more: true, cursor: 'on' }));
  const asking = new Asking();
  asking.look('tea');
  asking.now();
  await settled();
  expect([queries().length, asking.answer?.more, asking.busy]).toEqual([3, true, false]);
});

it('waits as long as the server says, and asks again by itself', async () => {
  server.post.mockRejectedValueOnce(new ApiError('rate_limited', 'Too fast.', { retry_after_ms: 3000 }));
  server.post.mockResolvedValue(found(['a']));
  const asking = new Asking();
  asking.look('tea');
  asking.now();
  await settled();
  expect(asking.problem).toContain('Too fast.');
  await vi.advanceTimersByTimeAsync(1000);
  asking.look('teapot');
  asking.now();
  await vi.advanceTimersByTimeAsync(1999);
  expect(queries()).toEqual(['tea']);
  await vi.advanceTimersByTimeAsync(1);
  expect([queries(), shown(asking), asking.problem]).toEqual([['tea', 'teapot'], ['a'], '']);
});

it('goes on with what is typed now when the next page of something else was refused', async () => {
  const given = answers();
  const asking = new Asking();
  asking.look('tea');
  asking.now();
  await given[0]!(found(['a'], { more: true, cursor: 'one' }));
  void asking.more();
  asking.look('teapot');
  await given[1]!(new ApiError('rate_limited', 'Too fast.', { retry_after_ms: 3000 }));
  await vi.advanceTimersByTimeAsync(2999);
  expect(queries()).toEqual(['tea', 'tea']);
  await vi.advanceTimersByTimeAsync(1);
  expect(queries()).toEqual(['tea', 'tea', 'teapot']);
  await given[2]!(found(['b']));
  expect([shown(asking), asking.answer?.query, asking.problem]).toEqual([['b'], 'teapot', '']);
});

it('asks nothing once it has forgotten, whatever was to be asked again', async () => {
  const given = answers();
  const asking = new Asking();
  asking.look('tea');
  asking.now();
  asking.look('teapot');
  await given[0]!(new ApiError('rate_limited', 'Too fast.', { retry_after_ms: 3000 }));
  asking.forget();
  await vi.advanceTimersByTimeAsync(9000);
  expect(queries()).toEqual(['tea']);
});

it('looks on the device when there is no server, and says so', async () => {
  device.look.mockResolvedValue({ hits: [hit('kept')], understood: [] });
  const asking = new Asking();
  online = false;
  asking.look('tea');
  asking.now();
  await settled();
  expect([shown(asking), asking.answer?.device, queries()]).toEqual([['kept'], true, []]);
  online = true;
  server.post.mockRejectedValueOnce(offline());
  asking.again();
  await settled();
  expect([shown(asking), asking.answer?.device, queries()]).toEqual([['kept'], true, ['tea']]);
  server.post.mockResolvedValue(found(['a']));
  asking.again();
  await settled();
  expect([shown(asking), asking.answer?.device]).toEqual([['a'], false]);
});

it('shows what the device keeps page by page', async () => {
  const kept = Array.from({ length: 45 }, (_, at) => `kept${at}`);
  device.look.mockResolvedValue({ hits: kept.map(hit), understood: [] });
  const asking = new Asking();
  online = false;
  asking.look('tea');
  asking.now();
  await settled();
  const counts = [shown(asking).length];
  while (asking.answer?.more) {
    await asking.more();
    counts.push(shown(asking).length);
  }
  expect([counts, shown(asking), device.look.mock.calls.length]).toEqual([[20, 40, 45], kept, 1]);
});

it('shows what the device keeps while the server takes its time', async () => {
  device.look.mockResolvedValue({ hits: [hit('kept')], understood: [] });
  const given = answers();
  const asking = new Asking();
  asking.look('tea');
  asking.now();
  await vi.advanceTimersByTimeAsync(1499);
  expect([asking.answer, asking.busy]).toEqual([null, true]);
  await vi.advanceTimersByTimeAsync(1);
  expect([shown(asking), asking.answer?.device, asking.busy]).toEqual([['kept'], true, true]);
  await given[0]!(found(['a']));
  expect([shown(asking), asking.answer?.device, asking.busy]).toEqual([['a'], false, false]);
  asking.look('coffee');
  asking.now();
  await given[1]!(found(['b']));
  await vi.advanceTimersByTimeAsync(5000);
  expect([shown(asking), device.look.mock.calls.length]).toEqual([['b'], 1]);
});

it('lets go of what is deleted or says something else while it is shown', async () => {
  server.post.mockResolvedValue(found(['m1', 'm2', 'm3']));
  const asking = new Asking();
  const stop = asking.follow();
  asking.look('tea');
  asking.now();
  await settled();
  sync.changes.send({ type: 'event', event: told(deleted(message(1), 9)), live: true });
  const says = (seq: number, text: string) => told(message(seq, { content: { type: 'text', text }, rev: 9 }));
  for (const event of [says(2, 'no coffee'), says(3, 'green tea')]) sync.changes.send({ type: 'event', event, live: true });
  expect(asking.answer?.hits.map(({ message, snippet }) => [message, snippet])).toEqual([['m3', ['green ', 'tea', '']]]);
  stop();
});
