import type { Item } from './timeline.svelte';

export const LIMIT = 8192;

export class Composer {
  text = $state('');
  replyTo = $state.raw<Item | null>(null);
  editing = $state.raw<Item | null>(null);
  readonly limit = LIMIT;
  bytes = $derived(new TextEncoder().encode(this.text).length);
  canSend = $derived(this.text.trim() !== '' && this.bytes <= LIMIT);

  constructor(readonly roomId: string) {}

  send(): void {}
  startReply(item: Item): void {
    this.replyTo = item;
  }
  startEdit(item: Item): void {
    this.editing = item;
  }
  editLast(): void {}
  cancel(): void {}
  input(): void {}
  remove(_item: Item): void {}
}

const composers = new Map<string, Composer>();

export function composerOf(roomId: string): Composer {
  let composer = composers.get(roomId);
  if (!composer) composers.set(roomId, (composer = new Composer(roomId)));
  return composer;
}
