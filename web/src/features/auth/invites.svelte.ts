import type { Invite, InviteInfo } from '../../wire/protocol.gen';

export type { Invite, InviteInfo } from '../../wire/protocol.gen';

class Invites {
  list = $state.raw<Invite[]>([]);

  async load(): Promise<void> {}
  async create(_b: { uses: number; days: number }): Promise<Invite> {
    throw new Error('later');
  }
  async revoke(_id: string): Promise<void> {}
}

export const invites = new Invites();

export async function inviteInfo(_code: string): Promise<InviteInfo> {
  throw new Error('later');
}
