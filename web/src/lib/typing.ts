import type { Change } from './marks';

/** Changes a text field as if it had been typed, so that the browser can undo it and everybody hears of it. */
export function make(field: HTMLTextAreaElement, { from, to, text, start, end }: Change): void {
  field.focus({ preventScroll: true });
  field.setSelectionRange(from, to);
  if ((text || from !== to) && !document.execCommand(text ? 'insertText' : 'delete', false, text)) {
    field.setRangeText(text, from, to);
    field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
  }
  field.setSelectionRange(start, end);
}

/** In place of what is selected. */
export function put(field: HTMLTextAreaElement, text: string): void {
  const { selectionStart: from, selectionEnd: to } = field;
  const caret = from + text.length;
  make(field, { from, to, text, start: caret, end: caret });
}
