import { untrack } from 'svelte';
import { problemOf } from '../../lib/problem';
import { isDesk, people, type Person } from './people.svelte';

const PAUSE = 160;

/** The list of people: everybody, or those of a name, page by page. Where the server cannot be asked (`problem`), those
 * whom this device has met. */
export class Finding {
  /** Somebody is still being asked for. */
  busy = $state(false);
  /** There are more than these. */
  rest = $state(false);
  problem = $state('');
  #ids = $state.raw<string[] | null>(null);
  #wanted = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Only the newest question's answer counts. */
  #question = 0;

  /** Reactive; null: nothing has come yet. */
  get list(): Person[] | null {
    return this.#ids?.flatMap((id) => people.byId(id) ?? []) ?? null;
  }

  /** What is there stays until the answer comes, so that nothing flickers while one types. */
  look(wanted: string): void {
    this.#wanted = wanted.trim();
    clearTimeout(this.#timer);
    // What comes of it must not be a reason to ask again.
    const shown = untrack(() => this.#ids !== null);
    this.#timer = setTimeout(() => void this.#ask(''), shown && this.#wanted ? PAUSE : 0);
  }

  again(): void {
    this.problem = '';
    this.#ids = null;
    void this.#ask('');
  }

  async more(): Promise<void> {
    const last = this.#ids?.at(-1);
    if (last && this.rest && !this.busy) await this.#ask(last);
  }

  async #ask(after: string): Promise<void> {
    const question = ++this.#question;
    this.busy = true;
    try {
      const page = await people.page(this.#wanted, after);
      if (question !== this.#question) return;
      const found = page.people.map(({ id }) => id);
      const before = after ? (this.#ids ?? []) : people.nicknamed(this.#wanted).map(({ id }) => id);
      this.#ids = [...new Set([...before, ...found])];
      this.rest = page.more;
      this.problem = '';
    } catch (thrown) {
      if (question !== this.#question) return;
      this.problem = problemOf(thrown).text;
      if (!after) [this.#ids, this.rest] = [met(this.#wanted), false];
    } finally {
      if (question === this.#question) this.busy = false;
    }
  }
}

/** Those of whose names all words of `q` begin a word, as the server finds them. */
function met(q: string): string[] {
  const wanted = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ id, name, display }: Person): boolean => {
    const names = `${display} ${people.ownName(id)} ${name}`.toLocaleLowerCase();
    const words = [name, ...names.split(/[^\p{L}\p{N}]+/u)];
    return wanted.every((one) => words.some((word) => word.startsWith(one)));
  };
  const found = people.all.filter((person) => !person.gone && !isDesk(person) && fits(person));
  return found.sort((a, b) => a.display.localeCompare(b.display)).map(({ id }) => id);
}
