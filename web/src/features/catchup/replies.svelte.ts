import { SvelteMap } from 'svelte/reactivity';
import { outbox } from '../../local/outbox';
import { forget } from '../../local/owner';
import { floorFor } from '../messages/floor';
import { mentionablesOf } from '../messages/mentionables.svelte';
import { session } from '../auth/session.svelte';
import type { RoomEntry } from '../rooms/rooms.svelte';
import type { Message } from '../../wire/protocol.gen';

export interface Reply {
  room: string;
  text: string;
  state: 'pending' | 'failed' | 'sent';
}

/** What was answered from here, by the message that it answers. */
class Replies {
  #made = new SvelteMap<string, Reply>();

  constructor() {
    forget.on(() => this.#made.clear());
    outbox.changed.on(() => this.#look());
  }

  /** Reactive. */
  to(message: Message): Reply | undefined {
    return this.#made.get(message.id);
  }

  /** In a direct message it stands alone, since nothing came between. Rejects where the disk takes nothing. */
  async send(message: Message, text: string, direct: boolean): Promise<void> {
    const body = text.trim();
    const meant = await mentionablesOf(message.room).meantBy(body);
    await outbox.post(message.room, body, direct ? null : { id: message.id, clientId: '' }, meant);
    this.#made.set(message.id, { room: message.room, text: body, state: 'pending' });
    this.#look();
  }

  #look(): void {
    for (const [id, { room, text, state }] of this.#made) {
      if (state === 'sent') continue;
      const entry = outbox.entries.find((each) => each.room === room && each.command.op === 'post' && each.command.content.text === text);
      this.#made.set(id, { room, text, state: !entry ? 'sent' : entry.state === 'failed' ? 'failed' : 'pending' });
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
