const MS = 170;

/** Where its cards stand; call what it returns when some are gone or back, and the others slide to their places. */
export function standing(list: HTMLElement | undefined): () => void {
  if (!list || matchMedia('(prefers-reduced-motion: reduce)').matches) return () => undefined;
  const cards = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[data-room]')];
  const before = new Map(cards().map((card) => [card.dataset.room, card.getBoundingClientRect().top]));
  return () => {
    for (const card of cards()) {
      const from = (before.get(card.dataset.room) ?? NaN) - card.getBoundingClientRect().top;
      if (from) card.animate([{ translate: `0 ${from}px` }, { translate: '0 0' }], { duration: MS, easing: 'ease-out' });
    }
  };
}
