/** A network for tests: sockets whose other end the test holds, and signals that it gives by hand. */
import type { Command, Frame, Welcome } from './protocol.gen';
import type { Listener, SocketState, Surroundings } from './socket';

export class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  sent: (Command & { id?: string })[] = [];
  closed = false;

  get readyState(): number {
    return this.closed ? 3 : 1;
  }
  send(text: string): void {
    if (!this.closed) this.sent.push(JSON.parse(text) as Command);
  }
  close(): void {
    this.closed = true;
  }
  open(): void {
    this.onopen?.();
  }
  hear(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  cut(code = 1006): void {
    this.closed = true;
    this.onclose?.({ code });
  }
  /** The last command of this kind. */
  last(op: Command['op']): Command & { id: string } {
    const found = this.sent.findLast((command) => command.op === op);
    if (!found) throw new Error(`no ${op} was sent`);
    return found as Command & { id: string };
  }
  welcome(more: Partial<Welcome> = {}): void {
    const { id } = this.last('hello');
    this.hear({ op: 'welcome', id, account: 'me', device: 'd', now: Date.now(), heartbeat_s: 30, logs: [], summaries: [], ...more });
  }
}

export class FakeNetwork implements Surroundings {
  sockets: FakeSocket[] = [];
  up = true;
  luck = 1;
  window = new EventTarget();
  document = Object.assign(new EventTarget(), { visibilityState: 'visible' });

  connect(): WebSocket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  }
  online(): boolean {
    return this.up;
  }
  random(): number {
    return this.luck;
  }
  get now(): FakeSocket {
    return this.sockets.at(-1)!;
  }
}

export class Ear implements Listener {
  states: SocketState[] = [];
  frames: Frame[] = [];
  over = false;
  retryAt = 0;
  held: Record<string, number> = {};

  positions = () => this.held;
  welcome = (frame: Welcome) => void this.frames.push(frame);
  event = (frame: Frame) => void this.frames.push(frame);
  pong = () => undefined;
  state = (state: SocketState, retryAt: number) => {
    this.states.push(state);
    this.retryAt = retryAt;
  };
  ended = () => void (this.over = true);
}
