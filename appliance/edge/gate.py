"""What all sockets share: who may connect, what commands mean, when a silent peer is dead."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakValueDictionary

import msgspec

from appliance.kernel.commands import digest, once
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.limits import Limiter
from appliance.kernel.replay import LogState
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx
from appliance.kernel.verbs import Verb, Write
from appliance.wire.codec import Lasting, encode
from appliance.wire.frames import Hello, LogReplay, Ping, Replay, Replayed, Report, Welcome

if TYPE_CHECKING:
    from appliance.edge.socket import Socket

SLICES = 30
"""Sockets are looked after in this many slices, so that ten thousand heartbeats never fall in one turn."""

DEAD_AFTER_BEATS = 1.5
"""Looked at once a beat: so a peer has at least a whole beat to answer a ping, and is gone after at most
two and a half (75 s)."""


class Keys(NamedTuple):
    """What the features know of who may come in. `session(db, token)`: whose session a token is; `device(db,
    device)`: who is signed in on a device; `redeem(ticket)`: whose ticket it is, and uses it up;
    `seen(device)`: it is here now."""

    session: Callable[[Reader, str], Who | None]
    device: Callable[[Reader, str], Who | None]
    redeem: Callable[[str], Awaitable[Who | None]]
    seen: Callable[[str], None]


class Gate:
    """One per server."""

    def __init__(self, house: House, verbs: dict[type, Verb], keys: Keys) -> None:
        self.house = house
        self.verbs = verbs
        self.seen = keys.seen
        self._keys = keys
        kinds = (Hello, Replay, Ping, Report, *verbs)
        self.decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(reduce(or_, kinds))
        limits = house.config.limits
        self.frames = Limiter(house.clock, limits.socket_frames_per_second, 1, limits.socket_frame_burst)
        self._slices: list[set[Socket]] = [set() for _ in range(SLICES)]
        self._next = 0
        self._by_address: Counter[str] = Counter()
        self._by_person: Counter[str] = Counter()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        house.metrics.sockets.read = lambda: sum(map(len, self._slices))

    async def who(self, token: str) -> Who | None:
        """Whose session this is; None for nobody's."""
        return await self.house.db.read(lambda db: self._keys.session(db, token))

    async def who_shows(self, token: str, ticket: str) -> Who | None:
        """Who comes with this ticket, good this once, or else with this token; None for nobody."""
        if ticket:
            return await self._keys.redeem(ticket)
        return await self.who(token) if token else None

    async def who_on(self, device: str) -> Who | None:
        """Who is signed in there now; None for nobody any more."""
        return await self.house.db.read(lambda db: self._keys.device(db, device))

    def verb_of(self, who: Who, command: Any) -> Verb | None:
        """What a feature's command does; None for the connection's own. Raises forbidden for a guest where
        guests may not, and for a session that is confined to something else."""
        verb = self.verbs.get(type(command))
        if verb is None:
            return None
        if (who.guest and not verb.guests) or not who.may_use(verb.scope):
            raise Refusal("forbidden")
        return verb

    # Counting sockets

    def admit(self, socket: "Socket", address: str) -> bool:
        """Count a new socket; False when its address has too many."""
        self._slices[id(socket) // 64 % SLICES].add(socket)
        self._by_address[address] += 1
        most = self.house.config.limits.sockets_per_address
        return not most or self._by_address[address] <= most

    def admit_person(self, account: str) -> bool:
        """Count an authenticated socket; False when its person has too many."""
        self._by_person[account] += 1
        most = self.house.config.limits.sockets_per_person
        return not most or self._by_person[account] <= most

    def forget(self, socket: "Socket", address: str, account: str | None) -> None:
        """A socket is gone."""
        self._slices[id(socket) // 64 % SLICES].discard(socket)
        _uncount(self._by_address, address)
        if account is not None:
            _uncount(self._by_person, account)

    async def beat(self) -> None:
        """Ping every socket once a heartbeat and drop the dead ones, until cancelled."""
        every = self.house.config.limits.heartbeat_seconds
        while True:
            await asyncio.sleep(every / SLICES)
            self.beat_slice(self.house.clock.monotonic() - every * DEAD_AFTER_BEATS)

    def beat_slice(self, dead_before: float) -> None:
        """Look after the next slice of sockets."""
        for socket in list(self._slices[self._next]):
            socket.beat(dead_before)
        self._next = (self._next + 1) % SLICES

    # Replays

    def turn_of(self, account: str) -> asyncio.Lock:
        """Held while something is replayed to one of the account's sockets, which keep it alive: one replay
        of a person at a time, else a few sockets of one could keep every reader of the database busy."""
        turn = self._turns.get(account)
        if turn is None:
            self._turns[account] = turn = asyncio.Lock()
        return turn

    async def welcome(self, who: Who, hello: Hello) -> bytes:
        """The answer to hello, encoded: everything the client missed."""
        house = self.house

        def build(db: Reader) -> tuple[bytes, Callable[[], None]]:
            states, summaries = house.replays.all(db, who.account, hello.positions, fresh=True)
            welcome = encode(
                Welcome(
                    id=hello.id,
                    account=who.account,
                    device=who.device,
                    now=db.now,
                    heartbeat_s=house.config.limits.heartbeat_seconds,
                    logs=[_wire(state) for state in states],
                    summaries=summaries,
                )
            )
            return welcome, house.replays.heard(db, who.account, hello.positions)

        welcome, heard = await house.db.read(build)
        heard()
        return welcome

    async def replay(self, who: Who, asked: Replay) -> bytes:
        """The answer to replay, encoded."""

        def build(db: Reader) -> bytes:
            states, summaries = self.house.replays.all(db, who.account, asked.positions, fresh=False)
            logs = [_wire(state) for state in states]
            return encode(Replayed(id=asked.id, logs=logs, summaries=summaries))

        return await self.house.db.read(build)

    async def topics(self, who: Who) -> list[str]:
        """The rooms whose events this account's sockets get, and what else they follow."""
        of, besides = self.house.replays.rooms_of, self.house.replays.besides
        found = await self.house.db.read(lambda db: of(db, who.account) + besides(db, who.account))
        # A commit can be read a moment before it is published: whoever joined by it must not hear what was
        # published of the room from before that.
        await self.house.db.published()
        return found


def carry_out(verb: Write, who: Who, command: Any, tx: Tx) -> tuple[str, int, int]:
    """Do what a command says, once if it is to last; returns (subject, seq, at)."""
    if isinstance(command, Lasting):
        return once(tx, who, command.client_id, digest(command), lambda: verb.act(tx, who, command))
    outcome = verb.act(tx, who, command)
    return outcome.subject, outcome.seq, tx.now


def _wire(state: LogState) -> LogReplay:
    return LogReplay(
        log=state.log,
        after=state.after,
        to=state.to,
        reset=state.reset,
        gone=state.gone,
        events=state.events,
    )


def _uncount(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
