import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { notedUnder } from '../lib/noted';
import { ApiError } from '../wire/errors';
import type { Ack, Post, Voice } from '../wire/protocol.gen';
import { actFor, read } from './db';
import { freshBrowser, HALL, ME } from './fake';
import { outbox } from './outbox';
import { begin, deliver, keep, soundOf, sweep, takeUp } from './speaking';
import { tabs } from './tabs';

const uploads: Blob[] = [];
/** What the browser notes. Its keys are seen as those of an object, as a real one's are. */
let notes: Record<string, string> = {};

/** What happens while it is uploaded. */
let meanwhile = async (): Promise<unknown> => undefined;

vi.mock('../wire/uploads', () => ({
  uploadTo: async (_path: string, sound: Blob) => {
    uploads.push(sound);
    await meanwhile();
    return { media: `file-${uploads.length}`, type: 'audio/webm', bytes: sound.size };
  },
}));

const SOUND = new Blob(['said'], { type: 'audio/webm' });
const SAID = { duration_ms: 900, waveform: 'AAAA' };
const KNOWN = { room: HALL, replyTo: '', said: SAID };
const ACK: Ack = { op: 'ack', id: '', subject: 'm1', seq: 11, at: 1 };

const waiting = (): Post => outbox.entries[0]!.command as Post;
const fileOf = (command: Post): string => (command.content as Voice).file;
const rows = (): Promise<number> => read(['recordings'], 0, (tx) => tx.objectStore('recordings').count());

beforeEach(async () => {
  notes = {};
  const storage = {
    getItem: (key: string) => notes[key] ?? null,
    setItem: (key: string, value: string) => (notes[key] = value),
    removeItem: (key: string) => delete notes[key],
  };
  vi.stubGlobal('localStorage', new Proxy(storage, { ownKeys: () => Object.keys(notes), getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }));
  await freshBrowser();
  await outbox.load();
  uploads.length = 0;
  meanwhile = async () => undefined;
});

async function said(clientId = 'said-1'): Promise<void> {
  await begin(HALL, clientId, SAID)(SOUND);
}

it('has sound and command on the disk together, and nothing is noted any more', async () => {
  await said();
  expect(waiting()).toMatchObject({ op: 'post', client_id: 'said-1', room: HALL, content: { type: 'voice', file: '', ...SAID } });
  expect(await (await soundOf('said-1'))!.text()).toBe('said');
  expect(notedUnder('safevoice.my.speaking.')).toEqual([]);
});

it('is told to pages beside this one once the disk has begun to have it', async () => {
  const told = vi.spyOn(tabs, 'tell');
  const wrote = keep('kept', SOUND, KNOWN);
  expect(told).not.toHaveBeenCalled();
  await wrote;
  expect(await rows()).toBe(1);
  await keep('kept', SOUND, KNOWN);
  expect(told.mock.calls).toEqual([[ME.id, { type: 'speaking' }]]);
});

it('stays as not sent where it was set aside, until somebody sends it, also when the page is gone', async () => {
  await begin(HALL, 'aside-1', SAID, '', true)(SOUND);
  expect(outbox.entries[0]).toMatchObject({ state: 'failed', client_id: 'aside-1' });
  await outbox.retry('aside-1');
  expect(outbox.entries[0]!.state).toBe('waiting');
  await keep('aside-2', SOUND, KNOWN);
  begin(HALL, 'aside-2', SAID, '', true);
  const [key] = Object.keys(notes);
  notes[key!] = JSON.stringify({ ...(JSON.parse(notes[key!]!) as object), page: 'gone' });
  await takeUp();
  expect(outbox.entries[1]).toMatchObject({ state: 'failed', client_id: 'aside-2' });
});

it('is uploaded once, and names its file on the disk before it goes', async () => {
  await said();
  const sent: string[] = [];
  const lost = async (command: Post): Promise<Ack> => {
    sent.push(fileOf(command));
    expect(fileOf(waiting())).toBe(fileOf(command));
    throw new ApiError('offline', '');
  };
  await expect(deliver(waiting(), lost)).rejects.toThrow('offline');
  await expect(deliver(waiting(), async (command) => (sent.push(fileOf(command)), ACK))).resolves.toBe(ACK);
  expect(sent).toEqual(['file-1', 'file-1']);
  expect(uploads).toHaveLength(1);
});

it('is uploaded again where the server has swept it up, under the same client_id', async () => {
  await said();
  const sent: Post[] = [];
  const send = async (command: Post): Promise<Ack> => {
    sent.push(command);
    if (sent.length === 1) throw new ApiError('media_gone', '');
    return ACK;
  };
  await deliver(waiting(), send);
  expect(sent.map(fileOf)).toEqual(['file-1', 'file-2']);
  expect(new Set(sent.map(({ client_id }) => client_id)).size).toBe(1);
  expect(fileOf(waiting())).toBe('file-2');
});

it('does not go when it was discarded while it was uploaded', async () => {
  await said();
  const command = waiting();
  meanwhile = () => outbox.discard('said-1');
  const send = vi.fn(async () => ACK);
  await expect(deliver(command, send)).rejects.toMatchObject({ code: 'voice_lost' });
  expect(send).not.toHaveBeenCalled();
});

it('says so when the browser has lost the sound', async () => {
  await said();
  await deliver(waiting(), async () => ACK);
  await outbox.settle({ ...outbox.entries[0]! }, ACK);
  await vi.waitFor(async () => expect(await rows()).toBe(0));
  const command: Post = { op: 'post', client_id: 'said-1', room: HALL, content: { type: 'voice', file: '', ...SAID } };
  await expect(deliver(command, async () => ACK)).rejects.toMatchObject({ code: 'voice_lost' });
});

it('is taken up from a page that is gone, as far as it was kept, and once', async () => {
  await keep('said-1', SOUND, KNOWN);
  begin(HALL, 'said-1', SAID);
  const [noted] = notedUnder('safevoice.my.speaking.');
  localStorage.setItem('safevoice.my.speaking.said-1', JSON.stringify({ ...JSON.parse(noted!), page: 'another' }));
  await takeUp();
  await takeUp();
  expect(outbox.entries.map((entry) => entry.client_id)).toEqual(['said-1']);
  expect(notedUnder('safevoice.my.speaking.')).toEqual([]);
});

it('is taken up once its page is gone, which may be a moment after this one has come', async () => {
  await keep('said-1', SOUND, KNOWN);
  begin(HALL, 'said-1', SAID);
  const [noted] = notedUnder('safevoice.my.speaking.');
  localStorage.setItem('safevoice.my.speaking.said-1', JSON.stringify({ ...JSON.parse(noted!), page: 'another' }));
  let held = [{ name: 'safevoice-page:another' }];
  let go = (): void => undefined;
  const gone = new Promise<void>((done) => (go = done));
  const request = (_name: string, work: () => void) => gone.then(work);
  vi.stubGlobal('navigator', { locks: { query: async () => ({ held }), request } });
  await takeUp();
  expect(outbox.entries).toEqual([]);
  held = [];
  go();
  await vi.waitFor(() => expect(outbox.entries.map((entry) => entry.client_id)).toEqual(['said-1']));
  vi.unstubAllGlobals();
});

it('is not taken up from a page that lives, nor for somebody else, nor without a sound', async () => {
  begin(HALL, 'mine', SAID);
  const [noted] = notedUnder('safevoice.my.speaking.');
  const other = { ...JSON.parse(noted!), page: 'another' };
  localStorage.setItem('safevoice.my.speaking.theirs', JSON.stringify({ ...other, client_id: 'theirs', account: 'somebody' }));
  localStorage.setItem('safevoice.my.speaking.silent', JSON.stringify({ ...other, client_id: 'silent' }));
  await keep('theirs', SOUND, KNOWN);
  await takeUp();
  expect(outbox.entries).toEqual([]);
  expect(Object.keys(notes).sort()).toEqual([
    'safevoice.my.speaking.mine',
    'safevoice.my.speaking.theirs',
  ]);
});

it('lets go of what was discarded an hour later, of what nobody wanted a week later, and of nothing that waits', async () => {
  await said('discarded');
  await outbox.discard('discarded');
  await keep('interrupted', SOUND, KNOWN);
  await said();
  await sweep();
  expect(await rows()).toBe(3);
  await sweep(Date.now() + 3_700_000);
  expect(await rows()).toBe(2);
  await sweep(Date.now() + 6.9 * 86_400_000);
  expect(await rows()).toBe(2);
  await sweep(Date.now() + 7.1 * 86_400_000);
  expect(await rows()).toBe(1);
  actFor(ME.id);
});

it('can be taken back for as long as any other when it was said long ago', async () => {
  await said('old-1');
  const later = Date.now() + 7 * 3_600_000;
  vi.spyOn(Date, 'now').mockReturnValue(later);
  const gone = await outbox.discard('old-1');
  await sweep(later + 60_000);
  await outbox.restore(gone);
  expect(await soundOf('old-1')).not.toBeNull();
  await outbox.discard('old-1');
  await sweep(later + 3_700_000);
  expect(await soundOf('old-1')).toBeNull();
});
