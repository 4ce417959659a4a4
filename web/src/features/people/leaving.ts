/** Taking one's data along, and going. Both throw ApiError. */
import { ApiError, offline } from '../../wire/errors';
import { post } from '../../wire/http';
import type { Problem } from '../../wire/protocol.gen';
import { confirming } from '../auth/confirming.svelte';
import { session } from '../auth/session.svelte';

const FILE = 'safevoice.jsonl';

/** All of it as a file in the downloads; `progress` hears how many bytes have come. */
export async function downloadData(progress: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    const answer = await fetch('/api/me/export', { method: 'POST', credentials: 'same-origin', cache: 'no-store', signal });
    if (!answer.ok) throw await refusal(answer);
    const reader = answer.body!.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      progress((bytes += part.value.length));
    }
  } catch (error) {
    if (error instanceof ApiError || signal.aborted) throw error;
    throw offline();
  }
  save(new Blob(parts, { type: 'application/x-ndjson' }));
}

async function refusal(answer: Response): Promise<ApiError> {
  const problem = (await answer.json().catch(() => null)) as Problem | null;
  return problem ? new ApiError(problem.code, problem.text, problem) : offline();
}

function save(file: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = FILE;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** For good. Asks first who is there, where the server wants to know; throws PutAway too. */
export async function deleteAccount(keepMessages: boolean): Promise<void> {
  await session.depart(() => confirming.first(() => post<void>('me/delete', { keep_messages: keepMessages })));
}
