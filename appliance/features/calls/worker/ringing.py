"""Open calls as this process holds them: whose pages are here, what one says to the other, and what has
lasted for long enough.

A mirror of the rows: it is read once at the start, and changes only by what a transaction hinted at when it
was committed, in the order of commits. Sockets and the time since when a page is gone are of this process
alone; after a restart that time begins anew.

Only an end does not wait for the disk: where the database takes nothing, both pages hear of it all the same,
and it is written down once that is possible, before either of the two rings or answers again.
"""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from appliance.features.calls import actions
from appliance.features.calls.model import (
    GONE_S,
    RING_S,
    AskCalls,
    CallChanged,
    CallHere,
    CallOutcome,
    CallPeer,
    Calls,
    CallSignal,
    CallTaken,
    DeclineCall,
    HangUpCall,
    Kept,
    Moved,
    OpenCall,
    SendSignal,
)
from appliance.features.calls.worker.held import Open, Side
from appliance.features.calls.worker.owing import Owing
from appliance.features.people import actions as people
from appliance.kernel.bus import Bus, Hint, Subscriber
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.limits import Limiter
from appliance.kernel.session import Who
from appliance.kernel.tasks import Alarm
from appliance.kernel.transaction import Unit
from appliance.kernel.verbs import Peer

SEE_EVERY_S = 60.0
"""So often it is written down that both pages are here: how wrong a duration can be after a crash."""
SEEN_LATELY_S = 5.0
"""A page may say as often as it likes that it is here; that is written down no more often than this."""
RETRY_S = 1.0

SIGNAL_UNITS_PER_S = 32
SIGNAL_BURST = 160
SIGNAL_UNIT = 1024
"""What one person says to the other side, in KiB: far less than what closes a socket that reads slowly."""


class _Due(NamedTuple):
    """What is to be done about a call, and when (monotonic): to write that both are here, or to end it;
    then `left` is who went, None for nobody, and `over_at` when that was, 0 for now."""

    at: float
    unit: Unit | None = None
    left: str | None = None
    over_at: int = 0


class Ringing:
    """One per server."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._clock = house.clock
        self._calls: dict[str, Open] = {}
        self._of: dict[str, str] = {}
        self._seated: dict[Subscriber, Open] = {}
        self.owing = Owing()
        self._signals = Limiter(house.clock, SIGNAL_UNITS_PER_S, 1, SIGNAL_BURST)
        self._astray = False
        self._alarm = Alarm()
        self._turn = asyncio.Lock()
        house.metrics.calls.read = lambda: len(self._calls)
        house.jobs.register(actions.TIDY, self._tidy)
        house.bus.on_hint(actions.MOVED, self._moved)
        house.bus.on_hint(people.PRESENCE, self._changed)
        house.bus.on_hang_up(self._signed_out)
        house.bus.on_move(self._came_or_went)

    async def load(self) -> None:
        """Take up the calls that an earlier process left open."""
        for moved in await self._house.db.read(actions.open_calls):
            self._take_up(moved)
        self._look_after()

    # What transactions say

    def _moved(self, about: str) -> None:
        self._take_up(actions.moved(about))
        self._alarm.wake()

    def _take_up(self, moved: Moved) -> None:
        kept, now = moved.kept, self._clock.monotonic()
        if kept.state == "ended":
            self.owing.settle(kept.id)
            self._let_go(kept)
            return
        if kept.id in self.owing:
            return
        call = self._calls.get(kept.id)
        if call is None:
            rung = max(0, self._clock.now_ms() - kept.began_at) / 1000
            call = Open(kept, moved.people, rings_until=now + max(0.0, RING_S - rung))
            self._calls[kept.id] = call
        # That both are here may not be written yet.
        call.kept = replace(kept, seen_at=max(kept.seen_at, call.kept.seen_at))
        call.people = moved.people
        for account in (kept.caller, kept.callee):
            seat, device = kept.seat_of(account)
            if seat and account not in call.sides:
                call.sides[account] = Side(seat, device, gone_at=now)
            if kept.concerns(account):
                self._of[account] = kept.id
            elif self._of.get(account) == kept.id:
                del self._of[account]

    def _let_go(self, kept: Kept) -> None:
        call = self._calls.pop(kept.id, None)
        for account in (kept.caller, kept.callee):
            if self._of.get(account) == kept.id:
                del self._of[account]
        for side in call.sides.values() if call is not None else ():
            if side.peer is not None:
                self._seated.pop(side.peer, None)

    def _changed(self, account: str) -> None:
        """Blocks are told by the same hint as what one chose."""
        if any(account in (call.kept.caller, call.kept.callee) for call in self._calls.values()):
            self._look_after()

    def _signed_out(self, device: str, code: str) -> None:
        if code == "session_ended" and self._calls:
            self._look_after()

    def _look_after(self) -> None:
        self._astray = True
        self._alarm.wake()

    # What pages say

    def tell_open(self, bus: Bus, peer: Peer, command: AskCalls, now: float) -> None:
        """Which call of theirs has not ended."""
        call = self._calls.get(self._of.get(peer.account, ""))
        calls: list[OpenCall] = []
        if call is not None:
            person = call.people[call.kept.other(peer.account)]
            calls.append(OpenCall(call=actions.shown_to(call.kept, peer.account), person=person))
        bus.send([peer], Calls(calls=calls))

    def sit(self, bus: Bus, peer: Peer, command: CallHere, now: float) -> None:
        """This socket is the page's from here on."""
        call, side = self._side(peer, command.call)
        if (side.seat, side.device) != (command.seat, peer.device):
            raise Refusal("call_elsewhere", field="seat")
        self._count(peer, SIGNAL_UNIT)
        if side.peer is not None and side.peer is not peer:
            bus.send([side.peer], CallTaken(call=command.call))
            self._seated.pop(side.peer, None)
        side.peer, side.instance = peer, command.instance
        self._seated[peer] = call
        other = call.across(peer.account)
        if other is not None and other.peer is not None:
            bus.send([peer], CallPeer(call=command.call, here=True, instance=other.instance))
            bus.send([other.peer], CallPeer(call=command.call, here=True, instance=command.instance))
            if not call.seen_at or self._clock.monotonic() - call.seen_at >= SEEN_LATELY_S:
                self._saw(call)
        else:
            bus.send([peer], CallPeer(call=command.call, here=False))
        self._alarm.wake()

    def pass_on(self, bus: Bus, peer: Peer, command: SendSignal, now: float) -> None:
        """What one page says, the other hears, and nobody else."""
        call, side = self._side(peer, command.call)
        if side.peer is not peer:
            raise Refusal("call_elsewhere", field="call")
        if side.instance != command.instance:
            raise Refusal("bad_request", field="instance")
        self._count(peer, len(command.signal))
        other = call.across(peer.account)
        if other is None or other.peer is None:
            raise Refusal("call_peer_away", field="call")
        signal = CallSignal(call=command.call, instance=command.instance, signal=command.signal)
        bus.send([other.peer], signal)

    def _side(self, peer: Peer, call_id: str) -> tuple[Open, Side]:
        """The asker's own side. Whoever has none hears the same, whether there is such a call or not."""
        call = self._calls.get(call_id)
        if call is None or not call.kept.concerns(peer.account):
            raise Refusal("call_over", field="call")
        side = call.sides.get(peer.account)
        if side is None:
            raise Refusal("forbidden", field="call")
        return call, side

    def _count(self, peer: Peer, length: int) -> None:
        for _ in range(1 + (length - 1) // SIGNAL_UNIT):
            wait = self._signals.take(peer.account)
            if wait:
                raise Refusal("rate_limited", retry_after_ms=wait, limit="signals")

    def _came_or_went(self, subscriber: Subscriber, here: bool) -> None:
        call = None if here else self._seated.pop(subscriber, None)
        if call is None:
            return
        if call.together:
            self._saw(call)
        side = call.sides[subscriber.account]
        side.peer, side.gone_at = None, self._clock.monotonic()
        other = call.across(subscriber.account)
        if other is not None and other.peer is not None:
            self._house.bus.send([other.peer], CallPeer(call=call.kept.id, here=False))
        self._alarm.wake()

    def _saw(self, call: Open) -> None:
        """Both are here at this moment; written down before whatever either of them says next."""
        now = self._clock.now_ms()
        call.seen_at, call.kept = self._clock.monotonic(), replace(call.kept, seen_at=now)
        self._house.db.submit(partial(actions.see, call_id=call.kept.id, at=now), _never_mind)

    # What the database does not take

    def hung_up(self, who: Who, command: HangUpCall) -> None:
        """It is over for both, although that cannot be written yet."""
        call = self._calls.get(command.call)
        if call is not None and call.kept.concerns(who.account):
            self._end(call, call.kept.ends(who.account, "declined"))

    def declined(self, who: Who, command: DeclineCall) -> None:
        """It no longer rings, although that cannot be written yet."""
        call = self._calls.get(command.call)
        kept = None if call is None else call.kept
        rings = kept is not None and kept.state == "ringing" and kept.concerns(who.account)
        if call is not None and rings and who.account != call.kept.caller:
            self._end(call, "declined")

    def _end(self, call: Open, outcome: CallOutcome, at: int = 0) -> None:
        kept = call.kept
        over = replace(kept, state="ended", outcome=outcome, ended_at=at or self._clock.now_ms())
        self.owing.add(over)
        self._let_go(kept)
        for account in (kept.caller, kept.callee):
            if kept.concerns(account):
                person = call.people[kept.other(account)]
                changed = CallChanged(call=actions.shown_to(over, account), person=person)
                self._house.bus.publish(account, changed)
        if kept.state == "ringing" and not kept.hidden:
            self._house.bus.apply([Hint(actions.QUIET, kept.id)])
        self._alarm.wake()

    # What happens by itself

    async def run(self) -> None:
        """End what has to end, until cancelled."""
        await self._alarm.follow(self.round)

    async def round(self) -> float | None:
        """Do everything that is due; returns seconds until there is more, None while nobody calls."""
        async with self._turn:
            done = await self.owing.pay(self._write)
            done = await self._look_astray() and done
            for call in list(self._calls.values()):
                done = await self._look_at(call) and done
        if not done:
            return RETRY_S
        now = self._clock.monotonic()
        times = [self._due(call).at - now for call in self._calls.values()]
        return max(0.0, min(times)) if times else None

    async def _look_astray(self) -> bool:
        if not self._astray:
            return True
        self._astray = False
        done = not self._calls or await self._write(actions.review)
        self._astray = self._astray or not done
        return done

    async def _look_at(self, call: Open) -> bool:
        due = self._is_due(call)
        if due is None:
            return True
        if due.unit is None:
            self._saw(call)
            return True
        if await self._write(due.unit):
            return True
        # Meanwhile somebody may have answered, or come back.
        due = self._is_due(call)
        if due is not None and due.unit is not None:
            self._end(call, call.kept.ends(due.left or call.kept.callee), due.over_at)
        return False

    def _is_due(self, call: Open) -> _Due | None:
        due = self._due(call)
        held = self._calls.get(call.kept.id) is call
        return due if held and due.at <= self._clock.monotonic() else None

    def _due(self, call: Open) -> _Due:
        """What is next to be done about a call."""
        kept = call.kept
        times: list[_Due] = []
        if kept.state == "ringing":
            times.append(_Due(call.rings_until, partial(actions.miss, call_id=kept.id)))
        for account, side in call.sides.items():
            if side.peer is None:
                lose = partial(actions.lose, call_id=kept.id, account=account)
                at = kept.seen_at if kept.state == "active" else 0
                times.append(_Due(side.gone_at + GONE_S, lose, account, at))
        if call.together:
            times.append(_Due(call.seen_at + SEE_EVERY_S))
        return min(times, key=lambda each: each.at)

    async def _write(self, unit: Unit) -> bool:
        """False where the database takes nothing now."""
        try:
            await self._house.db.write(unit)
        except Refusal:
            return False
        return True

    async def _tidy(self, payload: dict[str, Any]) -> int | None:
        return await self._house.db.write(actions.tidy)


def _never_mind(result: object, error: BaseException | None) -> None:
    """It is written again in a minute."""
