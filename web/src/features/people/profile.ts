/** One's own profile, and what others say of theirs. Everything here throws ApiError. */
import { mint } from '../../lib/ids';
import { get, remove, upload } from '../../wire/http';
import { ABOUT_LENGTH, LIMITS, STATUS_LENGTH, type ChangeProfile, type PictureSet, type Profile } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { people } from './people.svelte';

export type { Profile } from '../../wire/protocol.gen';
export type Changes = Pick<ChangeProfile, 'display' | 'status' | 'status_until' | 'about'>;

export const DISPLAY = LIMITS.SetUp.display.maxLength;
export const STATUS = STATUS_LENGTH;
export const ABOUT = ABOUT_LENGTH;
export const NICKNAME = LIMITS.SetNickname.name.maxLength;

export async function changeProfile(changes: Changes): Promise<void> {
  await connection.carryOut({ op: 'change_profile', client_id: mint(), ...changes });
}

/** `picture` is square. Returns its id. */
export async function setPicture(picture: Blob): Promise<string> {
  return (await upload<PictureSet>('me/picture', picture)).picture;
}

export const dropPicture = (): Promise<void> => remove('me/picture');

/** Somebody whom I may see. */
export async function profileOf(person: string): Promise<Profile> {
  const found = await get<Profile>(`people/${person}`);
  people.remember([found.person]);
  return found;
}
