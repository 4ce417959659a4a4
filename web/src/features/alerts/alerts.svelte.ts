import { isDesk } from '../../lib/desk';
import { wordsIn } from '../../lib/said';
import { actingFor } from '../../local/db';
import { forget } from '../../local/owner';
import { mentionsMe } from '../../local/rooms';
import { sync } from '../../local/sync';
import type { MessageChanged, Person } from '../../wire/protocol.gen';
import { calledBy, preview } from '../messages/preview';
import { isBlocked } from '../people/blocks.svelte';
import { preferences } from '../people/preferences.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { calls } from './rules';
import { ring } from './sound';
import { claim } from './tabs';

/** Something new in a room that is not on screen. */
export interface Alert {
  room: string;
  /** The newest. */
  message: string;
  author: Person;
  text: string;
  /** So many messages since it appeared. */
  count: number;
  forMe: boolean;
}

const MOST = 3;
const STAYS = 6500;

class Alerts {
  list = $state.raw<readonly Alert[]>([]);
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #held = false;

  constructor() {
    forget.on(() => this.list.forEach((alert) => this.drop(alert.room)));
    sync.changes.on((change) => {
      if (change.type !== 'event' || !change.live) return;
      if (change.event.op === 'message') this.#heard(change.event);
      // Read here or on another device.
      if (change.event.op === 'read' && !change.event.unread) this.drop(change.event.room);
      if (change.event.op === 'left') this.drop(change.event.room);
    });
  }

  drop(room: string): void {
    clearTimeout(this.#timers.get(room));
    if (this.#timers.delete(room)) this.list = this.list.filter((alert) => alert.room !== room);
  }

  /** Nothing goes by itself while somebody points at it. */
  hold(held: boolean): void {
    this.#held = held;
    for (const { room } of this.list) this.#letGo(room);
  }

  #heard(event: MessageChanged): void {
    const { message, seq } = event;
    const entry = rooms.get(message.room);
    const fresh = message.seq === seq && message.content !== null && !message.quiet && message.author !== actingFor();
    if (!entry || !fresh || isBlocked(message.author)) return;
    if (entry.role === 'staff' && isDesk(event.person)) return;
    const forMe = mentionsMe(message, actingFor());
    if (!calls(entry, forMe, Date.now())) return;
    const visible = document.visibilityState === 'visible';
    const onScreen = visible && rooms.current === message.room;
    if (visible && !onScreen && preferences.toasts) this.#show(event, forMe);
    void this.#sound(message.id, forMe, onScreen && document.hasFocus());
  }

  /** One tab speaks for all of them; the one that has the message on screen stays silent for all of them. */
  async #sound(message: string, forMe: boolean, silent: boolean): Promise<void> {
    if ((await claim(message)) && !silent && preferences.sounds) ring(forMe);
  }

  #show({ message, person }: MessageChanged, forMe: boolean): void {
    const { id, room, content } = message;
    const before = this.list.find((alert) => alert.room === room);
    const words = wordsIn(content) ?? '';
    const text = preview(words, calledBy(words, message));
    const count = (before?.count ?? 0) + 1;
    const alert = { room, message: id, author: person, text, count, forMe: forMe || (before?.forMe ?? false) };
    const others = this.list.filter((each) => each.room !== room);
    for (const old of others.slice(0, Math.max(0, others.length + 1 - MOST))) this.drop(old.room);
    this.list = [...this.list.filter((each) => each.room !== room), alert];
    this.#letGo(room);
  }

  #letGo(room: string): void {
    clearTimeout(this.#timers.get(room));
    this.#timers.set(room, setTimeout(() => this.#held || this.drop(room), STAYS));
  }
}

export const alerts = new Alerts();
