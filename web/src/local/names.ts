/** Caches of this name hold the app's own built files: nobody's data, the same for everybody. */
export const SHELL = 'shell-';
