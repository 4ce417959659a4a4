import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { BEN, freshBrowser, HALL, joinedHall, ME } from '../../local/fake';
import { sync } from '../../local/sync';
import type { Person } from '../../wire/protocol.gen';
import { rooms } from '../rooms/rooms.svelte';
import { mentionablesOf } from './mentionables.svelte';
import { fit, Mentioning } from './mentioning.svelte';

const ZOE: Person = { id: 'account-zoe', name: 'zoe.k', display: 'Zoë Königs Ben' };
const GONE: Person = { id: 'account-gone', name: '', display: '', gone: true };
const drawn = () => new Promise((done) => setTimeout(done));

let mentioning: Mentioning;
const names = () => mentioning.choices.map((choice) => choice.name);

beforeEach(async () => {
  await freshBrowser();
  sync.begin(ME.id, [], () => new Promise(() => undefined));
  const welcome = { op: 'welcome' as const, id: '', account: ME.id, device: 'device', now: 0, heartbeat_s: 30 };
  const logs = [{ log: ME.id, after: 0, to: 1, reset: true, events: [{ ...joinedHall(1, 5), role: 'owner' as const }] }];
  sync.welcome({ ...welcome, logs, summaries: [] });
  await drawn();
  vi.spyOn(rooms, 'members').mockResolvedValue(
    [BEN, ZOE, GONE, { ...ME }].map((person) => ({ person, role: 'member' as const, joined_at: 0 })),
  );
  mentioning = new Mentioning(HALL);
});

describe('who is offered', () => {
  test('everybody in the room but oneself and who is gone, and the whole room to whom it is allowed', async () => {
    mentioning.look('@', 1);
    await drawn();
    expect(names()).toEqual(['ben', 'zoe.k', 'room']);
  });

  test('whose name begins so, with or without its marks; later words of it come after', async () => {
    mentioning.look('@be', 3);
    await drawn();
    expect(names()).toEqual(['ben', 'zoe.k']);
    expect(fit('konigs', { name: 'zoe.k', label: ZOE.display })).toBe(1);
    expect(fit('zoë k', { name: 'zoe.k', label: ZOE.display })).toBe(0);
    expect(fit('igs', { name: 'zoe.k', label: ZOE.display })).toBe(-1);
  });

  test('nobody, where it is left alone', async () => {
    mentioning.look('@be', 3);
    await drawn();
    mentioning.leave();
    mentioning.look('@ben', 4);
    expect(mentioning.open).toBe(false);
    mentioning.look('@ben and @', 10);
    expect(mentioning.open).toBe(true);
  });
});

test('the name takes the place of what was written, and Enter is free again once it stands there', async () => {
  mentioning.look('Hi @be you', 6);
  await drawn();
  expect(mentioning.done).toBe(false);
  const taken = mentioning.take(mentioning.choices[0]!, 'Hi @be you', 6);
  expect(taken).toEqual({ text: 'Hi @ben you', caret: 8 });
  mentioning.look('@ben', 4);
  expect(mentioning.done).toBe(true);
});

test('who is meant by a text is known even before the list of members was', async () => {
  await expect(mentionablesOf(HALL).meantBy('@zoe.k, @room and @nobody')).resolves.toMatchObject({ everyone: true });
  await mentionablesOf(HALL).load();
  expect(mentionablesOf(HALL).calledIn('@zoe.k-ish, `@ben`')).toEqual({ mentions: [ZOE.id], everyone: false });
});
