import { t } from '../../lib/i18n/areas/calls';
import { clockSpan } from '../../lib/span';
import type { OneCall } from './shapes';

/** How a call stands, for eyes and for readers; `name`: of the other one. */
export function stateOf(call: OneCall, name: string): string {
  if (call.phase === 'ended') return endOf(call, name);
  if (call.phase === 'live') return call.theirs.here ? t('call.live') : t('call.away', { name });
  return t(`call.${call.phase === 'incoming' ? 'connecting' : call.phase}`);
}

function endOf({ outcome, durationMs }: OneCall, name: string): string {
  if (outcome === 'answered') return durationMs ? t('call.ended.lasted', { time: clockSpan(durationMs) }) : t('call.ended');
  return outcome ? t(`call.ended.${outcome}`, { name }) : t('call.ended');
}

/** What is known of who could listen, in few words. */
export function secrecyOf({ secrecy }: OneCall, name: string): string {
  return t(`secrecy.${secrecy}`, { name });
}

/** And in more; `name`: of the other one. */
export function aboutSecrecy({ secrecy }: OneCall, name: string): { title: string; text: string } {
  const differs = secrecy === 'differs' || secrecy === 'differs-there';
  const title = differs ? 'secrecy.differs.title' : secrecy === 'unchecked' ? 'secrecy.unchecked' : 'secrecy.title';
  return { title: t(title), text: t(`secrecy.${secrecy}.text`, { name }) };
}

/** Over by itself after a moment: nothing is left to be told or done. */
export function isDone({ phase, outcome, trouble }: OneCall): boolean {
  return phase === 'ended' && !trouble && (outcome === 'answered' || outcome === 'cancelled');
}
