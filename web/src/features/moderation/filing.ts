import { mint } from '../../lib/ids';
import { LIMITS, type FileReport, type ReportReason } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';

export type { ReportReason } from '../../wire/protocol.gen';

/** What somebody reports: a message by its id, or a person; `name` is whose it is. */
export type About = { name: string } & ({ message: string } | { person: string });

export const NOTE = LIMITS.FileReport.note.maxLength;
export const REASONS: readonly ReportReason[] = ['spam', 'abuse', 'violence', 'sexual', 'illegal', 'other'];

/** One report: a try whose answer was lost counts once. */
export class Filing {
  readonly #id = mint();

  constructor(private readonly about: About) {}

  /** Throws ApiError. */
  async send(reason: ReportReason, note: string): Promise<void> {
    const subject = 'message' in this.about ? { message: this.about.message } : { person: this.about.person };
    const command: FileReport = { op: 'file_report', client_id: this.#id, ...subject, reason, note };
    await connection.carryOut(command);
  }
}
