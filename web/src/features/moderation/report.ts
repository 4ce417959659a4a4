import { mount, unmount } from 'svelte';
import { t } from '../../lib/i18n';
import { toasts } from '../../ui/toasts.svelte';
import type { About } from './filing';

export type { About } from './filing';

/** Ask what is wrong with a message or a person, and tell the moderators. */
export async function openReport(about: About): Promise<void> {
  try {
    const { default: ReportDialog } = await import('./ReportDialog.svelte');
    const onclose = (): void => void unmount(shown);
    const shown = mount(ReportDialog, { target: document.body, props: { about, onclose } });
  } catch {
    toasts.say(t('common.offline'));
  }
}
