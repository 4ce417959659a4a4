import { expect, test } from 'vitest';
import { joinedHall } from '../../local/fake';
import { joined } from '../../local/rooms';
import type { Role, Room } from '../../wire/protocol.gen';
import { entryOf } from '../rooms/entries';
import { asked } from './asked';

const around = { me: 'me', person: () => undefined, drafts: new Map(), outbox: [] };

function room(id: string, of: Partial<Room>, role: Role = 'member') {
  const record = joined(undefined, { ...joinedHall(1, 1), role });
  return entryOf({ ...record, id, room: { ...record.room, id, ...of } }, around);
}

test('what I asked the team comes before what is closed, and what I look after is not among it', () => {
  const all = [
    room('closed', { kind: 'support', archived_at: 1 }),
    room('hall', { kind: 'public' }),
    room('newer', { kind: 'support' }),
    room('answering', { kind: 'support' }, 'staff'),
    room('older', { kind: 'support' }),
  ];
  expect(asked(all).map((entry) => entry.room.id)).toEqual(['newer', 'older', 'closed']);
});
