import { problemOf } from '../../lib/problem';
import { get, patch } from '../../wire/http';
import type { ChangeSettings, Settings } from '../../wire/protocol.gen';

export type { Settings } from '../../wire/protocol.gen';
/** The server refuses what is longer, or more. */
export const NAME = 64;
export const WELCOME = 500;
export const MOST_CREDITS = 1_000_000;

export type Name = keyof ChangeSettings & keyof Settings;
export type Value = NonNullable<ChangeSettings[Name]>;

/** What each part of the page is given. */
export interface Part {
  settings: CommunitySettings;
  value: Settings;
  onsave: (name: Name, value: Value) => Promise<void>;
}

/** What is set for the whole community. */
export class CommunitySettings {
  value = $state.raw<Settings | null>(null);
  /** Text for people: why nothing is here. */
  problem = $state('');
  /** What went wrong with one of them, by its name. */
  refused = $state.raw<Partial<Record<Name, string>>>({});

  async load(): Promise<void> {
    try {
      this.value = await get<Settings>('settings');
      this.problem = '';
    } catch (thrown) {
      this.problem = problemOf(thrown).text;
    }
  }

  isLocked(name: Name): boolean {
    return this.value?.locked?.includes(name) ?? false;
  }

  /** At once on screen. What it was before, when it was another and is changed now; else undefined. */
  async save(name: Name, value: Value): Promise<Value | undefined> {
    const held = this.value;
    const before = held?.[name] ?? '';
    if (!held || before === value) return undefined;
    this.value = { ...held, [name]: value };
    this.refused = { ...this.refused, [name]: '' };
    try {
      this.value = await patch<Settings>('settings', { [name]: value });
      return before;
    } catch (thrown) {
      if (this.value?.[name] === value) this.value = { ...this.value, [name]: before };
      this.refused = { ...this.refused, [name]: problemOf(thrown).text };
      return undefined;
    }
  }
}
