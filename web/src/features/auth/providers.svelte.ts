import { describeDevice } from '../../lib/device';
import { keepErrand } from '../../lib/errand';
import { t, texts } from '../../lib/i18n/areas/access';
import { problemOf } from '../../lib/problem';
import { takeReturned } from '../../lib/returned';
import { forget } from '../../local/owner';
import { get, post, remove } from '../../wire/http';
import type { BeginOidc, Identities, Identity, OidcBegun } from '../../wire/protocol.gen';
import { confirming } from './confirming.svelte';

export type { Identity, SignInProvider } from '../../wire/protocol.gen';
export type Purpose = NonNullable<BeginOidc['purpose']>;

/** What the browser went to another site for and came back with, when that worked. */
const DONE: string[] = ['sign_in', 'link', 'confirm'] satisfies Purpose[];

/** Other sites by whose sign-in one comes in here, and those of mine that do. */
class Providers {
  /** null: not loaded yet. */
  identities = $state.raw<Identity[] | null>(null);
  /** Why they could not be loaded; text for people. */
  error = $state('');

  constructor() {
    forget.on(() => (this.identities = null));
  }

  async load(): Promise<void> {
    try {
      this.identities = (await get<Identities>('identities')).identities;
      this.error = '';
    } catch (thrown) {
      this.error = problemOf(thrown).text;
    }
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

/** What to tell of the code of an error that came back in the address; '' for none. */
export function problemText(code: string): string {
  if (!code) return '';
  const key = `provider.problem.${code}`;
  return t(key in texts ? (key as 'provider.problem') : 'provider.problem');
}
