import { t } from '../../lib/i18n/areas/calls';
import { stayWhile } from '../../lib/leaving';
import { problemOf } from '../../lib/problem';
import { Signal } from '../../lib/signal';
import { toasts } from '../../ui/toasts.svelte';
import { connection } from '../connection.svelte';
import type { Person } from '../people/people.svelte';
import { calling } from './calling.svelte';
import { NO_CALLS, NO_DEVICES } from './none';
import type { Calls, Devices, OneCall } from './shapes';

/** A call that somebody is about to make. */
export interface Plan {
  readonly room: string;
  readonly person: Person;
}

/** What of calls is on screen, and how. The gallery sets other `calls` and `devices` on it, to show what only two
 * people could bring about. */
class Stage {
  calls = $state.raw<Calls>(NO_CALLS);
  devices = $state.raw<Devices>(NO_DEVICES);
  /** They look at themselves first. */
  plan = $state.raw<Plan | null>(null);
  /** The call goes on in a bar, beside whatever else one does. */
  small = $state(false);
  /** The microphone is a call's from now on. */
  readonly taken = new Signal();
  /** Calls that were asked for, while what really calls is still on its way. */
  #asked = $state(0);

  /** Somebody is called, calls, or talks; not merely that there was a call once. */
  get busy(): boolean {
    const { current, incoming } = this.calls;
    return this.#asked > 0 || this.plan !== null || incoming.length > 0 || (current !== null && current.phase !== 'ended');
  }

  /** Straight to ringing. Says itself what is in the way. */
  async call(room: string, person: Person, video: boolean): Promise<void> {
    if (!connection.online) return toasts.say(t('call.offline'));
    this.plan = null;
    this.small = false;
    calling.on = true;
    this.#asked += 1;
    this.taken.send();
    try {
      await this.engaged();
      if (this.calls.current?.room === room && this.calls.current.phase !== 'ended') return;
      await this.calls.start(room, person, video);
    } catch (thrown) {
      toasts.say(problemOf(thrown).text);
    } finally {
      this.#asked -= 1;
    }
  }

  prepare(room: string, person: Person): void {
    if (!connection.online) return toasts.say(t('call.offline'));
    calling.on = true;
    this.taken.send();
    void this.engaged().then(
      () => (this.plan = { room, person }),
      (thrown: unknown) => toasts.say(problemOf(thrown).text),
    );
  }

  answer(call: OneCall, video: boolean): void {
    this.plan = null;
    this.small = false;
    this.taken.send();
    call.answer(video);
  }

  /** What really calls comes with the first call, and takes its place here by itself. */
  async engaged(): Promise<void> {
    if (this.calls === NO_CALLS) await import('./calls.svelte');
  }
}

export const stage = new Stage();
stayWhile(() => stage.busy);
