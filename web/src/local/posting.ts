import { MINE, note, notedUnder } from '../lib/noted';
import { actingFor } from './db';
import type { Target } from './schema';

const KEY = `${MINE}posting.`;
/** A page that is still there has brought it to the disk by then, in ms. */
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
  /** Its page went. */
  gone?: boolean;
}

/** Of this page. */
const underWay = new Map<string, Posting>();

globalThis.window?.addEventListener(
  'pagehide',
  () => {
    for (const posting of underWay.values()) put({ ...posting, gone: true });
  },
  { capture: true },
);

/** A page that goes cannot wait for the disk, so what it is about to write there is noted beforehand. */
export function hold(posting: Posting): void {
  underWay.set(posting.client_id, posting);
  put(posting);
}

/** The outbox has it, or somebody was told that it cannot. */
export function release(clientId: string): void {
  underWay.delete(clientId);
  note(KEY + clientId, '');
}

/** What pages left that are gone, in the order of sending; and in how many ms there may be more, 0: not. */
export function stranded(now = Date.now()): { left: Posting[]; later: number } {
  const held = notedUnder(KEY).flatMap((text) => parsed(text) ?? []);
  const others = held.filter((one) => one.account === actingFor() && !underWay.has(one.client_id));
  const over = (one: Posting): boolean => !!one.gone || now - one.created >= STRANDED_AFTER;
  const left = others.filter(over).sort((a, b) => (a.client_id < b.client_id ? -1 : 1));
  return { left, later: others.length > left.length ? STRANDED_AFTER : 0 };
}

function put(posting: Posting): void {
  note(KEY + posting.client_id, JSON.stringify(posting));
}

function parsed(text: string): Posting | null {
  try {
    return JSON.parse(text) as Posting;
  } catch {
    return null;
  }
}
