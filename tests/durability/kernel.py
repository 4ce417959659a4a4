"""A database with a bus and one ear on it, without the rest of the server."""

import asyncio
import sqlite3
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
from appliance.kernel.transaction import Tx

TOPIC = "garden"
LARGE = 200 * 1024


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


class Batch:
    """Units of one turn of the loop, and what became of them."""

    def __init__(self, house: Kernel) -> None:
        self.house = house
        self.runs: dict[int, int] = {}
        self.survived: list[bool] = []
        """For each statement that failed, whether the transaction was still open after it."""

    def unit(self, number: int, write: Callable[[Tx], object]) -> Callable[[Tx], int]:
        def run(tx: Tx) -> int:
            self.runs[number] = self.runs.get(number, 0) + 1
            tx.run("INSERT INTO things (n) VALUES (:n)", n=number)
            tx.emit(TOPIC, number)
            try:
                write(tx)
            except sqlite3.Error:
                self.survived.append(tx._conn.in_transaction)
                raise
            return number

        return run

    async def submit(self, *writes: Callable[[Tx], object]) -> list[Any]:
        """Number and submit them; results or errors, by place."""
        outcomes: list[asyncio.Future[Any]] = []
        for number, write in enumerate(writes, 1):
            future = asyncio.get_running_loop().create_future()
            outcomes.append(future)

            def done(result: Any, error: BaseException | None, future: asyncio.Future[Any] = future) -> None:
                future.set_result(result if error is None else error)

            self.house.db.submit(self.unit(number, write), done)
        found = [await future for future in outcomes]
        await asyncio.sleep(0)
        return found


def little(tx: Tx) -> None:
    pass


def one_large_row(tx: Tx) -> None:
    tx.run("INSERT INTO things (n, blob) VALUES (900, randomblob(:size))", size=LARGE)


def many_rows(tx: Tx) -> None:
    """One statement that can fail half-way and then takes only itself back, not the transaction."""
    tx.run(
        "INSERT INTO things (n, blob) WITH RECURSIVE counted (n) AS"
        " (SELECT 900 UNION ALL SELECT n + 1 FROM counted WHERE n < 960)"
        " SELECT n, randomblob(4000) FROM counted"
    )
