export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'safevoice.theme';
const CHOICES: readonly string[] = ['system', 'light', 'dark'];

function remembered(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY) ?? '';
    return CHOICES.includes(kept) ? (kept as ThemeChoice) : 'system';
  } catch {
    return 'system';
  }
}

/** Light, dark, or as the system has it; remembered on this device only. */
class Theme {
  choice = $state<ThemeChoice>(remembered());

  /** Also colours the browser's own bars, which take no CSS variables. */
  apply(): void {
    const root = document.documentElement;
    if (this.choice === 'system') delete root.dataset.theme;
    else root.dataset.theme = this.choice;
    const dark =
      this.choice === 'dark' || (this.choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      meta.content = dark ? '#150d16' : '#f4ebe2';
    }
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Private windows may refuse storage; the choice then lasts until the page closes.
    }
    this.apply();
  }

  start(): void {
    this.apply();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.apply());
  }
}

export const theme = new Theme();
