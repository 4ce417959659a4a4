/** An outbox, what sends from it, and a server that answers, for tests. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, vi } from 'vitest';
import { textIn } from '../lib/content';
import { ApiError, offline } from '../wire/errors';
import type { Ack } from '../wire/protocol.gen';
import { write } from './db';
import { freshBrowser, HALL } from './fake';
import { beginLog } from './messages';
import { Outbox } from './outbox';
import type { Entry } from './schema';
import { Sender } from './sender';

type Command = Entry['command'];
type Server = (command: Command) => Promise<Ack>;

class Mail {
  outbox = new Outbox();
  online = true;
  sent: Command[] = [];
  /** Where the hall's log stands. */
  seq = 10;
  readonly #whole = this.#remembering();
  server: Server = this.#whole;
  #sender = this.#open();

  /** The browser ended, and starts again with what is on disk, and with nothing in its way. */
  async restart(): Promise<void> {
    this.outbox = new Outbox();
    await this.outbox.load();
    this.mend();
    this.#sender = this.#open();
  }

  /** The connection is there again, and the server answers as it should. */
  mend(): void {
    this.online = true;
    this.server = this.#whole;
  }

  /** Until nothing waits, or nothing more can go. */
  async settled(): Promise<void> {
    this.#sender.kick();
    await pass();
  }

  /** The server takes it, and its answer is lost with the connection. */
  cut(): void {
    this.server = async (command) => {
      await this.#whole(command);
      this.online = false;
      throw offline();
    };
  }

  only(): Entry {
    return this.outbox.entries[0]!;
  }

  /** What the only entry will be. */
  pending(): { id: string; clientId: string } {
    return { id: '', clientId: this.only().client_id };
  }

  texts(): string[] {
    return this.sent.map(wordsOf);
  }

  #open(): Sender {
    const request = (command: Command): Promise<Ack> => {
      this.sent.push(structuredClone(command));
      return this.server(command);
    };
    return new Sender(this.outbox, { online: () => this.online, request }, null);
  }

  /** A server that remembers, as the real one does. */
  #remembering(): Server {
    const done = new Map<string, Ack>();
    return async (command) => {
      const before = done.get(command.client_id);
      if (before) return before;
      const subject = command.op === 'post' ? `id-${command.client_id}` : command.message;
      const ack: Ack = { op: 'ack', id: '', subject, seq: ++this.seq, at: 1 };
      done.set(command.client_id, ack);
      return ack;
    };
  }
}

/** The one of the test that runs; call `deliversMail` once in each file. */
export let mail: Mail;

export function deliversMail(): void {
  beforeEach(async () => {
    await freshBrowser();
    await write(['logs'], (tx) => beginLog(tx, HALL, 10));
    mail = new Mail();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.now() });
  });
  afterEach(() => vi.useRealTimers());
}

/** A while, in which nobody is told to begin. */
export async function pass(): Promise<void> {
  for (let i = 0; i < 300; i++) {
    await new Promise((done) => setImmediate(done));
    await vi.advanceTimersByTimeAsync(1);
  }
}

export const refuse = (code: string, more = {}): (() => Promise<Ack>) => async () => {
  throw new ApiError(code as 'internal', `because of ${code}`, more);
};

export const wordsOf = (command: Command): string => (command.op === 'delete' ? 'delete' : (textIn(command.content) ?? ''));
