import type { Component } from 'svelte';

type Closing = { onclose: () => void };

/** A dialog that loads when it is wanted, and what it is about. */
interface Shown {
  load: () => Promise<{ default: Component<Record<string, unknown>> }>;
  props: Record<string, unknown>;
}

/** The one dialog about a message that is open; the room shows it. Other parts bring dialogs of their own. */
class Overlay {
  shown = $state.raw<Shown | null>(null);

  show<Props extends Closing>(load: () => Promise<{ default: Component<Props> }>, props: Omit<Props, 'onclose'>): void {
    const all = { ...props, onclose: () => this.close() };
    this.shown = { load: load as unknown as Shown['load'], props: all };
  }

  close(): void {
    this.shown = null;
  }
}

export const overlay = new Overlay();
