"""What this feature does by itself: tells how far others are, writes down what was delivered, wipes."""

import asyncio
import heapq
from collections.abc import Callable
from functools import partial
from typing import Any

from appliance.features.messages import actions
from appliance.features.messages.model import Delivered, ReceiptsChanged
from appliance.features.messages.receipts import Holdings, RoomMarks
from appliance.kernel.bus import Bus, Subscriber
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.tasks import Alarm
from appliance.kernel.transaction import Reader
from appliance.kernel.verbs import Peer

EVERY_S = 1.0
"""Between two times that the same room hears of receipts."""
FLUSH_S = 60.0
AT_ONCE = 200
"""Marks, or rooms, in one unit of work: messages must get in between."""
WIPED_AT_ONCE = 20


class ReceiptTeller:
    """Tells those who have a room on screen how far the others are, at once and then once a second at most.
    Nobody looks: nothing is read, and nothing is made."""

    def __init__(self, house: House) -> None:
        self._bus = house.bus
        self._db = house.db
        self._clock = house.clock
        self.holdings = Holdings()
        self._due: list[tuple[float, str]] = []
        self._waiting: set[str] = set()
        self._told: dict[str, float] = {}
        self._alarm = Alarm()
        self._turn = asyncio.Lock()

    def delivered(self, bus: Bus, peer: Peer, command: Delivered, now: float) -> None:
        """A device holds more of some rooms."""
        for room, seq in command.marks.items():
            if room in peer.topics and self.holdings.note(room, peer.account, seq):
                self.touch(room)

    def heard(self, db: Reader, account: str, positions: dict[str, int]) -> Callable[[], None]:
        """What `hello` says of what a device holds; the result is to be called on the event loop."""
        found = actions.news(db, account, positions)

        def note() -> None:
            for room, seq in found:
                if self.holdings.note(room, account, seq):
                    self.touch(room)

        return note

    def touch(self, room: str) -> None:
        """A mark moved in `room`: tell it now, or when its second is over."""
        if room not in self._waiting:
            self._wait_until(max(self._clock.monotonic(), self._told.get(room, -1e9) + EVERY_S), room)

    def _wait_until(self, due: float, room: str) -> None:
        first = not self._due or due < self._due[0][0]
        self._waiting.add(room)
        heapq.heappush(self._due, (due, room))
        if first:
            self._alarm.wake()

    async def run(self) -> None:
        """Tell what is due, until cancelled."""
        await self._alarm.follow(self.tell_due)

    async def tell_due(self) -> float | None:
        """Tell every room whose time has come; returns seconds until the next one, None for none."""
        # One after the other: of two looks at a room the older one must not be told last.
        async with self._turn:
            while rooms := self._take_due():
                viewers = {room: found for room in rooms if (found := self._viewers(room))}
                if viewers:
                    await self._tell(viewers)
        return self._due[0][0] - self._clock.monotonic() if self._due else None

    def _take_due(self) -> list[str]:
        now = self._clock.monotonic()
        rooms: list[str] = []
        while self._due and self._due[0][0] <= now and len(rooms) < AT_ONCE:
            room = heapq.heappop(self._due)[1]
            self._waiting.discard(room)
            rooms.append(room)
        # What is older holds nothing back any more.
        while self._told and (oldest := next(iter(self._told))) and self._told[oldest] + EVERY_S <= now:
            del self._told[oldest]
        return rooms

    def _viewers(self, room: str) -> dict[str, list[Subscriber]]:
        """The sockets that have the room on screen, by account."""
        found: dict[str, list[Subscriber]] = {}
        for peer in self._bus.followers(room):
            if getattr(peer, "viewing", None) == room:
                found.setdefault(peer.account, []).append(peer)
        return found

    async def _tell(self, viewers: dict[str, dict[str, list[Subscriber]]]) -> None:
        now = self._clock.monotonic()
        for room in viewers:
            self._told.pop(room, None)
            self._told[room] = now
        held = {room: self.holdings.of(room) for room in viewers}

        def look(db: Reader) -> list[RoomMarks]:
            return [actions.marks(db, room, held[room]) for room in viewers]

        try:
            found = await self._db.read(look)
        except Refusal:
            for room in viewers:
                if room not in self._waiting:
                    self._wait_until(now + EVERY_S, room)
            return
        for marks in found:
            self._send(marks, viewers[marks.room])

    def _send(self, marks: RoomMarks, viewers: dict[str, list[Subscriber]]) -> None:
        same: dict[object, tuple[ReceiptsChanged, list[Subscriber]]] = {}
        for account, peers in viewers.items():
            # Who left, or stopped looking, while the database was read, hears nothing of it.
            still = [peer for peer in peers if getattr(peer, "viewing", None) == marks.room]
            still = [peer for peer in still if marks.room in peer.topics]
            group = marks.same_for(account)
            if not still or group is None:
                continue
            if group not in same:
                same[group] = (marks.seen_by(account), [])
            same[group][1].extend(still)
        for event, peers in same.values():
            self._bus.send(peers, event)

    async def flush(self) -> None:
        """Write down what devices hold, or keep it for the next time when the database takes no writes."""
        held = self.holdings.all()
        for start in range(0, len(held), AT_ONCE):
            some = held[start : start + AT_ONCE]
            try:
                await self._db.write(partial(actions.keep_delivered, held=some))
            except Refusal:
                return
            # Not before: in between somebody would see a mark fall back.
            self.holdings.forget(some)

    async def keep_flushing(self) -> None:
        """Flush every minute until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_S)
            await self.flush()


class Cleaning:
    """The jobs of this feature."""

    def __init__(self, house: House) -> None:
        self._db = house.db
        house.jobs.register(actions.WIPE, self.wipe)
        house.jobs.register(actions.TIDY, self.tidy)

    async def wipe(self, payload: dict[str, Any]) -> None:
        """Delete what somebody said, room by room. After a crash it begins anew, and finds what is left."""
        rooms = payload["rooms"]
        if "until" in payload:  # as versions before 0.1.0 queued it
            rooms = await self._db.read(partial(actions.heads_at, rooms=rooms, at=payload["until"]))
        for room, head in rooms.items():
            after: int | None = 0
            while after is not None:
                look = partial(
                    actions.said_by, account=payload["account"], room=room, after=after, until=head
                )
                mine, after = await self._db.read(partial(look, most=actions.LOOKED_AT))
                for start in range(0, len(mine), WIPED_AT_ONCE):
                    some = mine[start : start + WIPED_AT_ONCE]
                    await self._db.write(partial(actions.bury_all, messages=some, actor=payload["actor"]))

    async def tidy(self, payload: dict[str, Any]) -> int | None:
        """Drop drafts of rooms that their owners left; again in an hour, as long as there are drafts."""
        return await self._db.write(actions.tidy)
