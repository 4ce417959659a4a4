import { expect, test, vi } from 'vitest';
import { onlyHere } from './keeping';

const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

/** Of one browser: who asks waits until whoever has it lets go. */
function locks(): Pick<LockManager, 'request'> {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, { signal }: LockOptions, run: () => unknown): Promise<unknown> => {
    const mine = last.then(() => (signal?.aborted ? Promise.reject(signal.reason as Error) : run()));
    last = mine.catch(() => undefined);
    return mine;
  };
  return { request } as unknown as Pick<LockManager, 'request'>;
}

test('of several pages of a browser one rings, and the next goes on where that is closed', async () => {
  vi.stubGlobal('navigator', { locks: locks() });
  const log: string[] = [];
  const page = (name: string) => onlyHere('ring-1', () => (log.push(`${name} rings`), () => log.push(`${name} is quiet`)));
  const [first, second, third] = [page('first'), page('second'), page('third')];
  await turn();
  expect(log).toEqual(['first rings']);
  second();
  first();
  await turn();
  expect(log).toEqual(['first rings', 'first is quiet', 'third rings']);
  third();
  await turn();
  expect(log.at(-1)).toBe('third is quiet');
});

test('a browser without locks rings on every page', async () => {
  vi.stubGlobal('navigator', {});
  const log: string[] = [];
  const stop = onlyHere('ring-1', () => (log.push('rings'), () => log.push('is quiet')));
  stop();
  expect(log).toEqual(['rings', 'is quiet']);
});
