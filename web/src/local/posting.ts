import { hold, holding } from '../lib/hold';
import { mint } from '../lib/ids';
import { MINE, note, noted, notedUnder } from '../lib/noted';
import { actingFor } from './db';
import type { Target } from './schema';

/** Under these, and what it is known by, a page notes what it has under way: words, and what was said aloud. */
export const WORDS = `${MINE}posting.`;
export const SOUND = `${MINE}speaking.`;
/** A page holds one of this name with its own id as long as it lives. */
export const LOCK = 'safevoice-page:';
/** Where the browser has no locks: a page that is still there has brought it to the disk by then, in ms. */
const STRANDED_AFTER = 10_000;

/** Who is meant by a message: their ids, or everybody in the room. */
export interface Meant {
  mentions: string[];
  everyone: boolean;
}

/** Words that somebody sent, on their way to the outbox. */
export interface Posting {
  client_id: string;
  account: string;
  room: string;
  body: string;
  replyTo: Target | null;
  meant: Meant;
  created: number;
}

interface Note extends Posting {
  page: string;
  /** That page went, perhaps to come back. */
  gone?: boolean;
}

export const page = mint();
/** Of this page; a browser that keeps no notes has them here only. */
const underWay = new Map<string, { posting: Posting; kept: boolean; away: boolean }>();

if (globalThis.window) {
  hold(LOCK + page);
  const leaving = (away: boolean) => () => {
    for (const one of underWay.values()) {
      one.away ||= away;
      // Whoever signed out meanwhile leaves nothing; what another page took up is its own by now.
      if (one.posting.account === actingFor() && isNoted(one.posting.client_id)) put(one.posting, away);
    }
  };
  addEventListener('pagehide', leaving(true), { capture: true });
  addEventListener('pageshow', leaving(false), { capture: true });
}

/** A page that goes cannot wait for the disk, so what it is about to write there is noted beforehand. */
export function begin(posting: Posting): void {
  put(posting);
  underWay.set(posting.client_id, { posting, kept: isNoted(posting.client_id), away: false });
}

/** More is known of it. False: another page thought that this one is gone, and has taken it up. */
export function goOn(posting: Posting): boolean {
  const held = underWay.get(posting.client_id);
  if (held?.kept && !isNoted(posting.client_id)) return false;
  if (held) held.posting = posting;
  put(posting);
  return true;
}

/** This page went for a while since it began, so others may have it as well. */
export function wasAway(clientId: string): boolean {
  return underWay.get(clientId)?.away ?? true;
}

/** The outbox has it, or somebody was told that it cannot. */
export function end(clientId: string): void {
  underWay.delete(clientId);
  note(WORDS + clientId, '');
}

/** It did not reach the disk. A page that goes leaves it to the next one. */
export function fail(clientId: string): void {
  const held = underWay.get(clientId);
  if (!held?.away) end(clientId);
}

/** What pages left that are gone, in the order of sending; and in how many ms there may be more, 0: not. */
export async function stranded(): Promise<{ left: Posting[]; later: number }> {
  const notes = notedUnder(WORDS).flatMap((text) => parsed(text) ?? []);
  const others = notes.filter((one) => one.account === actingFor() && !underWay.has(one.client_id));
  if (!others.length) return { left: [], later: 0 };
  const alive = globalThis.navigator?.locks && new Set(await holding(LOCK));
  const over = (one: Note): boolean => (alive ? !alive.has(one.page) : Date.now() - one.created >= STRANDED_AFTER);
  const left = others.filter((one) => one.gone || over(one)).sort((a, b) => (a.client_id < b.client_id ? -1 : 1));
  return { left, later: others.length > left.length ? STRANDED_AFTER : 0 };
}

function put(posting: Posting, gone = false): void {
  const text: Note = { ...posting, page, ...(gone && { gone }) };
  note(WORDS + posting.client_id, JSON.stringify(text));
}

function isNoted(clientId: string): boolean {
  return noted(WORDS + clientId) !== '';
}

function parsed(text: string): Note | null {
  try {
    return JSON.parse(text) as Note;
  } catch {
    return null;
  }
}
