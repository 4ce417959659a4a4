import { t } from '../../lib/i18n/areas/writing';
import { mayWrite, offerAction } from './actions';
import { composerOf } from './composer.svelte';

/** Where words cannot be selected by a finger, all of them are quoted, and what is too much is taken away. */
offerAction(15, ({ entry, item, text }) =>
  mayWrite(entry)
    ? { id: 'quote', label: t('quote.selected'), icon: 'chat', act: () => composerOf(entry.room.id).quote(item, text) }
    : null,
);
