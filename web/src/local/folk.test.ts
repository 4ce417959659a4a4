import 'fake-indexeddb/auto';
import { beforeEach, expect, test } from 'vitest';
import type { LogEvent } from '../wire/protocol.gen';
import { applyEvent } from './apply';
import { write } from './db';
import { BEN, freshBrowser, ME } from './fake';
import { heldState } from './owner';
import { STORES } from './schema';

beforeEach(freshBrowser);

const chosen = { receipts: false, last_seen: true, invisible: true, sounds: true, toasts: true, enter_sends: false, relay_calls: true };

async function hear(event: object): Promise<void> {
  await write(STORES, (tx) => applyEvent(tx, { log: ME.id, seq: 1, ...event } as LogEvent, ME.id));
}

test('whom I blocked, what I call others and what I chose are there after a restart', async () => {
  await hear({ op: 'blocked', people: [BEN] });
  await hear({ op: 'nicknames', nicknames: [{ person: BEN.id, name: 'Benno' }] });
  await hear({ op: 'preferences', preferences: chosen });
  expect(await heldState()).toMatchObject({
    blocks: [BEN],
    nicknames: [{ person: BEN.id, name: 'Benno' }],
    preferences: chosen,
  });
});

test('what is no longer told is no longer held', async () => {
  const other = { id: 'account-cleo', name: 'cleo', display: 'Cleo' };
  await hear({ op: 'blocked', people: [BEN, other] });
  await hear({ op: 'blocked', people: [other] });
  await hear({ op: 'nicknames', nicknames: [{ person: BEN.id, name: 'Benno' }] });
  await hear({ op: 'nicknames', nicknames: [] });
  expect(await heldState()).toMatchObject({ blocks: [other], nicknames: [] });
});
