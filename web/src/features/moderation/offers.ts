/** What moderation adds to the menu of a message. */
import { t } from '../../lib/i18n/areas/report';
import { offerAction } from '../messages/actions';
import { isDesk, nameOf } from '../people/people.svelte';
import { openReport } from './report';

offerAction(90, ({ item: { author, message, mine } }) => {
  if (mine || !message || author.gone || isDesk(author)) return null;
  const about = { message: message.id, name: nameOf(author) };
  return { id: 'report', label: t('report.action'), icon: 'flag', act: () => void openReport(about) };
});
