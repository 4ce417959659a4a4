import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { BEN, ME } from '../../local/fake';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { ApiError } from '../../wire/errors';
import type { LogEvent, Person } from '../../wire/protocol.gen';
import { Finding } from './finding.svelte';
import { people } from './people.svelte';

const CLEO: Person = { id: 'account-cleo', name: 'cleo', display: 'Cleo' };
type Answer = { people: Person[]; more: boolean };
let asked: { q: string; after: string; answer: (given: Answer) => void; refuse: () => void }[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  forget.send();
  asked = [];
  vi.spyOn(people, 'page').mockImplementation(
    (q, after = '') =>
      new Promise((resolve, reject) => {
        const answer = (given: Answer): void => {
          people.remember(given.people);
          resolve(given);
        };
        asked.push({ q, after, answer, refuse: () => reject(new ApiError('offline', 'No connection.')) });
      }),
  );
});

const settled = () => vi.advanceTimersByTimeAsync(200);
const names = (finding: Finding) => finding.list?.map(({ display }) => display);

test('the pages come one behind the other, and each person once', async () => {
  const finding = new Finding();
  finding.look('');
  await settled();
  expect(finding.list).toBeNull();
  asked[0]!.answer({ people: [BEN], more: true });
  await settled();
  expect([names(finding), finding.rest]).toEqual([['Ben'], true]);
  void finding.more();
  void finding.more();
  expect(asked.map(({ after }) => after)).toEqual(['', BEN.id]);
  asked[1]!.answer({ people: [BEN, CLEO], more: false });
  await settled();
  expect([names(finding), finding.rest, finding.busy]).toEqual([['Ben', 'Cleo'], false, false]);
});

test('an answer to what is no longer asked counts for nothing', async () => {
  const finding = new Finding();
  finding.look('b');
  await settled();
  finding.look('c');
  await settled();
  asked[1]!.answer({ people: [CLEO], more: false });
  asked[0]!.answer({ people: [BEN], more: false });
  await settled();
  expect(names(finding)).toEqual(['Cleo']);
});

test('people are found by the names that I gave them, also without the server', async () => {
  people.remember([BEN, CLEO]);
  const nicknames = [{ person: BEN.id, name: 'The one (hives)' }];
  sync.changes.send({ type: 'event', event: { op: 'nicknames', log: ME.id, seq: 1, nicknames } as LogEvent, live: true });
  const finding = new Finding();
  finding.look('hiv');
  await settled();
  asked[0]!.answer({ people: [CLEO], more: false });
  await settled();
  expect(names(finding)).toEqual(['The one (hives)', 'Cleo']);
  finding.look('one');
  await settled();
  asked[1]!.refuse();
  await settled();
  expect([names(finding), finding.problem]).toEqual([['The one (hives)'], 'No connection.']);
});

test('without the server those are found whom this device has met', async () => {
  people.remember([CLEO, BEN, { id: 'account-gone', name: '', display: '', gone: true }]);
  const finding = new Finding();
  finding.look('');
  await settled();
  asked[0]!.refuse();
  await settled();
  expect([names(finding), finding.rest, finding.problem]).toEqual([['Ben', 'Cleo'], false, 'No connection.']);
  finding.look('cl');
  await settled();
  asked[1]!.refuse();
  await settled();
  expect(names(finding)).toEqual(['Cleo']);
  finding.look('');
  await settled();
  asked[2]!.answer({ people: [BEN], more: false });
  await settled();
  expect([names(finding), finding.problem]).toEqual([['Ben'], '']);
});
