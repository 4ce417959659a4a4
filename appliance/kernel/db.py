"""One writer with group commit, a few readers.

A unit of work is a plain function of an open transaction. It runs in one hop on the writer's thread, so no
transaction ever spans an await, and all units that wait share one transaction and one fdatasync. A unit may
run twice (see `run_batch`), so whatever it does outside the database goes through `tx.emit` and its kind,
which are carried out after COMMIT, in commit order.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from appliance.kernel import logs
from appliance.kernel.bus import Bus
from appliance.kernel.clock import Clock
from appliance.kernel.errors import Refusal
from appliance.kernel.metrics import Metrics
from appliance.kernel.transaction import Outcome, Reader, Tx, Unit, leave, refusal_of, run_batch

T = TypeVar("T")
Done = Callable[[Any, BaseException | None], None]
"""Called on the event loop with a unit's result, or with what it raised."""

MAX_BATCH = 256
"""Units in one transaction: enough that fdatasync no longer counts, few enough that none waits long."""

CHECKPOINT_BYTES = 16 << 20
CHECKPOINT_BYTES_BUSY = 48 << 20
"""Size of the WAL at which it is copied into the database: in a quiet moment, and in any case. A page that is
written often is copied once a checkpoint, so rare ones are cheap; the next start reads what is left."""


EMPTY_WAIT_MS = 100


class Database:
    """The database of one data folder. `open`, then `write`, `submit` and `read` from the event loop."""

    def __init__(
        self, path: Path, clock: Clock, bus: Bus, metrics: Metrics, *, readers: int = 2, wait_s: float = 5
    ) -> None:
        self.path = path
        self._clock = clock
        self._bus = bus
        self._metrics = metrics
        self._wait_s = wait_s
        self._reader_count = readers
        self._writer: aiosqlite.Connection | None = None
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._all_readers: list[aiosqlite.Connection] = []
        self._waiting: deque[tuple[Unit, Done]] = deque()
        self._committing: asyncio.Task[None] | None = None
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._wal = path.with_name(path.name + "-wal")

    async def open(self) -> None:
        """Connect. The schema must already be there (see `migrate`)."""
        self._writer = await self._connect(query_only=False)
        for _ in range(self._reader_count):
            reader = await self._connect(query_only=True)
            self._all_readers.append(reader)
            self._readers.put_nowait(reader)

    async def close(self) -> None:
        """Finish what waits, empty the WAL into the database, disconnect. Nothing may be submitted after."""
        self._closing = True
        await self._idle.wait()
        for reader in self._all_readers:
            await reader.close()
        if self._writer is not None:
            with contextlib.suppress(sqlite3.Error):
                await self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            await self._writer.close()

    @property
    def waiting(self) -> int:
        """Units that wait for the writer."""
        return len(self._waiting)

    def submit(self, unit: Unit, done: Done) -> None:
        """Queue a unit; `done` is called on the loop once its transaction is on disk, or has failed.

        Callbacks instead of tasks: a task a message is a tenth of what a message may cost."""
        if self._closing:
            done(None, Refusal("restarting"))
            return
        self._waiting.append((unit, done))
        if self._idle.is_set():
            self._idle.clear()
            # call_soon lets everything that this turn of the loop still submits into the same batch.
            asyncio.get_running_loop().call_soon(self._launch)

    async def published(self) -> None:
        """Wait until the bus has heard of everything that a read, ended before this, may have seen."""
        if self._committing is not None:
            await asyncio.wait([self._committing])

    async def write(self, unit: Callable[[Tx], T]) -> T:
        """Run a unit and return its result after COMMIT. A caller that is cancelled changes nothing:
        the unit is carried out, or not, all the same."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def done(result: Any, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)

        self.submit(unit, done)
        return await future

    async def read(self, unit: Callable[[Reader], T]) -> T:
        """Run a function of one read snapshot in one hop on a reader's thread."""
        conn = await self._readers.get()
        try:
            work = asyncio.ensure_future(_hop(conn, self._snapshot, conn, unit))
            try:
                # A caller that leaves must not hand the connection on while its thread still uses it.
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                await asyncio.wait([work])
                raise
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY:
                # Not the disk: a function that only reads tried to write.
                raise
            raise refusal_of(error) from error
        finally:
            self._readers.put_nowait(conn)

    async def empty_log(self) -> bool:
        """Copy the write-ahead log into the database and cut it to nothing, so that nothing is left in it of
        what was deleted; False where somebody still reads from it."""
        assert self._writer is not None
        try:
            return bool(await _hop(self._writer, _empty, self._writer._conn, self._wait_s))
        except sqlite3.Error:
            return False

    # The writer

    def _launch(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_BATCH))]
        self._committing = asyncio.ensure_future(self._commit(batch))
        self._committing.add_done_callback(self._next)

    def _next(self, task: "asyncio.Task[None]") -> None:
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            logs.failure("writer.failed", failure)
        if self._waiting:
            self._launch()
        else:
            self._idle.set()

    async def _commit(self, batch: list[tuple[Unit, Done]]) -> None:
        assert self._writer is not None
        began = time.perf_counter()
        try:
            outcomes: list[Outcome] = await _hop(
                self._writer,
                run_batch,
                self._writer._conn,
                [unit for unit, _ in batch],
                self._clock.now_ms(),
            )
        except Exception as error:
            outcomes = [(None, refusal_of(error), []) for _ in batch]
        self._metrics.commit(len(batch), time.perf_counter() - began)
        # Answers first, so that an ack and the event it caused leave in one write.
        for (_, done), (result, failure, effects) in zip(batch, outcomes, strict=True):
            try:
                done(result, failure)
            except Exception as error:
                logs.failure("answer.failed", error)
            try:
                self._bus.apply(effects)
            except Exception as error:
                # One that cannot be told must not keep the others of its batch from being answered.
                logs.failure("publish.failed", error)
        await self._checkpoint()

    async def _checkpoint(self) -> None:
        """Only the writer checkpoints, after its answers went out, and in quiet moments when it can."""
        assert self._writer is not None
        try:
            size = self._wal.stat().st_size
        except OSError:
            return
        if size > (CHECKPOINT_BYTES_BUSY if self._waiting else CHECKPOINT_BYTES):
            with contextlib.suppress(sqlite3.Error):
                await _hop(self._writer, _checkpoint, self._writer._conn)

    # Connections

    async def _connect(self, *, query_only: bool) -> aiosqlite.Connection:
        conn = await aiosqlite.connect(
            self.path, isolation_level=None, timeout=self._wait_s, cached_statements=512
        )
        for pragma in (*PRAGMAS, "query_only=1" if query_only else "query_only=0"):
            await conn.execute(f"PRAGMA {pragma}")
        return conn

    def _snapshot(self, conn: aiosqlite.Connection, unit: Callable[[Reader], T]) -> T:
        raw = conn._conn
        raw.execute("BEGIN")
        try:
            return unit(Reader(raw, self._clock.now_ms()))
        finally:
            leave(raw)


PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=1",
    "wal_autocheckpoint=0",
    # Not larger than what starts a checkpoint: a file that stays longer than that would start one a commit.
    f"journal_size_limit={CHECKPOINT_BYTES}",
    "cache_size=-16384",
    "mmap_size=0",
    "temp_store=MEMORY",
    "trusted_schema=0",
    "secure_delete=1",
)


async def _hop(conn: aiosqlite.Connection, work: Callable[..., T], *args: Any) -> T:
    """Run `work` on the connection's thread. aiosqlite has no public way to run more than one statement in
    one hop, and a hop costs more than a statement; a test holds the pinned version to this."""
    result: T = await conn._execute(work, *args)  # type: ignore[no-untyped-call]
    return result


def _checkpoint(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA wal_checkpoint(PASSIVE)")
    # A finished checkpoint lets the next commit start the file over; a long reader only delays that.


def _empty(conn: sqlite3.Connection, wait_s: float) -> bool:
    # A reader is waited for only shortly: every message waits meanwhile.
    conn.execute(f"PRAGMA busy_timeout={EMPTY_WAIT_MS}")
    try:
        busy, _, _ = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        conn.execute(f"PRAGMA busy_timeout={round(1000 * wait_s)}")
    return not busy
