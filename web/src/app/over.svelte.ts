/** What of the whole app lies over the page: where one jumps from, the keys, or the question before one signs out. */
type Over = '' | 'switcher' | 'keys' | 'leave';

class Overs {
  shown = $state<Over>('');
  /** Who is in the room stands beside the conversation, or over it. */
  members = $state(false);
}

export const over = new Overs();
