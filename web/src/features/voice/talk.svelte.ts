import { mint } from '../../lib/ids';
import { sync } from '../../local/sync';
import { connection } from '../connection.svelte';
import { Link } from '../calls/link';
import { relay } from '../calls/relay';
import { sound } from '../calls/tones';

/** If it is not live by then, it is a message. */
const WITHIN = 2000;
/** What was said last is still on its way (ms). */
const LAST_WORDS = 400;
/** What a page says that listens; then the other end makes the link. */
export const READY = 'ready';
/** By the channel between both: that is all; and that it was to be heard. */
export const DONE = 'done';
export const HEARD = 'heard';
/** A link may be dead for seconds before a browser says so (ms). */
const ANSWERED_WITHIN = 1000;

/** How a link for the voice is made; the talker is the one who offers. It goes by the relay alone: whoever listens
 * did nothing for it, and is not to tell their address that way. */
export async function linkFor(talk: string, polite: boolean): Promise<Link> {
  const iceServers = await relay.servers();
  return new Link({
    polite,
    slots: ['audio'],
    config: { iceServers, iceTransportPolicy: 'relay' },
    signals: { send: (signal) => void connection.tell({ op: 'talk_signal', talk, signal }) },
  });
}

/** My side of a live talk, from the press on. What is recorded meanwhile is needed if it does not come about. */
export class Talk {
  live = $state(false);
  #id = mint();
  #link: Link | null = null;
  /** It came about, and did not break. */
  #good = true;
  #over = false;
  #early: string[] = [];
  #asked = false;
  #stops: (() => void)[] = [];
  #answer = (_heard: boolean): void => undefined;

  /** `came`: from now on they hear it. */
  constructor(
    room: string,
    private readonly track: MediaStreamTrack,
    private readonly came: () => void,
  ) {
    // Beside the question, not behind it.
    void relay.servers();
    this.#stops.push(
      sync.changes.on((change) => {
        if (change.type !== 'passing' || !('talk' in change.event) || change.event.talk !== this.#id) return;
        if (change.event.op === 'talk_signal') void this.#hear(change.event.signal).catch(() => this.#break());
        if (change.event.op === 'talk_ended') this.#break();
      }),
    );
    const timer = setTimeout(() => this.live || this.#break(), WITHIN);
    this.#stops.push(() => clearTimeout(timer));
    if (!connection.tell({ op: 'begin_talk', room, talk: this.#id })) this.#break();
  }

  /** It is over; whether all of it since it came about was heard: whoever listens says so, or it was not. */
  async end(): Promise<boolean> {
    const heard = this.live && (await this.#confirmed());
    if (heard) setTimeout(() => this.close(), LAST_WORDS);
    else this.close();
    return heard;
  }

  #confirmed(): Promise<boolean> {
    return new Promise((answer) => {
      this.#answer = answer;
      const timer = setTimeout(() => answer(false), ANSWERED_WITHIN);
      this.#stops.push(() => clearTimeout(timer));
      if (!this.#link?.tell(DONE)) answer(false);
    });
  }

  async #hear(signal: string): Promise<void> {
    if (this.#over) return;
    if (this.#link) return this.#link.hear(signal);
    if (signal !== READY) return void this.#early.push(signal);
    if (this.#asked) return;
    this.#asked = true;
    const link = await linkFor(this.#id, false);
    if (this.#over) return link.close();
    this.#link = link;
    link.changed.on((state) => {
      if (state === 'connected' && !this.live && this.#good) {
        this.live = true;
        this.came();
        sound('joined');
      } else if (state !== 'connecting' && state !== 'connected') this.#break();
    });
    link.heard.on((word) => word === HEARD && this.#answer(true));
    await link.put(0, this.track);
    for (const each of this.#early.splice(0)) link.hear(each);
  }

  /** From here on it is a message. */
  #break(): void {
    this.#good = false;
    this.live = false;
    this.close();
  }

  /** Whatever was heard of it. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#answer(false);
    for (const stop of this.#stops) stop();
    connection.tell({ op: 'end_talk', talk: this.#id });
    this.#link?.close();
  }
}
