import { SvelteSet } from 'svelte/reactivity';
import { forget } from '../../local/owner';

/** Long messages that somebody has unfolded, by key: rows come and go with scrolling. */
export const unfolded = new SvelteSet<string>();

forget.on(() => unfolded.clear());
