import { get } from '../wire/http';
import { Signal } from '../lib/signal';
import type { Heard, Page } from '../wire/protocol.gen';
import { met } from './held';
import { keepPage, type Asked } from './kept';
import { writer } from './writer';

/** Rows asked for at once when somebody scrolls. */
export const ROWS = 40;

/** A page tells what was listened to. */
export const listened = new Signal<Heard[]>();

let underWay = 0;

/** Somebody waits for a page. */
export function pagesAreWanted(): boolean {
  return underWay > 0;
}

export type Where = { before: number } | { after: number } | { around: string } | { around_seq: number } | Record<string, never>;

/** A page from the server; what joins the held rows is kept. Throws ApiError. */
export async function fetchPage(room: string, where: Where = {}, limit = ROWS): Promise<Page> {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(where)) query.set(name, String(value));
  underWay += 1;
  try {
    const page = await get<Page>(`rooms/${room}/messages?${query}`);
    met.send(page.people);
    if (page.heard?.length) listened.send(page.heard);
    writer.add((tx) => keepPage(tx, page, where as Asked));
    return page;
  } finally {
    underWay -= 1;
  }
}
