/** What credits add to the menu of a message. */
import { t } from '../../lib/i18n/areas/credits';
import { session } from '../auth/session.svelte';
import { offerAction } from '../messages/actions';
import { isDesk, nameOf } from '../people/people.svelte';
import { openGift } from './gift';

offerAction(65, ({ text, item: { author, message, mine } }) => {
  const none = !session.community?.credits || session.guest;
  if (none || mine || !message || author.gone || isDesk(author)) return null;
  const to = { person: author.id, name: nameOf(author), message: message.id, words: text };
  return { id: 'gift', label: t('gift.action'), icon: 'gift', act: () => void openGift(to) };
});
