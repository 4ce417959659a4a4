import { t } from '../../lib/i18n';
import type { Person } from '../../wire/protocol.gen';

/** Whether what somebody says is folded away. */
export function isBlocked(_person: string): boolean {
  return false;
}

/** As I call them. */
export function nameOf(person: Person | undefined): string {
  if (person?.gone) return t('person.gone');
  return person?.display ?? '';
}

export function openPerson(_id: string): void {
  return undefined;
}

export const preferences = { receipts: true, sounds: true, toasts: true, enter_sends: true };
