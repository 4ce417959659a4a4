import { mint } from '../../lib/ids';
import { problemOf } from '../../lib/problem';
import { get, post } from '../../wire/http';
import { LIMITS, type AccountDetails, type Balance, type ResetLink, type SetCommunityRole } from '../../wire/protocol.gen';
import { members } from './members.svelte';

export type { AccountDetails, Device, Person, Room } from '../../wire/protocol.gen';
export type NewRole = SetCommunityRole['role'];

export const NOTE = LIMITS.Grant.note.maxLength;

/** One account as the staff sees it. The verbs throw ApiError. */
export class Account {
  details = $state.raw<AccountDetails | null>(null);
  /** Text for people. */
  problem = $state('');

  constructor(readonly id: string) {}

  async load(): Promise<void> {
    try {
      this.details = await get<AccountDetails>(`accounts/${this.id}`);
      this.problem = '';
      const { account } = this.details;
      members.alter(({ person }) => person.id === this.id, () => account);
    } catch (thrown) {
      this.problem = problemOf(thrown).text;
    }
  }

  /** Carry out, and look how it stands now. */
  async after(deed: () => Promise<unknown>): Promise<void> {
    await deed();
    await this.load();
  }

  appoint(role: NewRole): Promise<void> {
    return this.after(() => post(`accounts/${this.id}/role`, { role }));
  }

  /** Shown to whoever asked for it, and then no more. */
  resetLink(): Promise<ResetLink> {
    return post(`accounts/${this.id}/reset-link`, {});
  }

  /** `clientId`: the same one for each try, so that a try whose answer was lost counts once. */
  async grant(clientId: string, amount: number, note: string): Promise<number> {
    const { balance } = await post<Balance>(`accounts/${this.id}/credits`, { client_id: clientId, amount, note });
    await this.load();
    return balance;
  }
}

export const newGrant = mint;
