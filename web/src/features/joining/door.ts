/** What every page in front of the house is given. */
export interface AtDoor {
  /** '' when the address came without one, or the page was loaded again. */
  code: string;
  /** Whoever comes is signed in here already. */
  member: boolean;
  onleave: () => void;
}
