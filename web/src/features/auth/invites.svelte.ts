import { forget } from '../../local/owner';
import { get, post, remove } from '../../wire/http';
import type { Invite, InviteInfo, Invites as Answer } from '../../wire/protocol.gen';

export type { Invite, InviteInfo } from '../../wire/protocol.gen';

/** Everything here throws ApiError. */
class Invites {
  list = $state.raw<Invite[]>([]);

  constructor() {
    forget.on(() => (this.list = []));
  }

  async load(): Promise<void> {
    this.list = (await get<Answer>('invites')).invites;
  }

  async create(wanted: { uses: number; days: number }): Promise<Invite> {
    const made = await post<Invite>('invites', wanted);
    this.list = [made, ...this.list];
    return made;
  }

  async revoke(id: string): Promise<void> {
    await remove(`invites/${id}`);
    this.list = this.list.filter((invite) => invite.id !== id);
  }
}

export const invites = new Invites();

export function inviteInfo(code: string): Promise<InviteInfo> {
  return get<InviteInfo>(`invites/${encodeURIComponent(code)}`);
}
