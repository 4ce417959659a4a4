/** Rooms in which a recording lies that was interrupted: all that the first JavaScript knows of them. */
class Left {
  rooms = $state.raw<ReadonlySet<string>>(new Set());
}

export const left = new Left();
