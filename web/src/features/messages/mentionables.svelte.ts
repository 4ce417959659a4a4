import { EVERYONE, handlesIn, nameIn } from '../../lib/mentions';
import { actingFor } from '../../local/db';
import type { Meant } from '../../local/outbox';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { MAX_MENTIONS, type MemberChanged, type Person } from '../../wire/protocol.gen';
import { people } from '../people/people.svelte';
import { connection } from '../connection.svelte';
import { may } from '../rooms/permissions';
import { rooms } from '../rooms/rooms.svelte';

/** A message waits no longer than this for the list of members, in ms. */
const PATIENCE = 1500;

export type { Person } from '../../wire/protocol.gen';

/** Whom one can call by name in a room. */
export class Mentionables {
  /** null: not asked for yet, or not to be had at present. */
  #members = $state.raw<readonly Person[] | null>(null);
  #asking: Promise<void> | null = null;

  constructor(readonly roomId: string) {}

  /** Reactive; without the list of members, those who are known from elsewhere. */
  get people(): readonly Person[] {
    const entry = rooms.get(this.roomId);
    if (this.#members) return this.#members;
    return entry?.other ? [entry.other] : (entry?.people ?? []);
  }

  get everyone(): boolean {
    const entry = rooms.get(this.roomId);
    return entry !== undefined && may(entry, 'mention_everyone');
  }

  /** Once, when somebody begins to call a name. Whoever has spoken here can be called without it. */
  async load(): Promise<void> {
    if (this.#members || rooms.get(this.roomId)?.room.kind === 'dm') return;
    this.#asking ??= rooms
      .members(this.roomId)
      .then((members) => (this.#members = members.map((member) => member.person)))
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => (this.#asking = null));
    await this.#asking;
  }

  /** Whom these words call; waits a moment for the list of members where somebody is not known without it. */
  async meantBy(text: string): Promise<Meant> {
    const unknown = handlesIn(text).some((handle) => handle !== EVERYONE && !this.#find(handle));
    if (unknown && !this.#members && connection.online) {
      await Promise.race([this.load(), new Promise((done) => setTimeout(done, PATIENCE))]);
    }
    return this.calledIn(text);
  }

  /** The server leaves out who is not in the room. */
  calledIn(text: string): Meant {
    const handles = handlesIn(text);
    const ids = handles.flatMap((handle) => this.#find(handle)?.id ?? []);
    const mentions = [...new Set(ids)].filter((id) => id !== actingFor()).slice(0, MAX_MENTIONS);
    return { mentions, everyone: handles.includes(EVERYONE) && this.everyone };
  }

  changed({ person, role }: MemberChanged): void {
    if (!this.#members) return;
    const others = this.#members.filter((each) => each.id !== person.id);
    this.#members = role ? [...others, person] : others;
  }

  #find(handle: string): Person | undefined {
    const byName = (name: string): Person | undefined =>
      this.people.find((each) => each.name === name) ?? (this.#members ? undefined : people.byName(name));
    return byName(nameIn(handle, (name) => byName(name) !== undefined));
  }
}

const all = new Map<string, Mentionables>();

export function mentionablesOf(roomId: string): Mentionables {
  let found = all.get(roomId);
  if (!found) all.set(roomId, (found = new Mentionables(roomId)));
  return found;
}

forget.on(() => all.clear());
sync.changes.on((change) => {
  if (change.type === 'event' && change.event.op === 'member') all.get(change.event.log)?.changed(change.event);
  // Who came and went meanwhile was not told one by one.
  if (change.type === 'settled' && change.welcome) all.clear();
});
