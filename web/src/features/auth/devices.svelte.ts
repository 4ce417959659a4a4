import { get, patch, remove } from '../../wire/http';
import type { Device, Devices as Answer } from '../../wire/protocol.gen';
import { Mine } from './mine.svelte';

export type { Device, DeviceKind } from '../../wire/protocol.gen';

/** Where I am signed in. What changes it throws ApiError. */
class Devices extends Mine<Device> {
  constructor() {
    super(async () => (await get<Answer>('devices')).devices);
  }

  get current(): Device | undefined {
    return this.list?.find((device) => device.current);
  }

  get others(): Device[] {
    return this.list?.filter((device) => !device.current) ?? [];
  }

  async rename(id: string, name: string): Promise<void> {
    await patch(`devices/${id}`, { name });
    this.list = this.list?.map((device) => (device.id === id ? { ...device, name } : device)) ?? null;
  }

  /** Ends that device's session at once. */
  async revoke(id: string): Promise<void> {
    await remove(`devices/${id}`);
    this.drop(id);
  }

  /** All but this one, and all programs with a token. */
  async revokeOthers(): Promise<void> {
    await remove('devices');
    this.list = this.list?.filter((device) => device.current) ?? null;
  }
}

export const devices = new Devices();
