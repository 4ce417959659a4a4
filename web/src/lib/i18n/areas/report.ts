/** Reporting a message or a person. */
import { area } from '..';

export const texts = {
  'report.action': 'Report',
  'report.action.person': 'Report {name}',

  'report.title.message': 'Report this message',
  'report.title.person': 'Report {name}',
  'report.lead': 'Only the people who run this community see it. {name} is not told.',
  'report.why': 'What is wrong?',
  'report.reason.spam': 'Spam or a scam',
  'report.reason.abuse': 'Insults or harassment',
  'report.reason.violence': 'Threats or violence',
  'report.reason.sexual': 'Sexual content',
  'report.reason.illegal': 'Against the law',
  'report.reason.other': 'Something else',
  'report.note': 'Anything that helps to understand',
  'report.send': 'Send report',
  'report.thanks': 'Thank you',
  'report.thanks.text': 'The moderators have it and will look at it.',
  'report.close': 'Done',
} as const;

export const t = area(texts);
