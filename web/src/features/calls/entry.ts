import type { Said } from '../../lib/said';
import type { Item } from '../messages/items';

/** What the log of a room keeps of a call; `ms`: how long they talked. */
export interface Lasted {
  video: boolean;
  outcome: string;
  ms: number;
}

export function lasted({ message }: Pick<Item, 'message'>): Lasted {
  const said: Said | null | undefined = message?.content;
  return { video: said?.video ?? false, outcome: said?.outcome ?? '', ms: said?.duration_ms ?? 0 };
}
