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
