import { problemOf } from '../../lib/problem';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { get, patch, remove } from '../../wire/http';
import type { Device, Devices as Answer } from '../../wire/protocol.gen';

export type { Device, DeviceKind } from '../../wire/protocol.gen';

/** Where I am signed in. What changes it throws ApiError. */
class Devices {
  /** null: not loaded yet. */
  list = $state.raw<Device[] | null>(null);
  /** Text for people. */
  error = $state('');
  #shown = false;

  constructor() {
    forget.on(() => {
      this.list = null;
      this.#shown = false;
    });
    sync.changes.on((change) => {
      if (this.#shown && change.type === 'event' && change.event.op === 'devices') void this.load();
    });
  }

  get current(): Device | undefined {
    return this.list?.find((device) => device.current);
  }

  get others(): Device[] {
    return this.list?.filter((device) => !device.current) ?? [];
  }

  async load(): Promise<void> {
    this.#shown = true;
    try {
      this.list = (await get<Answer>('devices')).devices;
      this.error = '';
    } catch (thrown) {
      this.error = problemOf(thrown).text;
    }
  }

  async rename(id: string, name: string): Promise<void> {
    await patch(`devices/${id}`, { name });
    this.list = this.list?.map((device) => (device.id === id ? { ...device, name } : device)) ?? null;
  }

  /** Ends that device's session at once. */
  async revoke(id: string): Promise<void> {
    await remove(`devices/${id}`);
    this.list = this.list?.filter((device) => device.id !== id) ?? null;
  }

  /** All but this one, and all programs with a token. */
  async revokeOthers(): Promise<void> {
    await remove('devices');
    this.list = this.list?.filter((device) => device.current) ?? null;
  }
}

export const devices = new Devices();
