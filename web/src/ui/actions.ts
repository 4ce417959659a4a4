/**
 * What one can do from anywhere, by a name: what Ctrl+K finds, and what keys may stand for. A part of the app that has
 * something to offer calls `offer` in a module that `app/offers.ts` imports.
 */
import type { IconName } from './icons';

export interface Action {
  /** Stable: `keys.ts` names it. */
  id: string;
  label: string;
  icon: IconName;
  /** Other words that somebody may look for. */
  also?: string;
  /** Stands there before anything has been typed, the lower the higher up. */
  first?: number;
  /** false: not for this person, or not now. */
  open?: () => boolean;
  act: () => void;
}

const offered: Action[] = [];

export function offer(...actions: Action[]): void {
  offered.push(...actions);
}

/** Those that can be done now, in the order in which they came. */
export function actions(): Action[] {
  return offered.filter(({ open }) => open?.() ?? true);
}

export function act(id: string): boolean {
  const found = actions().find((action) => action.id === id);
  found?.act();
  return found !== undefined;
}
