import { expect, it } from 'vitest';
import { GROUP_GAP, isJumbo, rowsOf, withoutUncertain } from './rows';
import type { Item } from './timeline.svelte';

const MORNING = new Date(2026, 4, 20, 9, 0).getTime();

function said(seq: number, who: string, at: number): Item {
  const author = { id: who, name: who, display: who };
  return {
    key: `k${seq}`,
    message: null,
    text: 'x',
    voice: null,
    author,
    mine: who === 'me',
    at,
    edited: false,
    deleted: false,
    state: 'sent',
    error: '',
    clientId: '',
    seq,
    replyTo: '',
    quoted: null,
    refused: null, called: new Map(), forMe: false,
  };
}

it('groups what one person says in one breath', () => {
  const rows = rowsOf([said(1, 'ada', MORNING), said(2, 'ada', MORNING + 1000), said(3, 'ben', MORNING + 2000)], 0);
  expect(rows.map((row) => [row.first, row.last])).toEqual([
    [true, false],
    [false, true],
    [true, true],
  ]);
});

it('begins a new group after a pause and on a new day', () => {
  const night = new Date(2026, 4, 20, 23, 59).getTime();
  const rows = rowsOf(
    [
      said(1, 'ada', MORNING),
      said(2, 'ada', MORNING + GROUP_GAP),
      said(3, 'ada', night),
      said(4, 'ada', night + 120_000),
    ],
    0,
  );
  expect(rows.map((row) => row.first)).toEqual([true, true, true, true]);
  expect(rows.map((row) => row.newDay)).toEqual([true, false, false, true]);
});

it('says the time again only after a pause', () => {
  const rows = rowsOf(
    [said(1, 'ada', MORNING), said(2, 'me', MORNING + 1000), said(3, 'ada', MORNING + GROUP_GAP * 2)],
    0,
  );
  expect(rows.map((row) => row.stamp)).toEqual([true, false, true]);
});

it('draws no line where older messages may be unread too', () => {
  const items = [said(7, 'ada', MORNING), said(8, 'ada', MORNING)];
  expect(rowsOf(items, 3, false).some((row) => row.newLine)).toBe(false);
  expect(rowsOf(items, 8).map((row) => row.newLine)).toEqual([false, true]);
});

it('draws the line above the first unread message of others, and only once', () => {
  const rows = rowsOf(
    [said(1, 'ada', MORNING), said(2, 'me', MORNING), said(3, 'ada', MORNING), said(4, 'ada', MORNING)],
    2,
  );
  expect(rows.map((row) => row.newLine)).toEqual([false, false, true, false]);
});

it('makes only a few emoji large', () => {
  expect(isJumbo('🎉')).toBe(true);
  expect(isJumbo('👩‍🌾👍🏽')).toBe(true);
  expect(isJumbo('🎉 yes')).toBe(false);
  expect(isJumbo('1')).toBe(false);
  expect(isJumbo('🎉🎉🎉🎉')).toBe(false);
});

it('folds what is hidden into one line, and counts it as nothing new', () => {
  const hidden = (item: Item) => item.author.id === 'eve';
  const items = [said(1, 'ada', MORNING), said(2, 'eve', MORNING + 1000), said(3, 'eve', MORNING + 2000), said(4, 'ada', MORNING + 3000)];
  const rows = rowsOf(items, 2, true, hidden);
  expect(rows.map((row) => [row.item.seq, row.seq, row.folded.length, row.newLine])).toEqual([
    [1, 1, 0, false],
    [2, 3, 2, false],
    [4, 4, 0, true],
  ]);
  // Whoever speaks on begins anew behind it.
  expect(rows.map((row) => row.first)).toEqual([true, true, true]);
});

it('keeps the oldest of a page out until it is known what was said before it', () => {
  const rows = rowsOf([said(1, 'ada', MORNING), said(2, 'ada', MORNING + 1000), said(3, 'ben', MORNING + 2000)], 0);
  const seqs = (target: string) => withoutUncertain(rows, target).map((row) => row.seq);
  expect(seqs('')).toEqual([2, 3]);
  expect(seqs('m2')).toEqual([2, 3]);
  expect(withoutUncertain(rows.slice(0, 1), '')).toHaveLength(1);
  const fresh = rowsOf([said(4, 'ben', MORNING), said(5, 'ben', MORNING + 1000)], 4);
  expect(withoutUncertain(fresh, '')).toHaveLength(2);
});
