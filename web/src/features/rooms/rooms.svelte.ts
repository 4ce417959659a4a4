import type { DirectoryRoom, History, LeftReason, Member, Message, Person, Role, Room } from '../../wire/protocol.gen';

export type { DirectoryRoom, History, LeftReason, Member, Message, Person, Role, Room, RoomKind } from '../../wire/protocol.gen';

/** A room as lists and headers show it. */
export interface RoomEntry {
  room: Room;
  title: string;
  /** The other person of a direct message. */
  other: Person | null;
  role: Role;
  head: number;
  readSeq: number;
  unread: number;
  last: Message | null;
  lastText: string;
  lastAuthor: Person | null;
  draft: string;
  /** Outbox entries on their way. */
  waiting: number;
  failed: number;
}

class Rooms {
  list = $state.raw<RoomEntry[]>([]);
  loaded = $state(false);
  current = $state<string | null>(null);
  removedNotice = $state.raw<{ title: string; reason: LeftReason } | null>(null);
  totalUnread = $derived(this.list.reduce((sum, entry) => sum + entry.unread, 0));

  get(id: string): RoomEntry | undefined {
    return this.list.find((entry) => entry.room.id === id);
  }
  open(id: string | null): void {
    this.current = id;
  }
  async create(_b: { name: string; kind: 'public' | 'private'; topic: string; history: History }): Promise<string> {
    return '';
  }
  async join(_id: string): Promise<void> {}
  async leave(_id: string): Promise<void> {}
  async startDm(_person: string): Promise<string> {
    return '';
  }
  async addMember(_room: string, _person: string): Promise<void> {}
  async removeMember(_room: string, _person: string): Promise<void> {}
  async directory(): Promise<DirectoryRoom[]> {
    return [];
  }
  async members(_id: string): Promise<Member[]> {
    return [];
  }
  typing(_id: string): Person[] {
    return [];
  }
  dismissNotice(): void {
    this.removedNotice = null;
  }
}

export const rooms = new Rooms();
