"""The disk is full, breaks, or is held by somebody else: what is lost is refused, and only that."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.kernel.errors import Refusal
from appliance.kernel.transaction import Tx, refusal_of
from tests.durability.kernel import Batch, Kernel, kernel, little, many_rows, one_large_row


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Kernel]:
    async with kernel(tmp_path, wait_s=0) as opened:
        yield opened


async def leave_room(house: Kernel, pages: int) -> None:
    """Let the database grow by so many pages and no more: beyond, SQLite says SQLITE_FULL."""

    def limit(conn: sqlite3.Connection) -> None:
        now = conn.execute("PRAGMA page_count").fetchone()[0]
        conn.execute(f"PRAGMA max_page_count={now + pages if pages else 2**30}")

    await house.on_writer(limit)


@pytest.mark.parametrize(("too_much", "survives"), [(one_large_row, False), (many_rows, True)])
async def test_a_unit_that_does_not_fit_takes_no_other_of_its_batch_with_it(
    house: Kernel, too_much: Callable[[Tx], None], survives: bool
) -> None:
    await leave_room(house, 10)
    batch = Batch(house)
    first, second, third = await batch.submit(little, too_much, little)
    assert (first, third) == (1, 3)
    assert isinstance(second, Refusal)
    assert second.code == "storage_full"
    assert await house.values() == [1, 3]
    assert house.ear.heard == ["1", "3"]
    # Both ways in which SQLite can fail were met, and the first unit was done over, not just believed.
    assert batch.survived[0] is survives
    assert batch.runs[1] > 1
    await leave_room(house, 0)
    assert await house.db.write(batch.unit(2, too_much)) == 2


async def test_when_nothing_fits_everybody_is_refused_and_nothing_is_told(house: Kernel) -> None:
    await leave_room(house, 1)
    outcomes = await Batch(house).submit(one_large_row, many_rows, one_large_row)
    assert [getattr(each, "code", each) for each in outcomes] == ["storage_full"] * 3
    assert await house.values() == []
    assert house.ear.heard == []


async def test_a_unit_that_hides_the_error_is_not_believed(house: Kernel) -> None:
    """After SQLite has rolled everything back, whatever follows would be outside any transaction."""
    await leave_room(house, 10)

    def hiding(tx: Tx) -> None:
        try:
            one_large_row(tx)
        except sqlite3.Error:
            raise Refusal("forbidden") from None

    batch = Batch(house)
    first, second, third = await batch.submit(little, hiding, little)
    assert (first, third) == (1, 3)
    assert isinstance(second, Refusal)
    assert await house.values() == [1, 3]
    assert house.ear.heard == ["1", "3"]


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Writes of this process beyond `size` bytes of a file fail (EFBIG), which SQLite calls an I/O error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_an_error_of_the_disk_at_commit_is_told_to_whom_it_hit(house: Kernel) -> None:
    """Nothing is written before COMMIT here, so that is where it fails."""
    statements = await house.statements()
    batch = Batch(house)
    with no_file_beyond(house.db._wal.stat().st_size + 15 * 4096):
        first, second, third = await batch.submit(little, one_large_row, little)
    assert statements[:6].count("BEGIN IMMEDIATE") == 1
    assert "COMMIT" in statements[:7]
    assert (first, third) == (1, 3)
    assert isinstance(second, Refusal)
    assert second.code == "storage_busy"
    assert await house.values() == [1, 3]
    assert house.ear.heard == ["1", "3"]
    assert batch.survived == []
    assert batch.runs == {1: 2, 2: 2, 3: 2}
    assert await house.db.write(batch.unit(2, one_large_row)) == 2


async def test_after_errors_of_the_disk_the_file_is_whole(tmp_path: Path) -> None:
    async with kernel(tmp_path) as house:
        for extra in range(0, 40, 3):
            with no_file_beyond(house.db._wal.stat().st_size + extra * 1024):
                await asyncio.gather(
                    *(house.db.write(one_large_row) for _ in range(3)), return_exceptions=True
                )
            await house.db.write(lambda tx: tx.run("DELETE FROM things WHERE n = 900"))
    async with kernel(tmp_path) as house:
        assert await house.db.read(lambda db: db.value("PRAGMA integrity_check")) == "ok"
        assert await house.values() == []


def test_a_full_disk_has_several_names_in_sqlite() -> None:
    for code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE):
        error = sqlite3.OperationalError()
        error.sqlite_errorcode = code
        refusal = refusal_of(error)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "storage_full"


async def test_a_disk_that_can_only_be_read_is_waited_for(house: Kernel) -> None:
    """As Linux leaves a broken one: outboxes keep what waits, instead of giving it up."""

    def only_read(conn: sqlite3.Connection, yes: int) -> None:
        conn.execute(f"PRAGMA query_only={yes}")

    await house.on_writer(lambda conn: only_read(conn, 1))
    (refused,) = await Batch(house).submit(little)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.retry_after_ms > 0) == ("storage_busy", True)
    await house.on_writer(lambda conn: only_read(conn, 0))
    assert await Batch(house).submit(little) == [1]


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Somebody else is in the middle of a write."""
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


async def test_a_database_that_somebody_holds_is_busy_for_all_who_wait_and_free_afterwards(
    house: Kernel, tmp_path: Path
) -> None:
    batch = Batch(house)
    with held(tmp_path / "test.db"):
        outcomes = await batch.submit(little, little)
        assert [each.code for each in outcomes] == ["storage_busy"] * 2
        assert outcomes[0].retry_after_ms > 0
        assert await house.values() == []
    assert batch.runs == {}
    assert await Batch(house).submit(little, little) == [1, 2]
    assert house.ear.heard == ["1", "2"]
