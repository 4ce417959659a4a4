/** Who and what stands in the gallery. */
import type { RoomEntry } from '../../features/rooms/rooms.svelte';
import type { Item } from '../../features/messages/timeline.svelte';

export const LONG = 'Donaudampfschifffahrtsgesellschaft and everything else that would not fit into one line of anything';
export const ARABIC = 'مساء الخير، هل وصلت المفاتيح؟';
/** The wall clock of everything here, so that two pictures of it are alike. */
export const NOON = Date.UTC(2025, 4, 14, 12, 0);

type Person = Item['author'];

const person = (name: string, display: string, more: Partial<Person> = {}): Person => ({ id: name, name, display, ...more });

export const ADA = person('ada', 'Ada Lindqvist');
export const NOOR = person('noor', 'نور حداد');
export const BELA = person('bela', 'Béla');
const GUEST = person('guest', 'Somebody from next door', { guest: true });
const GONE = person('gone', '', { gone: true });

export function item(more: Partial<Item>): Item {
  const key = more.key ?? `${more.author?.name ?? 'ada'}-${more.text ?? 'gone'}-${more.state ?? ''}`;
  return {
    key,
    message: null,
    text: 'The plums at the top. They are laughing at me.',
    voice: null,
    author: BELA,
    mine: false,
    at: NOON,
    edited: false,
    deleted: false,
    state: 'sent',
    error: '',
    clientId: '',
    seq: 1,
    replyTo: '',
    quoted: null,
    refused: null,
    called: new Map(),
    forMe: false,
    ...more,
  };
}

/** A message that holds this, as JSON: a later version may send what this one has no type for. */
const told = (content: string): Item['message'] => ({ id: content, room: 'dm', seq: 1, rev: 1, author: 'bela', at: NOON, content: JSON.parse(content) });

export const ITEMS: [name: string, item: Item][] = [
  ['of somebody', item({})],
  ['mine', item({ author: ADA, mine: true, text: 'I’ll hold the bucket, that’s the safest job.' })],
  ['edited', item({ author: ADA, mine: true, text: 'Tea is at four.', edited: true })],
  ['on its way', item({ author: ADA, mine: true, text: 'On my way, ten minutes.', state: 'pending', seq: 0 })],
  ['waits, and why', item({ author: ADA, mine: true, text: 'Hello?', state: 'pending', seq: 0, error: 'No network' })],
  ['refused', item({ author: ADA, mine: true, text: 'Cheap bags!', state: 'failed', seq: 0, error: 'You are muted here until tomorrow.' })],
  ['for me', item({ text: 'Has **anybody** a ladder longer than the long ladder?', forMe: true })],
  ['long words', item({ text: LONG.replaceAll(' ', '').repeat(3) })],
  ['from right to left', item({ author: NOOR, text: ARABIC })],
  ['one emoji', item({ text: '💛' })],
  ['Markdown', item({ text: '# no heading\n\n- *one*\n- `two`\n\n> said before\n\n```\nlet x = 1;\n```\nhttps://example.org' })],
  ['of a guest', item({ author: GUEST, text: 'I only came by.' })],
  ['deleted', item({ text: null, deleted: true, author: GONE })],
  ['a call', item({ text: 'Missed call', message: told('{"type": "call", "video": false, "outcome": "missed"}') })],
  ['of a later kind', item({ text: 'Something that this version of SafeVoice cannot show', message: told('{"type": "hologram"}') })],
  [
    'an answer',
    item({ text: 'Of course it is.', quoted: { id: 'q', author: NOOR, text: 'Mine is brown.', known: true, called: new Map() } }),
  ],
];

export function entry(title: string, more: Partial<RoomEntry> = {}): RoomEntry {
  return {
    room: { id: title, kind: 'public', name: title, member_count: 4 },
    title,
    other: null,
    people: [],
    role: 'member',
    silentUntil: 0,
    head: 1,
    readSeq: 1,
    unread: 0,
    mentions: 0,
    markedUnread: false,
    level: 'all',
    mutedUntil: 0,
    last: null,
    lastText: 'The plums at the top. They are laughing at me.',
    lastAuthor: BELA,
    lastAt: NOON,
    lastState: 'sent',
    draft: '',
    waiting: 0,
    failed: 0,
    ...more,
  };
}

export const ENTRIES: RoomEntry[] = [
  entry('The Gate'),
  entry('Kitchen Table', { unread: 3, room: { id: 'k', kind: 'public', name: 'Kitchen Table', icon: '🍲' } }),
  entry('Workshop', { unread: 12, mentions: 2 }),
  entry('Ada Lindqvist', { other: ADA, unread: 1200, room: { id: 'dm', kind: 'dm' } }),
  entry('Quiet room', { unread: 5, level: 'nothing', room: { id: 'quiet', kind: 'private', name: 'Quiet room' } }),
  entry('Put aside', { markedUnread: true }),
  entry('With a draft', { draft: 'I meant to say' }),
  entry('Waiting', { waiting: 1, lastAuthor: ADA }),
  entry('Failed', { failed: 1, lastAuthor: ADA }),
  entry('Béla, Noor', { people: [BELA, NOOR], room: { id: 'g', kind: 'group' } }),
  entry(LONG, { lastText: LONG }),
  entry('نور حداد', { other: NOOR, lastText: ARABIC, lastAuthor: NOOR, room: { id: 'ar', kind: 'dm' } }),
  entry('Nothing yet', { lastText: '', lastAt: 0, lastAuthor: null }),
];
