"""Live talk while somebody holds a button: who may be talked to, and what both pages say to each other.

All of it is in memory. Whether the other one is there is asked of their sockets; whether they may be talked
to, of the database, and who may not talk hears the same as who talks to nobody.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import partial

from appliance.features.calls import actions
from appliance.features.calls.model import BeginTalk, EndTalk, SayInTalk, TalkBegun, TalkEnded, TalkSignal
from appliance.features.people import actions as people
from appliance.kernel import logs
from appliance.kernel.bus import Bus, Subscriber
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.limits import Limiter
from appliance.kernel.verbs import Peer

BEGINS_PER_MINUTE = 60
SIGNAL_UNITS_PER_S = 32
SIGNAL_BURST = 160
SIGNAL_UNIT = 1024
LONGEST_S = 330.0
"""Clients stop after five minutes."""


@dataclass(slots=True)
class _Talk:
    """`asked`: pages that may listen; `page`: the one that does."""

    id: str
    room: str
    peer: Subscriber
    over_at: float
    asked: list[Subscriber] = field(default_factory=list)
    page: Subscriber | None = None


class Talks:
    """One per server."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._talks: dict[str, _Talk] = {}
        self._begins = Limiter(house.clock, BEGINS_PER_MINUTE, 60)
        self._signals = Limiter(house.clock, SIGNAL_UNITS_PER_S, 1, SIGNAL_BURST)
        self._looking: set[asyncio.Task[None]] = set()
        house.bus.on_move(self._came_or_went)
        house.bus.on_hint(people.PRESENCE, self._chosen)

    def begin(self, bus: Bus, peer: Peer, command: BeginTalk, now: float) -> None:
        """Tell who has the conversation in front of them, once it is known that they may be told."""
        if command.room not in peer.topics:
            raise Refusal("not_found", field="room")
        wait = self._begins.take(peer.account)
        if wait:
            raise Refusal("rate_limited", retry_after_ms=wait, limit="talks")
        if command.talk in self._talks:
            raise Refusal("conflict", field="talk")
        for old in [each for each in self._talks.values() if each.peer is peer or each.over_at <= now]:
            self._end(old)
        talk = self._talks[command.talk] = _Talk(command.talk, command.room, peer, now + LONGEST_S)
        self._look(self._ask(talk))

    def pass_on(self, bus: Bus, peer: Peer, command: SayInTalk, now: float) -> None:
        """What one page says, the other hears."""
        talk = self._of(peer, command.talk)
        for _ in range(1 + (len(command.signal) - 1) // SIGNAL_UNIT):
            wait = self._signals.take(peer.account)
            if wait:
                raise Refusal("rate_limited", retry_after_ms=wait, limit="signals")
        if talk.page is None and peer is not talk.peer:
            talk.page = peer
            bus.send([each for each in talk.asked if each is not peer], TalkEnded(talk=talk.id))
        other = talk.page if peer is talk.peer else talk.peer
        if other is not None:
            bus.send([other], TalkSignal(talk=talk.id, signal=command.signal))

    def end(self, bus: Bus, peer: Peer, command: EndTalk, now: float) -> None:
        """It is over for both; one that does not want to listen leaves it to the other pages."""
        try:
            talk = self._of(peer, command.talk)
        except Refusal:
            return
        self._leave(talk, peer)

    def _of(self, peer: Subscriber, talk_id: str) -> _Talk:
        """A talk that this page has to do with. Whoever has nothing to do with it hears the same, whether
        there is one or not; so does who was taken out of the conversation."""
        talk = self._talks.get(talk_id)
        if talk is None or talk.room not in peer.topics:
            raise Refusal("call_over", field="talk")
        if peer is not talk.peer and (peer is not talk.page if talk.page else peer not in talk.asked):
            raise Refusal("call_over", field="talk")
        return talk

    def _look(self, looking: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(looking)
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _ask(self, talk: _Talk) -> None:
        other = await self._listener(talk)
        if self._talks.get(talk.id) is not talk:
            return
        here = self._house.bus.of_account(other) if other else frozenset()
        talk.asked = [
            each
            for each in here
            if getattr(each, "viewing", None) == talk.room and not getattr(each, "away", False)
        ]
        if not talk.asked:
            self._end(talk)
            return
        self._house.bus.send(talk.asked, TalkBegun(talk=talk.id, room=talk.room))

    async def _listener(self, talk: _Talk) -> str | None:
        """Who may be told of it now, None for nobody."""
        look = partial(actions.may_be_talked_to, room=talk.room, account=talk.peer.account)
        try:
            return await self._house.db.read(look)
        except Refusal:
            return None
        except Exception as error:
            logs.failure("talk.failed", error)
            return None

    def _chosen(self, account: str) -> None:
        """Blocks are told by the same hint as what one chose."""
        for talk in self._talks.values():
            # Nobody was asked yet: then what is being read may be from before.
            if not talk.asked or any(each.account == account for each in (talk.peer, *talk.asked)):
                self._look(self._review(talk))

    async def _review(self, talk: _Talk) -> None:
        """It goes on only between two who might begin it now."""
        if await self._listener(talk) is None and self._talks.get(talk.id) is talk:
            self._end(talk)

    def _leave(self, talk: _Talk, peer: Subscriber) -> None:
        talk.asked = [each for each in talk.asked if each is not peer]
        if peer is talk.peer or peer is talk.page or not talk.asked:
            self._end(talk, but=peer)

    def _end(self, talk: _Talk, but: Subscriber | None = None) -> None:
        self._talks.pop(talk.id, None)
        told = [talk.peer, *([talk.page] if talk.page else talk.asked)]
        self._house.bus.send([each for each in told if each is not but], TalkEnded(talk=talk.id))

    def _came_or_went(self, subscriber: Subscriber, here: bool) -> None:
        if here or not self._talks:
            return
        for talk in list(self._talks.values()):
            if subscriber is talk.peer or subscriber is talk.page or subscriber in talk.asked:
                self._leave(talk, subscriber)
