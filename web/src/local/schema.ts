import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { Attention, Community, Delete, Edit, Me, Message, Person, Post, Preferences, Role, Room, Voice } from '../wire/protocol.gen';

/** Whose data this is, and what is needed to start without a network. */
export interface Owner {
  me: Me;
  device: string;
  community: Community | null;
}

/** A room as it stood when last heard of. */
export interface RoomRecord {
  id: string;
  room: Room;
  role: Role;
  /** The other person of a direct message. */
  other: Person | null;
  /** The others of a group, to name it after them where it has no name. */
  people?: Person[];
  /** Until when I may read here, but not write. */
  silentUntil?: number;
  head: number;
  /** Place in the room's log from which the number of members is known; absent: from none. */
  counted?: number;
  readSeq: number;
  unread: number;
  /** How many of the unread ones are for me. */
  mentions?: number;
  /** Put aside to come back to. */
  markedUnread?: boolean;
  /** What I want to be told of; nothing at all until `mutedUntil`. */
  level?: Attention;
  mutedUntil?: number;
  last: Message | null;
  /** What was read here and perhaps not told to the server yet. */
  seen: number;
}

/**
 * How much of a log is held. For a room: every message from `low` to `position` as it stood at `position`,
 * and nothing is missing in between. Changes to older messages that came after `floor` are held too (as
 * rows below `low`), so that an older page that arrives late cannot bring back what was deleted.
 * `complete`: there is nothing before `low`.
 */
export interface LogRecord {
  log: string;
  position: number;
  low: number;
  floor: number;
  complete: boolean;
  /** Around where one read further up: all of it as it stood at `position`, and all of it below `low`. */
  span?: Span;
  /** When somebody last looked into the room (ms); absent: never, and what is held was fetched ahead. */
  read?: number;
}

/** Every message from `low` to `high`, both included. */
export interface Span {
  low: number;
  high: number;
}

export type Kind = 'post' | 'edit' | 'delete';

/** A command on its way. The store's own rising key gives the order. */
export interface Entry {
  order?: number;
  client_id: string;
  kind: Kind;
  room: string;
  command: Post | Edit | Delete;
  /** The client_id of a message that is itself still on its way, and that this changes or answers; else ''. */
  target: string;
  created: number;
  state: 'waiting' | 'failed';
  /** Why it failed or waits: the server's code, `expired` after 90 days, `unanswered` when what it answers failed; ''. */
  code: string;
  /** What the server said to it, in English. */
  error: string;
  attempts: number;
}

/** A message: known to the server by `id`, or one of mine still on its way under `clientId`. */
export interface Target {
  id: string;
  clientId: string;
}

export interface Draft {
  room: string;
  text: string;
  at: number;
  /** The message that it answers. */
  reply?: Target;
  /** When the server's copy was written, if it is the same; 0: it has or gets an older one; absent: it has none. */
  told?: number;
  /** The other device that the server's copy comes from. */
  device?: string;
  /** A message that is being changed meanwhile, and its words so far; on this device only. */
  edit?: { target: Target; text: string };
}

/** What I call somebody. */
export interface NicknameRecord {
  person: string;
  name: string;
}

/** Something said aloud, before the server has it. */
export interface Recording {
  /** Of the message that it goes with. */
  client_id: string;
  type: string;
  /** In the order in which it was said. Bytes and not blobs, which some browsers lose. */
  parts: ArrayBuffer[];
  created: number;
  /** Nobody has let go of it yet, or the page was gone before anybody could. */
  unfinished?: Unfinished;
}

/** What is needed to send a recording that has no command yet. */
export interface Unfinished {
  /** The page that records it. */
  page: string;
  room: string;
  /** Id of the message that it answers; '' for none. */
  replyTo: string;
  said: Omit<Voice, 'type' | 'file'>;
}

/** Something said aloud, as it was let go. */
export interface Spoken {
  client_id: string;
  account: string;
  room: string;
  content: Voice;
  /** Id of the message that it answers; '' for none. */
  replyTo: string;
  created: number;
  /** It stays here as not sent, until somebody sends or discards it. */
  aside?: boolean;
}

/** A voice message that was listened to: by me, or, if it is mine, by `count` others. */
export interface HeardRecord {
  message: string;
  count: number;
  /** The server has yet to learn it from here. */
  untold?: boolean;
}

export interface Schema extends DBSchema {
  meta: { key: string; value: Owner };
  logs: { key: string; value: LogRecord };
  rooms: { key: string; value: RoomRecord };
  people: { key: string; value: Person };
  messages: { key: [string, number]; value: Message; indexes: { id: string } };
  outbox: { key: number; value: Entry; indexes: { client_id: string } };
  drafts: { key: string; value: Draft };
  /** Whom I blocked, by id. */
  blocks: { key: string; value: Person };
  nicknames: { key: string; value: NicknameRecord };
  /** One row, under `mine`. */
  preferences: { key: string; value: Preferences };
  recordings: { key: string; value: Recording };
  heard: { key: string; value: HeardRecord };
}

export type Store = StoreNames<Schema>;
export type Db = IDBPDatabase<Schema>;
export type Tx = IDBPTransaction<Schema, Store[], 'readwrite'>;
export type ReadTx = IDBPTransaction<Schema, Store[], 'readonly'>;

/** Append only: a browser somewhere holds a database of every version that was ever published. */
export const STEPS: ((db: Db) => void)[] = [
  (db) => {
    db.createObjectStore('meta');
    db.createObjectStore('logs', { keyPath: 'log' });
    db.createObjectStore('rooms', { keyPath: 'id' });
    db.createObjectStore('people', { keyPath: 'id' });
    db.createObjectStore('messages', { keyPath: ['room', 'seq'] }).createIndex('id', 'id');
    db.createObjectStore('outbox', { keyPath: 'order', autoIncrement: true }).createIndex('client_id', 'client_id', {
      unique: true,
    });
    db.createObjectStore('drafts', { keyPath: 'room' });
  },
  (db) => {
    db.createObjectStore('blocks', { keyPath: 'id' });
    db.createObjectStore('nicknames', { keyPath: 'person' });
    db.createObjectStore('preferences');
  },
  (db) => {
    db.createObjectStore('recordings', { keyPath: 'client_id' });
    db.createObjectStore('heard', { keyPath: 'message' });
  },
];

export const STORES: Store[] = [
  'meta',
  'logs',
  'rooms',
  'people',
  'messages',
  'outbox',
  'drafts',
  'blocks',
  'nicknames',
  'preferences',
  'recordings',
  'heard',
];
