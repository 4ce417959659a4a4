/** When to speak of a newer version, and when to go over to it unasked. */
import { hold, holding } from '../lib/hold';
import { busy } from '../lib/leaving';

const LOOKED_AT = 'safevoice-looked-at';
/** Whoever has not typed for so long is not in the middle of a word (ms). */
const PAUSE = 3000;
/** So long out of sight, one has turned to something else (ms). */
const AWAY = 60_000;

let announced = false;

/** `show` as soon as nobody is typing; `take` when no tab has been looked at for a while and nothing would be lost. */
export function announce(show: () => void, take: () => void): void {
  if (announced) return;
  announced = true;
  whenNobodyTypes(show);
  let release = (): void => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    release();
    clearTimeout(timer);
    if (document.visibilityState === 'visible') release = hold(LOOKED_AT);
    else timer = setTimeout(() => void takeUnseen(take), AWAY);
  };
  document.addEventListener('visibilitychange', look);
  look();
}

async function takeUnseen(take: () => void): Promise<void> {
  if (mayLeave() && !(await holding(LOOKED_AT)).length) take();
}

function whenNobodyTypes(show: () => void): void {
  let typedAt = isWrittenIn(document.activeElement) ? Date.now() : 0;
  const typed = (): void => void (typedAt = Date.now());
  document.addEventListener('input', typed, true);
  const look = (): void => {
    if (Date.now() - typedAt < PAUSE) return void setTimeout(look, 250);
    document.removeEventListener('input', typed, true);
    show();
  };
  look();
}

function isWrittenIn(element: Element | null): boolean {
  return (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) && element.value !== '';
}

/** Nothing is lost by loading the page anew: nobody talks, what is written to others is kept, what stands in other fields is not. */
export function mayLeave(): boolean {
  if (busy() || document.querySelector('dialog[open]')) return false;
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea');
  return [...fields].every((field) => field.closest('.composer') || field.value === field.defaultValue);
}

/** The server's page begins with another script. */
export async function isOutdated(script: string): Promise<boolean> {
  const page = await fetch('/', { cache: 'no-store' }).then((answer) => (answer.ok ? answer.text() : ''), () => '');
  return page.includes('<script') && !page.includes(`"${script}"`);
}
