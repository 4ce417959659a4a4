import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { actFor, dispossessed, write } from './db';
import { disk, freshBrowser, HALL, joinedHall, ME, message, told } from './fake';
import { heldOwner, leaveNothing, takeOver } from './owner';
import { MINE } from '../lib/noted';
import { outbox } from './outbox';
import { Sync } from './sync';
import { writer } from './writer';

const EVE = { id: 'account-eve', name: 'eve', display: 'Eve' };
const deletedCaches: string[] = [];
const unsubscribe = vi.fn();

function fill(): Sync {
  const sync = new Sync();
  sync.begin(ME.id, [{ log: ME.id, position: 0, low: 1, floor: 0, complete: false }], () => new Promise(() => undefined));
  sync.event(joinedHall(1, 10));
  sync.event(told(message(11, { content: { type: 'text', text: 'secret of ada' } })));
  return sync;
}

beforeEach(async () => {
  deletedCaches.length = 0;
  unsubscribe.mockReset();
  vi.stubGlobal('sessionStorage', { clear: () => undefined });
  vi.stubGlobal('caches', {
    keys: async () => ['shell-1', 'media-ada'],
    delete: async (name: string) => deletedCaches.push(name),
  });
  vi.stubGlobal('navigator', {
    serviceWorker: { getRegistration: async () => ({ pushManager: { getSubscription: async () => ({ unsubscribe }) } }) },
  });
  await freshBrowser();
});

test('after signing out nothing is left: rows, outbox, drafts, caches, push', async () => {
  fill();
  await outbox.post(HALL, 'unsent of ada');
  await write(['drafts'], (tx) => tx.objectStore('drafts').put({ room: HALL, text: 'draft of ada', at: 0 }));
  await writer.idle();
  expect(JSON.stringify(await disk())).toContain('secret of ada');
  await leaveNothing();
  expect(Object.values(await disk()).flat()).toEqual([]);
  expect(deletedCaches).toEqual(['media-ada']);
  expect(unsubscribe).toHaveBeenCalled();
});

test('of what the browser remembers only what is nobody\'s own stays', async () => {
  const kept: Record<string, string> = { 'safevoice.theme': 'dark', [`${MINE}emoji`]: 'recent ones of ada' };
  vi.stubGlobal('localStorage', Object.defineProperty(kept, 'removeItem', { value: (key: string) => delete kept[key] }));
  await leaveNothing();
  expect(kept).toEqual({ 'safevoice.theme': 'dark' });
});

test('somebody else who signs in finds nothing of who was here before', async () => {
  fill();
  await writer.idle();
  await takeOver({ me: EVE, device: 'd', community: null });
  expect(JSON.stringify(await disk())).not.toContain('ada');
  expect((await heldOwner())!.me.id).toBe(EVE.id);
});

test('a tab of the one before, which has heard nothing of it, cannot write any more', async () => {
  const told_ = vi.fn();
  dispossessed.on(told_);
  const sync = fill();
  await writer.idle();
  await takeOver({ me: EVE, device: 'd', community: null });
  actFor(ME.id);
  sync.event(told(message(12, { content: { type: 'text', text: 'late for ada' } })));
  await writer.idle();
  await expect(outbox.post(HALL, 'late of ada')).rejects.toThrow();
  expect(JSON.stringify(await disk())).not.toContain('ada');
  expect(told_).toHaveBeenCalled();
});

test('the same person again keeps what is there', async () => {
  fill();
  await writer.idle();
  await takeOver({ me: ME, device: 'd', community: null });
  expect((await disk()).messages).toHaveLength(1);
});
