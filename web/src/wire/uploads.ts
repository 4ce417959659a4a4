/** Files that take their time: an upload goes on as long as it gets on, however slow the line is. */
import { blocked, offline, timedOut } from './errors';
import { refusal } from './http';

/** So long (ms) nothing may go out. */
const STILL = 60_000;
/** In bytes a ms: what was handed to the network may still wait there, for a line of 32 kbit/s. */
const LEAST = 4;

/** POST to `path` without `/api/`. Throws ApiError. */
export async function uploadTo<T>(path: string, file: Blob): Promise<T> {
  const { status, body } = await sent(path, file);
  try {
    if (status >= 200 && status < 300) return JSON.parse(body) as T;
  } catch {
    // The way led to a page, such as one where a proxy wants a password.
    throw blocked();
  }
  throw await refusal({ status, json: async () => JSON.parse(body) as unknown });
}

/** `fetch` does not tell how far it is. */
function sent(path: string, file: Blob): Promise<{ status: number; body: string }> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => (request.abort(), fail(timedOut())), ms);
    };
    const lost = (): void => (clearTimeout(timer), fail(offline()));
    request.upload.onprogress = () => wait(STILL);
    request.upload.onload = () => wait(STILL + file.size / LEAST);
    request.onload = () => (clearTimeout(timer), done({ status: request.status, body: request.responseText }));
    request.onerror = request.onabort = lost;
    request.open('POST', `/api/${path}`);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    wait(STILL);
    request.send(file);
  });
}
