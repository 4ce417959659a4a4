"""The real server with a cast of devices, how both come and go, and the moments at which all is compared."""

import asyncio
import itertools
import shutil
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

from appliance.app import DATABASE
from appliance.edge.socket import Socket
from appliance.features.auth import actions as auth
from appliance.kernel.db import Database
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader
from tests.client import PATIENCE_S
from tests.model.device import Deed, Device, Sight
from tests.model.ledger import Ledger, Plain
from tests.model.world import REPLAY_ROWS, ROOM_MEMBERS
from tests.server import ROOMY, Account, Server, serving

LIMITS = replace(
    ROOMY,
    room_members=ROOM_MEMBERS,
    replay_rows=REPLAY_ROWS,
    socket_frames_per_second=0,
    sockets_per_address=0,
    sockets_per_person=0,
)
PEOPLE = {"ada": 2, "bela": 2, "chidi": 1, "dana": 1}
"""Names and how many devices each has."""

MOST_ROUNDS = 60

_casts = itertools.count(1)


class Stage:
    """`devices` play; `people` are their accounts; `ledger` is the model; `deeds` every command so far."""

    def __init__(self, folder: Path) -> None:
        self._folders = (folder / f"data{number}" for number in itertools.count())
        self._folder = next(self._folders)
        self._running: AbstractAsyncContextManager[Server] | None = None
        self._ending: list[asyncio.Task[None]] = []
        self.server: Server
        self._late = False
        self.devices: list[Device] = []
        self.people: list[Account] = []
        self.ledger = Ledger()
        self.sights: list[Sight] = []
        self.deeds: list[Deed] = []
        self.reads: list[Deed] = []

    async def open(self) -> None:
        """Start the server."""
        self._running = serving(self._folder, limits=LIMITS)
        self.server = await self._running.__aenter__()
        self.read_late(self._late)

    async def close(self) -> None:
        """Everybody goes, and the server stops."""
        await self.clear()
        if self._running is not None:
            running, self._running = self._running, None
            await running.__aexit__(None, None, None)
        await asyncio.gather(*self._ending)

    async def clear(self) -> None:
        """Everybody goes."""
        for device in self.devices:
            device.cut()
            await device.tidy()

    async def cast(self) -> None:
        """New people with nothing between them, all online."""
        await self.clear()
        self.read_late(False)
        self.ledger, self.sights = Ledger(), []
        self.devices, self.people, self.deeds, self.reads = [], [], [], []
        number = next(_casts)
        for name, count in PEOPLE.items():
            account = await self.server.account(f"{name}{number}")
            self.people.append(account)
            await self._add(account)
            for _ in range(1, count):
                await self.enrol(account)

    async def enrol(self, account: Account) -> None:
        """One more device, which knows nothing yet."""
        await self._add(await self.server.device(account))

    async def _add(self, account: Account) -> None:
        number = next(place for place, person in enumerate(self.people) if person.id == account.id)
        held = sum(device.account.id == account.id for device in self.devices)
        device = Device(f"{list(PEOPLE)[number]}-{held + 1}", account, self.sights)
        await device.connect(self.server)
        self.devices.append(device)

    async def revoke(self, device: Device) -> None:
        """End a device's session; what waits in its outbox goes with it."""
        account = device.account
        if sum(other.account.id == account.id for other in self.devices) == 1:
            return
        await self.server.house.db.write(
            lambda tx: auth.revoke(tx, Who(account.id, account.device), account.device)
        )
        if device.client is not None:
            assert await device.client.closed() == 4401
            device.pump()
        device.cut()
        await device.tidy()
        self.devices.remove(device)
        device.revoked = True

    @property
    def online(self) -> list[Device]:
        return [device for device in self.devices if device.online]

    # Faults

    def read_late(self, late: bool) -> None:
        """From now on, or no longer, whatever is read of the database is handed on only after all commands
        that waited at that moment are committed and published: answers are as old as they can be."""
        self._late = late
        db = self.server.house.db
        if late:
            vars(db)["read"] = partial(_read_late, db)
        else:
            vars(db).pop("read", None)

    async def restart(self) -> None:
        """SIGTERM: sockets are told, everything under way is answered, and a new server starts."""
        assert self._running is not None
        running, self._running = self._running, None
        await running.__aexit__(None, None, None)
        for device in self.devices:
            if device.client is not None:
                await device.client.closed()
                device.pump()
                device.cut()
        await self.open()

    async def crash(self) -> None:
        """The server is gone in the middle of what it does: what its files hold at this instant, while the
        writer's thread goes on, is all that the next one finds."""
        for device in self.devices:
            device.cut()
        before, self._folder = self._folder, next(self._folders)
        self._folder.mkdir()
        for suffix in ("", "-wal"):
            part = before / (DATABASE + suffix)
            if part.exists():
                shutil.copyfile(part, self._folder / part.name)
        assert self._running is not None
        self._ending.append(asyncio.ensure_future(_end(self._running, before)))
        await self.open()

    async def drop(self, device: Device, *, heard: bool, abort: bool = False) -> None:
        """The server closes one device's sockets as it does with slow readers, or (`abort`) gives them up as
        it does with silent ones; `heard`: the device got all that was sent before."""
        if device.client is None:
            return
        for subscriber in self.server.house.bus.everyone():
            if subscriber.device == device.account.device:
                assert isinstance(subscriber, Socket)
                subscriber.beat(inf) if abort else subscriber.hang_up("resume")
        await device.client.closed()
        if heard:
            device.pump()
        device.cut()

    # Comparing

    async def calm(self) -> None:
        """Wait until the server did all that it was asked and every device that is online knows of it.

        A pong says that every command sent before the ping has been queued at the writer, which keeps their
        order; so an empty unit behind them ends after their commits, and by then their events are in the
        outbound queues; so a second pong comes behind those events."""
        for _ in range(MOST_ROUNDS):
            await self._quiet()
            for device in self.online:
                await device.barrier()
                device.pump()
            if not any([await device.follow_up() for device in self.online]):
                return
        raise AssertionError("devices never stop asking")

    async def _quiet(self) -> None:
        """Whatever was sent before this is committed, or will never be."""
        for device in self.online:
            await device.barrier()
        house = self.server.house
        async with asyncio.timeout(PATIENCE_S):
            # A socket that was cut may still have commands in the kernel's buffers.
            while house.metrics.sockets.read() != len(self.online):  # noqa: ASYNC110
                await asyncio.sleep(0)
        await house.db.write(lambda tx: None)

    async def settle(self) -> None:
        """Calm, then explain what happened, and judge what was seen."""
        await self.calm()
        pending = [deed for deed in self.deeds if not deed.settled and deed.sent]
        rooms = set(self.ledger.chats)
        look = await self.server.house.db.read(lambda db: _look(db, pending, rooms))
        outcomes, rows, marks, asides = look
        for deed, outcome in zip(pending, outcomes, strict=True):
            _compare(deed, outcome)
        done = [deed for deed in pending if deed.outcome]
        refused = [deed for deed in pending if deed.error]
        self.ledger.explain(rows, done, refused)
        for deed in (*done, *refused):
            deed.settled = True
        self._settle_reads(marks)
        self._settle_asides(asides, done)
        for sight in self.sights:
            self.ledger.judge(sight)
        self.sights.clear()

    def _settle_reads(self, marks: dict[tuple[str, str], int]) -> None:
        told = [deed for deed in self.reads if deed.ack or deed.error]
        for deed in told:
            self.ledger.explain_read(deed)
        for (room, account), mark in marks.items():
            held = self.ledger.marks.get((room, account), 0)
            unknown = {
                deed.command["seq"]
                for deed in self.reads
                if deed not in told and (deed.command["room"], deed.account) == (room, account)
            }
            assert mark <= held or mark in unknown, f"{account} never read {room} up to {mark}"
            if mark > held:
                self.ledger.marks[room, account] = mark
        self.reads.clear()

    def _settle_asides(self, asides: dict[tuple[str, str], bool], done: list[Deed]) -> None:
        """What is aside now was so before, or somebody put it there."""
        put = {(deed.command["room"], deed.account) for deed in done if deed.command["op"] == "mark_unread"}
        for place, aside in asides.items():
            assert not aside or self.ledger.asides.get(place) or place in put, f"{place} is aside"
        self.ledger.asides = asides


async def _read_late(db: Database, unit: Callable[[Reader], Any]) -> Any:
    found = await Database.read(db, unit)
    # While it stops, it takes no more units.
    with suppress(Refusal):
        await db.write(lambda tx: None)
    return found


async def _end(running: AbstractAsyncContextManager[Server], folder: Path) -> None:
    """Take away a server that crashed, and what it did since."""
    await running.__aexit__(None, None, None)
    shutil.rmtree(folder)


def _compare(deed: Deed, outcome: tuple[str, int, int] | None) -> None:
    """What the client was told against what the server's table of commands has."""
    if deed.ack is not None:
        assert outcome is not None, f"{deed} was acknowledged and is not there"
        assert outcome == (deed.ack["subject"], deed.ack.get("seq", 0), deed.ack["at"]), deed
    if deed.error:
        assert outcome is None, f"{deed} was refused and is there all the same"
    deed.outcome = None if outcome is None else outcome[:2]


Look = tuple[
    list[tuple[str, int, int] | None],
    dict[str, list[Plain]],
    dict[tuple[str, str], int],
    dict[tuple[str, str], bool],
]


def _look(db: Reader, pending: list[Deed], rooms: set[str]) -> Look:
    outcomes: list[Any] = [
        db.row(
            "SELECT subject, seq, at FROM commands WHERE device = :device AND client_id = :client_id",
            device=deed.device.account.device,
            client_id=deed.client_id,
        )
        for deed in pending
    ]
    made = {
        outcome[0]
        for deed, outcome in zip(pending, outcomes, strict=True)
        if outcome and deed.command["op"] in ("create_room", "start_dm")
    }
    rows: dict[str, list[Plain]] = {}
    marks, asides = {}, {}
    for room in sorted(rooms | made):
        found = db.rows(
            "SELECT seq, kind, subject, actor FROM log_rows WHERE log = :log ORDER BY seq", log=room
        )
        assert [row[0] for row in found] == list(range(1, len(found) + 1)), "a log has no holes"
        rows[room] = [(row[1], row[2], row[3]) for row in found]
        held = db.rows(
            "SELECT k.account, k.seq, coalesce(k.put_aside >= m.joined_seq, 0) FROM read_marks k"
            " LEFT JOIN members m ON m.room = k.room AND m.account = k.account WHERE k.room = :room",
            room=room,
        )
        for account, seq, aside in held:
            marks[room, account], asides[room, account] = seq, bool(aside)
    return outcomes, rows, marks, asides
