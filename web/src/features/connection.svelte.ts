import { ServerClock } from '../lib/clock';
import { Signal } from '../lib/signal';
import { storageProblem, type StorageProblem } from '../local/db';
import { DeliveryTimes } from '../local/delivery';
import { outbox } from '../local/outbox';
import type { LogRecord } from '../local/schema';
import { Sender } from '../local/sender';
import { keepShell, lookForUpdate, takeUpdate } from '../local/shell';
import { sync } from '../local/sync';
import { offline } from '../wire/errors';
import { PROTOCOL, type Ack, type Command, type Lasting, type Welcome } from '../wire/protocol.gen';
import { Socket, type SocketState } from '../wire/socket';

export type ConnectionState = SocketState;

const RESUME_AFTER = 1000;
/** A server that does not speak with this version any more may have a newer one. */
const LOOK_EVERY = 60_000;

class Connection {
  state = $state<ConnectionState>('connecting');
  /** When the next try is due (ms since the epoch); 0: none is planned. */
  retryAt = $state(0);
  /** Since when the state is what it is. */
  since = $state(Date.now());
  updateReady = $state(false);
  /** What waits to be sent; not what was refused. */
  outboxCount = $state(0);
  /** What was refused, and waits for its owner to decide. */
  refusedCount = $state(0);
  /** Since when the oldest of what waits does so (ms since the epoch); 0: nothing waits. */
  waitsSince = $state(0);
  /** '' when all is well. */
  storageProblem = $state<StorageProblem>('');

  /** The server says that this session is no more. */
  readonly ended = new Signal();
  /** The socket is another account's than this tab's. */
  readonly stranger = new Signal();
  readonly clock = new ServerClock();

  #account = '';
  #looked = 0;
  #delivery = new DeliveryTimes(this.clock, (command) => this.tell(command));
  #socket: Socket | null = null;
  #sender = new Sender(outbox, {
    online: () => this.online,
    request: (command) => {
      const send = (ready: Lasting): Promise<Ack> => this.#request(ready);
      if (command.op !== 'post' || command.content.type !== 'voice') return send(command);
      return import('../local/speaking').then(({ deliver }) => deliver(command, send));
    },
  });

  constructor() {
    storageProblem.on((problem) => (this.storageProblem = problem));
    outbox.changed.on(() => {
      const waiting = outbox.entries.filter((entry) => entry.state === 'waiting');
      this.outboxCount = waiting.length;
      this.refusedCount = outbox.entries.length - waiting.length;
      this.waitsSince = waiting[0]?.created ?? 0;
      this.#sender.kick();
    });
    sync.changes.on((change) => {
      if (change.type === 'event' && change.live && change.event.op === 'message') {
        this.#delivery.heard(change.event, this.#account);
      }
    });
  }

  get online(): boolean {
    return this.#socket?.online ?? false;
  }

  retryNow(): void {
    this.#socket?.retryNow();
  }

  applyUpdate(): void {
    takeUpdate();
  }

  /** When the page has loaded, and whenever somebody signs in. */
  keepShell(): void {
    void keepShell(() => (this.updateReady = true));
  }

  begin(account: string, logs: LogRecord[]): void {
    this.end();
    this.#account = account;
    sync.begin(account, logs, (positions) => this.#socket!.request({ op: 'replay', positions }));
    this.#socket = new Socket(
      {
        positions: () => sync.positions(),
        welcome: (frame, sent) => this.#welcome(frame, sent),
        event: (event) => sync.event(event),
        pong: (frame, sent) => this.clock.sample(sent, frame.now, Date.now()),
        state: (state, retryAt) => this.#enter(state, retryAt),
        ended: () => this.ended.send(),
      },
      {
        connect: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/socket`, PROTOCOL),
        online: () => navigator.onLine,
        window,
        document,
        random: Math.random,
      },
    );
    this.#socket.start();
  }

  /** After the session was found to be alive; not at once, should the socket's side see it otherwise. */
  resume(): void {
    const socket = this.#socket;
    setTimeout(() => {
      if (socket === this.#socket) socket?.start();
    }, RESUME_AFTER);
  }

  end(): void {
    this.#socket?.stop();
    this.#socket = null;
    this.#account = '';
    this.clock.forget();
    sync.forget();
  }

  /** Without an answer; false when there is no connection. */
  tell(command: Command): boolean {
    return this.#socket?.tell(command) ?? false;
  }

  /**
   * Carry out a lasting command that somebody waits for. Through a short loss of connection it is repeated
   * under the same client_id, so it counts once. Throws ApiError.
   */
  async carryOut(command: Lasting, within = 12_000): Promise<Ack> {
    const until = Date.now() + within;
    for (;;) {
      try {
        return await this.#request(command);
      } catch (error) {
        const again = (error as { code?: string }).code;
        if ((again !== 'offline' && again !== 'timeout' && again !== 'storage_busy') || Date.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  #request(command: Lasting): Promise<Ack> {
    return this.#socket?.request(command) ?? Promise.reject(offline());
  }

  #welcome(frame: Welcome, sent: number): void {
    if (frame.account !== this.#account) {
      // At once: what waits to be sent here must not go out under another name.
      this.#socket?.stop();
      return this.stranger.send();
    }
    this.clock.forget();
    this.clock.sample(sent, frame.now, Date.now());
    sync.welcome(frame);
    this.#lookForUpdate();
  }

  #lookForUpdate(): void {
    this.#looked = Date.now();
    lookForUpdate();
  }

  #enter(state: ConnectionState, retryAt: number): void {
    if (state !== this.state) this.since = Date.now();
    this.state = state;
    this.retryAt = retryAt;
    if (state === 'waiting' && Date.now() - this.#looked > LOOK_EVERY) this.#lookForUpdate();
    this.#sender.kick();
  }
}

export const connection = new Connection();
