import type { Attachment } from 'svelte/attachments';
import { SvelteMap } from 'svelte/reactivity';
import { t } from '../../lib/i18n';
import { clockTime, dayOf, shortTime } from '../../lib/time';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import type { PresenceState } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { Away } from './away';

export type { PresenceState } from '../../wire/protocol.gen';

/** How somebody is here. `lastSeen` (ms since the epoch): 0 when one may not know. */
export interface Presence {
  state: PresenceState;
  lastSeen: number;
}

/** What comes and goes within one drawing makes one word to the server. */
const SOON = 100;
/** `LIMITS.Watch.people`, without bringing all limits to the first screen. */
const MOST = 200;

/** How those are here who are on screen now: whoever shows somebody says so, and the server tells only of them. */
class Presences {
  #heard = new SvelteMap<string, Presence>();
  #shown = new Map<string, number>();
  #told = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #away: Away | null = null;
  #sight: IntersectionObserver | null = null;
  #entering = new Map<Element, (inSight: boolean) => void>();

  constructor() {
    forget.on(() => this.#forget());
    sync.changes.on((change) => {
      if (change.type === 'settled' && change.welcome) this.#connected();
      if (change.type !== 'passing' || change.event.op !== 'presence') return;
      const { person, state, last_seen = 0 } = change.event;
      // Not by who is shown: whoever is gone for a frame and back is not asked for again.
      if (this.#told.split(',').includes(person)) this.#heard.set(person, { state, lastSeen: last_seen });
    });
    globalThis.document?.addEventListener('visibilitychange', () => this.#later());
  }

  /** Reactive. Nothing of people who do not show it, or are not on screen, or without a connection. */
  of(person: string | undefined): Presence | undefined {
    return person && connection.state === 'online' ? this.#heard.get(person) : undefined;
  }

  /** Reactive: for an avatar. */
  dot(person: string | undefined): '' | PresenceState {
    return this.of(person)?.state ?? '';
  }

  /** Somebody is on screen, until what is returned is called. */
  show(person: string): () => void {
    this.#shown.set(person, (this.#shown.get(person) ?? 0) + 1);
    this.#later();
    return () => {
      const left = (this.#shown.get(person) ?? 1) - 1;
      if (left) this.#shown.set(person, left);
      else this.#shown.delete(person);
      this.#later();
    };
  }

  /** The same for as long as the element can be seen. */
  seen(person: string | undefined): Attachment<HTMLElement> {
    return (element) => {
      if (!person) return;
      let gone = (): void => undefined;
      this.#sight ??= new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) this.#entering.get(target)?.(isIntersecting);
      });
      this.#entering.set(element, (inSight) => {
        gone();
        gone = inSight ? this.show(person) : () => undefined;
      });
      this.#sight.observe(element);
      return () => {
        this.#sight?.unobserve(element);
        this.#entering.delete(element);
        gone();
      };
    };
  }

  #connected(): void {
    this.#away ??= globalThis.document ? new Away((command) => connection.tell(command), document) : null;
    this.#away?.again();
    this.#told = '';
    this.#later();
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#away?.stop();
    this.#away = null;
    this.#heard.clear();
    this.#told = '';
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, SOON);
  }

  #tell(): void {
    const visible = globalThis.document?.visibilityState !== 'hidden';
    const people = visible ? [...this.#shown.keys()].slice(0, MOST).sort() : [];
    for (const person of this.#heard.keys()) if (!people.includes(person)) this.#heard.delete(person);
    const word = people.join();
    if (word !== this.#told && connection.tell({ op: 'watch', people })) this.#told = word;
  }
}

export const presences = new Presences();

/** In words; '' where nothing is known. */
export function inWords(presence: Presence | undefined, now: number): string {
  if (!presence) return '';
  if (presence.state !== 'offline') return t(`presence.${presence.state}`);
  if (!presence.lastSeen) return '';
  const time = clockTime(presence.lastSeen);
  const days = dayOf(now) - dayOf(presence.lastSeen);
  if (days <= 0) return t('presence.seen', { time });
  return days === 1 ? t('presence.seen.yesterday', { time }) : t('presence.seen.date', { date: shortTime(presence.lastSeen, now) });
}
