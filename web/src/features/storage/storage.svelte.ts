import { SHELL } from '../../local/names';
import { isKeptForGood, keepForGood } from '../../local/persist';
import { budget, estimate, freeRoom, freeSpace, weigh, type Weight } from '../../local/space';
import { writer } from '../../local/writer';

/** Much is written while it is fetched ahead, and each look reads all of it (ms). */
const SOON = 1500;

export type { Weight } from '../../local/space';

export interface Use {
  /** All of it, in bytes; 0 where the browser does not say. */
  total: number;
  messages: number;
  app: number;
  other: number;
  /** What messages may take. */
  most: number;
}

/** What this browser keeps; looked at anew each time that somebody wants to know. */
class Storage {
  use = $state.raw<Use | null>(null);
  /** Heaviest first. */
  rooms = $state.raw<readonly Weight[]>([]);
  /** undefined: the browser does not say. */
  keptForGood = $state<boolean | undefined>(undefined);

  /** Looks, and again when something was written; call what it returns in the end. */
  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = writer.wrote.on(() => (timer ??= setTimeout(() => ((timer = undefined), void this.look()), SOON)));
    void this.look();
    return () => (clearTimeout(timer), stop());
  }

  async look(): Promise<void> {
    const [weights, { usage = 0, usageDetails }, app, most] = await Promise.all([weigh(), estimate(), shellSize(), budget()]);
    const messages = weights.reduce((sum, each) => sum + each.bytes, 0);
    const shell = usageDetails?.caches ?? app;
    // Two that measure differently: never less than the parts.
    const total = Math.max(usage, messages + shell);
    this.use = { total, messages, app: shell, other: total - messages - shell, most };
    this.rooms = weights.sort((a, b) => b.bytes - a.bytes);
    this.keptForGood = await isKeptForGood();
  }

  /** Whether the browser agreed. */
  async keep(): Promise<boolean> {
    this.keptForGood = await keepForGood();
    return this.keptForGood;
  }

  /** Returns how much was freed, in bytes, about; 0 for a room on screen. */
  async free(room = ''): Promise<number> {
    const freed = room ? await freeRoom(room) : await freeSpace();
    await this.look();
    return freed;
  }
}

/** Files of the app, as they came. */
async function shellSize(): Promise<number> {
  let bytes = 0;
  for (const name of 'caches' in globalThis ? await caches.keys() : []) {
    if (!name.startsWith(SHELL)) continue;
    const cache = await caches.open(name);
    for (const held of await cache.matchAll()) bytes += (await held.blob()).size;
  }
  return bytes;
}

export const storage = new Storage();
