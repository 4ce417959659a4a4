import type { Device } from '../../wire/protocol.gen';

export type { Device, DeviceKind } from '../../wire/protocol.gen';

class Devices {
  list = $state.raw<Device[]>([]);
  loading = $state(false);
  error = $state('');

  async load(): Promise<void> {}
  async revoke(_id: string): Promise<void> {}
}

export const devices = new Devices();
