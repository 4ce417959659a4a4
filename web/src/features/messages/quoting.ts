import { t } from '../../lib/i18n/areas/writing';
import { mayWrite, offerAction } from './actions';
import { quote } from './quote';

/** Where words cannot be selected by a finger, all of them are quoted, and what is too much is taken away. */
offerAction(15, ({ entry, item, text }) =>
  mayWrite(entry)
    ? { id: 'quote', label: t('quote.selected'), icon: 'chat', act: () => quote(entry.room.id, item, text) }
    : null,
);
