import { actingFor } from '../../local/db';
import type { Message } from '../../wire/protocol.gen';
import { isDesk, people } from '../people/people.svelte';
import { rooms } from '../rooms/rooms.svelte';

/** As whom I am heard in a room: whoever of the staff looks after a support conversation speaks as the desk. */
export function voiceIn(room: string, said: Iterable<Message>): string {
  const me = actingFor();
  if (rooms.get(room)?.role !== 'staff') return me;
  for (const { author } of said) if (isDesk(people.byId(author))) return author;
  return me;
}
