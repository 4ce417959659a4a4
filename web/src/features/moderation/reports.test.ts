import { expect, it, vi } from 'vitest';
import { sync } from '../../local/sync';
import { reports, wordsOf, type FiledReport } from './reports.svelte';

const { asked, queue } = vi.hoisted(() => ({ asked: [] as string[], queue: [] as object[] }));
vi.mock('../../wire/http', () => ({
  get: (path: string) => {
    asked.push(path);
    return Promise.resolve({ reports: [...queue], open: queue.length, more: false });
  },
  post: (path: string) => (asked.push(`POST ${path}`), Promise.resolve()),
}));
vi.mock('../auth/session.svelte', () => ({ session: { staff: true } }));
vi.mock('../connection.svelte', () => ({ connection: { online: false } }));

const told = (open: number): void => sync.changes.send({ type: 'passing', event: { op: 'reports', open } });

it('counts what waits as it is told, and loads the queue only where it is on screen', async () => {
  // The welcome asks, and nothing before it: both would be asked at every start.
  expect(asked).toEqual([]);
  told(3);
  expect([reports.open, asked]).toEqual([3, []]);
  queue.push({ id: 'r1' }, { id: 'r2' });
  const hide = reports.show();
  await vi.waitFor(() => expect(reports.open).toBe(2));
  told(2);
  await vi.waitFor(() => expect(asked).toEqual(['reports?', 'reports?']));
  hide();
  told(4);
  expect(asked).toHaveLength(2);
});

it('asks again after every connection, since words may have been lost', async () => {
  asked.length = 0;
  sync.changes.send({ type: 'settled', welcome: true });
  await vi.waitFor(() => expect(asked).toEqual(['reports?']));
});

it('takes what is resolved out of the queue', async () => {
  await reports.resolve('r1', { outcome: 'dismissed' });
  // Those that are done are asked for behind it: they may be on screen.
  expect(asked.slice(-2)).toEqual(['POST reports/r1/resolve', 'reports?resolved=1']);
  expect(reports.waiting.items?.map(({ id }) => id)).toEqual(['r2']);
});

it('shows words and nothing else', () => {
  const about = (content?: object): FiledReport => ({ content }) as unknown as FiledReport;
  expect(wordsOf(about({ type: 'text', text: '<b>hi</b>' }))).toBe('<b>hi</b>');
  expect(wordsOf(about({ type: 'poll' }))).toBeNull();
  expect(wordsOf(about())).toBeNull();
});
