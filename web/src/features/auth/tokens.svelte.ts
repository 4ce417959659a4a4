import { get, post, remove } from '../../wire/http';
import type { ApiToken, ApiTokenMade, ApiTokens, NewApiToken } from '../../wire/protocol.gen';
import { confirming } from './confirming.svelte';
import { Mine } from './mine.svelte';

export type { ApiToken, ApiTokenMade, NewApiToken } from '../../wire/protocol.gen';

/** Programs that act for me. What changes it throws ApiError or PutAway. */
class Tokens extends Mine<ApiToken> {
  constructor() {
    super(async () => (await get<ApiTokens>('tokens')).tokens);
  }

  async make(wanted: NewApiToken): Promise<ApiTokenMade> {
    const made = await confirming.first(() => post<ApiTokenMade>('tokens', wanted));
    this.list = [made.token, ...(this.list ?? []).filter((each) => each.id !== made.token.id)];
    return made;
  }

  async revoke(id: string): Promise<void> {
    await remove(`tokens/${id}`);
    this.drop(id);
  }
}

export const tokens = new Tokens();
