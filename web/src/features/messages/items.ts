import { EVERYONE, pairUp, type Called, type CalledBy } from '../../lib/mentions';
import { textIn } from '../../lib/content';
import { wordsIn } from '../../lib/said';
import { mentionsMe } from '../../local/rooms';
import type { Entry } from '../../local/schema';
import type { Message, Person, Voice } from '../../wire/protocol.gen';
import { whyOf } from './why';

export interface Quoted {
  /** '' while it is itself on its way. */
  id: string;
  author: Person | null;
  /** null: deleted. */
  text: string | null;
  /** False while it is looked up, or where it cannot be. */
  known: boolean;
  called: CalledBy;
}

const NOBODY: CalledBy = new Map();

/** One row of a timeline: a message as it stands, or one on its way. */
export interface Item {
  /** The same from pending to sent. */
  key: string;
  message: Message | null;
  /** null: deleted. */
  text: string | null;
  /** What was said aloud; `text` then says only that it was. */
  voice: Voice | null;
  author: Person;
  mine: boolean;
  at: number;
  edited: boolean;
  deleted: boolean;
  state: 'sent' | 'pending' | 'failed';
  /** Text for people: why it failed, or what it waits for. */
  error: string;
  /** Of what is on its way: the message itself or its last change; else the message's own. */
  clientId: string;
  /** 0 for a message on its way. */
  seq: number;
  replyTo: string;
  quoted: Quoted | null;
  /** Words of mine that were refused, to be changed and tried again; null: none. */
  refused: string | null;
  /** Who is mentioned in the text. */
  called: CalledBy;
  /** It is for me: somebody else named me, or everybody in the room. */
  forMe: boolean;
}

/** What it is; only words can be changed. */
export const kindOf = ({ message, voice }: Item): string => (voice ?? message?.content)?.type ?? 'text';

/** A message that something is about: one to be answered or changed. */
export interface About {
  key: string;
  /** '' while it is on its way. */
  id: string;
  /** null: not known here. */
  author: Person | null;
  text: string | null;
}

export interface Scene {
  me: string;
  known: ReadonlyMap<string, Message>;
  /** The run on screen: messages from `low` to `high`. */
  low: number;
  high: number;
  /** The outbox of this room, in order. */
  outbox: readonly Entry[];
  person(id: string): Person | undefined;
  /** As I call them. */
  nameOf(person: Person | undefined): string;
}

const UNKNOWN = (id: string): Person => ({ id, name: '', display: '' });

/** Builds rows; one that did not change stays the same object, so that it is not drawn again. */
export class Items {
  #made = new Map<string, { from: readonly unknown[]; item: Item }>();

  of(scene: Scene): Item[] {
    const made = new Map<string, { from: readonly unknown[]; item: Item }>();
    const changes = changesOf(scene.outbox);
    const sent = new Set<string>();
    const items: Item[] = [];
    const add = (key: string, from: readonly unknown[], make: () => Item) => {
      const held = this.#made.get(key);
      const entry = held && sameParts(held.from, from) ? held : { from, item: make() };
      made.set(key, entry);
      items.push(entry.item);
    };
    for (const message of run(scene)) {
      const mine = message.author === scene.me;
      // Only my own ids are minted here; somebody else's could be a copy of one.
      const own = mine ? (message.client_id ?? '') : '';
      const key = own && !sent.has(own) ? own : message.id;
      if (own) sent.add(own);
      const change = changes.get(message.id) ?? (own ? changes.get(own) : undefined);
      const called = change && 'mentions' in change.command ? change.command.mentions : message.mentions;
      add(key, [message, change, ...partsOf(scene, message.author, message.reply_to, called)], () =>
        sentItem(scene, key, message, change),
      );
    }
    if (scene.high === Infinity) {
      for (const entry of scene.outbox) {
        if (entry.command.op !== 'post' || sent.has(entry.client_id) || known(scene, entry)) continue;
        const change = changes.get(entry.client_id);
        const answered = entry.target ? scene.outbox.find((other) => other.client_id === entry.target) : undefined;
        const { reply_to, mentions } = change?.command.op === 'edit' ? { ...entry.command, ...change.command } : entry.command;
        add(entry.client_id, [entry, change, answered, ...partsOf(scene, scene.me, reply_to, mentions)], () =>
          pendingItem(scene, entry, change, answered),
        );
      }
    }
    this.#made = made;
    return items;
  }
}

function run({ known, low, high }: Scene): Message[] {
  const messages = [...known.values()].filter((message) => message.seq >= low && message.seq <= high);
  return messages.sort((a, b) => a.seq - b.seq);
}

/** Arrived already, though its acknowledgement did not. */
function known({ known, me }: Scene, entry: Entry): boolean {
  for (const message of known.values()) if (message.client_id === entry.client_id && message.author === me) return true;
  return false;
}

/** The last change on its way, by the id (or client_id) of what it changes. */
function changesOf(outbox: readonly Entry[]): Map<string, Entry> {
  const changes = new Map<string, Entry>();
  for (const entry of outbox) {
    if (entry.command.op === 'post') continue;
    changes.set(entry.target || entry.command.message, entry);
  }
  return changes;
}

function partsOf(scene: Scene, author: string, replyTo: string | null | undefined, mentions: string[] = []): unknown[] {
  const quoted = replyTo ? scene.known.get(replyTo) : undefined;
  const named = [...mentions, ...(quoted?.mentions ?? [])].map((id) => scene.nameOf(scene.person(id)));
  return [scene.person(author), quoted, quoted && scene.person(quoted.author), ...named];
}

/** Nobody is called by their own words. */
const mute = (scene: Scene): Scene => ({ ...scene, me: '' });

/** Who is called by a text, by the words that stand in it for them. */
export function calledIn(scene: Pick<Scene, 'me' | 'person' | 'nameOf'>, text: string | null | undefined, mentions: string[] = [], everyone = false): CalledBy {
  if (!text || !(mentions.length || everyone)) return NOBODY;
  const called = new Map<string, Called>();
  if (everyone) called.set(EVERYONE, { person: '', label: EVERYONE, me: scene.me !== '', length: EVERYONE.length });
  const named = mentions.map((id) => scene.person(id) ?? UNKNOWN(id));
  for (const [handle, { id, length }] of pairUp(text, named)) {
    called.set(handle, { person: id, label: scene.nameOf(scene.person(id)) || handle, me: id === scene.me, length });
  }
  return called;
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

function sentItem(scene: Scene, key: string, message: Message, change: Entry | undefined): Item {
  const { author, at, client_id = '', reply_to = '' } = message;
  const mine = author === scene.me;
  const item: Item = {
    key,
    message,
    text: wordsIn(message.content, mine),
    voice: voiceIn(message.content),
    author: scene.person(author) ?? UNKNOWN(author),
    mine,
    at,
    edited: !!message.edited_at,
    deleted: message.content === null,
    state: 'sent',
    error: '',
    clientId: client_id,
    seq: message.seq,
    replyTo: reply_to,
    quoted: quote(scene, reply_to),
    refused: null,
    called: calledIn(mine ? mute(scene) : scene, textIn(message.content), message.mentions, message.everyone),
    forMe: !mine && message.content !== null && mentionsMe(message, scene.me),
  };
  return change && !item.deleted ? changed(scene, item, change) : item;
}

function pendingItem(scene: Scene, entry: Entry, change: Entry | undefined, answered: Entry | undefined): Item {
  const { command, state, client_id, created } = entry;
  const replyTo = (command.op === 'post' && command.reply_to) || '';
  const text = wordsOf(entry);
  const item: Item = {
    key: client_id,
    message: null,
    text,
    voice: command.op === 'post' ? voiceIn(command.content) : null,
    author: scene.person(scene.me) ?? UNKNOWN(scene.me),
    mine: true,
    at: created,
    edited: false,
    deleted: false,
    state: state === 'failed' ? 'failed' : 'pending',
    error: whyOf(entry),
    clientId: client_id,
    seq: 0,
    replyTo,
    quoted: answered ? quotePending(scene, answered) : quote(scene, replyTo),
    refused: state === 'failed' && !(command.op === 'post' && voiceIn(command.content)) ? text : null,
    called: command.op === 'post' ? calledIn(mute(scene), text, command.mentions, command.everyone) : NOBODY,
    forMe: false,
  };
  // Retry and discard of a failed message are about the message, not about its changes.
  return change && state !== 'failed' ? { ...changed(scene, item, change), clientId: client_id } : item;
}

/** As it will be; or as it was, with the reason, when the change was refused. */
function changed(scene: Scene, item: Item, change: Entry): Item {
  const { command, client_id: clientId } = change;
  if (change.state === 'failed') {
    return { ...item, state: 'failed', error: whyOf(change), clientId, refused: wordsOf(change) };
  }
  const pending = { ...item, state: 'pending' as const, error: whyOf(change), clientId };
  if (command.op === 'delete') return { ...pending, text: null, deleted: true };
  const text = wordsIn(command.content);
  const everyone = item.called.has(EVERYONE);
  return { ...pending, text, called: calledIn(mute(scene), text, command.mentions, everyone), edited: true };
}

function voiceIn(content: Message['content']): Voice | null {
  return content?.type === 'voice' ? content : null;
}

function wordsOf({ command }: Entry): string | null {
  return command.op === 'delete' ? null : wordsIn(command.content);
}

function quotePending(scene: Scene, entry: Entry): Quoted {
  return { id: '', author: scene.person(scene.me) ?? null, text: wordsOf(entry), known: true, called: NOBODY };
}

function quote(scene: Scene, id: string): Quoted | null {
  if (!id) return null;
  const message = scene.known.get(id);
  if (!message) return { id, author: null, text: null, known: false, called: NOBODY };
  const text = wordsIn(message.content, message.author === scene.me);
  const called = calledIn(scene, text, message.mentions, message.everyone);
  return { id, author: scene.person(message.author) ?? null, text, known: true, called };
}
