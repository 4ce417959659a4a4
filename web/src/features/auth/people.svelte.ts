import type { Person } from '../../wire/protocol.gen';

export type { Person } from '../../wire/protocol.gen';

class People {
  /** Reactive. */
  byId(_id: string): Person | undefined {
    return undefined;
  }
  async search(_q: string): Promise<Person[]> {
    return [];
  }
}

export const people = new People();
