/**
 * What one may do with a message, as the toolbar, the sheet and the keyboard offer it; loaded when it is first
 * wanted. Another part that has something to offer calls `offerAction` in a module that `menu.ts` imports.
 */
import { t } from '../../lib/i18n';
import { path } from '../../lib/route';
import type { IconName } from '../../ui/icons';
import { toasts } from '../../ui/toasts.svelte';
import { may } from '../rooms/permissions';
import type { RoomEntry } from '../rooms/rooms.svelte';
import { composerOf } from './composer.svelte';
import { deletion } from './deletion.svelte';
import { isBlocked } from '../people/blocks.svelte';
import { isDesk, nameOf, openPerson } from '../people/people.svelte';
import { overlay } from './overlay.svelte';
import { floorOf } from './floor.svelte';
import { kindOf } from './items';
import type { Item } from './timeline.svelte';
import { shownAnyway } from './unfolded.svelte';

export interface Action {
  id: string;
  label: string;
  icon: IconName;
  danger?: boolean;
  /** Stands in the small toolbar, not only in the sheet. */
  near?: boolean;
  act: () => void;
}

/** A message that is there to be read, and the room that it stands in. */
export interface Subject {
  entry: RoomEntry;
  item: Item;
  text: string;
}

/** null: not with this one. */
type Offer = (subject: Subject) => Action | null;

const offers: { place: number; offer: Offer }[] = [];

/** Adds an entry to the menu of every message that it wants; the lower `place` stands further up. */
export function offerAction(place: number, offer: Offer): void {
  offers.push({ place, offer });
  offers.sort((a, b) => a.place - b.place);
}

export function actionsOf(entry: RoomEntry, item: Item): Action[] {
  const { text } = item;
  if (text === null || deletion.covers(item.key)) return [];
  const subject = { entry, item, text };
  // What else one may do with words that were refused stands below them.
  if (item.state === 'failed') return item.voice ? [] : [copying(subject)];
  return offers.flatMap(({ offer }) => offer(subject) ?? []);
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.say(t('common.copied'));
  } catch {
    toasts.say(t('common.failed'));
  }
}

function copying({ text }: Subject): Action {
  return { id: 'copy', label: t('message.copy'), icon: 'copy', near: true, act: () => void copy(text) };
}

export function mayWrite(entry: RoomEntry): boolean {
  const { kind } = floorOf(entry);
  return kind === 'open' || kind === 'slow';
}

offerAction(10, ({ entry, item }) =>
  mayWrite(entry)
    ? { id: 'reply', label: t('message.reply'), icon: 'reply', near: true, act: () => composerOf(entry.room.id).startReply(item) }
    : null,
);
offerAction(20, ({ entry, item }) =>
  item.mine && kindOf(item) === 'text' && mayWrite(entry)
    ? { id: 'edit', label: t('message.edit'), icon: 'edit', near: true, act: () => composerOf(entry.room.id).startEdit(item) }
    : null,
);
offerAction(30, (subject) => (subject.item.voice ? null : copying(subject)));
offerAction(40, ({ entry, item: { message } }) =>
  message && {
    id: 'link',
    label: t('message.copyLink'),
    icon: 'link',
    act: () => void copy(location.origin + path.room(entry.room.id, message.id)),
  },
);
offerAction(50, ({ entry, item: { author, mine } }) => {
  if (mine || entry.other || !author.name || isDesk(author) || !mayWrite(entry)) return null;
  const label = t('message.mention', { name: nameOf(author) });
  return { id: 'mention', label, icon: 'at', act: () => composerOf(entry.room.id).call(author.name) };
});
offerAction(60, ({ item: { author, mine } }) =>
  mine || author.gone || isDesk(author)
    ? null
    : { id: 'person', label: t('message.person', { name: nameOf(author) }), icon: 'person', act: () => openPerson(author.id) },
);
offerAction(70, ({ entry, item }) =>
  item.mine && item.seq
    ? {
        id: 'readBy',
        label: t('message.readBy'),
        icon: 'checks',
        act: () => overlay.show(() => import('./ReadBy.svelte'), { room: entry.room.id, item }),
      }
    : null,
);
offerAction(80, ({ item }) =>
  isBlocked(item.author.id)
    ? { id: 'fold', label: t('message.blocked.hide'), icon: 'eyeOff', act: () => shownAnyway.delete(item.key) }
    : null,
);
offerAction(100, ({ entry, item }) =>
  item.mine || may(entry, 'delete_any')
    ? {
        id: 'delete',
        label: t('message.delete'),
        icon: 'trash',
        danger: true,
        near: true,
        act: () => deletion.begin(entry.room.id, item),
      }
    : null,
);
