import { mint } from '../../lib/ids';
import { get, patch, post, put, remove as drop, upload } from '../../wire/http';
import type {
  BannedPerson,
  Bans,
  Categories,
  Category,
  ChangeRoom,
  ChangeSecretRoom,
  CreateRoom,
  Directory,
  EnteredRoom,
  NewCategory,
  NewSecretRoom,
  Preview,
  SecretRoom,
} from '../../wire/protocol.gen';
import { people } from '../people/people.svelte';
import { connection } from '../connection.svelte';
import { rooms } from './rooms.svelte';

export type {
  BannedPerson,
  Category,
  ChangeSecretRoom,
  Directory,
  DirectoryRoom,
  History,
  NewCategory,
  Posting,
  Preview,
  SecretRoom,
} from '../../wire/protocol.gen';
export { FOR_EVER, LIMITS } from '../../wire/protocol.gen';

/* What dialogs and panels do with rooms. All of it throws ApiError; what makes or finds a room returns its id. */

type Wanted<Command> = Omit<Command, 'op' | 'id' | 'client_id'>;
export type NewRoom = Wanted<CreateRoom>;
export type RoomChange = Omit<Wanted<ChangeRoom>, 'room'>;
export type NewSecret = Omit<NewSecretRoom, 'client_id'>;

// Bringing rooms

export const create = (room: NewRoom): Promise<string> => rooms.enter({ op: 'create_room', client_id: mint(), ...room });

export const join = (room: string): Promise<string> => rooms.enter({ op: 'join', client_id: mint(), room });

export const startGroup = (people: string[], name: string): Promise<string> =>
  rooms.enter({ op: 'start_group', client_id: mint(), people, name });

/** `clientId`: the same one for each try, so that a try whose answer was lost makes no second room. */
export async function createSecret(clientId: string, room: NewSecret): Promise<SecretRoom> {
  const made = await post<SecretRoom>('secret-rooms', { ...room, client_id: clientId });
  await rooms.shown(made.room);
  return made;
}

export async function enterSecret(code: string, password: string): Promise<string> {
  const { room } = await post<EnteredRoom>('secret-rooms/enter', { code, password });
  return rooms.shown(room);
}

// The room itself

export async function change(room: string, changed: RoomChange): Promise<void> {
  await connection.carryOut({ op: 'change_room', client_id: mint(), room, ...changed });
}

export async function archive(room: string, archived: boolean): Promise<void> {
  await connection.carryOut({ op: 'archive_room', client_id: mint(), room, archived });
}

export async function remove(room: string): Promise<void> {
  await connection.carryOut({ op: 'delete_room', client_id: mint(), room });
}

export async function restore(room: string): Promise<void> {
  await connection.carryOut({ op: 'restore_room', client_id: mint(), room });
}

export async function setPicture(room: string, picture: Blob): Promise<void> {
  await upload(`rooms/${room}/picture`, picture);
}

export const dropPicture = (room: string): Promise<void> => drop(`rooms/${room}/picture`);

export const secretOf = (room: string): Promise<SecretRoom> => get(`rooms/${room}/secret`);

export const changeSecret = (room: string, changed: ChangeSecretRoom): Promise<SecretRoom> =>
  patch(`rooms/${room}/secret`, changed);

// Its people

export async function addMember(room: string, person: string): Promise<void> {
  await connection.carryOut({ op: 'add_member', client_id: mint(), room, person });
}

export async function removeMember(room: string, person: string): Promise<void> {
  await connection.carryOut({ op: 'remove_member', client_id: mint(), room, person });
}

export async function setRole(room: string, person: string, role: 'moderator' | 'member'): Promise<void> {
  await connection.carryOut({ op: 'set_role', client_id: mint(), room, person, role });
}

export async function transfer(room: string, person: string): Promise<void> {
  await connection.carryOut({ op: 'transfer_room', client_id: mint(), room, person });
}

/** `until` in ms since the epoch; 0 lets them write again. */
export async function mute(room: string, person: string, until: number): Promise<void> {
  await connection.carryOut({ op: 'mute_member', client_id: mint(), room, person, until });
}

/** `until` 0: for ever. */
export async function ban(room: string, person: string, reason: string, until: number): Promise<void> {
  await connection.carryOut({ op: 'ban', client_id: mint(), room, person, reason, until });
}

/** Everything that they wrote there goes, by and by. */
export async function wipe(room: string, person: string): Promise<void> {
  await connection.carryOut({ op: 'wipe_member', client_id: mint(), room, person });
}

export async function unban(room: string, person: string): Promise<void> {
  await connection.carryOut({ op: 'unban', client_id: mint(), room, person });
}

export async function bans(room: string): Promise<BannedPerson[]> {
  return (await get<Bans>(`rooms/${room}/bans`)).bans;
}

// The directory

export function directory(asked: { q?: string; category?: string; after?: string } = {}): Promise<Directory> {
  const given = Object.entries(asked).filter(([, value]) => value);
  return get(`rooms?${new URLSearchParams(given)}`);
}

/** The newest messages of a public room that one is not in. */
export async function preview(room: string): Promise<Preview> {
  const found = await get<Preview>(`rooms/${room}/preview`);
  people.remember(found.people);
  return found;
}

export async function saveCategories(categories: NewCategory[]): Promise<Category[]> {
  return (await put<Categories>('categories', { categories })).categories;
}
