/**
 * Names in messages. The text holds the sign-in name, `@ada`, which never changes and can be read anywhere; the
 * ids travel beside it. Only who is named by both is shown as mentioned, under the name that they have now.
 */
import { mapInlines, parseMarkdown, type Block, type Inline } from './markdown';

/** The word that means everybody in the room. */
export const EVERYONE = 'room';

/** Somebody named in a message, by the word that stands there for them. */
export interface Called {
  /** '' for everybody. */
  person: string;
  /** What is shown, without the @. */
  label: string;
  /** It means whoever reads this. */
  me: boolean;
  /** How many letters of the word are the name. */
  length: number;
}

/** By the word after the @, in small letters. */
export type CalledBy = ReadonlyMap<string, Called>;

export interface Named {
  id: string;
  /** '' once the account is gone. */
  name: string;
}

/** Sign-in names as the server takes them, where a word begins, so that no e-mail address is one. */
const HANDLE = /(?<![\p{L}\p{N}_@./-])@([a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?)(?![\p{L}\p{N}_])/giu;

/** Every word after an @ outside of code and links, once each, in small letters, in the order of the text. */
export function handlesIn(source: string): string[] {
  if (!source.includes('@')) return [];
  const found = new Set<string>();
  mapInlines(parseMarkdown(source), (text) => {
    for (const [, handle = ''] of text.matchAll(HANDLE)) found.add(handle.toLowerCase());
    return null;
  });
  return [...found];
}

/** The part of a handle that is somebody's name: of `@ada-thanks` it is `ada`, when nobody has the whole of it. */
export function nameIn(handle: string, known: (name: string) => boolean): string {
  let name = handle;
  while (name && !known(name)) name = name.replace(/[a-z0-9]*$/, '').replace(/[._-]+$/, '');
  return name;
}

/** Which word of the text, by the whole handle, stands for which of the mentioned; `length` is the name's. */
type Pairs = Map<string, { id: string; length: number }>;

/**
 * Names that nobody mentioned has any more (somebody who is gone, or was a guest) stand for the ids that are
 * left over, when there are as many.
 */
export function pairUp(source: string, mentioned: readonly Named[]): Pairs {
  const ids = new Map(mentioned.map((each) => [each.name, each.id]));
  ids.delete('');
  const pairs: Pairs = new Map();
  const left: string[] = [];
  for (const handle of handlesIn(source)) {
    const name = nameIn(handle, (each) => ids.has(each));
    if (name) pairs.set(handle, { id: ids.get(name)!, length: name.length });
    else if (handle !== EVERYONE) left.push(handle);
  }
  const used = new Set([...pairs.values()].map((pair) => pair.id));
  const unused = mentioned.filter((each) => !used.has(each.id));
  if (left.length === unused.length) {
    left.forEach((handle, at) => pairs.set(handle, { id: unused[at]!.id, length: handle.length }));
  }
  return pairs;
}

/** The tree with everybody in `called` marked. */
export function markCalled(blocks: Block[], called: CalledBy): Block[] {
  if (called.size === 0) return blocks;
  return mapInlines(blocks, (text) => split(text, called));
}

function split(text: string, called: CalledBy): Inline[] | null {
  const parts: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(HANDLE)) {
    const handle = match[1]!.toLowerCase();
    const found = called.get(handle);
    if (!found) continue;
    if (match.index > from) parts.push({ type: 'text', text: text.slice(from, match.index) });
    parts.push({ type: 'mention', person: found.person, label: found.label, me: found.me });
    from = match.index + 1 + found.length;
  }
  if (!parts.length) return null;
  if (from < text.length) parts.push({ type: 'text', text: text.slice(from) });
  return parts;
}

/** What somebody is writing after an @ at the caret; null when they are not. */
export function writingAt(text: string, caret: number): { from: number; query: string } | null {
  const found = /(?<![\p{L}\p{N}_@./-])@([\p{L}\p{N}._-]{0,32}(?: [\p{L}\p{N}._-]{1,32})?)$/u.exec(text.slice(0, caret));
  if (!found || /^[\p{L}\p{N}_]/u.test(text.slice(caret))) return null;
  return { from: found.index, query: found[1]!.toLowerCase() };
}
