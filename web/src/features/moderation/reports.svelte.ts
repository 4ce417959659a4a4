import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { get, post } from '../../wire/http';
import type { FiledReport, Reports as Answer, ResolveReport } from '../../wire/protocol.gen';
import { Paged } from '../admin/paged.svelte';
import { session } from '../auth/session.svelte';
import { connection } from '../connection.svelte';

export type { FiledReport, Verdict } from '../../wire/protocol.gen';

/** What members reported, for the staff: those that wait, oldest first, and those that are done, newest first. */
class Reports {
  /** How many wait. */
  open = $state(0);
  readonly waiting = new Paged<FiledReport>((last) => this.#page('', last));
  readonly done = new Paged<FiledReport>((last) => this.#page('1', last));
  #shown = 0;

  constructor() {
    forget.on(() => {
      this.open = 0;
      this.waiting.clear();
      this.done.clear();
    });
    sync.changes.on((change) => {
      if (change.type === 'settled' && change.welcome) void this.refresh();
      if (change.type !== 'passing' || change.event.op !== 'reports') return;
      this.open = change.event.open;
      if (this.#shown) void this.waiting.load();
    });
    if (connection.online) void this.refresh();
  }

  /** They are on screen, until what is returned is called. */
  show(): () => void {
    this.#shown += 1;
    void this.waiting.load();
    return () => void (this.#shown -= 1);
  }

  /** Without a connection the next welcome asks again. */
  async refresh(): Promise<void> {
    if (session.staff) await this.waiting.load();
  }

  /** Throws ApiError. */
  async resolve(id: string, verdict: ResolveReport): Promise<void> {
    await post(`reports/${id}/resolve`, verdict);
    this.waiting.alter((report) => report.id === id, () => null);
    // They may be on screen by now, and then nobody would ask for them again.
    void this.done.load();
  }

  async #page(resolved: string, last: FiledReport | undefined): Promise<{ items: FiledReport[]; more: boolean }> {
    const query = new URLSearchParams({ ...(resolved ? { resolved } : {}), ...(last ? { before: last.id } : {}) });
    const { reports, open, more } = await get<Answer>(`reports?${query}`);
    this.open = open;
    return { items: reports, more };
  }
}

export const reports = new Reports();

/** What was said, as plain text; null where that is not text, or not told (any more). */
export function wordsOf({ content }: FiledReport): string | null {
  return content?.type === 'text' ? content.text : null;
}
