/** Credits: balance, gifts, the ledger. */
import { area } from '..';

export const texts = {
  'credits.title': 'Credits',
  'credits.lead': 'A small thank-you that you can pass on. Nothing can be bought with them.',
  'credits.balance': 'You have',
  'credits.list': 'What came and went',
  'credits.none': 'Nothing came or went yet',
  'credits.none.text': 'To thank somebody, choose Give credits in the menu of a message.',
  'credits.start': 'To begin with',
  'credits.granted': 'Granted by {name}',
  'credits.taken': 'Taken back by {name}',
  'credits.from': 'From {name}',
  'credits.to': 'To {name}',
  'credits.team': 'the team',
  'credits.message': 'For a message',

  'gift.action': 'Give credits',
  'gift.title': 'Give {name} credits',
  'gift.balance': 'You have {n}.',
  'gift.empty': 'You have none to give right now.',
  'gift.amount': 'How many?',
  'gift.own': 'Other',
  'gift.own.field': 'Number of credits',
  'gift.note': 'A few words',
  'gift.submit': 'Give {n}',
  'gift.give': 'Give',
  'gift.short': 'You have only {n}.',
  'gift.done': 'You gave {name} {n}.',
  'gift.received': '{name} gave you {n}',
  'gift.received.note': '{name} gave you {n}: {note}',
  'gift.look': 'Show',
} as const;

export const t = area(texts);
