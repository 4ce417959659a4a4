import type { BlockedChanged, NicknamesChanged, Person, Preferences, PreferencesChanged } from '../wire/protocol.gen';
import type { NicknameRecord, ReadTx, Tx } from './schema';

/** What I decided about others, and about how the app behaves on all my devices. */
export interface Folk {
  blocks: Person[];
  nicknames: NicknameRecord[];
  /** Absent: never heard of. */
  preferences: Preferences | undefined;
}

/** Each event tells all of it, so what is not in it is no more. */
export async function applyFolk(tx: Tx, event: BlockedChanged | NicknamesChanged | PreferencesChanged): Promise<void> {
  if (event.op === 'preferences') {
    await tx.objectStore('preferences').put(event.preferences, 'mine');
  } else if (event.op === 'blocked') {
    await tx.objectStore('blocks').clear();
    for (const person of event.people) await tx.objectStore('blocks').put(person);
  } else {
    await tx.objectStore('nicknames').clear();
    for (const nickname of event.nicknames) await tx.objectStore('nicknames').put(nickname);
  }
}

export async function heldFolk(tx: ReadTx): Promise<Folk> {
  return {
    blocks: await tx.objectStore('blocks').getAll(),
    nicknames: await tx.objectStore('nicknames').getAll(),
    preferences: await tx.objectStore('preferences').get('mine'),
  };
}

export const NO_FOLK: Folk = { blocks: [], nicknames: [], preferences: undefined };
