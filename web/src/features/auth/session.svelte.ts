import type { Community, Me } from '../../wire/protocol.gen';

export type { Community, Me } from '../../wire/protocol.gen';
export type Phase = 'loading' | 'setup' | 'signed-out' | 'signed-in';
export { ApiError } from '../../wire/errors';

/** Signing out would lose what was not sent yet. */
export class UnsentError extends Error {
  constructor(readonly count: number) {
    super('unsent');
  }
}

class Session {
  phase = $state<Phase>('loading');
  community = $state.raw<Community | null>(null);
  me = $state.raw<Me | null>(null);
  device = $state('');
  ended = $state<'' | 'revoked' | 'signed-out'>('');

  async start(): Promise<void> {}
  async setUp(_b: { code: string; community: string; name: string; display: string; password: string }): Promise<void> {}
  async register(_b: { name: string; display: string; password: string; invite?: string }): Promise<void> {}
  async signIn(_b: { name: string; password: string }): Promise<void> {}
  async signOut(_opt: { evenIfUnsent?: boolean } = {}): Promise<void> {}
}

export const session = new Session();
