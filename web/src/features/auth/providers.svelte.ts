import { keepErrand } from '../../lib/errand';
import { takeReturned } from '../../lib/returned';
import { forget } from '../../local/owner';
import { get, post, remove } from '../../wire/http';
import { describeDevice } from '../../lib/device';
import type { BeginOidc, Identities, Identity, OidcBegun } from '../../wire/protocol.gen';
import { confirming } from './confirming.svelte';

export type { Identity, SignInProvider } from '../../wire/protocol.gen';
export type Purpose = NonNullable<BeginOidc['purpose']>;

/** What the browser went to another site for and came back with, when that worked. */
const DONE: string[] = ['sign_in', 'link', 'confirm'] satisfies Purpose[];

/** Other sites by whose sign-in one comes in here, and those of mine that do. */
class Providers {
  identities = $state.raw<Identity[] | null>(null);

  constructor() {
    forget.on(() => (this.identities = null));
  }

  /** Throws ApiError. */
  async load(): Promise<void> {
    this.identities = (await get<Identities>('identities')).identities;
  }

  /** Leaves the app, and comes back to where it stands now. Throws ApiError, or PutAway. */
  async go(provider: string, purpose: Purpose): Promise<void> {
    const body = { purpose, ...describeDevice() };
    const begun = await confirming.first(() => post<OidcBegun>(`oidc/${provider}/begin`, body));
    if (purpose !== 'sign_in') keepErrand(location.pathname);
    location.assign(begun.url);
    // The button stays busy until the page is gone, or shown once more by the button that goes back.
    await new Promise((resolve) => addEventListener('pageshow', resolve, { once: true }));
  }

  /** Throws ApiError, or PutAway. */
  async unlink(id: string): Promise<void> {
    await confirming.first(() => remove(`identities/${id}`));
    this.identities = (this.identities ?? []).filter((each) => each.id !== id);
  }

  /** What came of going there: '' when nobody did, `done` when it worked, else the code of an error. Asking again
   *  finds nothing. */
  outcome(): { done: '' | Purpose; problem: string } {
    const told = takeReturned();
    const done = DONE.includes(told) ? (told as Purpose) : '';
    return { done, problem: done ? '' : told };
  }
}

export const providers = new Providers();
