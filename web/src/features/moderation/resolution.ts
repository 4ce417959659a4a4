/** What a moderator decides about a report, and how it is carried out. */
import { t } from '../../lib/i18n/areas/moderation';
import { REASON, silence, suspend, type Span } from './deeds';
import type { FiledReport } from './reports.svelte';

/** What happens to the person. */
export type Fate = 'nothing' | 'mute' | 'suspend' | 'wipe';

export interface Decision {
  deleteMessage: boolean;
  fate: Fate;
  span: Span;
  reason: string;
}

/** As it stands with the closed report: the deeds, then the reason. */
export function inWords({ deleteMessage, fate, span, reason }: Decision): string {
  const deeds = [
    deleteMessage && fate !== 'wipe' ? t('resolve.said.delete') : '',
    fate === 'nothing' ? '' : t(`resolve.said.${fate}`, { span: t(`span.${span}`) }),
  ];
  return [...deeds, reason].filter(Boolean).join(' ').slice(0, REASON);
}

interface Hands {
  silence: typeof silence;
  suspend: typeof suspend;
  resolve(id: string, verdict: { outcome: 'acted'; resolution: string; delete_message: boolean }): Promise<void>;
}

/**
 * First what is done to the person, then the report is closed: whoever is interrupted in between finds it open, and
 * doing the first again changes nothing. Throws ApiError.
 */
export async function carryOut(report: FiledReport, decision: Decision, hands: Hands): Promise<void> {
  const { fate, span, reason, deleteMessage } = decision;
  const { id } = report.person;
  if (fate === 'mute') await hands.silence(id, span, reason);
  else if (fate !== 'nothing') await hands.suspend(id, { reason, span, wipe: fate === 'wipe' });
  const verdict = { outcome: 'acted', resolution: inWords(decision), delete_message: deleteMessage } as const;
  await hands.resolve(report.id, verdict);
}
