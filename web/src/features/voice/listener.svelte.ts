import { mount, unmount } from 'svelte';
import { sync } from '../../local/sync';
import type { TalkBegun } from '../../wire/protocol.gen';
import type { Link } from '../calls/link';
import { Player as Loud } from '../calls/player.svelte';
import { stage } from '../calls/stage.svelte';
import { sound } from '../calls/tones';
import { connection } from '../connection.svelte';
import { nameOf } from '../people/people.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { player } from './player.svelte';
import { DONE, HEARD, linkFor, READY } from './talk.svelte';
import TalkSign from './TalkSign.svelte';
import { listens } from './willing';

/** What was begun comes about within that, or never (ms). */
const WITHIN = 3000;

/** The other one of a conversation talks, and this page lets them be heard. */
class Listener {
  /** Whose voice is heard now; '' for nobody's. */
  name = $state('');
  #talk = '';
  #link: Link | null = null;
  #early: string[] = [];
  #loud: Loud | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sign: Record<string, unknown> | null = null;

  constructor() {
    sync.changes.on((change) => {
      if (change.type !== 'passing' || !('talk' in change.event) || change.event.talk !== this.#talk) return;
      if (change.event.op === 'talk_signal') this.#hear(change.event.signal);
      if (change.event.op === 'talk_ended') this.#end();
    });
  }

  async begun(begun: TalkBegun): Promise<void> {
    await this.#begin(begun).catch(() => this.#talk === begun.talk && this.stop());
  }

  async #begin({ talk, room }: TalkBegun): Promise<void> {
    if (this.#talk || !this.#willing(room)) return void connection.tell({ op: 'end_talk', talk });
    this.#talk = talk;
    this.#timer = setTimeout(() => this.name || this.stop(), WITHIN);
    connection.tell({ op: 'talk_signal', talk, signal: READY });
    const link = await linkFor(talk, true);
    if (this.#talk !== talk) return link.close();
    this.#link = link;
    link.changed.on((state) => {
      if (state === 'connected') this.#play(link, room);
      else if (state !== 'connecting') this.stop();
    });
    link.heard.on((word) => {
      // What was not to be heard here comes as a message.
      if (word === DONE && this.#loud?.playing) link.tell(HEARD);
    });
    for (const each of this.#early.splice(0)) link.hear(each);
  }

  /** I do not want to hear more. What is said from there on comes as a message. */
  stop(): void {
    if (this.#talk) connection.tell({ op: 'end_talk', talk: this.#talk });
    this.#end();
  }

  /** In front of somebody, in that conversation, and allowed to make a sound. */
  #willing(room: string): boolean {
    const seen = document.visibilityState === 'visible' && document.hasFocus() && rooms.current === room;
    const audible = navigator.userActivation?.hasBeenActive ?? true;
    return listens() && seen && audible && !stage.busy;
  }

  #hear(signal: string): void {
    if (this.#link) this.#link.hear(signal);
    else this.#early.push(signal);
  }

  #play(link: Link, room: string): void {
    const track = link.track(0);
    if (this.name || !track) return;
    player.pause();
    sound('joined');
    this.name = nameOf(rooms.get(room)?.other ?? undefined);
    this.#loud = new Loud();
    this.#loud.play(new MediaStream([track]));
    this.#sign = mount(TalkSign, { target: document.body, props: { name: this.name, onstop: () => this.stop() } });
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#link?.close();
    this.#loud?.close();
    if (this.#sign) void unmount(this.#sign);
    [this.#talk, this.#link, this.#loud, this.#sign, this.#early, this.name] = ['', null, null, null, [], ''];
  }
}

export const listener = new Listener();
