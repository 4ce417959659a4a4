import { SvelteSet } from 'svelte/reactivity';
import { forget } from '../../local/owner';

/** Long messages that somebody has unfolded, by key: rows come and go with scrolling. */
export const unfolded = new SvelteSet<string>();

/** Messages of blocked people that one wanted to read all the same, by key. */
export const shownAnyway = new SvelteSet<string>();

forget.on(() => {
  unfolded.clear();
  shownAnyway.clear();
});
