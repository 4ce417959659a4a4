export type ConnectionState = 'offline' | 'connecting' | 'online' | 'restarting' | 'waiting';

class Connection {
  state = $state<ConnectionState>('connecting');
  /** When the next try is due (ms since the epoch); 0: none is planned. */
  retryAt = $state(0);
  /** Since when the state is what it is. */
  since = $state(Date.now());
  updateReady = $state(false);
  outboxCount = $state(0);
  storageProblem = $state('');

  retryNow(): void {}
  applyUpdate(): void {}
}

export const connection = new Connection();
