/** Recordings that were interrupted and wait for their owner: all that the first JavaScript knows of them. */
class Left {
  rooms = $state.raw<ReadonlySet<string>>(new Set());
  count = 0;
}

export const left = new Left();
