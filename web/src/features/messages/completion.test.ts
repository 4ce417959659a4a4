import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { BEN, freshBrowser, HALL, joinedHall, ME } from '../../local/fake';
import { apply } from '../../lib/marks';
import { loadEmojis } from '../../lib/emojis/load';
import { sync } from '../../local/sync';
import type { Person } from '../../wire/protocol.gen';
import { rooms } from '../rooms/rooms.svelte';
import { mentionablesOf } from './mentionables.svelte';
import { Completion } from './completion.svelte';
import { fit } from './naming';
import { replaced } from './shortcodes';

const ZOE: Person = { id: 'account-zoe', name: 'zoe.k', display: 'Zoë Königs Ben' };
const GONE: Person = { id: 'account-gone', name: '', display: '', gone: true };
const drawn = () => new Promise((done) => setTimeout(done));

let completion: Completion;
const names = () => completion.choices.map((choice) => choice.key);

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
  completion = new Completion(HALL);
});

describe('who is offered', () => {
  test('everybody in the room but oneself and who is gone, and the whole room to whom it is allowed', async () => {
    completion.look('@', 1);
    await drawn();
    expect(names()).toEqual(['ben', 'zoe.k', 'room']);
  });

  test('whose name begins so, with or without its marks; later words of it come after', async () => {
    completion.look('@be', 3);
    await drawn();
    expect(names()).toEqual(['ben', 'zoe.k']);
    expect(fit('konigs', { name: 'zoe.k', label: ZOE.display })).toBe(1);
    expect(fit('zoë k', { name: 'zoe.k', label: ZOE.display })).toBe(0);
    expect(fit('igs', { name: 'zoe.k', label: ZOE.display })).toBe(-1);
  });

  test('nobody, where it is left alone', async () => {
    completion.look('@be', 3);
    await drawn();
    completion.leave();
    completion.look('@ben', 4);
    expect(completion.open).toBe(false);
    completion.look('@ben and @', 10);
    expect(completion.open).toBe(true);
  });
});

test('the name takes the place of what was written, and Enter is free again once it stands there', async () => {
  completion.look('Hi @be you', 6);
  await drawn();
  expect(completion.done).toBe(false);
  const taken = completion.take(completion.choices[0]!, 'Hi @be you', 6);
  expect(apply('Hi @be you', taken)).toBe('Hi @ben you');
  expect(taken).toMatchObject({ start: 8, end: 8 });
  completion.look('@ben', 4);
  expect(completion.done).toBe(true);
});

test('who is meant by a text is known even before the list of members was', async () => {
  await expect(mentionablesOf(HALL).meantBy('@zoe.k, @room and @nobody')).resolves.toMatchObject({ everyone: true });
  await mentionablesOf(HALL).load();
  expect(mentionablesOf(HALL).calledIn('@zoe.k-ish, `@ben`')).toEqual({ mentions: [ZOE.id], everyone: false });
});

describe('emoji by their shortcodes', () => {
  const offered = async (text: string): Promise<string[]> => {
    completion.look(text, text.length);
    await loadEmojis();
    await drawn();
    return completion.choices.map((choice) => choice.insert);
  };

  beforeEach(() => {
    vi.stubGlobal('document', { createElement: () => ({ getContext: () => null }) });
  });

  test('are offered from the second letter on, where a word begins', async () => {
    expect((await offered('so :ta'))[0]).toBe('🌮');
    expect((await offered('so :tada'))[0]).toBe('🎉');
    expect(await offered('so :t')).toEqual([]);
    expect(await offered('at 12:30')).toEqual([]);
    expect(await offered('http://tada')).toEqual([]);
    expect(await offered('so: tada')).toEqual([]);
  });

  test('not in code, and neither are names', async () => {
    expect(await offered('`:tada')).toEqual([]);
    expect(await offered('```\n:tada')).toEqual([]);
    expect(await offered('`@be')).toEqual([]);
    expect((await offered('`x` :tada'))[0]).toBe('🎉');
  });

  test('one that is written whole becomes its emoji, and others stay as they are', async () => {
    await loadEmojis();
    expect(apply('so :tada:', replaced('so :tada:', 9)!)).toBe('so 🎉');
    expect(apply(':+1: yes', replaced(':+1: yes', 4)!)).toBe('👍 yes');
    expect(replaced('so :tadada:', 11)).toBeNull();
    expect(replaced('at 12:30:', 9)).toBeNull();
    expect(replaced('a:tada:', 7)).toBeNull();
  });
});
