import { backoff } from '../lib/backoff';
import { CLOSE } from './protocol.gen';

/** What to do after a socket closed: the person is signed out, or connect again in `delay` ms. */
export interface Plan {
  ended: boolean;
  restarting: boolean;
  delay: number;
}

/** The close code of a socket that this side gave up: nothing came back in time. */
export const DEAD = 0;

/** `tries`: how many connections in a row ended before they were of use. */
export function planAfter(code: number, tries: number, random: () => number = Math.random): Plan {
  const again = (delay: number): Plan => ({ ended: false, restarting: code === CLOSE.restarting, delay });
  const jitter = (base = 500, cap = 30_000) => backoff(tries, base, cap, random);
  switch (code) {
    case CLOSE.session_ended:
      return { ended: true, restarting: false, delay: 0 };
    case DEAD:
    case CLOSE.resume:
      return again(tries === 0 ? 0 : jitter());
    case CLOSE.restarting:
      return again(200 + jitter(1000, 10_000));
    case CLOSE.flood:
      return again(5000 + jitter(1000));
    case CLOSE.too_many_sockets:
      return again(10_000 + jitter(2000, 60_000));
    case CLOSE.malformed:
    case CLOSE.ws_protocol:
    case CLOSE.ws_binary:
    case CLOSE.ws_utf8:
    case CLOSE.ws_too_big:
      return again(5000 + jitter(2000, 60_000));
    default:
      return again(jitter());
  }
}
