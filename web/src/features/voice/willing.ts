import { note, noted } from '../../lib/noted';

const KEY = 'safevoice.listen';

/** Whether others may talk to me live on this device. */
export const listens = (): boolean => noted(KEY) !== 'off';

export function listen(on: boolean): void {
  note(KEY, on ? '' : 'off');
}
