import { SvelteMap } from 'svelte/reactivity';
import { actingFor } from '../../local/db';
import { DeliveredMarks } from '../../local/delivered';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { writer } from '../../local/writer';
import { get } from '../../wire/http';
import type { Receipts as Asked, ReceiptsChanged } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { preferences } from '../people/preferences.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { NOTHING, progressOf, type Progress, type Standing } from './receipts';

export { readersOf, type Progress, type Tick } from './receipts';

/** Members up to which each one's marks are shown; in larger rooms nobody is told what was delivered. */
const SMALL_ROOM = 20;

/** How far the others are, in rooms that are or were on screen. */
class Receipts {
  #rooms = new SvelteMap<string, Standing>();
  /** Rises with what is heard live: an answer that was read before that is older. */
  #heard = 0;
  #delivered = new DeliveredMarks((command) => connection.tell(command));

  constructor() {
    forget.on(() => {
      this.#rooms.clear();
      this.#delivered.forget();
    });
    writer.wrote.on((positions) => this.#delivered.written(positions));
    // Whoever shows theirs (no longer) sees those of others (no longer).
    preferences.changed.on(() => this.#again());
    sync.changes.on((change) => {
      if (change.type === 'passing' && change.event.op === 'receipts') {
        this.#heard += 1;
        this.#take(change.event);
      }
      if (change.type === 'settled' && change.welcome) void this.#catchUp();
      if (change.type !== 'event' || change.event.op !== 'message' || !change.live) return;
      const members = rooms.get(change.event.log)?.room.member_count ?? 0;
      if (members <= SMALL_ROOM) this.#delivered.heard(change.event, actingFor());
    });
  }

  /** Reactive. */
  of(room: string): Standing {
    return this.#rooms.get(room) ?? NOTHING;
  }

  /** Reactive. */
  progress(room: string, seq: number): Progress {
    return progressOf(seq, this.of(room));
  }

  /** A room comes on screen; from now on changes are told. */
  async open(room: string): Promise<void> {
    if (!connection.online) return;
    const before = this.#heard;
    try {
      const { receipts } = await get<Asked>(`rooms/${room}/receipts`);
      if (before === this.#heard) this.#take(receipts);
    } catch {
      // What was known stands until the next change.
    }
  }

  #again(): void {
    if (rooms.current && rooms.get(rooms.current)) void this.open(rooms.current);
  }

  /** Nothing was told while there was no connection, and what came with the welcome is here now. */
  async #catchUp(): Promise<void> {
    await writer.idle();
    this.#again();
    if (writer.behind) return;
    const fresh = rooms.list.filter(({ unread, room }) => unread > 0 && (room.member_count ?? 0) <= SMALL_ROOM);
    for (const { room, head } of fresh) this.#delivered.held(room.id, head);
  }

  #take({ room, marks = [], steps = [], others = 0 }: ReceiptsChanged): void {
    this.#rooms.set(room, { marks, steps, others });
  }
}

export const receipts = new Receipts();
