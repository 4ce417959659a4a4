/** What people and the staff do with support conversations. All of it throws ApiError. */
import { mint } from '../../lib/ids';
import { get } from '../../wire/http';
import { LIMITS, type Accounts, type Person } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { rooms } from '../rooms/rooms.svelte';

export type { Person } from '../../wire/protocol.gen';

/** The longest subject, in characters. */
export const SUBJECT = LIMITS.AskForHelp.about.maxLength;

/** Returns the room. */
export const askForHelp = (about: string): Promise<string> =>
  rooms.enter({ op: 'ask_for_help', client_id: mint(), about });

/** Look after it oneself; returns the room, which one is in from then on. */
export const take = (room: string, me: string): Promise<string> =>
  rooms.enter({ op: 'assign_ticket', client_id: mint(), room, person: me });

/** null: to nobody. */
export async function assign(room: string, person: string | null): Promise<void> {
  await connection.carryOut({ op: 'assign_ticket', client_id: mint(), room, person });
}

export async function close(room: string): Promise<void> {
  await connection.carryOut({ op: 'close_ticket', client_id: mint(), room });
}

export async function reopen(room: string): Promise<void> {
  await connection.carryOut({ op: 'reopen_ticket', client_id: mint(), room });
}

/** Everybody who may look after one. */
export async function team(): Promise<Person[]> {
  const pages = await Promise.all(['admin', 'moderator'].map((role) => get<Accounts>(`accounts?role=${role}`)));
  return pages.flatMap(({ accounts }) => accounts.map(({ person }) => person)).filter((person) => !person.gone);
}
