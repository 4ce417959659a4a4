export { people, type Person } from '../people/people.svelte';
