/** The community's accent, on the whole page. Which colours it makes is worked out where somebody has chosen one. */
const KEY = 'safevoice.accent';

type Worn = Record<string, string>;

/** Browsers that know neither keep the house's own colours. */
const able = (): boolean => CSS.supports('color', 'light-dark(oklch(0 0 0), oklch(1 0 0))');

let wanted: string | null = null;
let worn: Worn = {};

/** What it was when this browser was last here, so that nothing changes its colour at the start. */
export function wearHeld(): void {
  try {
    put(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Worn);
  } catch {
    // Nothing is held, or it cannot be read: the house's own colours do.
  }
}

/** `#rrggbb`; '' for the house's own. `keep`: also the next time. */
export async function wear(hex: string, keep = true): Promise<void> {
  wanted = hex;
  const style = hex && able() ? (await import('./accent')).accentStyle(hex) : {};
  if (wanted !== hex) return;
  put(style);
  if (!keep) return;
  try {
    localStorage.setItem(KEY, JSON.stringify(style));
  } catch {
    // Private windows may refuse storage; it then comes a moment later.
  }
}

function put(style: Worn): void {
  const root = document.documentElement;
  for (const name of Object.keys(worn)) root.style.removeProperty(name);
  for (const [name, value] of Object.entries(style)) root.style.setProperty(name, value);
  worn = style;
}
