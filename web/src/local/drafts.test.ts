import 'fake-indexeddb/auto';
import { beforeEach, expect, test } from 'vitest';
import type { DraftChanged } from '../wire/protocol.gen';
import { write } from './db';
import { allDrafts, applyDraft, heldDraft, keepDraft, offerDraft } from './drafts';
import { freshBrowser, HALL, ME } from './fake';

const MINE = 'device';

function heard(text: string, at: number, device = 'tablet'): Promise<void> {
  const event: DraftChanged = { op: 'draft', log: ME.id, seq: at, room: HALL, text, at, device };
  return write(['drafts'], (tx) => applyDraft(tx, event));
}

beforeEach(freshBrowser);

test('what another device wrote is there', async () => {
  await heard('from the tablet', 10);
  expect(await heldDraft(HALL)).toMatchObject({ text: 'from the tablet', told: 10, device: 'tablet' });
  await heard('', 11);
  expect(await heldDraft(HALL)).toBeUndefined();
});

test('of two the later one holds, whatever order they come in', async () => {
  await keepDraft(HALL, 'here', 20);
  await heard('older', 15);
  expect(await heldDraft(HALL)).toMatchObject({ text: 'here' });
  await heard('newer', 25);
  expect(await heldDraft(HALL)).toMatchObject({ text: 'newer' });
});

test('an echo says that the server has it, and takes nothing back that was written since', async () => {
  await keepDraft(HALL, 'half', 20);
  await heard('half', 21, MINE);
  expect(await offerDraft(HALL)).toBeUndefined();
  await keepDraft(HALL, 'half a thought', 22);
  await heard('half', 23, MINE);
  expect(await allDrafts()).toMatchObject([{ text: 'half a thought', told: 0 }]);
});

test('an echo of what has become a message brings no draft back', async () => {
  await heard('sent by now', 21, MINE);
  expect(await allDrafts()).toEqual([]);
});

test('an emptied one is kept until the server knows, and only if it has one', async () => {
  await keepDraft(HALL, 'x', 1);
  await keepDraft(HALL, '', 2);
  expect(await allDrafts()).toEqual([]);
  await heard('from the tablet', 10);
  await keepDraft(HALL, '', 11);
  expect([await heldDraft(HALL), await offerDraft(HALL)]).toMatchObject([undefined, { text: '' }]);
  await heard('', 12, MINE);
  expect(await allDrafts()).toEqual([]);
});

test('one that is emptied while its words are on their way is emptied on the server too', async () => {
  await keepDraft(HALL, 'never mind', 1);
  expect(await offerDraft(HALL)).toMatchObject({ text: 'never mind' });
  await keepDraft(HALL, '', 2);
  await heard('never mind', 3, MINE);
  expect(await offerDraft(HALL)).toMatchObject({ text: '' });
  await heard('', 4, MINE);
  expect(await allDrafts()).toEqual([]);
});

test('what was begun elsewhere and goes on here is still the other device’s on the server', async () => {
  await heard('Half', 10);
  await keepDraft(HALL, 'Half a thought', 11);
  expect(await heldDraft(HALL)).toMatchObject({ device: 'tablet', told: 0 });
});
