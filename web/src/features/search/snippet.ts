/** A snippet as a list of results shows it: what was found near its beginning, and without the marks of Markdown. */

/** More before it could push what was found out of the lines that are shown. */
const LEAD = 48;

/** Plain and found in turns, as the server sends it. */
export function shown(snippet: readonly string[]): string[] {
  const pieces = snippet.map((piece, at) => (at % 2 ? piece : plain(piece, at > 0, at < snippet.length - 1)));
  const [first = '', ...rest] = pieces;
  return rest.length ? [ending(first), ...rest] : pieces;
}

function ending(text: string): string {
  if (text.length <= LEAD * 1.5) return text;
  const space = text.indexOf(' ', text.length - LEAD);
  return space < 0 ? text : `…${text.slice(space + 1)}`;
}

/** `before`, `after`: a word that was found stands there. */
function plain(text: string, before: boolean, after: boolean): string {
  const bare = text.replace(/\*\*|~~|`+/g, '').replace(/(^|[\s…])>+ (?=\S|$)/g, '$1');
  return bare.replace(/[*_]/g, (sign, at: number) => {
    const behind = at > 0 ? !/[\s(]/.test(bare[at - 1]!) : before;
    const ahead = at < bare.length - 1 ? !/[\s).,;:!?]/.test(bare[at + 1]!) : after;
    // At one side of a word it is a mark; between two, or alone, it is what it is.
    return behind !== ahead ? '' : sign;
  });
}
