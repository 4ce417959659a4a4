import { mint } from '../../lib/ids';
import { actingFor } from '../../local/db';
import { forget } from '../../local/owner';
import { sync, type Passing } from '../../local/sync';
import type { OpenCall } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import type { Person } from '../people/people.svelte';
import { calling } from './calling.svelte';
import { ThisCall, type Given } from './call.svelte';
import { devices } from './devices.svelte';
import { parting } from './parting';
import { Seat } from './seat';
import type { Calls, Elsewhere } from './shapes';
import { stage } from './stage.svelte';

/** All calls of mine, as far as this page has to know of them. */
class AllCalls implements Calls {
  current = $state.raw<ThisCall | null>(null);
  incoming = $state.raw<readonly ThisCall[]>([]);
  elsewhere = $state.raw<readonly Elsewhere[]>([]);
  #seat: Seat | null = null;
  #taking: Promise<Seat> | null = null;
  /** The server was asked to ring, and has not answered yet. */
  #ringing: ThisCall | null = null;
  /** Another page has my seat in them. */
  #taken = new Set<string>();

  constructor() {
    forget.on(() => this.#forget());
    sync.changes.on((change) => {
      if (change.type === 'settled' && change.welcome) this.current?.here();
    });
  }

  async start(room: string, person: Person, video: boolean): Promise<void> {
    const seat = await this.#seated();
    if (this.current && this.current.phase !== 'ended') return;
    const call = this.#show({ id: '', room, person, incoming: false, video }, seat);
    await call.own.open();
    if (call.phase !== 'calling') return;
    // Nobody is called by somebody whom they could not hear.
    if (call.trouble.startsWith('mic') || call.trouble === 'insecure') return call.finish('failed');
    this.#ringing = call;
    try {
      const { subject = '' } = await connection.carryOut({ op: 'ring', client_id: mint(), room, video, seat: seat.id });
      call.id ||= subject;
    } catch (error) {
      // That it rings may have been heard of though the answer was not.
      if (!call.id) {
        call.leave();
        throw error;
      }
    } finally {
      this.#ringing = null;
    }
    // They changed their mind before it was known which call that is.
    if (call.ended && call.outcome === 'cancelled') call.tellHungUp();
    else call.waiting();
  }

  /** What the server says of calls, in its order. */
  async hear(event: Passing): Promise<void> {
    const seat = this.#seat ?? (await this.#seated());
    if (event.op === 'call') this.#stands(event, seat);
    if (event.op === 'calls') {
      for (const each of event.calls) this.#stands(each, seat);
      this.#only(new Set(event.calls.map(({ call }) => call.id)));
    }
    const call = this.current;
    if (!call?.id || !('call' in event) || event.call !== call.id) return;
    if (event.op === 'call_peer') call.met(event.here, event.instance ?? '');
    if (event.op === 'call_signal') call.hear(event.instance, event.signal);
    if (event.op === 'call_taken') {
      this.#taken.add(event.call);
      call.leave();
    }
  }

  #stands({ call, person }: OpenCall, seat: Seat): void {
    const { id, room, video, state, outcome = '', answered_at: from = 0, ended_at: to = 0 } = call;
    const incoming = call.callee === actingFor();
    const mine = call.seat === seat.id && !this.#taken.has(id);
    const known = this.#known(call, mine);
    this.elsewhere = this.elsewhere.filter((each) => each.id !== id);
    if (state === 'ended') return known?.finish(outcome || 'failed', from && to ? to - from : 0);
    const given = { id, room, person, incoming, video };
    if (mine) {
      // Nobody who left a call, or never saw that it came about, is in it again unasked, with an open microphone.
      if (known ? known.ended : !seat.keptOf(id)) return parting.tell(id);
      const held = known ?? this.#show(given, seat);
      if (state === 'active') held.begin();
      else held.waiting();
    } else if (state === 'ringing' && incoming) {
      // What was declined a moment ago rings for the server only.
      if (!known && !parting.from(id)) this.#rings(given, seat);
    } else {
      known?.leave();
      this.elsewhere = [...this.elsewhere, given];
    }
  }

  /** Both may have rung at once: then mine has become the answer to theirs, whichever of it is heard first. */
  #known({ id, room, callee }: OpenCall['call'], mine: boolean): ThisCall | undefined {
    const ringing = this.#ringing;
    if (mine && ringing && !ringing.id && ringing.room === room) ringing.id = id;
    const known = [ringing, this.current, ...this.incoming].find((each) => each?.id === id) ?? undefined;
    if (!known || !mine) return known;
    known.incoming = callee === actingFor();
    for (const each of this.incoming) if (each.id === id && each !== known) each.leave();
    return known;
  }

  /** All that have not ended. */
  #only(ids: Set<string>): void {
    this.elsewhere = this.elsewhere.filter(({ id }) => ids.has(id));
    for (const call of this.incoming) if (!ids.has(call.id)) call.leave();
    const { current } = this;
    if (current?.id && !ids.has(current.id)) current.finish(current.phase === 'calling' ? 'missed' : 'answered');
  }

  #show(given: Given, seat: Seat): ThisCall {
    calling.on = true;
    return (this.current = new ThisCall(given, seat, (call, seen) => this.#moved(call, seen)));
  }

  #rings(given: Given, seat: Seat): void {
    calling.on = true;
    this.incoming = [...this.incoming, new ThisCall(given, seat, (call, seen) => this.#moved(call, seen))];
  }

  /** It was answered here, has ended, or was seen to have. */
  #moved(call: ThisCall, seen: boolean): void {
    this.incoming = this.incoming.filter((each) => each !== call);
    if (call.phase !== 'ended') this.current = call;
    else if (seen && this.current === call) this.current = null;
  }

  #seated(): Promise<Seat> {
    this.#taking ??= Seat.take().then((seat) => (this.#seat = seat));
    return this.#taking;
  }

  #forget(): void {
    this.current?.leave();
    for (const call of this.incoming) call.leave();
    this.elsewhere = [];
    this.#taken.clear();
    this.#seat = this.#taking = this.#ringing = null;
  }
}

export const calls = new AllCalls();
stage.calls = calls;
stage.devices = devices;
