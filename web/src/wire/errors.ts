import type { ErrorCode, Problem } from './protocol.gen';

/** `offline`: no answer could be had; `timeout`: it took too long; `blocked`: something in front of the server refused
 * it; `voice_lost`: what was to be sent is not here any more. All else comes from the server. */
export type Code = ErrorCode | 'offline' | 'timeout' | 'blocked' | 'voice_lost';

/** A command or request that was not carried out; `text` is for people. */
export class ApiError extends Error {
  readonly retryAfterMs: number;
  readonly field: string;
  readonly limit: string;

  constructor(
    readonly code: Code,
    readonly text: string,
    more: Pick<Problem, 'retry_after_ms' | 'field' | 'limit'> = {},
  ) {
    super(`${code}: ${text}`);
    this.retryAfterMs = more.retry_after_ms ?? 0;
    this.field = more.field ?? '';
    this.limit = more.limit ?? '';
  }
}

export const offline = () => new ApiError('offline', 'The server cannot be reached right now.');
export const blocked = () => new ApiError('blocked', 'Something between here and the server does not let this through.');
export const timedOut = () => new ApiError('timeout', 'The server took too long to answer.');
