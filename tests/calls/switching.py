"""Ringing without sockets and without disk: the verbs, the mirror and the bus, on one open transaction."""

import sqlite3
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, TypeVar, cast
from unittest.mock import Mock

from appliance.features.calls import api
from appliance.features.calls.worker.ringing import Ringing
from appliance.kernel.bus import Bus
from appliance.kernel.clock import HandClock
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.metrics import Metrics
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx
from appliance.kernel.verbs import Write
from tests.calls.pages import minted

T = TypeVar("T")


@dataclass(eq=False)
class Tab:
    """A page on a device of its own, and its socket. `heard`: all events, in order."""

    who: Who
    seat: str = field(default_factory=lambda: minted("seat"))
    instance: str = field(default_factory=lambda: minted("life"))
    here: bool = False
    heard: list[Any] = field(default_factory=list)
    out: list[Any] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)
    revoked: set[str] | None = None
    viewing: str | None = None
    typed: dict[str, float] = field(default_factory=dict)
    away: bool = False
    account: str = ""
    device: str = ""

    def __post_init__(self) -> None:
        self.account, self.device = self.who.account, self.who.device

    def flush(self) -> None:
        self.heard += self.out
        self.out.clear()

    def hang_up(self, code: str) -> None:
        """The socket that belongs to it closes it."""


class Switching:
    """What a server is to calls. `refused`: the codes of what was refused; `full`: the disk takes nothing."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self.clock = HandClock()
        self.refused: list[str] = []
        self.full = False
        self._pending: list[Callable[[], None]] = []
        self.start()

    def start(self) -> None:
        """A process that knows nothing but the rows."""
        metrics = Metrics()
        self.bus = Bus(lambda event: event, self._pending.append, metrics)
        jobs = SimpleNamespace(register=lambda kind, handler: None)
        house = SimpleNamespace(clock=self.clock, bus=self.bus, db=self, jobs=jobs, metrics=metrics)
        self.ringing = Ringing(cast(House, house))
        house.of_feature = {"ringing": self.ringing, "relay": Mock(), "talks": Mock()}
        self.verbs = api.frames(cast(House, house))
        drive(self.ringing.load())

    # As the database is to whoever uses it

    def submit(self, unit: Callable[[Tx], Any], done: Callable[[Any, BaseException | None], None]) -> None:
        if self.full:
            done(None, Refusal("storage_full"))
        else:
            done(self.do(unit), None)

    async def write(self, unit: Callable[[Tx], T]) -> T:
        return self.do(unit)

    async def read(self, unit: Callable[[Reader], T]) -> T:
        return unit(self.reader)

    @property
    def reader(self) -> Reader:
        return Reader(self.conn, self.clock.now_ms())

    def do(self, unit: Callable[[Tx], T]) -> T:
        """One unit of work, and what comes after its commit; raises what it refuses."""
        if self.full:
            raise Refusal("storage_full")
        tx = Tx(self.conn, self.clock.now_ms())
        self.conn.execute("SAVEPOINT unit")
        try:
            result = unit(tx)
        except Refusal:
            self.conn.execute("ROLLBACK TO unit")
            raise
        finally:
            self.conn.execute("RELEASE unit")
        self.bus.apply(tx.effects)
        return result

    # What happens

    def obey(self, verb: Write, who: Who, command: Any) -> Outcome | None:
        """As a socket does it; None where it is refused."""

        def act() -> Outcome:
            try:
                return self.do(lambda tx: verb.act(tx, who, command))
            except Refusal as refusal:
                if refusal.code == "storage_full" and verb.unwritten is not None:
                    verb.unwritten(who, command)
                raise

        return self.attempt(act)

    def attempt(self, act: Callable[[], T]) -> T | None:
        """None where it is refused."""
        try:
            return act()
        except Refusal as refusal:
            self.refused.append(refusal.code)
            return None

    def settle(self) -> None:
        """All that is due is done, and everybody has heard of it."""
        drive(self.ringing.round())
        for flush in self._pending:
            flush()
        self._pending.clear()


def drive(work: Coroutine[Any, Any, T]) -> T:
    """Run what waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        return cast(T, done.value)
    raise AssertionError("it waits")
