import { SvelteMap } from 'svelte/reactivity';
import { outbox } from '../../local/outbox';
import { forget } from '../../local/owner';
import { floorFor } from '../messages/floor';
import { mentionablesOf } from '../messages/mentionables.svelte';
import { session } from '../auth/session.svelte';
import type { RoomEntry } from '../rooms/rooms.svelte';
import type { Message } from '../../wire/protocol.gen';

export interface Reply {
  clientId: string;
  text: string;
  state: 'pending' | 'failed' | 'sent';
}

/** What was answered from here, by the message that it answers. */
class Replies {
  #made = new SvelteMap<string, Reply>();

  constructor() {
    forget.on(() => this.#made.clear());
    outbox.changed.on(() => this.#look());
    outbox.acked.on(({ clientId }) => {
      for (const [id, reply] of this.#made) if (reply.clientId === clientId) this.#made.set(id, { ...reply, state: 'sent' });
    });
  }

  /** Reactive. */
  to(message: Message): Reply | undefined {
    return this.#made.get(message.id);
  }

  /** In a direct message it stands alone, since nothing came between. Rejects where the disk takes nothing. */
  async send(message: Message, text: string, direct: boolean): Promise<void> {
    const body = text.trim();
    const called = mentionablesOf(message.room);
    const to = direct ? null : { id: message.id, clientId: '' };
    const clientId = await outbox.post(message.room, body, to, called.calledIn(body), called.meantBy(body));
    this.#made.set(message.id, { clientId, text: body, state: 'pending' });
  }

  #look(): void {
    for (const [id, reply] of this.#made) {
      if (reply.state === 'sent') continue;
      const entry = outbox.entries.find((each) => each.client_id === reply.clientId);
      // Given up before it went out.
      if (!entry) this.#made.delete(id);
      else this.#made.set(id, { ...reply, state: entry.state === 'failed' ? 'failed' : 'pending' });
    }
  }
}

export const replies = new Replies();

/** Reactive. `room`: only there, since a draft would be lost here, or one has to wait for one's turn. */
export function canReply(entry: RoomEntry, now: number): 'here' | 'room' | 'no' {
  const floor = floorFor(entry, session.me?.muted_until ?? 0, 0, now);
  if (floor.kind !== 'open') return 'no';
  return entry.draft || (entry.room.slow_s ?? 0) > 0 ? 'room' : 'here';
}
