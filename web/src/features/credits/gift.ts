import { mount, unmount } from 'svelte';
import { t } from '../../lib/i18n';
import { mint } from '../../lib/ids';
import { problemOf } from '../../lib/problem';
import { toasts } from '../../ui/toasts.svelte';
import { LIMITS } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { credits } from './credits.svelte';

export const NOTE = LIMITS.Gift.note.maxLength;
const MOST = LIMITS.Gift.amount.max;

/** Whom somebody gives to, and for which message of theirs ('': for none); `words` are what it says. */
export interface To {
  person: string;
  name: string;
  message: string;
  words: string;
}

export interface Given {
  amount: number;
  note: string;
}

/** A whole number that can be given; 0 for anything else. */
export function amountIn(typed: string): number {
  const text = typed.trim();
  const amount = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  return amount <= MOST ? amount : 0;
}

/** Counted at once; taken back, with a way to try again, when the server says no. */
export async function give(to: To, { amount, note }: Given): Promise<void> {
  if (credits.balance !== null) credits.balance -= amount;
  const message = to.message ? { message: to.message } : {};
  try {
    await connection.carryOut({ op: 'gift', client_id: mint(), person: to.person, amount, note, ...message });
  } catch (thrown) {
    void credits.ledger.load();
    const act = (): void => void openGift(to, { amount, note });
    toasts.say(problemOf(thrown).text, { action: t('common.retry'), act });
  }
}

/** Ask how much, and give it. */
export async function openGift(to: To, given?: Given): Promise<void> {
  try {
    const { default: GiftDialog } = await import('./GiftDialog.svelte');
    const onclose = (): void => void unmount(shown);
    const shown = mount(GiftDialog, { target: document.body, props: { to, given, onclose } });
  } catch {
    toasts.say(t('common.offline'));
  }
}
