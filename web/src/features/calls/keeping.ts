/** What a call that is on asks of the browser: the screen stays on, and a page is not closed by mistake. */

/** Until what it returns is called. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  // The browser takes it away with each page that goes out of sight.
  const hold = async (): Promise<void> => {
    if (over || document.visibilityState !== 'visible') return;
    lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    if (over) void lock?.release();
  };
  const seen = (): void => void hold();
  document.addEventListener('visibilitychange', seen);
  seen();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', seen);
    void lock?.release();
  };
}

/** Until what it returns is called. */
export function askBeforeLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
  addEventListener('beforeunload', ask);
  return () => removeEventListener('beforeunload', ask);
}

/** Whichever page of this browser has the lock does it; the next one takes over when that is closed. */
export function onlyHere(what: string, begin: () => () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const run = (): Promise<void> | void => {
    if (signal.aborted) return;
    const end = begin();
    return new Promise((done) => signal.addEventListener('abort', () => (end(), done())));
  };
  if (navigator.locks) navigator.locks.request(`safevoice-${what}`, { signal }, run).catch(() => undefined);
  else void run();
  return () => stop.abort();
}

type Control = 'hangup' | 'togglemicrophone' | 'togglecamera';
type Session = {
  setActionHandler(action: string, handler: (() => void) | null): void;
  setMicrophoneActive?(active: boolean): void;
  setCameraActive?(active: boolean): void;
};

const session = (): Session | undefined => (navigator as { mediaSession?: Session }).mediaSession;

/** Buttons that the browser itself shows, on a picture in picture or on a headset; until what it returns is called. */
export function offerControls(controls: Record<Control, () => void>): () => void {
  const set = (handler: (control: Control) => (() => void) | null): void => {
    for (const control of Object.keys(controls) as Control[]) {
      try {
        session()?.setActionHandler(control, handler(control));
      } catch {
        // Browsers throw at words that they do not know.
      }
    }
  };
  set((control) => controls[control]);
  return () => set(() => null);
}

/** How those buttons stand. */
export function tellControls({ muted, cameraOn }: { muted: boolean; cameraOn: boolean }): void {
  session()?.setMicrophoneActive?.(!muted);
  session()?.setCameraActive?.(cameraOn);
}
