import { Signal } from '../lib/signal';
import type { Message } from '../wire/protocol.gen';
import type { Left } from './rooms';

/** What tabs of one browser tell each other; each carries whose it is. */
export type Word =
  /** The outbox on disk changed; `acked` went out and became `message` (or changed it). */
  | { type: 'outbox'; acked?: { clientId: string; message: Message | null } }
  /** Somebody talks in that tab, and the disk has begun to have it: once that tab is gone, others offer it. */
  | { type: 'speaking' }
  | { type: 'draft'; room: string; text: string }
  | { type: 'seen'; room: string; seq: number; left: Left }
  /** Nothing of this account may be left in this browser. */
  | { type: 'wiped'; why: Why };

/** Why somebody's data went: somebody (else) signed in, signed out here, the server ended the session, or they deleted
 * their account. */
export type Why = '' | 'signed-out' | 'revoked' | 'deleted';

class Tabs {
  readonly heard = new Signal<{ account: string; word: Word }>();
  #channel: BroadcastChannel | null = null;

  open(): void {
    if (this.#channel || typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel('safevoice');
    this.#channel.onmessage = (message: MessageEvent<{ account: string; word: Word }>) => this.heard.send(message.data);
  }

  tell(account: string, word: Word): void {
    this.#channel?.postMessage({ account, word });
  }

  /** In place of a tab that is gone: to all that are there, this one too. */
  tellFor(account: string, word: Word): void {
    this.tell(account, word);
    this.heard.send({ account, word });
  }
}

export const tabs = new Tabs();
