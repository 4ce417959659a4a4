/** What one may do with a message, as the toolbar, the sheet and the keyboard offer it. */
import { t } from '../../lib/i18n';
import { path } from '../../lib/route';
import type { IconName } from '../../ui/icons';
import { toasts } from '../../ui/toasts.svelte';
import { composerOf } from './composer.svelte';
import { deletion } from './deletion.svelte';
import type { Item } from './timeline.svelte';

export interface Action {
  label: string;
  icon: IconName;
  danger: boolean;
  /** Stands in the small toolbar, not only in the sheet. */
  near: boolean;
  act: () => void;
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.say(t('common.copied'));
  } catch {
    toasts.say(t('common.failed'));
  }
}

export function actionsOf(room: string, item: Item, ownsRoom: boolean): Action[] {
  const { message, text } = item;
  if (text === null || deletion.covers(item.key)) return [];
  const copying: Action = { label: t('message.copy'), icon: 'copy', danger: false, near: true, act: () => void copy(text) };
  // What else one may do with it stands below it.
  if (item.state === 'failed') return [copying];
  const composer = composerOf(room);
  const all: Action[] = [
    { label: t('message.reply'), icon: 'reply', danger: false, near: true, act: () => composer.startReply(item) },
  ];
  if (item.mine) {
    all.push({
      label: t('message.edit'),
      icon: 'edit',
      danger: false,
      near: true,
      act: () => composer.startEdit(item),
    });
  }
  all.push(copying);
  if (message) {
    all.push({
      label: t('message.copyLink'),
      icon: 'link',
      danger: false,
      near: false,
      act: () => void copy(location.origin + path.room(room, message.id)),
    });
  }
  if (item.mine || ownsRoom) {
    all.push({
      label: t('message.delete'),
      icon: 'trash',
      danger: true,
      near: true,
      act: () => deletion.begin(room, item),
    });
  }
  return all;
}
