/** What is on its way. */
import { area } from '..';

export const texts = {
  'outbox.title': 'On its way',
  'outbox.lead': 'It goes out by itself, in this order, as soon as it can.',
  'outbox.empty': 'Everything has gone out',
  'outbox.empty.text': 'What you write without a connection waits here until there is one.',
  'outbox.of': 'On its way to {title}',
  'outbox.kind.post': 'Message',
  'outbox.kind.edit': 'Change of a message',
  'outbox.kind.delete': 'Deletion of a message',
  'outbox.state.waiting': 'Waiting since {time}',
  'outbox.state.sending': 'Sending',
  'outbox.state.after': 'Goes out after the message that it belongs to',
  'outbox.state.failed': 'Not sent',
  'outbox.state.sent': 'It has gone out meanwhile. Your new words follow as a change of it.',
  'outbox.perhaps': 'It was tried once, so it may have arrived already.',
  'outbox.perhaps.edit': 'It may have arrived already, so your new words follow as a change of it.',
  'outbox.gone': 'An earlier message',
  'outbox.show': 'Show in conversation',
  'outbox.edit.label': 'New words',
  'outbox.retryAll': 'Try all again',
  'outbox.discarded': 'Discarded',
  'outbox.discarded.perhaps': 'Discarded here. It may have arrived already.',
  'outbox.takenBack': 'It is deleted as soon as it has arrived.',
} as const;

export const t = area(texts);
