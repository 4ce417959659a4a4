import { expect, it, vi } from 'vitest';
import type { FiledReport } from './reports.svelte';
import { carryOut, inWords, type Decision } from './resolution';

vi.mock('../connection.svelte', () => ({ connection: { clock: { now: () => 0 } } }));

const REPORT = { id: 'r1', person: { id: 'p1', name: 'bela', display: 'Béla' } } as FiledReport;
const decided = (more: Partial<Decision>): Decision => ({ deleteMessage: false, fate: 'nothing', span: 'week', reason: '', ...more });

function hands(): { calls: string[]; hands: Parameters<typeof carryOut>[2] } {
  const calls: string[] = [];
  const tell = (name: string) => (...all: unknown[]) => (calls.push(`${name} ${JSON.stringify(all)}`), Promise.resolve());
  return { calls, hands: { silence: tell('silence'), suspend: tell('suspend'), resolve: tell('resolve') } };
}

it('says what was done, and why', () => {
  expect(inWords(decided({ deleteMessage: true }))).toBe('Message deleted.');
  expect(inWords(decided({ deleteMessage: true, fate: 'mute', span: 'day', reason: 'Third time.' }))).toBe(
    'Message deleted. Muted for 1 day. Third time.',
  );
  expect(inWords(decided({ fate: 'wipe', span: 'ever', deleteMessage: true }))).toBe('Suspended for good, everything deleted.');
  expect(inWords(decided({ reason: 'x'.repeat(400) }))).toHaveLength(300);
});

it('judges the person before it closes the report', async () => {
  const { calls, hands: both } = hands();
  await carryOut(REPORT, decided({ fate: 'wipe', span: 'ever', reason: 'Spam' }), both);
  expect(calls).toEqual([
    'suspend ["p1",{"reason":"Spam","span":"ever","wipe":true}]',
    'resolve ["r1",{"outcome":"acted","resolution":"Suspended for good, everything deleted. Spam","delete_message":false}]',
  ]);
});

it('leaves the report open when the person could not be judged', async () => {
  const { calls, hands: both } = hands();
  const refused = { ...both, silence: () => Promise.reject(new Error('forbidden')) };
  await expect(carryOut(REPORT, decided({ fate: 'mute' }), refused)).rejects.toThrow('forbidden');
  expect(calls).toEqual([]);
});

it('does nothing to the person when a word was enough', async () => {
  const { calls, hands: both } = hands();
  await carryOut(REPORT, decided({ deleteMessage: true }), both);
  expect(calls).toEqual(['resolve ["r1",{"outcome":"acted","resolution":"Message deleted.","delete_message":true}]']);
});
