import type { Attachment } from 'svelte/attachments';

/** About a screen ahead: what is there is asked for before somebody gets there. */
const AHEAD = '700px 0px';

/** Once each: the element comes near the screen, and it is on it. */
export function watched(near: () => void, seen: () => void): Attachment<HTMLElement> {
  return (element) => {
    const stops = [watch(element, AHEAD, near), watch(element, '0px', seen)];
    return () => stops.forEach((stop) => stop());
  };
}

function watch(element: HTMLElement, rootMargin: string, then: () => void): () => void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    then();
  }, { root: element.closest('.page'), rootMargin });
  observer.observe(element);
  return () => observer.disconnect();
}
