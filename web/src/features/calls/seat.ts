import { mint } from '../../lib/ids';

const KEY = 'safevoice.seat';
/** Longer than a page takes to let go of what it held, as the next one loads in its place, in ms. */
const HANDING_OVER = 1500;

/** What this page has to know when it is loaded anew in the middle of a call. */
export interface Kept {
  call: string;
  muted: boolean;
  camera: boolean;
  /** When both first heard each other, ms since the epoch. */
  since: number;
}

interface Record {
  seat: string;
  kept: Kept | null;
}

/** The place of this page in calls. It outlives loading the page anew, and belongs to one page only: browsers copy
 * what it stands in when somebody doubles a tab, so the page that has it holds a lock of that name as well. */
export class Seat {
  #record: Record;

  private constructor(record: Record) {
    this.#record = record;
    this.#write();
  }

  static async take(locks: Pick<LockManager, 'request'> | undefined = navigator.locks): Promise<Seat> {
    const held = read();
    if (held && (await claimed(held.seat, locks))) return new Seat(held);
    const seat = mint();
    await claimed(seat, locks);
    return new Seat({ seat, kept: null });
  }

  get id(): string {
    return this.#record.seat;
  }

  keptOf(call: string): Kept | null {
    return this.#record.kept?.call === call ? this.#record.kept : null;
  }

  keep(kept: Kept): void {
    this.#record = { ...this.#record, kept };
    this.#write();
  }

  forget(call: string): void {
    if (!this.keptOf(call)) return;
    this.#record = { ...this.#record, kept: null };
    this.#write();
  }

  #write(): void {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.#record));
    } catch {
      // Then a page that is loaded anew has left its call.
    }
  }
}

function read(): Record | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<Record> | null;
    return typeof found?.seat === 'string' ? { seat: found.seat, kept: found.kept ?? null } : null;
  } catch {
    return null;
  }
}

/** Held for as long as this page lives; false when another page has it. Without locks nobody can tell. */
async function claimed(seat: string, locks: Pick<LockManager, 'request'> | undefined): Promise<boolean> {
  if (!locks) return true;
  return new Promise((decide) => {
    const hold = (): Promise<void> => new Promise(() => decide(true));
    locks.request(`safevoice-seat-${seat}`, { signal: AbortSignal.timeout(HANDING_OVER) }, hold).catch(() => decide(false));
  });
}
