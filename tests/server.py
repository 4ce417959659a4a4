"""The real server inside a test: on a free loopback port, with the cast's accounts made without hashing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from appliance import app
from appliance.config import Config
from appliance.config.limits import Limits
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.kernel.clock import Clock, SystemClock, TickingClock
from appliance.kernel.house import House
from appliance.kernel.ids import new_secret
from appliance.kernel.session import CommunityRole
from tests.client import Client, connected

ROOMY = Limits(
    messages_per_minute=0,
    rooms_per_hour=0,
    joins_per_hour=0,
    changes_per_minute=0,
    profile_changes_per_hour=0,
    exports_per_day=0,
    requests_per_minute=0,
    sign_ins_per_hour=0,
    registrations_per_hour=0,
    searches_per_minute=0,
    uploads_per_hour=0,
    rings_per_hour=0,
    argon2_memory_mib=19,
)
"""Limits out of the way of tests that are not about them."""


@dataclass(frozen=True)
class Account:
    """An account of the cast with a session: `token` is its bearer token."""

    id: str
    device: str
    token: str


@dataclass
class Server:
    """A running server."""

    house: House
    port: int

    async def account(self, name: str, *, admin: bool = False, role: CommunityRole = "member") -> Account:
        """Make an account and sign it in on a first device."""
        token = new_secret()

        def unit(tx: Any) -> Account:
            me = auth.add_account(
                tx, NewAccount(name, name.title(), "not a hash"), role="admin" if admin else role
            )
            _, device = auth.sign_in(tx, me.id, NewDevice("first", "desktop", token))
            return Account(me.id, device, token)

        return await self.house.db.write(unit)

    async def device(self, account: Account, name: str = "second") -> Account:
        """Sign the account in on one more device."""
        token = new_secret()
        _, device = await self.house.db.write(
            lambda tx: auth.sign_in(tx, account.id, NewDevice(name, "phone", token))
        )
        return Account(account.id, device, token)

    def connect(self, account: Account, **options: Any) -> Any:
        """A client of this account; an async context manager."""
        return connected(self.port, account.token, **options)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


async def room_of(owner: Client, *others: Account, kind: str = "public", **fields: Any) -> str:
    """A new room of `owner` with everybody else in it; returns its id."""
    room = str((await owner.do("create_room", name="Garden", kind=kind, **fields))["subject"])
    for other in others:
        answer = await owner.do("add_member", room=room, person=other.id)
        assert answer["op"] == "ack", answer
    return room


@asynccontextmanager
async def serving(
    folder: Path, *, limits: Limits = ROOMY, clock: Clock | None = None, **options: Any
) -> AsyncIterator[Server]:
    """Start the server on `folder`, which may hold an earlier one's data."""
    config = replace(Config(data=folder, listen="127.0.0.1:0", limits=limits), **options)
    _furnish(folder)
    app.migrate(config)
    async with app.running(config, clock or TickingClock(SystemClock())) as (house, port):
        yield Server(house, port)


def _furnish(folder: Path) -> None:
    """Put a migrated database there, unless there is one."""
    database = folder / app.DATABASE
    if not database.exists():
        folder.mkdir(parents=True, exist_ok=True)
        database.write_bytes(migrated())


@cache
def migrated() -> bytes:
    """A database without a row of anybody's, as the migrations make it. They cost three times as much as all
    else of a start, and what they do is other tests' to say."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        app.migrate(Config(data=folder))
        assert [path.name for path in folder.glob("*.db*")] == [app.DATABASE], "the log is written back"
        return (folder / app.DATABASE).read_bytes()
