import { Signal } from '../lib/signal';
import { ApiError, blocked, offline, timedOut } from './errors';
import type { Problem } from './protocol.gen';

/** Some request was refused because the session is no more. */
export const signedOut = new Signal();

const ENDED = new Set(['signed_out', 'session_ended']);
const LATER = new Set([0, 408, 425, 429]);
const TIMEOUT = 20_000;
/** A picture on a slow line. */
const UPLOAD_TIMEOUT = 120_000;

async function call<T>(method: string, path: string, body?: unknown, patience = TIMEOUT): Promise<T> {
  const file = body instanceof Blob ? body : null;
  const type = file ? file.type || 'application/octet-stream' : 'application/json';
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': type },
      body: file ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal: AbortSignal.timeout(file ? UPLOAD_TIMEOUT : patience),
    });
    if (response.status === 204) return undefined as T;
    if (response.ok) return (await response.json()) as T;
  } catch (error) {
    throw error instanceof DOMException && error.name === 'TimeoutError' ? timedOut() : offline();
  }
  throw await refusal(response);
}

/** What the server says against it, or whatever stands in front of it: that speaks HTML. */
export async function refusal(response: Pick<Response, 'status' | 'json'>): Promise<ApiError> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  if (!problem?.code) return inFront(response.status);
  if (ENDED.has(problem.code)) signedOut.send();
  return new ApiError(problem.code, problem.text, problem);
}

/** A proxy with a smaller limit than the server's says 413 whenever it is asked; one that cannot reach the server 502
 * or 504, and one that asks for patience 408, 425 or 429. */
function inFront(status: number): ApiError {
  if (status === 413) return new ApiError('too_large', 'This is larger than the server takes.');
  return status >= 500 || LATER.has(status) ? offline() : blocked();
}

/** `path` without `/api/`. Everything throws ApiError. */
export const get = <T>(path: string) => call<T>('GET', path);
export const post = <T>(path: string, body: object, patience?: number) => call<T>('POST', path, body, patience);
export const put = <T>(path: string, body: object) => call<T>('PUT', path, body);
export const patch = <T>(path: string, body: object) => call<T>('PATCH', path, body);
export const upload = <T>(path: string, file: Blob) => call<T>('PUT', path, file);
export const remove = (path: string) => call<void>('DELETE', path);
