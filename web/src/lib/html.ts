/** Reads the HTML of a clipboard into a tree of our own. The browser's reader would need a policy through which any
 * HTML may pass; this one makes nothing that could run, and its time grows with the length of the text alone. */

export interface Element {
  tag: string;
  style: string;
  href: string;
  alt: string;
  children: Node[];
}

export type Node = Element | string;

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
/** Whatever stands in these is not for reading. */
const SILENT = new Set(['head', 'iframe', 'noscript', 'object', 'script', 'select', 'style', 'svg', 'template', 'textarea', 'title']);
const RAW = new Set(['iframe', 'noscript', 'script', 'style', 'textarea', 'title']);
/** A new one of the first ends an open one of the others, up to whatever holds them. */
const ENDS: Record<string, readonly string[]> = {
  li: ['li'],
  p: ['p'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  tr: ['td', 'th', 'tr'],
};
const HOLDS = new Set(['body', 'div', 'blockquote', 'ol', 'table', 'td', 'th', 'ul']);
/** Deeper than any page that was written by hand. */
const DEEPEST = 100;
const LONGEST_STYLE = 1000;
const ENTITIES: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', shy: '', zwnj: '\u200c', zwj: '\u200d',
  hellip: '…', ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bdquo: '„', sbquo: '‚',
  laquo: '«', raquo: '»', bull: '•', middot: '·', copy: '©', reg: '®', trade: '™', euro: '€', deg: '°', times: '×',
  auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', eacute: 'é', egrave: 'è', agrave: 'à',
};

export function readHtml(html: string): Element {
  return new Reader(html).read();
}

class Reader {
  #at = 0;
  #root = element('body');
  #open: Element[] = [this.#root];

  constructor(private readonly html: string) {}

  read(): Element {
    const { html } = this;
    while (this.#at < html.length) {
      const next = html.indexOf('<', this.#at);
      const end = next < 0 ? html.length : next;
      if (end > this.#at) this.#say(decoded(html.slice(this.#at, end)));
      this.#at = end;
      if (next >= 0) this.#tag();
    }
    return this.#root;
  }

  #say(text: string): void {
    const { children } = this.#open.at(-1)!;
    const last = children.at(-1);
    if (typeof last === 'string') children[children.length - 1] = last + text;
    else children.push(text);
  }

  #tag(): void {
    const { html } = this;
    const from = this.#at;
    const mark = html[from + 1] ?? '';
    if (mark === '!' || mark === '?') return this.#past(html.startsWith('<!--', from) ? '-->' : '>', from + 2);
    const found = /^<(\/?)([a-z][a-z0-9:-]*)/i.exec(html.slice(from, from + 40));
    if (!found) {
      this.#say('<');
      this.#at += 1;
      return;
    }
    const tag = found[2]!.toLowerCase();
    this.#at += found[0].length;
    const made = this.#attributes(tag);
    if (found[1]) this.#close(tag);
    else this.#begin(made);
  }

  #past(mark: string, from: number): void {
    const end = this.html.indexOf(mark, from);
    this.#at = end < 0 ? this.html.length : end + mark.length;
  }

  #attributes(tag: string): Element {
    const made = element(tag);
    const { html } = this;
    const name = /[\s/]*([^\s=>/"'<]*)\s*(=?)\s*/y;
    for (;;) {
      name.lastIndex = this.#at;
      const [whole = '', key = '', is = ''] = name.exec(html) ?? [];
      this.#at += whole.length;
      if (this.#at >= html.length) return made;
      const value = is ? this.#value() : '';
      if (key && is) keep(made, key.toLowerCase(), value);
      if (html[this.#at] === '>') break;
      // A stray quote, or the next tag in the middle of this one.
      if (html[this.#at] === '<') return made;
      if (!key && !is) this.#at += 1;
    }
    this.#at += 1;
    return made;
  }

  #value(): string {
    const { html } = this;
    const quote = html[this.#at];
    if (quote === '"' || quote === "'") {
      const end = html.indexOf(quote, this.#at + 1);
      const value = end < 0 ? '' : html.slice(this.#at + 1, end);
      this.#at = end < 0 ? html.length : end + 1;
      return decoded(value);
    }
    const plain = /[^\s>]*/y;
    plain.lastIndex = this.#at;
    const [value = ''] = plain.exec(html) ?? [];
    this.#at += value.length;
    return decoded(value);
  }

  #begin(made: Element): void {
    const { tag } = made;
    if (tag in ENDS) this.#makeRoom(ENDS[tag]!);
    const holder = this.#open.at(-1)!;
    if (RAW.has(tag)) {
      const end = new RegExp(`</${tag}`, 'gi');
      end.lastIndex = this.#at;
      this.#at = end.exec(this.html)?.index ?? this.html.length;
      this.#past('>', this.#at);
      return;
    }
    holder.children.push(made);
    // What nests deeper is read as if it stood beside.
    if (!VOID.has(tag) && this.#open.length < DEEPEST) this.#open.push(made);
  }

  #makeRoom(ends: readonly string[]): void {
    for (let at = this.#open.length - 1; at > 0; at--) {
      const { tag } = this.#open[at]!;
      if (ends.includes(tag)) {
        this.#open.length = at;
        return this.#makeRoom(ends);
      }
      if (HOLDS.has(tag)) return;
    }
  }

  #close(tag: string): void {
    for (let at = this.#open.length - 1; at > 0; at--) {
      if (this.#open[at]!.tag !== tag) continue;
      this.#open.length = at;
      return;
    }
  }
}

export function isSilent({ tag, style }: Element): boolean {
  return SILENT.has(tag) || /display:\s*none|mso-list:\s*ignore/i.test(style);
}

function element(tag: string): Element {
  return { tag, style: '', href: '', alt: '', children: [] };
}

function keep(made: Element, name: string, value: string): void {
  // What looks into a style may look at each of its letters many times.
  if (name === 'style') made.style = value.slice(0, LONGEST_STYLE);
  else if (name === 'href' || name === 'alt') made[name] = value;
}

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, tens, hex, name) => {
    if (name) return ENTITIES[name as string] ?? whole;
    const code = tens ? Number(tens) : parseInt(hex as string, 16);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });
}
