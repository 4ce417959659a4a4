import { problemOf } from '../../lib/problem';
import { get, post } from '../../wire/http';
import type { RelayTest } from '../../wire/protocol.gen';
import { relay } from '../calls/relay';
import { reach } from './reach';
import { wayTo, type Way } from './ways';

/** The server waits itself for answers that never come. */
const PATIENCE = 60_000;
const LOOK_AGAIN = 2000;

/** What the server finds when it calls itself. */
export class ServerTest {
  now = $state.raw<RelayTest | null>(null);
  busy = $state(false);
  /** Text for people. */
  problem = $state('');
  #gone = false;

  /** Until what is returned is called. A test that somebody else began is waited for. */
  watch(): () => void {
    void this.load();
    return () => (this.#gone = true);
  }

  async again(): Promise<void> {
    this.busy = true;
    await this.#ask(() => post<RelayTest>('admin/relay/test', {}, PATIENCE));
    this.busy = false;
  }

  async load(): Promise<void> {
    await this.#ask(() => get<RelayTest>('admin/relay'));
    while (this.now?.running && !this.#gone) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
      if (!this.#gone) await this.#ask(() => get<RelayTest>('admin/relay'));
    }
  }

  async #ask(request: () => Promise<RelayTest>): Promise<void> {
    try {
      this.now = await request();
      this.problem = '';
    } catch (thrown) {
      this.problem = problemOf(thrown).text;
    }
  }
}

/** What this browser finds, one way after the other: side by side they would slow each other down. */
export class OwnTest {
  /** null: not begun. */
  ways = $state.raw<readonly Way[] | null>(null);
  busy = $state(false);
  #over = new AbortController();

  async run(): Promise<void> {
    this.#over = new AbortController();
    const over = this.#over.signal;
    this.busy = true;
    const servers = (await relay.servers()).flatMap((server) =>
      [server.urls].flat().map((urls): RTCIceServer => ({ ...server, urls })),
    );
    this.ways = servers.map(({ urls }) => wayTo(String(urls)));
    for (const [at, server] of servers.entries()) {
      if (over.aborted) return;
      this.#note(at, { state: 'running' });
      const { ms, code, detail } = await reach(server, over);
      this.#note(at, { state: code ? 'bad' : 'ok', ms, code, detail });
    }
    this.busy = false;
  }

  stop(): void {
    this.#over.abort();
  }

  #note(at: number, what: Partial<Way>): void {
    this.ways = (this.ways ?? []).map((way, n) => (n === at ? { ...way, ...what } : way));
  }
}
