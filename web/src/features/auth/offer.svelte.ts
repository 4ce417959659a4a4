import { problemOf } from '../../lib/problem';
import { sync } from '../../local/sync';
import { ApiError } from '../../wire/errors';
import { get, post } from '../../wire/http';
import { LINK_SECONDS, type DeviceLink, type LinkClaimant } from '../../wire/protocol.gen';

export type { LinkClaimant } from '../../wire/protocol.gen';

/** A code that this device shows, and whoever used it. */
export class Offer {
  /** `over`: too late; `refused`: I said no. */
  state = $state<'opening' | 'open' | 'claimed' | 'in' | 'refused' | 'over' | 'failed'>('opening');
  link = $state.raw<DeviceLink | null>(null);
  claimant = $state.raw<LinkClaimant | null>(null);
  /** By this machine's clock, ms since the epoch. */
  until = $state(0);
  error = $state('');
  #listening: () => void = () => undefined;

  async open(): Promise<void> {
    this.close();
    this.state = 'opening';
    this.claimant = null;
    this.#listening = sync.changes.on((change) => {
      if (change.type === 'passing' && change.event.op === 'link_claimed') this.#asked(change.event.link, change.event.claimant);
      // Whoever used it while this device was away was not told here.
      if (change.type === 'settled' && change.welcome) void this.#look();
    });
    try {
      this.link = await post<DeviceLink>('device-links', {});
      this.until = Date.now() + LINK_SECONDS * 1000;
      this.state = 'open';
    } catch (thrown) {
      this.error = problemOf(thrown).text;
      this.state = 'failed';
    }
  }

  /** Throws ApiError. */
  async decide(confirm: boolean): Promise<void> {
    try {
      await this.#say(confirm);
      this.state = confirm ? 'in' : 'refused';
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'not_found') throw error;
      this.state = 'over';
    }
  }

  expire(): void {
    if (this.state === 'open' || this.state === 'claimed') this.state = 'over';
  }

  /** A code that nobody was let in with is withdrawn. */
  close(): void {
    this.#listening();
    if (this.state === 'open' || this.state === 'claimed') void this.#say(false).catch(() => undefined);
    this.link = null;
  }

  #asked(link: string, claimant: LinkClaimant): void {
    if (link !== this.link?.id || this.state !== 'open') return;
    this.claimant = claimant;
    this.state = 'claimed';
  }

  async #look(): Promise<void> {
    const { link } = this;
    if (!link || this.state !== 'open') return;
    try {
      const { claimant } = await get<DeviceLink>(`device-links/${link.id}`);
      if (claimant) this.#asked(link.id, claimant);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_found') this.expire();
    }
  }

  async #say(confirm: boolean): Promise<void> {
    if (this.link) await post(`device-links/${this.link.id}/decide`, { confirm });
  }
}
