/** Deeds of power as people tell them. */
import { listed } from '../../lib/i18n';
import { t } from '../../lib/i18n/areas/audit';
import { momentOf } from '../../lib/time';
import type { Action, AuditEntry, ChangeSettings, Person } from '../../wire/protocol.gen';

export type { AuditEntry } from '../../wire/protocol.gen';

/** A piece of a sentence: words, or whom or what they name. */
export type Piece =
  | { kind: 'words'; text: string }
  | { kind: 'person'; person: Person | null; text: string }
  | { kind: 'room'; text: string };

type Sentence = Parameters<typeof t>[0];
/** Most deeds have one sentence; some tell by their detail which of several it is. */
type Says = Sentence | ((entry: AuditEntry) => Sentence);

const roleOf = <Role extends string>(detail: string | undefined, roles: readonly Role[], otherwise: Role): Role =>
  roles.find((role) => role === detail) ?? otherwise;

const SAYS: Record<Action, Says> = {
  'account.role': ({ detail }) => `audit.account.role.${roleOf(detail, ['admin', 'moderator', 'member'] as const, 'member')}`,
  'account.suspend': 'audit.account.suspend',
  'account.unsuspend': 'audit.account.unsuspend',
  'account.mute': 'audit.account.mute',
  'account.unmute': 'audit.account.unmute',
  'account.trust': 'audit.account.trust',
  'account.reset_link': 'audit.account.reset_link',
  'account.wipe': 'audit.account.wipe',
  'account.delete': 'audit.account.delete',
  'room.role': ({ detail }) => `audit.room.role.${roleOf(detail, ['owner', 'moderator', 'member'] as const, 'member')}`,
  'room.transfer': 'audit.room.transfer',
  'room.remove': 'audit.room.remove',
  'room.mute': 'audit.room.mute',
  'room.unmute': 'audit.room.unmute',
  'room.ban': 'audit.room.ban',
  'room.unban': 'audit.room.unban',
  'room.wipe': 'audit.room.wipe',
  'room.change': 'audit.room.change',
  'room.archive': 'audit.room.archive',
  'room.unarchive': 'audit.room.unarchive',
  'room.delete': 'audit.room.delete',
  'room.restore': 'audit.room.restore',
  'room.purge': 'audit.room.purge',
  'room.secret': 'audit.room.secret',
  'message.delete': ({ person }) => (person ? 'audit.message.delete' : 'audit.message.reported'),
  'invite.make': 'audit.invite.make',
  'invite.revoke': 'audit.invite.revoke',
  'guest_link.make': 'audit.guest_link.make',
  'guest_link.revoke': 'audit.guest_link.revoke',
  'report.resolve': ({ detail }) => (detail?.startsWith('dismissed') ? 'audit.report.dismissed' : 'audit.report.acted'),
  'support.assign': 'audit.support.assign',
  'support.close': 'audit.support.close',
  'support.reopen': 'audit.support.reopen',
  'credits.grant': 'audit.credits.grant',
  'settings.change': 'audit.settings.change',
  'categories.change': 'audit.categories.change',
};

const SETTINGS: Record<keyof ChangeSettings | 'logo', Parameters<typeof t>[0]> = {
  name: 'audit.setting.name',
  welcome: 'audit.setting.welcome',
  accent: 'audit.setting.accent',
  logo: 'audit.setting.logo',
  sign_up: 'audit.setting.sign_up',
  guests: 'audit.setting.guests',
  credits: 'audit.setting.credits',
  start_credits: 'audit.setting.start_credits',
  newcomer_hours: 'audit.setting.newcomer_hours',
  quiet_weeks: 'audit.setting.quiet_weeks',
};

/** Stand for what is named until the sentence is cut at them; no text has such characters. */
const ACTOR = '\u0001';
const PERSON = '\u0002';
const ROOM = '\u0003';

const say = t as (key: string, values: Record<string, string>) => string;

/** Of an action that a newer server knows and this app does not, the action itself. */
export function sentenceOf(entry: AuditEntry): Piece[] {
  const says: Says | undefined = SAYS[entry.action];
  const what = entry.action === 'settings.change' ? settingName(entry.subject) : '';
  const key = typeof says === 'function' ? says(entry) : says;
  const text = key ? say(key, { actor: ACTOR, person: PERSON, room: ROOM, what }) : `${ACTOR}: ${entry.action}`;
  return text
    .split(/([\u0001-\u0003])/)
    .filter(Boolean)
    .map((piece) => pieceOf(piece, entry));
}

function pieceOf(piece: string, { actor, person, room_name }: AuditEntry): Piece {
  if (piece === ACTOR) return { kind: 'person', person: actor, text: actor ? nameOf(actor) : t('audit.server') };
  if (piece === PERSON) return { kind: 'person', person: person ?? null, text: person ? nameOf(person) : t('audit.somebody') };
  if (piece === ROOM) return { kind: 'room', text: room_name || t('audit.aRoom') };
  return { kind: 'words', text: piece };
}

const nameOf = (person: Person): string => (person.gone ? t('person.gone') : person.display);

function settingName(name: string): string {
  const key = (SETTINGS as Record<string, Parameters<typeof t>[0] | undefined>)[name];
  return key ? say(key, {}) : name;
}

/** What the server writes, in words; as it is where there are none for it. */
function wordFor(area: 'audit.value.' | 'audit.field.', written: string): string {
  const said = say(area + written, {});
  return said === area + written ? written : said;
}

/** Roles are told by the sentence itself, and ids mean nothing to people. */
const TOLD = new Set<Action>(['account.role', 'room.role', 'message.delete']);
const AN_END = /^(\d{13,16})\s*/;
const EVER = 9_007_199_254_740_991;

const LINK = /^(?:(member|moderator), )?(\d+) uses$/;

/** What was added: a reason, an end, an amount. '' when there is nothing to add. */
export function detailOf({ action, detail = '' }: AuditEntry): string {
  if (TOLD.has(action)) return '';
  if (action === 'report.resolve') return detail.replace(/^(dismissed|acted)\s*/, '');
  if (action === 'settings.change') return wordFor('audit.value.', detail);
  if (action === 'room.change') return listed(detail.split(', ').map((field) => wordFor('audit.field.', field)), 'unit');
  const link = LINK.exec(detail);
  if (link) return say(link[1] ? `audit.invite.${link[1]}` : 'audit.uses', { n: link[2] ?? '' });
  const end = AN_END.exec(detail);
  if (!end) return detail;
  const at = Number(end[1]);
  const until = at >= EVER ? '' : t('audit.until', { when: momentOf(at) });
  return [until, detail.slice(end[0].length)].filter(Boolean).join(': ');
}
