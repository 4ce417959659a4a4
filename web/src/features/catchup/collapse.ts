import type { TransitionConfig } from 'svelte/transition';

/** What is cleared makes room quickly. */
export function collapse(node: HTMLElement): TransitionConfig {
  const height = node.offsetHeight;
  const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 170;
  return { duration, css: (left) => `block-size: ${left * height}px; padding-block: 0; opacity: ${left}; overflow: hidden` };
}
