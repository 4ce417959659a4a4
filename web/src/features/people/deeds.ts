/** What else one can do about somebody, behind the dots of their card. */
import { t as gift } from '../../lib/i18n/areas/credits';
import { t } from '../../lib/i18n/areas/people';
import { problemOf } from '../../lib/problem';
import { path } from '../../lib/route';
import { toasts } from '../../ui/toasts.svelte';
import type { Entry } from '../../ui/Menu.svelte';
import { openGift } from '../credits/gift';
import { openReport } from '../moderation/report';
import { blocks } from './blocks.svelte';
import type { Person } from './people.svelte';

interface Around {
  staff: boolean;
  guest: boolean;
  /** There are credits to give. */
  credits: boolean;
  /** Close the card and go somewhere. */
  leave: (to: string) => void;
  failed: (text: string) => void;
}

export function deedsFor(person: Person, { staff, guest, credits, leave, failed }: Around): Entry[] {
  const name = person.display;
  const tried = (what: Promise<void>): void => void what.catch((thrown: unknown) => failed(problemOf(thrown).text));
  const block: Entry = {
    label: t('card.block', { name }),
    icon: 'ban',
    danger: true,
    act: () => {
      tried(blocks.add(person));
      toasts.say(t('card.blocked', { name }), { action: t('common.undo'), act: () => tried(blocks.drop(person)) });
    },
  };
  const to = { person: person.id, name, message: '', words: '' };
  return [
    ...(credits && !guest
      ? [{ label: gift('gift.action'), icon: 'gift', act: () => void openGift(to) } as const]
      : []),
    ...(staff && !person.guest
      ? [{ label: t('card.manage'), icon: 'shield', act: () => leave(path.adminOf('members', person.id)) } as const]
      : []),
    {
      label: t('card.report', { name }),
      icon: 'flag',
      act: () => void openReport({ person: person.id, name }),
    },
    ...(guest || blocks.has(person.id) ? [] : [block]),
  ];
}
