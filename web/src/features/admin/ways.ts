/** The ways to the relay, as the page shows them: what the server found, and what this browser finds. */
import type { RelayTest, RelayWay } from '../../wire/protocol.gen';

export type Kind = RelayWay['kind'];
export type WayState = RelayWay['state'] | 'running';

export interface Way {
  /** Short, and the same for the server and the browser. */
  name: string;
  kind: Kind;
  host: string;
  port: number;
  state: WayState;
  ms: number;
  code: string;
  detail: string;
}

export type Verdict = 'off' | 'nowhere' | 'broken' | 'unknown' | 'well' | 'inside' | 'some' | 'none';

/** From the address of a TURN server (RFC 7065). */
export function wayTo(url: string): Way {
  const [scheme = '', rest = ''] = split(url, ':');
  const [place = '', query = ''] = split(rest, '?');
  const found = /^(.*?)(?::(\d+))?$/.exec(place);
  const kind: Kind = scheme === 'turns' ? 'tls' : query === 'transport=tcp' ? 'tcp' : 'udp';
  const host = (found?.[1] ?? '').replace(/^\[|\]$/g, '');
  const port = Number(found?.[2] ?? (kind === 'tls' ? 5349 : 3478));
  return { name: `${kind}:${port}`, kind, host, port, state: 'unknown', ms: 0, code: '', detail: '' };
}

/** As the server found it; one that it could not even open has no address, only a name. */
export function found(way: RelayWay): Way {
  const place = way.url ? wayTo(way.url) : wayTo(`${way.kind === 'tls' ? 'turns' : 'turn'}:${way.name.replace(/^\w+/, '')}`);
  const { name, kind, state, ms = 0, code = '', detail = '' } = way;
  return { name, kind, host: place.host, port: place.port, state, ms, code, detail };
}

export function verdictOf({ relay, code = '', ways }: RelayTest): Verdict {
  if (relay === 'no') return 'off';
  if (!ways.length) return 'nowhere';
  if (code) return 'broken';
  if (ways.every(({ state }) => state === 'unknown')) return 'unknown';
  if (ways.every(({ state }) => state === 'ok')) return 'well';
  if (ways.every(({ state }) => state !== 'bad')) return 'inside';
  return ways.some(({ state }) => state !== 'bad') ? 'some' : 'none';
}

function split(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
