"""Open calls as this process holds them: whose pages are here, what one says to the other, and what has
lasted for long enough.

A mirror of the rows: it is read once at the start, and changes only by what a transaction hinted at when it
was committed, in the order of commits. Sockets and the time since when a page is gone are of this process
alone; after a restart that time begins anew.
"""

import asyncio
from functools import partial
from typing import Any

from appliance.features.calls import actions
from appliance.features.calls.model import (
    GONE_S,
    RING_S,
    AskCalls,
    CallHere,
    CallPeer,
    Calls,
    CallSignal,
    CallTaken,
    Kept,
    Moved,
    OpenCall,
    SendSignal,
)
from appliance.features.calls.worker.held import Open, Side
from appliance.features.people import actions as people
from appliance.kernel.bus import Bus, Subscriber
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.limits import Limiter
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


class Ringing:
    """One per server."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._clock = house.clock
        self._calls: dict[str, Open] = {}
        self._of: dict[str, str] = {}
        self._seated: dict[Subscriber, Open] = {}
        self._signals = Limiter(house.clock, SIGNAL_UNITS_PER_S, 1, SIGNAL_BURST)
        self._astray = False
        self._awake = asyncio.Event()
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
        self._awake.set()

    def _take_up(self, moved: Moved) -> None:
        kept, now = moved.kept, self._clock.monotonic()
        if kept.state == "ended":
            self._let_go(kept)
            return
        call = self._calls.get(kept.id)
        if call is None:
            rung = max(0, self._clock.now_ms() - kept.began_at) / 1000
            call = Open(kept, moved.people, rings_until=now + max(0.0, RING_S - rung))
            self._calls[kept.id] = call
        call.kept, call.people = kept, moved.people
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
        self._awake.set()

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
        self._awake.set()

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
        self._awake.set()

    def _saw(self, call: Open) -> None:
        """Both are here at this moment; written down before whatever either of them says next."""
        call.seen_at = self._clock.monotonic()
        see = partial(actions.see, call_id=call.kept.id, at=self._clock.now_ms())
        self._house.db.submit(see, _never_mind)

    # What happens by itself

    async def run(self) -> None:
        """End what has to end, until cancelled."""
        while True:
            self._awake.clear()
            pause = await self.round()
            try:
                async with asyncio.timeout(pause):
                    await self._awake.wait()
            except TimeoutError:
                continue

    async def round(self) -> float | None:
        """Do everything that is due; returns seconds until there is more, None while nobody calls."""
        async with self._turn:
            done = await self._look_astray()
            for call in list(self._calls.values()):
                done = await self._look_at(call) and done
        if not done:
            return RETRY_S
        now = self._clock.monotonic()
        times = [self._due(call)[0] - now for call in self._calls.values()]
        return max(0.0, min(times)) if times else None

    async def _look_astray(self) -> bool:
        if not self._astray:
            return True
        self._astray = False
        done = not self._calls or await self._write(actions.review)
        self._astray = self._astray or not done
        return done

    async def _look_at(self, call: Open) -> bool:
        at, unit = self._due(call)
        if at > self._clock.monotonic() or call.kept.id not in self._calls:
            return True
        if unit is None:
            self._saw(call)
            return True
        return await self._write(unit)

    def _due(self, call: Open) -> tuple[float, Unit | None]:
        """When something is next to be done about a call, and what; None for seeing that both are here."""
        kept = call.kept
        times: list[tuple[float, Unit | None]] = []
        if kept.state == "ringing":
            times.append((call.rings_until, partial(actions.miss, call_id=kept.id)))
        for account, side in call.sides.items():
            if side.peer is None:
                lose = partial(actions.lose, call_id=kept.id, account=account)
                times.append((side.gone_at + GONE_S, lose))
        if call.together:
            times.append((call.seen_at + SEE_EVERY_S, None))
        return min(times, key=lambda each: each[0])

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
