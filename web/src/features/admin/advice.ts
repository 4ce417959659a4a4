import { texts, t } from '../../lib/i18n/areas/relay';
import type { Way } from './ways';

const say = t as (key: string, values: Record<string, string | number>) => string;

/** What is wrong with a way, and what to do about it; null where there is nothing to say. */
export function adviceOn(way: Way): { what: string; fix: string } | null {
  if (!way.code) return null;
  // A newer server may name what this app does not know yet.
  const code = `relay.code.${way.code}` in texts ? way.code : 'turn_error';
  const values = { host: way.host || location.hostname, port: String(way.port), kind: way.kind === 'udp' ? 'UDP' : 'TCP' };
  // There may be more to say where the machine itself is reached, and of one kind of way.
  const keys = [`relay.fix.${code}.${way.state}`, `relay.fix.${code}.${way.kind}`, `relay.fix.${code}`];
  return { what: say(`relay.code.${code}`, values), fix: say(keys.find((key) => key in texts) ?? '', values) };
}
