import { tick } from 'svelte';

/**
 * Keeps an element within reach while dialogs come and go. A modal dialog makes all that is outside of it inert, and a
 * call does not wait for somebody to close one: so what rings moves into the topmost of them.
 */
export function onTop(element: HTMLElement): () => void {
  const home = document.createComment('');
  element.replaceWith(home);

  function place(): void {
    const dialog = [...document.querySelectorAll<HTMLDialogElement>('dialog:modal')].filter((each) => !element.contains(each)).at(-1);
    const parent = dialog ?? home.parentNode;
    if (!parent || element.parentNode === parent) return;
    if (dialog) dialog.append(element);
    else home.after(element);
  }

  const watch = new MutationObserver(place);
  watch.observe(document.body, { subtree: true, childList: true, attributeFilter: ['open'] });
  place();
  return () => {
    watch.disconnect();
    home.remove();
    element.remove();
  };
}

/** Whoever came here by keys goes on where they were, once it is gone; where that is gone too, on the page. */
export function givesBack(element: HTMLElement): () => void {
  let from: HTMLElement | undefined;
  let held = false;
  const came = ({ relatedTarget: before }: FocusEvent): void => {
    held = true;
    if (before instanceof HTMLElement && !element.contains(before)) from = before;
  };
  const left = ({ relatedTarget: to }: FocusEvent): void => void (held = to === null || element.contains(to as Node));
  element.addEventListener('focusin', came);
  element.addEventListener('focusout', left);
  return () =>
    void tick().then(() => {
      if (!held || (document.activeElement ?? document.body) !== document.body) return;
      const to = from?.isConnected ? from : document.querySelector('main');
      to?.focus({ preventScroll: true });
    });
}
