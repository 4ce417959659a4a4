import { note, noted } from '../lib/noted';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'safevoice.theme';
const CONTRAST = 'safevoice.contrast';
const CHOICES: readonly string[] = ['system', 'light', 'dark'];

function remembered(): ThemeChoice {
  const kept = noted(KEY);
  return CHOICES.includes(kept) ? (kept as ThemeChoice) : 'system';
}

const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');
const more = globalThis.matchMedia?.('(prefers-contrast: more)');

/** Light, dark, or as the system has it, and how strong its contrasts are; remembered on this device only. */
class Theme {
  choice = $state<ThemeChoice>(remembered());
  /** High contrast was chosen here. */
  contrast = $state(noted(CONTRAST) === 'more');
  /** The system asks for high contrast everywhere. */
  asked = $state(more?.matches ?? false);

  /** Also colours the browser's own bars, which take no CSS variables. */
  apply(): void {
    const { dataset } = document.documentElement;
    if (this.choice === 'system') delete dataset.theme;
    else dataset.theme = this.choice;
    if (this.contrast || this.asked) dataset.contrast = 'more';
    else delete dataset.contrast;
    const night = this.choice === 'dark' || (this.choice === 'system' && dark.matches);
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      meta.content = night ? '#150d16' : '#f4ebe2';
    }
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    note(KEY, choice);
    this.apply();
  }

  chooseContrast(strong: boolean): void {
    this.contrast = strong;
    note(CONTRAST, strong ? 'more' : '');
    this.apply();
  }

  start(): void {
    this.apply();
    dark.addEventListener('change', () => this.apply());
    more.addEventListener('change', () => {
      this.asked = more.matches;
      this.apply();
    });
  }
}

export const theme = new Theme();
