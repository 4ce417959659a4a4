/** Caches of this name hold the app's own built files: nobody's data, the same for everybody. */
export const SHELL = 'shell-';
/** A tab holds a lock of this name with the address of its own script, so that the files of its version stay. */
export const RUNS = 'safevoice-runs:';
