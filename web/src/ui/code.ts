/** Codes as people type, paste and read them out. */

/** Characters between two gaps, so that the eye keeps its place. */
const GROUPS: Record<number, number> = { 6: 3, 8: 4 };

/** What counts of `typed`: out of a whole link what follows its `#`, without blanks and dashes, in upper case. */
export function codeIn(typed: string, kind: 'digits' | 'letters', length: number): string {
  const code = typed.slice(typed.lastIndexOf('#') + 1).toUpperCase();
  return code.replace(kind === 'digits' ? /\D/g : /[^A-Z0-9]/g, '').slice(0, length);
}

/** Whether a gap comes before character `at` of a code of `length`. */
export function gapBefore(at: number, length: number): boolean {
  const group = GROUPS[length] ?? 0;
  return group > 0 && at > 0 && at % group === 0;
}
