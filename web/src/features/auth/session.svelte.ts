import { backoff } from '../../lib/backoff';
import { describeDevice } from '../../lib/device';
import { firstSight } from '../../lib/sight';
import { actingFor, dispossessed } from '../../local/db';
import { arrived, heldOwner, heldState, keepOwner, leaveNothing, resign, takeOver } from '../../local/owner';
import { outbox } from '../../local/outbox';
import { sync } from '../../local/sync';
import { tabs, type Why } from '../../local/tabs';
import { ApiError } from '../../wire/errors';
import { get, post, signedOut } from '../../wire/http';
import type { Community, Me, SignedIn } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { people } from '../people/people.svelte';
import { left } from '../voice/left.svelte';

export type { Community, Me } from '../../wire/protocol.gen';
export { ApiError } from '../../wire/errors';
export type Phase = 'loading' | 'setup' | 'signed-out' | 'signed-in';

const RESTART_EVERY = 60_000;

/** Signing out would lose what was not sent yet. */
export class UnsentError extends Error {
  constructor(readonly count: number) {
    super('unsent');
  }
}

/** Who uses this browser. */
class Session {
  phase = $state<Phase>('loading');
  community = $state.raw<Community | null>(null);
  me = $state.raw<Me | null>(null);
  device = $state('');
  /** Why nobody is signed in any more. */
  ended = $state<Why>('');

  #checking: Promise<void> | null = null;
  #restartedAt = 0;
  #departing = false;

  constructor() {
    connection.ended.on(() => void this.#recheck());
    connection.stranger.on(() => void this.#recheck());
    signedOut.on(() => void this.#recheck());
    dispossessed.on(() => {
      // What is written after they have left belongs to nobody, and why they left is still to be told.
      if (!this.me) return;
      // Where the disk takes nothing at all, starting over would not help, again and again.
      if (Date.now() - this.#restartedAt > RESTART_EVERY) void this.#restart();
    });
    tabs.heard.on(({ account, word }) => {
      if (word.type === 'wiped' && account === actingFor()) void this.#restart(word.why);
    });
    // Somebody may have signed in in another tab.
    globalThis.document?.addEventListener('visibilitychange', () => {
      if (this.phase === 'signed-out' && document.visibilityState === 'visible') void this.#recheck();
    });
    sync.changes.on((change) => {
      if (change.type === 'passing' && change.event.op === 'settings') void this.#recheck();
      if (change.type !== 'event' || change.event.op !== 'me') return;
      this.me = change.event.me;
    });
  }

  /** May change everything. */
  get admin(): boolean {
    return this.me?.role === 'admin';
  }

  /** Looks after the community: reports, support, members. */
  get staff(): boolean {
    return this.admin || this.me?.role === 'moderator';
  }

  /** May talk in one room, and sees nothing else. */
  get guest(): boolean {
    return this.me?.role === 'guest';
  }

  /** What is held here first, so that it works without a network; then the server is asked. */
  async start(): Promise<void> {
    tabs.open();
    connection.keepShell();
    // The answer is needed only after what is held here was read, and most of it is the way there and back.
    const answer = get<Community>('community');
    answer.catch(() => undefined);
    const held = await heldOwner();
    if (held) {
      this.community = held.community;
      await this.#begin(held.me, held.device);
    }
    await this.#recheck(answer);
  }

  /** Ask the server now instead of in a while. */
  hurry(): void {
    dispatchEvent(new Event(HURRY));
  }

  async setUp(body: { code: string; community: string; name: string; display: string; password: string }): Promise<void> {
    await this.enter('setup', body);
  }

  /** Throws UnsentError, or ApiError when the server cannot be told: the session would live on. */
  async signOut({ evenIfUnsent = false }: { evenIfUnsent?: boolean } = {}): Promise<void> {
    const unsent = outbox.entries.length + left.count;
    if (!evenIfUnsent && unsent) throw new UnsentError(unsent);
    try {
      await post('sign-out', {});
    } catch (error) {
      const gone = error instanceof ApiError && (error.code === 'signed_out' || error.code === 'session_ended');
      if (!gone) throw error;
    }
    await this.#leave('signed-out');
  }

  /** `remove` deletes the account; throws what it throws, and then all is as it was. */
  async depart(remove: () => Promise<void>): Promise<void> {
    // The server ends the session at once, and what hears of that first must not call it revoked.
    this.#departing = true;
    try {
      await remove();
      await this.#leave('deleted');
    } finally {
      this.#departing = false;
    }
  }

  /** In by any request whose answer is SignedIn. Throws ApiError. */
  async enter(path: string, body: object): Promise<void> {
    await this.arrive(await post<SignedIn>(path, { ...body, ...describeDevice() }));
  }

  /** The session's cookie is here already. */
  async arrive({ me, device }: SignedIn): Promise<void> {
    await leaveNothing();
    this.community = await get<Community>('community').catch(() => this.community);
    await this.#begin(me, device);
  }

  async #begin(me: Me, device: string): Promise<void> {
    this.ended = '';
    await takeOver({ me, device, community: this.community });
    this.me = me;
    this.device = device;
    // What was sent as the last page went is no draft any more.
    await outbox.takeUp();
    const [held] = await Promise.all([heldState(), outbox.load()]);
    arrived.send(held);
    people.remember([me]);
    connection.begin(me.id, held.logs);
    this.phase = 'signed-in';
    // Signing out may have taken the shell along with everything else.
    connection.keepShell();
    void firstSight.then(() => import('../../local/persist')).then(({ learnHabit }) => learnHabit(), () => undefined);
  }

  /** Compare with the server, however long it takes to reach it. */
  #recheck(answer?: Promise<Community>): Promise<void> {
    this.#checking ??= this.#check(answer).finally(() => (this.#checking = null));
    return this.#checking;
  }

  /** `answer`: to a question that is on its way already. */
  async #check(answer?: Promise<Community>): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.#compare(await (tries === 0 && answer ? answer : get<Community>('community')));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (this.phase === 'loading' && tries === 0) connection.state = 'offline';
        await pause(Math.max(error.retryAfterMs, backoff(tries, 1000)));
      }
    }
  }

  async #compare(community: Community): Promise<void> {
    this.community = community;
    const { me, device = '' } = community;
    if (me && this.me?.id === me.id) {
      this.me = me;
      this.device = device;
      await keepOwner({ me, device, community });
      // The socket stops for good on a 4401, and that one was not about this session.
      if (connection.state !== 'online') connection.resume();
      return;
    }
    if (this.me) await this.#leave('revoked');
    if (me) await this.#begin(me, device);
    else this.phase = community.needs_setup ? 'setup' : 'signed-out';
  }

  async #leave(why: Why): Promise<void> {
    this.#quit();
    await leaveNothing(why);
    this.ended = this.#departing ? 'deleted' : why;
    this.phase = 'signed-out';
  }

  /** Another tab signed out, or somebody else signed in there: this one starts over. */
  async #restart(why: Why = ''): Promise<void> {
    this.#restartedAt = Date.now();
    this.#quit();
    resign();
    this.ended = why;
    this.phase = 'loading';
    await this.#recheck();
  }

  #quit(): void {
    connection.end();
    this.me = null;
    this.device = '';
  }
}

const HURRY = 'safevoice:hurry';

/** Ends early when the network is said to be back, or somebody does not want to wait. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    for (const sooner of ['online', HURRY]) addEventListener(sooner, () => (clearTimeout(timer), resolve()), { once: true });
  });
}

export const session = new Session();
