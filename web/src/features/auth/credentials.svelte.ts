import { describeDevice } from '../../lib/device';
import { makePasskey } from '../../lib/passkeys';
import { problemOf } from '../../lib/problem';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { get, patch, post, remove } from '../../wire/http';
import type { Challenge, RecoveryCodes, SignInMethods, TotpSecret } from '../../wire/protocol.gen';
import { confirming } from './confirming.svelte';

export type { Passkey, SignInMethods, TotpSecret } from '../../wire/protocol.gen';

/** How I sign in. What changes it throws ApiError or PutAway. */
class Credentials {
  methods = $state.raw<SignInMethods | null>(null);
  /** Why they could not be loaded; text for people. */
  error = $state('');
  #shown = false;

  constructor() {
    forget.on(() => {
      this.methods = null;
      this.#shown = false;
    });
    sync.changes.on((change) => {
      if (this.#shown && change.type === 'event' && change.event.op === 'credentials') void this.load();
    });
  }

  async load(): Promise<void> {
    this.#shown = true;
    try {
      this.methods = await get<SignInMethods>('sign-in-methods');
      this.error = '';
    } catch (thrown) {
      this.error = problemOf(thrown).text;
    }
  }

  /** `old` is shown first, where it is given. */
  async setPassword(password: string, old: string, signOutOthers: boolean): Promise<void> {
    if (old) await post('confirm', { password: old });
    await this.#change(() => post('password', { password, sign_out_others: signOutOthers }));
  }

  async removePassword(): Promise<void> {
    await this.#change(() => remove('password'));
  }

  /** Throws as makePasskey does, too. */
  async addPasskey(): Promise<void> {
    const { state, options } = await confirming.first(() => post<Challenge>('passkeys/challenge', {}));
    const credential = await makePasskey(options);
    const { device_name } = describeDevice();
    await this.#change(() => post('passkeys', { passkey: { state, credential }, device_name }));
  }

  async renamePasskey(id: string, name: string): Promise<void> {
    await this.#change(() => patch(`passkeys/${id}`, { name }));
  }

  async removePasskey(id: string): Promise<void> {
    await this.#change(() => remove(`passkeys/${id}`));
  }

  async beginTotp(): Promise<TotpSecret> {
    return confirming.first(() => post<TotpSecret>('totp', {}));
  }

  /** Returns new recovery codes where none were left. */
  async confirmTotp(code: string): Promise<string[]> {
    return (await this.#change(() => post<RecoveryCodes>('totp/confirm', { code }))).codes;
  }

  async dropTotp(): Promise<void> {
    await this.#change(() => remove('totp'));
  }

  async makeRecoveryCodes(): Promise<string[]> {
    return (await this.#change(() => post<RecoveryCodes>('recovery-codes', {}))).codes;
  }

  /** The event that tells of it may come late, so it is looked at at once. */
  async #change<T>(what: () => Promise<T>): Promise<T> {
    const result = await confirming.first(what);
    await this.load();
    return result;
  }
}

export const credentials = new Credentials();
