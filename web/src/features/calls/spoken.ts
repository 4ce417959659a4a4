/** What two ends of a link say to each other through whoever carries it. */

/** `n` counts the offers of one side; an answer says which offer it answers. */
export type Spoken =
  | { type: 'offer' | 'answer'; n: number; sdp: string }
  | { type: 'candidate'; candidate: RTCIceCandidateInit };

/** null for what nobody could have meant: the other side may be any client, in any state. */
export function understood(signal: string): Spoken | null {
  let said: unknown;
  try {
    said = JSON.parse(signal);
  } catch {
    return null;
  }
  if (typeof said !== 'object' || said === null || !('type' in said)) return null;
  const { type, n, sdp, candidate } = said as Record<string, unknown>;
  if ((type === 'offer' || type === 'answer') && typeof n === 'number' && typeof sdp === 'string') return { type, n, sdp };
  if (type !== 'candidate' || typeof candidate !== 'object' || candidate === null) return null;
  return { type, candidate: candidate as RTCIceCandidateInit };
}

const FRAGMENT = /^a=ice-ufrag:(\S+)/gm;
const FINGERPRINT = /^a=fingerprint:(\S+) (\S+)/gm;

/** Whether this candidate is of the connection that the description speaks of. */
export function belongs({ usernameFragment }: RTCIceCandidateInit, sdp: string): boolean {
  return !usernameFragment || [...sdp.matchAll(FRAGMENT)].some(([, fragment]) => fragment === usernameFragment);
}

/** The one certificate that a description stands for; '' when it names several: a browser may then accept any of
 * them, and nobody could say which one was compared. */
export function fingerprintIn(sdp: string | undefined): string {
  const named = new Set([...(sdp ?? '').matchAll(FINGERPRINT)].map(([, kind, value]) => `${kind!.toLowerCase()} ${value!.toUpperCase()}`));
  const [only = ''] = named;
  return named.size === 1 ? only : '';
}
