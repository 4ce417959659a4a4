"""A database with a bus and one ear on it, without the rest of the server."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.kernel.bus import Bus
from appliance.kernel.clock import HandClock
from appliance.kernel.db import Database, _hop
from appliance.kernel.metrics import Metrics
from appliance.kernel.migrate import migrate

TOPIC = "garden"


class Ear:
    """A subscriber that remembers all it was told."""

    def __init__(self, account: str = "ada", device: str = "first") -> None:
        self.account = account
        self.device = device
        self.out: list[bytes] = []
        self.topics: set[str] = set()
        self.revoked: set[str] | None = None
        self.heard: list[str] = []
        self.codes: list[str] = []

    def flush(self) -> None:
        self.heard += [frame.decode() for frame in self.out]
        self.out.clear()

    def hang_up(self, code: str) -> None:
        self.codes.append(code)


@dataclass
class Kernel:
    """`ear` follows TOPIC and the account "ada". Events are plain texts here."""

    db: Database
    bus: Bus
    clock: HandClock
    metrics: Metrics
    ear: Ear

    async def on_writer(self, work: Callable[..., Any], *args: Any) -> Any:
        """Run `work(connection, *args)` on the writer's thread, between its transactions."""
        assert self.db._writer is not None
        return await _hop(self.db._writer, work, self.db._writer._conn, *args)

    async def statements(self) -> list[str]:
        """From now on every statement of the writer is added to the returned list."""
        seen: list[str] = []
        await self.on_writer(lambda conn: conn.set_trace_callback(seen.append))
        return seen

    async def values(self) -> list[int]:
        """What stands in the table `things`."""
        return [row[0] for row in await self.db.read(lambda db: db.rows("SELECT n FROM things ORDER BY n"))]


def prepared(event: Any) -> bytes:
    """How events become bytes here."""
    return str(event).encode()


@asynccontextmanager
async def kernel(
    folder: Path, *, prepare: Callable[[Any], bytes] = prepared, **options: Any
) -> AsyncIterator[Kernel]:
    """A migrated database with the tables `things (n, blob)` and `parts (thing -> things)` besides."""
    import asyncio

    path = folder / "test.db"
    fresh = not path.exists()
    migrate(path)
    metrics, clock = Metrics(), HandClock()
    bus = Bus(prepare, asyncio.get_running_loop().call_soon, metrics)
    db = Database(path, clock, bus, metrics, **options)
    await db.open()
    ear = Ear()
    bus.attach(ear)
    bus.begin(ear, [TOPIC])
    try:
        if fresh:
            await db.write(lambda tx: tx.run("CREATE TABLE things (n INTEGER PRIMARY KEY, blob BLOB)"))
            await db.write(lambda tx: tx.run("CREATE TABLE parts (thing INTEGER REFERENCES things (n))"))
        yield Kernel(db, bus, clock, metrics, ear)
    finally:
        await db.close()
