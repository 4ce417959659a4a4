import { continued, formatted, inCode, isAddress, linked, type Change, type Format } from '../../lib/marks';
import { loadEmojis } from '../../lib/emojis/load';
import { isPressed } from '../../lib/shortcut';
import { make, put } from '../../lib/typing';
import { Completion, type Choice } from './completion.svelte';
import { FORMAT_KEYS, FORMATS } from './formats';
import { begun, replaced } from './shortcodes';

export type { Choice } from './completion.svelte';

/** What somebody copied elsewhere; '' for what the clipboard does not have. */
export interface Copied {
  text: string;
  html: string;
  /** It comes out of a code editor. */
  code: boolean;
}

/** Helps whoever writes. Loaded when they begin: the plain field does without it. */
export class Pen {
  readonly completion: Completion;
  /** Shift was held: what comes is wanted as it is. */
  #plainly = false;

  constructor(
    roomId: string,
    private readonly field: HTMLTextAreaElement,
  ) {
    this.completion = new Completion(roomId);
  }

  format(how: Format): void {
    const { value: text, selectionStart: start, selectionEnd: end } = this.field;
    this.#make(formatted(how, { text, start, end }));
  }

  /** An emoji at the caret. */
  insert(text: string): void {
    put(this.field, text);
  }

  choose(choice: Choice): void {
    this.#make(this.completion.take(choice, this.field.value, this.field.selectionStart));
  }

  /** The text or the caret has moved. */
  look(): void {
    const { field, completion } = this;
    if (document.activeElement !== field) return;
    if (field.selectionStart === field.selectionEnd) completion.look(field.value, field.selectionStart);
    else completion.leave();
  }

  /** A sign was typed. */
  typed(event: Event): void {
    this.look();
    const { value, selectionStart } = this.field;
    if (!(event instanceof InputEvent) || !event.inputType.startsWith('insert') || event.isComposing) return;
    if (!event.data?.endsWith(':') || !begun(value.slice(0, -1), selectionStart - 1) || inCode(value, selectionStart)) return;
    const change = replaced(value, selectionStart);
    if (change) return this.#make(change);
    // Somebody was quicker than their emoji.
    void loadEmojis().then(
      () => {
        const late = this.field.value === value ? replaced(value, selectionStart) : null;
        if (late) this.#make(late);
      },
      () => undefined,
    );
  }

  /** Marks, and the list as long as it is open. */
  pressed(event: KeyboardEvent): boolean {
    if (event.key.toLowerCase() === 'v') this.#plainly = event.shiftKey;
    const format = FORMATS.find((how) => isPressed(FORMAT_KEYS[how], event));
    if (format) this.format(format);
    return format !== undefined || this.#picks(event);
  }

  #picks(event: KeyboardEvent): boolean {
    const { completion } = this;
    const choice = completion.choices[completion.at];
    if (!choice || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) completion.move(step);
    else if (event.key === 'Escape') completion.leave();
    else if (event.shiftKey || (event.key !== 'Tab' && (event.key !== 'Enter' || completion.done))) return false;
    else this.choose(choice);
    return true;
  }

  /** A line is about to end; lists and quotes go on. */
  breaks(event: InputEvent): void {
    if (!/^insert(LineBreak|Paragraph)$/.test(event.inputType) || event.isComposing || !event.cancelable) return;
    const { value, selectionStart, selectionEnd } = this.field;
    const change = selectionStart === selectionEnd ? continued(value, selectionStart) : null;
    if (!change) return;
    event.preventDefault();
    this.#make(change);
  }

  pasted(event: ClipboardEvent): void {
    const { types, text, html } = contentOf(event.clipboardData);
    const { value, selectionStart: start, selectionEnd: end } = this.field;
    const plainly = this.#plainly;
    this.#plainly = false;
    if (plainly || !text || (!html && start === end) || inCode(value, start)) return;
    event.preventDefault();
    const plain = text.replace(/\r\n?/g, '\n');
    if (start !== end && isAddress(plain.trim())) return this.#make(linked({ text: value, start, end }, plain.trim()));
    void this.#asMarkdown(plain, html, types.includes('vscode-editor-data')).then((words) => this.insert(words));
  }

  async #asMarkdown(text: string, html: string, code: boolean): Promise<string> {
    try {
      const { asMarkdown } = await import('./pasted');
      const { value, selectionStart: at, selectionEnd: to } = this.field;
      return asMarkdown({ text, html, code }, value.slice(0, at), value.slice(to));
    } catch {
      return text;
    }
  }

  #make(change: Change): void {
    make(this.field, change);
  }
}

function contentOf(copied: DataTransfer | null): { types: readonly string[]; text: string; html: string } {
  const [text = '', html = ''] = ['text/plain', 'text/html'].map((type) => copied?.getData(type));
  return { types: copied?.types ?? [], text, html };
}
