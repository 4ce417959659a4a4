/** So long what was cleared can come back: a read mark that others have seen cannot. */
export const UNDO_MS = 6000;

interface Group {
  rooms: readonly string[];
  timer: ReturnType<typeof setTimeout>;
}

/** Rooms that were cleared together, and are carried out together when the time to think is over. */
export class Undoable {
  /** The latest last. */
  groups = $state.raw<readonly Group[]>([]);

  constructor(private readonly carryOut: (rooms: readonly string[]) => void) {}

  /** Reactive: what Undo would bring back. */
  get last(): readonly string[] {
    return this.groups.at(-1)?.rooms ?? [];
  }

  add(rooms: readonly string[]): void {
    const group: Group = { rooms, timer: setTimeout(() => this.#settle(group), UNDO_MS) };
    this.groups = [...this.groups, group];
  }

  /** Returns the rooms that were taken back. */
  undo(): readonly string[] {
    const group = this.groups.at(-1);
    if (!group) return [];
    clearTimeout(group.timer);
    this.groups = this.groups.slice(0, -1);
    return group.rooms;
  }

  /** At once: whoever goes away has decided. */
  settle(): void {
    for (const group of this.groups) this.#settle(group);
  }

  forget(): void {
    for (const { timer } of this.groups) clearTimeout(timer);
    this.groups = [];
  }

  #settle(group: Group): void {
    clearTimeout(group.timer);
    this.groups = this.groups.filter((each) => each !== group);
    this.carryOut(group.rooms);
  }
}
