import { Attempt } from '../auth/attempt.svelte';
import { remove, upload } from '../../wire/http';
import type { LogoSet } from '../../wire/protocol.gen';
import { face } from '../../ui/face.svelte';

/** The server refuses what is larger. */
export const MOST_MB = 8;
export const ACCEPT = 'image/png,image/jpeg,image/webp';

/** The community's logo, which everybody sees. */
export class Logo {
  readonly changing = new Attempt();
  /** The file is too large to be sent. */
  large = $state(false);

  async change(file: File): Promise<void> {
    this.large = file.size > MOST_MB << 20;
    if (this.large) return;
    await this.changing.make(async () => {
      face.logo = (await upload<LogoSet>('logo', file)).logo;
    });
  }

  async drop(): Promise<void> {
    this.large = false;
    await this.changing.make(async () => {
      await remove('logo');
      face.logo = '';
    });
  }
}
