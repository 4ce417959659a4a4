import { problemOf } from '../../lib/problem';
import { sync } from '../../local/sync';
import type { Member, MemberChanged, Role } from '../../wire/protocol.gen';
import { people } from '../people/people.svelte';
import { rooms } from './rooms.svelte';

export type { Member, Role } from '../../wire/protocol.gen';

const ORDER: Record<Role, number> = { owner: 0, moderator: 1, staff: 1, member: 2, guest: 3 };

/** Who is in one room, for as long as somebody looks. */
export class MemberList {
  /** null: nothing has come yet. Owners first, guests last, each by name. */
  list = $state.raw<Member[] | null>(null);
  problem = $state('');

  /** Heard while the list was on its way: it may be older. */
  #heard: MemberChanged[] = [];

  constructor(readonly room: string) {}

  /** Load, and follow what happens; returns what ends that. */
  open(): () => void {
    void this.load();
    const offs = [
      sync.changes.on((change) => {
        if (change.type === 'event' && change.event.op === 'member' && change.event.log === this.room) this.#hear(change.event);
        // What was missed was not told one by one.
        if (change.type === 'reset' && change.room === this.room) void this.load();
      }),
      people.changed.on(() => this.#put(this.list ?? null)),
    ];
    return () => offs.forEach((off) => off());
  }

  async load(): Promise<void> {
    this.problem = '';
    this.#heard = [];
    try {
      const members = await rooms.members(this.room);
      this.#put(this.#heard.reduce(changed, members));
    } catch (thrown) {
      this.problem = problemOf(thrown).text;
    }
  }

  /** As it will be, until the server says no. Throws what `verb` throws. */
  async alter(person: string, as: Partial<Pick<Member, 'role' | 'muted_until'>> | null, verb: () => Promise<void>): Promise<void> {
    const before = this.list?.find((member) => member.person.id === person);
    const rest = (this.list ?? []).filter((member) => member !== before);
    if (before) this.#put(as ? [...rest, { ...before, ...as }] : rest);
    try {
      await verb();
    } catch (error) {
      if (before) this.#put([...(this.list ?? []).filter((member) => member.person.id !== person), before]);
      throw error;
    }
  }

  #hear(event: MemberChanged): void {
    this.#heard.push(event);
    if (this.list) this.#put(changed(this.list, event));
  }

  #put(list: Member[] | null): void {
    const known = list?.map((member) => ({ ...member, person: people.byId(member.person.id) ?? member.person }));
    this.list = known?.sort((a, b) => ORDER[a.role] - ORDER[b.role] || a.person.display.localeCompare(b.person.display)) ?? null;
  }
}

function changed(list: Member[], { person, role, muted_until = 0 }: MemberChanged): Member[] {
  const before = list.find((member) => member.person.id === person.id);
  const rest = list.filter((member) => member !== before);
  return role ? [...rest, { joined_at: before?.joined_at ?? Date.now(), person, role, muted_until }] : rest;
}
