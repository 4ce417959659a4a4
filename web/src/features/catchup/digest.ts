import { mentionsMe } from '../../local/rooms';
import type { Message } from '../../wire/protocol.gen';

/** Why a message is for me. */
export type Why = 'mention' | 'everyone' | 'reply' | 'direct';

export interface ForMe {
  message: Message;
  why: Why;
  /** What it answers; null: nothing, or what could not be had. */
  answers: Message | null;
}

/** `replies`: how many of the unread messages answer it. */
export interface Answered {
  message: Message;
  replies: number;
}

/** `n`: how many of the unread messages are theirs. */
export interface Speaker {
  person: string;
  n: number;
}

/** What was said in a room while I was away. */
export interface Digest {
  /** The newest of those for me, oldest first. */
  forMe: ForMe[];
  /** How many more there are for me before those. */
  earlier: number;
  /** What the others talked of most; where nobody answered anybody, the newest words. */
  top: Answered[];
  /** Who said most first. */
  speakers: Speaker[];
  /** So many unread messages were looked at. */
  looked: number;
}

/** A room's messages and whose eyes read them. `mark`..`head`: what is unread lies between. */
export interface Pile {
  rows: readonly Message[];
  quoted: readonly Message[];
  mark: number;
  head: number;
  me: string;
  /** Everything there is said to me alone. */
  direct: boolean;
  blocked: (person: string) => boolean;
}

export const SHOWN_FOR_ME = 3;
const SHOWN = 3;
/** Beside what is for me one more is enough. */
const BESIDE = 1;

export function digestOf(pile: Pile): Digest {
  const unread = pile.rows.filter((message) => counts(message, pile)).sort((a, b) => a.seq - b.seq);
  const known = new Map([...pile.quoted, ...pile.rows].map((message) => [message.id, message]));
  const all = unread.flatMap((message) => forMe(message, known, pile) ?? []);
  const shown = all.slice(-SHOWN_FOR_ME);
  const taken = new Set(all.map(({ message }) => message.id));
  const top = pile.direct ? [] : mostAnswered(unread, known, pile).filter(({ message }) => !taken.has(message.id));
  return {
    forMe: shown,
    earlier: all.length - shown.length,
    top: all.length ? top.slice(0, BESIDE) : fill(top, unread),
    speakers: speakersOf(unread),
    looked: unread.length,
  };
}

function counts({ seq, author, content, quiet }: Message, { mark, head, me, blocked }: Pile): boolean {
  return seq > mark && seq <= head && author !== me && content !== null && !quiet && !blocked(author);
}

function forMe(message: Message, known: ReadonlyMap<string, Message>, { me, direct }: Pile): ForMe | null {
  const answers = (message.reply_to && known.get(message.reply_to)) || null;
  const why = reason(message, answers, me, direct);
  return why && { message, why, answers };
}

function reason(message: Message, answers: Message | null, me: string, direct: boolean): Why | null {
  if (direct) return 'direct';
  if (answers?.author === me) return 'reply';
  if (!mentionsMe(message, me)) return null;
  return message.mentions?.includes(me) ? 'mention' : 'everyone';
}

/** Of as many answers the later message counts more. */
function mostAnswered(unread: readonly Message[], known: ReadonlyMap<string, Message>, { blocked }: Pile): Answered[] {
  const replies = new Map<string, number>();
  for (const { reply_to: id } of unread) if (id) replies.set(id, (replies.get(id) ?? 0) + 1);
  return [...replies]
    .flatMap(([id, n]) => {
      const message = known.get(id);
      return message?.content && !blocked(message.author) ? { message, replies: n } : [];
    })
    .sort((a, b) => b.replies - a.replies || b.message.seq - a.message.seq);
}

/** With the newest words where few were answered, and those in the order in which they were said. */
function fill(top: Answered[], unread: readonly Message[]): Answered[] {
  const some = top.slice(0, SHOWN);
  const told = new Set(some.map(({ message }) => message.id));
  const rest = unread.filter(({ id, reply_to: target }) => !told.has(id) && !(target && told.has(target)));
  const newest = some.length ? [] : rest.slice(-SHOWN + 1);
  return [...some, ...newest.map((message) => ({ message, replies: 0 }))];
}

function speakersOf(unread: readonly Message[]): Speaker[] {
  const said = new Map<string, number>();
  for (const { author } of unread) said.set(author, (said.get(author) ?? 0) + 1);
  return [...said].map(([person, n]) => ({ person, n })).sort((a, b) => b.n - a.n);
}

/** The same with a message as it stands now, wherever it was in it. */
export function withNewer(digest: Digest, message: Message): Digest {
  const newer = (held: Message): Message => (held.id === message.id && held.rev < message.rev ? message : held);
  return {
    ...digest,
    forMe: digest.forMe.map((each) => ({ ...each, message: newer(each.message), answers: each.answers && newer(each.answers) })),
    top: digest.top.map((each) => ({ ...each, message: newer(each.message) })),
  };
}
