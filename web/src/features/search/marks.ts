import './marks.css';
import { MOVED, type Moved } from '../../lib/route';
import { forget } from '../../local/owner';
import { timelineOf } from '../messages/timelines';
import { occurrences } from './occurrences';

/** By message id, what of its text was looked for. */
export type Wanted = ReadonlyMap<string, readonly string[]>;

const ALL = 'found';
const HERE = 'found-here';

/**
 * Marks what was found in the messages on screen. Painted over them by the browser (CSS Custom Highlight API): nothing
 * that draws a message has to know of it. An older browser shows only which message it is.
 */
class Marks {
  #room = '';
  #wanted: Wanted = new Map();
  #here = '';
  #focus = false;
  #watch: MutationObserver | undefined;
  #due = 0;

  constructor() {
    forget.on(() => this.clear());
  }

  /** `here`: the one message of them that one is led to. `focus`: it takes the focus once it is there. */
  show(room: string, wanted: Wanted, here: string, focus = false): void {
    this.clear();
    [this.#room, this.#wanted, this.#here, this.#focus] = [room, wanted, here, focus];
    const main = document.querySelector('main');
    if (!main) return;
    // Rows come and go while one scrolls.
    this.#watch = new MutationObserver(() => this.#soon());
    this.#watch.observe(main, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['class'] });
    addEventListener(MOVED, this.#moved);
    addEventListener('popstate', this.#moved);
    this.#soon();
  }

  clear(): void {
    this.#watch?.disconnect();
    this.#watch = undefined;
    cancelAnimationFrame(this.#due);
    this.#due = 0;
    [this.#room, this.#wanted, this.#here, this.#focus] = ['', new Map(), '', false];
    removeEventListener(MOVED, this.#moved);
    removeEventListener('popstate', this.#moved);
    this.#paint([], []);
  }

  /** What is marked in one room is nothing to another. */
  #moved = (event: Event): void => {
    const { pathname } = event instanceof CustomEvent ? (event.detail as Moved) : location;
    if (!pathname.startsWith(`/room/${this.#room}`)) this.clear();
  };

  #soon(): void {
    this.#due ||= requestAnimationFrame(() => {
      this.#due = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const ids = new Map(timelineOf(this.#room).items.map((item) => [item.key, item.message?.id ?? '']));
    const [all, here]: [Range[], Range[]] = [[], []];
    for (const row of document.querySelectorAll<HTMLElement>('main [role=log] [data-key]')) {
      const id = ids.get(row.dataset.key ?? '') ?? '';
      if (id && id === this.#here && this.#focus) this.#take(row);
      const words = this.#wanted.get(id);
      const text = words?.length ? row.querySelector('.bubble > .markdown') : null;
      if (text && words) (id === this.#here ? here : all).push(...rangesIn(text, words));
    }
    this.#paint(all, here);
  }

  #take(row: HTMLElement): void {
    // Where it will stand is not known at once; until then nobody sees it, and it takes no focus.
    if (!row.checkVisibility({ visibilityProperty: true })) return;
    this.#focus = false;
    const holder = document.activeElement;
    // Somebody may have begun to write while it was on its way.
    const writing = holder instanceof HTMLTextAreaElement && holder.value !== '';
    if (!writing && (holder === document.body || holder?.closest('main'))) row.focus({ preventScroll: true });
  }

  #paint(all: Range[], here: Range[]): void {
    if (!('highlights' in CSS)) return;
    CSS.highlights.set(ALL, new Highlight(...all));
    CSS.highlights.set(HERE, new Highlight(...here));
  }
}

/** Words may go on in another element, and a line break has no letter of its own. */
function rangesIn(text: Element, words: readonly string[]): Range[] {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const nodes: { node: Text; from: number }[] = [];
  let whole = '';
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text) {
      nodes.push({ node, from: whole.length });
      whole += node.data;
    } else if (/^(BR|P|LI|PRE|BLOCKQUOTE)$/.test(node.nodeName)) whole += '\n';
  }
  return occurrences(whole, words).map(([start, end]) => {
    const range = document.createRange();
    const first = nodes.findLast(({ from }) => from <= start)!;
    const last = nodes.findLast(({ from }) => from < end)!;
    range.setStart(first.node, start - first.from);
    range.setEnd(last.node, Math.min(end - last.from, last.node.data.length));
    return range;
  });
}

export const marks = new Marks();
