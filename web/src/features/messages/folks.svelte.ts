export { isBlocked } from '../people/blocks.svelte';
export { nameOf, openPerson } from '../people/people.svelte';
export { preferences } from '../people/preferences.svelte';
