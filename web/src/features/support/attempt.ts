import { problemOf } from '../../lib/problem';
import { toasts } from '../../ui/toasts.svelte';

/** Do it, and say that it is done, or why not. */
export async function attempt(what: () => Promise<void>, done = ''): Promise<void> {
  try {
    await what();
    if (done) toasts.say(done);
  } catch (thrown) {
    toasts.say(problemOf(thrown).text);
  }
}
