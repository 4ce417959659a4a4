import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { read } from './db';

test('a look that the browser breaks off after it was answered is no error that nobody caught', async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  process.on('unhandledRejection', note);
  try {
    const answer = await read(['meta'], null, async (tx) => {
      const held = await tx.objectStore('meta').get('owner');
      // As a browser does with what runs on a page that goes.
      (tx as unknown as IDBTransaction).abort();
      return held ?? 'nobody';
    });
    expect(answer).toBe('nobody');
    await new Promise((done) => setTimeout(done));
    expect(uncaught).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});
