import type { RoomEntry } from './entries';

/** What one can ask for from anywhere: the beginning of something new, or a question about a room. */
export type Asked =
  | { kind: 'dm' }
  | { kind: 'group' }
  | { kind: 'secret' }
  | { kind: 'code' }
  | { kind: 'room'; name: string }
  | { kind: 'leave' | 'attention' | 'edit' | 'archive' | 'delete' | 'banned' | 'secret-code' | 'add' | 'guests'; entry: RoomEntry };

class Dialogs {
  asked = $state.raw<Asked | null>(null);

  open(asked: Asked): void {
    this.asked = asked;
  }

  close(): void {
    this.asked = null;
  }
}

/** The one dialog about rooms that is open; the shell shows it. */
export const dialogs = new Dialogs();
