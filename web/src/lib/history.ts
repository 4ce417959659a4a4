/**
 * The browser's history: places, and on top of a place what lies over it (dialogs, menus, a panel), so that "back"
 * closes that first. An open layer has an entry of its own; once it is closed by other means its entry goes as well,
 * or there would be steps back that lead nowhere.
 */

interface Entry {
  /** The page of the app that one came from; '' or nothing after a deep link. */
  from?: string;
  /** How many layers lie over the place, this entry's own among them. */
  layers?: number;
  /** What the top one is called, if it can be opened again by going forward. */
  name?: string;
}

interface Layer {
  name: string;
  close: () => void;
}

/** A browser that lost the entry does not answer; going nowhere for ever would be worse than a dead entry. */
const LOST_MS = 500;

const open: Layer[] = [];
const reopeners = new Map<string, () => void>();
/** What waits for the browser, which walks through its history in its own time; null: it stands still. */
let walking: (() => void)[] | null = null;
let due = false;
/** The last step was one of the browser's own. */
let byStep = false;

const entry = (): Entry => (history.state as Entry | null) ?? {};
const depth = (): number => entry().layers ?? 0;

/** Which page of the app one came here from; '' after a deep link, so "up" must not leave the app. */
export const cameFrom = (): string => entry().from ?? '';

/** Whether one came where one is by the browser's own buttons. */
export const stepped = (): boolean => byStep;

/** How many layers lie over the place. */
export const layersOver = (): number => open.length;

/** Something lies over the place now, and "back" shall call `close`; returns what to call when it is closed. One that
 * has a `name` is closed by going elsewhere, too, and opened again by going forward (see `reopens`). */
export function layer(close: () => void, name = ''): () => void {
  const mine = { name, close };
  open.push(mine);
  soon();
  return () => {
    const at = open.indexOf(mine);
    if (at < 0) return;
    open.splice(at, 1);
    soon();
  };
}

/** What to do where the layer of that name lies over the place, and is not open yet: after a reload, or forward. */
export function reopens(name: string, again: () => void): () => void {
  reopeners.set(name, again);
  if (depth() > open.length && entry().name === name) again();
  soon();
  return () => reopeners.delete(name);
}

/** The address changes. What lies over the old place stays open if whoever opened it does not close it, but "back" is
 * about places from here on. `fresh`: nobody came from anywhere. */
export function move(pathname: string, replace: boolean, fresh = false): void {
  byStep = false;
  for (const { name, close } of open.splice(0)) if (name) close();
  enter(pathname, replace, fresh);
}

function enter(pathname: string, replace: boolean, fresh: boolean): void {
  if (walking) return void walking.push(() => enter(pathname, replace, fresh));
  const over = depth();
  const before = replace ? cameFrom() : location.pathname;
  const from = fresh ? '' : before;
  const swap = (): void => history.replaceState({ from }, '', pathname);
  const add = (): void => history.pushState({ from }, '', pathname);
  // The entry of a layer becomes that of the new place, without waiting for the browser.
  if (over > 1 || (over && replace)) walk(-over, replace ? swap : add);
  else if (over || replace) swap();
  else add();
}

/** As the browser's own button from the place itself, whatever lies over it. */
export function back(): void {
  if (walking) return void walking.push(back);
  history.go(-1 - depth());
}

/** Whoever listens to `popstate` must begin after this. */
export function start(): void {
  window.addEventListener('popstate', arrived);
}

function arrived(event: Event): void {
  if (walking) {
    // Nobody went anywhere: the entries of what was closed are gone, that is all.
    event.stopImmediatePropagation();
    return halt();
  }
  byStep = true;
  while (open.length > depth()) open.pop()?.close();
  if (depth() > open.length) reopeners.get(entry().name ?? '')?.();
  soon();
}

function walk(steps: number, then: () => void): void {
  const waiting = (walking = [then]);
  history.go(steps);
  setTimeout(() => {
    if (walking === waiting) halt();
  }, LOST_MS);
}

function halt(): void {
  const waiting = walking ?? [];
  walking = null;
  for (const each of waiting) each();
  soon();
}

/** After everything that happens at once: what closes and what opens in its place share an entry. */
function soon(): void {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    settle();
  });
}

function settle(): void {
  if (walking) return;
  const over = depth();
  if (over > open.length) return walk(open.length - over, () => undefined);
  for (const [index, { name }] of open.entries()) {
    if (index >= over) history.pushState({ from: cameFrom(), layers: index + 1, name }, '');
  }
}
