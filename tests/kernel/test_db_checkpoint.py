"""The write-ahead log stays small, whoever reads meanwhile, and is emptied seldom rather than always."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from appliance.kernel import db as database
from appliance.kernel.db import CHECKPOINT_BYTES, CHECKPOINT_BYTES_BUSY, PRAGMAS
from appliance.kernel.transaction import Tx
from tests.durability.kernel import Kernel, kernel

LIMIT = 1 << 20
"""What starts a checkpoint here, so that a short test has many."""
PIECE = 64 * 1024
A_COMMIT = 2 * PIECE
"""More than one unit of these tests writes to the log."""


@pytest.fixture
def checkpoints(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each checkpoint."""
    seen: list[int] = []
    real = database._checkpoint

    def counted(conn: Any) -> None:
        seen.append(1)
        real(conn)

    monkeypatch.setattr(database, "_checkpoint", counted)
    return seen


@pytest.fixture(autouse=True)
def small_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "CHECKPOINT_BYTES", LIMIT)
    smaller = [p for p in PRAGMAS if not p.startswith("journal_size_limit=")]
    monkeypatch.setattr(database, "PRAGMAS", (*smaller, f"journal_size_limit={LIMIT}"))


def test_the_file_is_cut_to_less_than_what_starts_a_checkpoint() -> None:
    """Or it would stay that long for ever, and every commit would checkpoint."""
    (limit,) = (int(p.partition("=")[2]) for p in PRAGMAS if p.startswith("journal_size_limit="))
    assert 0 < limit <= CHECKPOINT_BYTES < CHECKPOINT_BYTES_BUSY


def put(tx: Tx) -> None:
    tx.run("INSERT INTO things (blob) VALUES (randomblob(:size))", size=PIECE)


async def write(house: Kernel, megabytes: int) -> int:
    """One commit after the other; returns the largest size of the log in bytes."""
    largest = 0
    for _ in range(megabytes * 16):
        await house.db.write(put)
        largest = max(largest, house.db._wal.stat().st_size)
    return largest


async def test_the_log_is_emptied_when_it_is_long_and_not_at_every_commit(
    tmp_path: Path, checkpoints: list[int]
) -> None:
    async with kernel(tmp_path) as house:
        largest = await write(house, 10)
        assert largest <= LIMIT + A_COMMIT
        assert 8 <= len(checkpoints) <= 14


async def test_readers_that_come_and_go_do_not_make_it_grow(tmp_path: Path) -> None:
    async with kernel(tmp_path) as house:
        writing = asyncio.ensure_future(write(house, 16))
        while not writing.done():
            await house.db.read(lambda db: db.value("SELECT sum(length(blob)) FROM things"))
        assert writing.result() <= 8 * LIMIT


async def test_a_busy_writer_empties_it_later_but_does(
    tmp_path: Path, checkpoints: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "CHECKPOINT_BYTES_BUSY", 2 * LIMIT)
    monkeypatch.setattr(database, "MAX_BATCH", 4)
    async with kernel(tmp_path) as house:
        await asyncio.gather(*(house.db.write(put) for _ in range(100)))
        assert house.db._wal.stat().st_size <= 2 * LIMIT + 4 * A_COMMIT
        assert 1 <= len(checkpoints) <= 8


async def test_a_long_reader_keeps_its_moment_and_the_log_shrinks_after_it(tmp_path: Path) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def long_read(db: Any) -> tuple[int, int]:
        before = db.value("SELECT count(*) FROM things")
        inside.set()
        go_on.wait(30)
        return before, db.value("SELECT count(*) FROM things")

    async with kernel(tmp_path) as house:
        await write(house, 1)
        reading = asyncio.ensure_future(house.db.read(long_read))
        await asyncio.to_thread(inside.wait, 10)
        grown = await write(house, 4)
        assert grown > 4 * LIMIT
        # Others read what is new meanwhile.
        assert await house.db.read(lambda db: db.value("SELECT count(*) FROM things")) == 5 * 16
        go_on.set()
        assert await reading == (16, 16)
        for _ in range(3):
            await house.db.write(put)
        assert house.db._wal.stat().st_size <= LIMIT + A_COMMIT


async def test_only_the_writer_checkpoints(tmp_path: Path, checkpoints: list[int]) -> None:
    seen: list[str] = []
    async with kernel(tmp_path) as house:
        for reader in house.db._all_readers:
            await reader.set_trace_callback(seen.append)
        await write(house, 3)
        await asyncio.gather(*(house.values() for _ in range(10)))
        assert checkpoints
        assert seen
        assert not [statement for statement in seen if "checkpoint" in statement]
