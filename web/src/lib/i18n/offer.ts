/** The languages that can be chosen, each by its own name. */
import { t } from './areas/language';
import { BOOKS, KEY, chosenLanguage } from './language';

/** Those of somebody. */
const LANGUAGES = ['en', ...Object.keys(BOOKS).filter((code) => !code.includes('-X'))];

/** `value`: as `chooseLanguage` takes it. */
export function offeredLanguages(): { value: string; label: string }[] {
  const chosen = chosenLanguage();
  const codes = !chosen || LANGUAGES.includes(chosen) ? LANGUAGES : [...LANGUAGES, chosen];
  return [{ value: '', label: t('language.system') }, ...codes.map((code) => ({ value: code, label: ownName(code) }))];
}

/** Starts over, since every text on the screen changes; '' follows the system. */
export function chooseLanguage(code: string): void {
  try {
    if (code) localStorage.setItem(KEY, code);
    else localStorage.removeItem(KEY);
  } catch {
    // Private windows may refuse storage; there the system's language stays.
  }
  location.reload();
}

/** People look for their language as it calls itself. */
function ownName(code: string): string {
  const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}
