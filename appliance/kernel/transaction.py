"""An open transaction, and how the units of work that share one are run. All of it on a database thread."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from appliance.kernel import logs
from appliance.kernel.bus import Broadcast, Effect, Follow, HangUp, Hint, Publish, Unfollow, Wake
from appliance.kernel.errors import Refusal

Row = tuple[Any, ...]


class Reader:
    """Reads of one consistent snapshot. `now`: milliseconds since the epoch."""

    __slots__ = ("_conn", "now")

    def __init__(self, conn: sqlite3.Connection, now: int) -> None:
        self._conn = conn
        self.now = now

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows."""
        return self._conn.execute(sql, params).fetchall()

    def each(self, sql: str, **params: Any) -> Iterator[Row]:
        """Row by row, as they are asked for: for what is looked through until enough was found."""
        return self._conn.execute(sql, params)

    def row(self, sql: str, **params: Any) -> Row | None:
        """The first row, or None."""
        found: Row | None = self._conn.execute(sql, params).fetchone()
        return found

    def value(self, sql: str, **params: Any) -> Any:
        """The first column of the first row, or None."""
        found = self._conn.execute(sql, params).fetchone()
        return None if found is None else found[0]


class Tx(Reader):
    """An open transaction. Effects are collected here and happen after COMMIT, or not at all."""

    __slots__ = ("effects",)

    def __init__(self, conn: sqlite3.Connection, now: int) -> None:
        super().__init__(conn, now)
        self.effects: list[Effect] = []

    def run(self, sql: str, **params: Any) -> int:
        """Execute a write; returns the number of rows it changed."""
        return self._conn.execute(sql, params).rowcount

    def run_many(self, sql: str, rows: Iterable[Row]) -> int:
        """Execute a write with `?` parameters for each of `rows`, in half the time that calls of `run` take;
        returns the number of rows it changed."""
        return self._conn.executemany(sql, rows).rowcount

    def emit(self, topic: str, event: Any) -> None:
        """After COMMIT, tell everybody who follows `topic`."""
        self.effects.append(Publish(topic, event))

    def broadcast(self, event: Any) -> None:
        """After COMMIT, tell everybody who is connected."""
        self.effects.append(Broadcast(event))

    def follow(self, account: str, topic: str) -> None:
        """After COMMIT, the account's sockets follow `topic`."""
        self.effects.append(Follow(account, topic))

    def unfollow(self, account: str, topic: str) -> None:
        """After COMMIT, the account's sockets no longer follow `topic`."""
        self.effects.append(Unfollow(account, topic))

    def hang_up(self, device: str, code: str = "session_ended") -> None:
        """After COMMIT, close the device's sockets."""
        self.effects.append(HangUp(device, code))

    def wake(self, what: str) -> None:
        """After COMMIT, whoever waits for `what` looks again."""
        self.effects.append(Wake(what))

    def hint(self, what: str, about: str) -> None:
        """After COMMIT, whoever listens for `what` hears that something about `about` changed."""
        self.effects.append(Hint(what, about))


Unit = Callable[[Tx], Any]
Outcome = tuple[Any, BaseException | None, list[Effect]]


class _BatchLostError(Exception):
    """SQLite rolled back the whole transaction under a unit."""


class _SpoiledError(Exception):
    """A unit failed after it had written, and there is no savepoint to go back to."""


def refusal_of(error: BaseException) -> BaseException:
    """SQLite's own errors as people should hear them; everything else as it is."""
    if isinstance(error, sqlite3.Error):
        extended = getattr(error, "sqlite_errorcode", 0)
        code = extended & 0xFF
        # The second is what a full disk is called when the WAL's index has to grow.
        if code == sqlite3.SQLITE_FULL or extended == sqlite3.SQLITE_IOERR_SHMSIZE:
            return Refusal("storage_full")
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Refusal("storage_busy", retry_after_ms=1000)
        if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            # The disk may come back (Linux lets a broken one only be read), and outboxes keep what waits; but
            # an admin has to hear of it.
            logs.failure("storage.failed", error)
            return Refusal("storage_busy", retry_after_ms=5000)
    return error


def run_batch(conn: sqlite3.Connection, units: list[Unit], now: int) -> list[Outcome]:
    """Runs on the writer's thread. Units share one transaction. Some errors (disk full, I/O) make SQLite
    roll back all of it: then each unit gets a transaction of its own, so that the innocent still commit."""
    # Units hardly ever fail after they have written, and two savepoint statements a unit are a tenth of its
    # cost: so first without, and once more with them where that went wrong.
    for guarded in (False, True):
        try:
            return _one_transaction(conn, units, now, guarded)
        except _SpoiledError:
            continue
        except _BatchLostError as lost:
            if len(units) == 1:
                return [(None, refusal_of(lost.__cause__ or lost), [])]
            break
    outcomes: list[Outcome] = []
    for unit in units:
        try:
            outcomes += _one_transaction(conn, [unit], now, True)
        except _BatchLostError as lost:
            outcomes.append((None, refusal_of(lost.__cause__ or lost), []))
    return outcomes


def _one_transaction(conn: sqlite3.Connection, units: list[Unit], now: int, guarded: bool) -> list[Outcome]:
    try:
        conn.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        leave(conn)
        return [(None, refusal_of(error), []) for _ in units]
    outcomes: list[Outcome] = []
    for unit in units:
        tx = Tx(conn, now)
        written = conn.total_changes
        try:
            if guarded:
                conn.execute("SAVEPOINT unit")
            result = unit(tx)
            if guarded:
                conn.execute("RELEASE unit")
            outcomes.append((result, None, tx.effects))
        except Exception as error:
            if guarded:
                _undo_unit(conn, error)
            elif not conn.in_transaction:
                raise _BatchLostError from error
            elif isinstance(error, sqlite3.Error) or conn.total_changes != written:
                leave(conn)
                raise _SpoiledError from error
            outcomes.append((None, refusal_of(error), []))
    try:
        conn.execute("COMMIT")
    except sqlite3.Error as error:
        leave(conn)
        raise _BatchLostError from error
    return outcomes


def _undo_unit(conn: sqlite3.Connection, error: Exception) -> None:
    """Take back one unit, or find that SQLite already took back the whole transaction."""
    if not conn.in_transaction:
        raise _BatchLostError from error
    try:
        conn.execute("ROLLBACK TO unit")
        conn.execute("RELEASE unit")
    except sqlite3.Error as second:
        leave(conn)
        raise _BatchLostError from second
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        # The transaction survived, but what it holds in memory may be what did not fit: start over alone.
        leave(conn)
        raise _BatchLostError from error


def leave(conn: sqlite3.Connection) -> None:
    if conn.in_transaction:
        with contextlib.suppress(sqlite3.Error):
            conn.execute("ROLLBACK")
