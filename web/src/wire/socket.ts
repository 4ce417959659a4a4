import { DEAD, planAfter } from './closing';
import { offline } from './errors';
import type { Ack, Answer, Command, Event, Frame, Pong, Replayed, Welcome } from './protocol.gen';
import { Requests } from './requests';
import { Watch } from './watch';

export type SocketState = 'offline' | 'connecting' | 'online' | 'restarting' | 'waiting';

/** Called in the order in which frames came, before the next one is looked at. */
export interface Listener {
  /** For hello: each log of which rows are held, and up to where. */
  positions(): Record<string, number>;
  /** `sent`: when hello went out. */
  welcome(frame: Welcome, sent: number): void;
  event(frame: Event): void;
  pong(frame: Pong, sent: number): void;
  /** `retryAt`: when the next try is due, 0 for none. */
  state(state: SocketState, retryAt: number): void;
  /** The session is no more; the socket has stopped. */
  ended(): void;
}

/** What the socket needs of a browser. */
export interface Surroundings {
  connect(): WebSocket;
  online(): boolean;
  /** `online`, `offline` and `pageshow` come here, */
  window: EventTarget;
  /** and `visibilitychange` here. */
  document: EventTarget & { visibilityState: string };
  random(): number;
}

type Sent = { ping: Pong; replay: Replayed; hello: Welcome };
type AnswerTo<C extends Command> = C['op'] extends keyof Sent ? Sent[C['op']] : Ack;

const WELCOME_WITHIN = 20_000;
const ANSWER_WITHIN = 15_000;
const STABLE_AFTER = 5000;

/** The one connection of this tab: opens, says hello, notices death, comes back. */
export class Socket {
  #ws: WebSocket | null = null;
  #state: SocketState = 'connecting';
  #running = false;
  #tries = 0;
  #onlineSince = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #requests = new Requests();
  #watch: Watch;

  constructor(
    private readonly listener: Listener,
    private readonly around: Surroundings,
  ) {
    this.#watch = new Watch({
      ping: (within) => this.#ping(within),
      dead: () => this.#drop(DEAD),
    });
  }

  get online(): boolean {
    // One that is about to close takes no words any more, and browsers complain of each.
    return this.#state === 'online' && this.#ws?.readyState === 1;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.around.window.addEventListener('online', this.#foundNetwork);
    this.around.window.addEventListener('pageshow', this.#awake);
    this.around.window.addEventListener('offline', this.#lostNetwork);
    this.around.document.addEventListener('visibilitychange', this.#awake);
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.around.window.removeEventListener('online', this.#foundNetwork);
    this.around.window.removeEventListener('pageshow', this.#awake);
    this.around.window.removeEventListener('offline', this.#lostNetwork);
    this.around.document.removeEventListener('visibilitychange', this.#awake);
    clearTimeout(this.#retry);
    this.#tries = 0;
    this.#close(1000);
  }

  /** Somebody asked, or there is reason to believe that it works now. */
  retryNow(): void {
    if (!this.#running || this.#ws) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  /** Rejects with ApiError: what the server said, `offline`, or `timeout`. */
  request<C extends Command>(command: C, within = ANSWER_WITHIN): Promise<AnswerTo<C>> {
    return new Promise((resolve, reject) => {
      if (!this.online) return reject(offline());
      this.#send(command, within, (answer) => resolve(answer as AnswerTo<C>), reject);
    });
  }

  /** Without an answer; false when it could not even be sent. */
  tell(command: Command): boolean {
    if (!this.online || !this.#ws) return false;
    this.#ws.send(JSON.stringify(command));
    return true;
  }

  #connect(): void {
    this.#enter(this.around.online() ? 'connecting' : 'offline');
    let ws: WebSocket;
    try {
      ws = this.around.connect();
    } catch {
      return this.#after(1006);
    }
    this.#ws = ws;
    // Connecting, hello and welcome together must not hang on a network that swallows everything.
    this.#retry = setTimeout(() => this.#drop(DEAD), WELCOME_WITHIN);
    ws.onopen = () => this.#hello();
    ws.onmessage = (message) => this.#frame(String(message.data));
    ws.onclose = (close) => this.#drop(close.code);
  }

  #hello(): void {
    const sent = Date.now();
    const ws = this.#ws;
    this.#send({ op: 'hello', positions: this.listener.positions() }, WELCOME_WITHIN, (answer) => {
      if (answer.op !== 'welcome') return;
      clearTimeout(this.#retry);
      this.#onlineSince = Date.now();
      this.#watch.start(this.#onlineSince - sent);
      // Whoever hears the welcome may already send.
      this.#state = 'online';
      this.listener.welcome(answer, sent);
      if (this.online) this.#enter('online');
    }, () => {
      // Not when it fails because the connection is being dropped: that would plan two connections.
      if (this.#ws === ws) this.#drop(DEAD);
    });
  }

  #frame(text: string): void {
    this.#watch.heard();
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      return this.#drop(1002);
    }
    if ('id' in frame && this.#requests.answer(frame as Answer)) return;
    // Errors without an id answer `tell`, and nobody waits for those.
    if (frame.op !== 'error') this.listener.event(frame as Event);
  }

  #send(command: Command, within: number, resolve: (answer: Answer) => void, reject: (error: Error) => void): void {
    const id = this.#requests.open(within, resolve, reject);
    this.#ws?.send(JSON.stringify({ ...command, id }));
  }

  #ping(within: number): void {
    const sent = Date.now();
    this.#send({ op: 'ping' }, within, (answer) => {
      if (answer.op !== 'pong') return;
      this.#watch.took(Date.now() - sent);
      this.listener.pong(answer, sent);
    }, () => undefined);
  }

  #awake = (): void => {
    if (this.around.document.visibilityState === 'hidden') return;
    if (this.online) this.#watch.check();
    else this.retryNow();
  };

  #lostNetwork = (): void => {
    // The browser may be wrong (a server on this machine), so the socket itself is asked.
    if (this.online) this.#watch.checkSoon();
    else if (!this.#ws) this.#enter('offline');
  };

  #foundNetwork = (): void => {
    if (this.online) return this.#watch.checkAnew();
    // What was begun without a network may hang for long; and the failures so far say nothing of this one.
    this.#tries = 0;
    this.#close(DEAD);
    this.retryNow();
  };

  /** Closes this side without waiting for the other, which may be gone: a close event can take minutes. */
  #drop(code: number): void {
    if (this.#onlineSince && Date.now() - this.#onlineSince >= STABLE_AFTER) this.#tries = 0;
    this.#close(code);
    if (this.#running) this.#after(code);
  }

  #close(code: number): void {
    const ws = this.#ws;
    this.#ws = null;
    this.#onlineSince = 0;
    this.#watch.stop();
    clearTimeout(this.#retry);
    if (ws) {
      ws.onopen = ws.onmessage = ws.onclose = null;
      if (code === DEAD || code === 1000 || code === 1002) ws.close();
    }
    // Whoever waits for an answer must see the new state, not believe that the socket is still there.
    if (this.#state === 'online') this.#state = 'waiting';
    this.#requests.failAll();
  }

  #after(code: number): void {
    const plan = planAfter(code, this.#tries, () => this.around.random());
    if (plan.ended) {
      this.stop();
      return this.listener.ended();
    }
    this.#tries += 1;
    this.#retry = setTimeout(() => this.#connect(), plan.delay);
    this.#enter(plan.restarting ? 'restarting' : this.around.online() ? 'waiting' : 'offline', Date.now() + plan.delay);
  }

  #enter(state: SocketState, retryAt = 0): void {
    this.#state = state;
    this.listener.state(state, retryAt);
  }
}
