import { expect, test } from 'vitest';
import { HALL } from './fake';
import { deliversMail, mail, pass, wordsOf } from './mail';
import { Outbox } from './outbox';
import type { Entry } from './schema';
import { Sender } from './sender';

deliversMail();

/** As browsers have them: one holder for each name, the others wait their turn. */
function locks(): LockManager {
  const tails = new Map<string, Promise<unknown>>();
  const request = (name: string, work: () => Promise<void>): Promise<unknown> => {
    const mine = (tails.get(name) ?? Promise.resolve()).then(work);
    tails.set(name, mine);
    return mine;
  };
  return { request } as unknown as LockManager;
}

/** A tab over the same disk; words in `slow` go out when the test lets them. */
function tab(shared: LockManager, slow: Promise<void>): { outbox: Outbox; sender: Sender } {
  const outbox = new Outbox();
  const request = async (command: Entry['command']) => {
    if (wordsOf(command) === 'slow') await slow;
    mail.sent.push(command);
    return mail.server(command);
  };
  const sender = new Sender(outbox, { online: () => true, request }, shared);
  outbox.changed.on(() => sender.kick());
  return { outbox, sender };
}

test('what goes out slowly in one room holds up neither other rooms nor other tabs, and its own room waits', async () => {
  let go = (): void => undefined;
  const slow = new Promise<void>((done) => (go = done));
  const shared = locks();
  const [one, other] = [tab(shared, slow), tab(shared, slow)];
  await one.outbox.post(HALL, 'slow');
  await pass();
  await one.outbox.post('room-two', 'by the same tab');
  await pass();
  await other.outbox.post('room-three', 'by another tab');
  await other.outbox.post(HALL, 'after it');
  await pass();
  expect(mail.texts()).toEqual(['by the same tab', 'by another tab']);
  go();
  await pass();
  expect(mail.texts()).toEqual(['by the same tab', 'by another tab', 'slow', 'after it']);
  await other.outbox.load();
  expect(other.outbox.entries).toEqual([]);
});

test('a disk that refuses once does not end a room', async () => {
  await mail.outbox.post(HALL, 'kept');
  const begin = mail.outbox.begin.bind(mail.outbox);
  let refusals = 1;
  mail.outbox.begin = (id) => (refusals-- > 0 ? Promise.reject(new Error('disk')) : begin(id));
  await mail.settled();
  expect(mail.texts()).toEqual([]);
  for (let i = 0; i < 20; i++) await pass();
  expect(mail.texts()).toEqual(['kept']);
});
