import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { ApiError } from '../../wire/errors';
import { get, remove } from '../../wire/http';
import type { Device, Devices as Answer } from '../../wire/protocol.gen';

export type { Device, DeviceKind } from '../../wire/protocol.gen';

class Devices {
  list = $state.raw<Device[]>([]);
  loading = $state(false);
  /** Text for people. */
  error = $state('');
  #shown = false;

  constructor() {
    forget.on(() => {
      this.list = [];
      this.#shown = false;
    });
    sync.changes.on((change) => {
      if (this.#shown && change.type === 'event' && change.event.op === 'devices') void this.load();
    });
  }

  async load(): Promise<void> {
    this.#shown = true;
    this.loading = true;
    try {
      this.list = (await get<Answer>('devices')).devices;
      this.error = '';
    } catch (error) {
      this.error = error instanceof ApiError ? error.text : String(error);
    } finally {
      this.loading = false;
    }
  }

  /** Ends that device's session at once. Throws ApiError. */
  async revoke(id: string): Promise<void> {
    await remove(`devices/${id}`);
    this.list = this.list.filter((device) => device.id !== id);
  }
}

export const devices = new Devices();
