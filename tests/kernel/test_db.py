"""The writer: group commit, savepoints, publishing after COMMIT; and the readers."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from appliance.kernel import logs
from appliance.kernel.db import MAX_BATCH
from appliance.kernel.errors import Refusal
from appliance.kernel.transaction import Tx
from tests.durability.kernel import TOPIC, Kernel, kernel, prepared


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Kernel]:
    async with kernel(tmp_path) as opened:
        yield opened


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the failures that were logged."""
    names: list[str] = []
    monkeypatch.setattr(logs, "failure", lambda name, error, /, **fields: names.append(name))
    return names


def adding(number: int) -> Callable[[Tx], int]:
    """A unit that stores `number` and tells so."""

    def unit(tx: Tx) -> int:
        tx.run("INSERT INTO things (n) VALUES (:n)", n=number)
        tx.emit(TOPIC, number)
        return number

    return unit


async def all_of(house: Kernel, *units: Callable[[Tx], Any]) -> list[Any]:
    """Submit the units in one turn of the loop; their results or errors."""
    return await asyncio.gather(*(house.db.write(unit) for unit in units), return_exceptions=True)


async def test_units_that_wait_together_share_one_transaction(house: Kernel) -> None:
    statements = await house.statements()
    assert await all_of(house, *map(adding, range(40))) == list(range(40))
    assert statements.count("BEGIN IMMEDIATE") == statements.count("COMMIT") == 1
    assert house.metrics.commit_units.total == 40 + 2  # and two that made the tables


async def test_units_that_come_while_one_commits_share_the_next_transaction(house: Kernel) -> None:
    statements = await house.statements()
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        inside.set()
        go_on.wait(10)

    first = asyncio.ensure_future(house.db.write(slow))
    await asyncio.to_thread(inside.wait, 10)
    rest = [asyncio.ensure_future(house.db.write(adding(number))) for number in range(10)]
    await asyncio.sleep(0)
    assert house.db.waiting == 10
    go_on.set()
    await asyncio.gather(first, *rest)
    assert statements.count("COMMIT") == 2


async def test_more_units_than_a_batch_holds_take_several_transactions_in_order(house: Kernel) -> None:
    statements = await house.statements()
    count = MAX_BATCH + 10
    await all_of(house, *map(adding, range(count)))
    assert statements.count("COMMIT") == 2
    assert house.ear.heard == [str(number) for number in range(count)]


def refusing(tx: Tx) -> None:
    adding(1000)(tx)
    raise Refusal("forbidden")


def crashing(tx: Tx) -> None:
    adding(1001)(tx)
    raise ZeroDivisionError


def violating(tx: Tx) -> None:
    adding(1002)(tx)
    tx.run("INSERT INTO parts VALUES (4711)")
    tx.run("INSERT INTO things (n) VALUES (1002)")


async def test_a_unit_that_fails_leaves_nothing_and_touches_no_other(house: Kernel) -> None:
    statements = await house.statements()
    results = await all_of(house, adding(1), refusing, adding(2), crashing, violating, adding(3))
    kinds = [type(each) for each in results]
    assert kinds == [int, Refusal, int, ZeroDivisionError, sqlite3.IntegrityError, int]
    assert await house.values() == [1, 2, 3]
    assert house.ear.heard == ["1", "2", "3"]
    assert statements.count("COMMIT") == 1


async def test_a_unit_that_only_looked_and_refused_costs_the_others_nothing(house: Kernel) -> None:
    statements = await house.statements()

    def outsider(tx: Tx) -> None:
        if tx.value("SELECT count(*) FROM things WHERE n = 99") == 0:
            raise Refusal("not_found")

    await all_of(house, adding(1), outsider, adding(2))
    assert await house.values() == [1, 2]
    assert statements.count("BEGIN IMMEDIATE") == 1
    assert "SAVEPOINT unit" not in statements


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_it_does_not_matter_where_in_the_batch_it_fails(house: Kernel, place: int) -> None:
    units = [adding(1), adding(2)]
    units.insert(place, violating)  # type: ignore[arg-type]
    results = await all_of(house, *units)
    assert [each for each in results if isinstance(each, int)] == [1, 2]
    assert await house.values() == [1, 2]
    assert house.ear.heard == ["1", "2"]


async def test_foreign_keys_are_kept(house: Kernel) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        await house.db.write(lambda tx: tx.run("INSERT INTO parts VALUES (1)"))


async def test_an_event_is_told_only_when_everybody_can_read_what_it_tells(tmp_path: Path) -> None:
    visible: list[tuple[int, list[int]]] = []

    def looking(event: int) -> bytes:
        with closing(sqlite3.connect(tmp_path / "test.db")) as stranger:
            rows = stranger.execute("SELECT n FROM things").fetchall()
        visible.append((event, [row[0] for row in rows]))
        return prepared(event)

    async with kernel(tmp_path, prepare=looking) as house:
        await all_of(house, *map(adding, range(5)))
        await house.db.write(adding(5))
    assert visible == [*((number, [0, 1, 2, 3, 4]) for number in range(5)), (5, [0, 1, 2, 3, 4, 5])]


async def test_answer_and_event_of_a_unit_come_in_the_same_turn_the_answer_first(house: Kernel) -> None:
    order: list[str] = []
    answered = asyncio.Event()

    def done(result: Any, error: BaseException | None) -> None:
        order.append(f"answer {result}")
        order.append(f"heard {house.ear.heard} queued {house.ear.out}")
        asyncio.get_running_loop().call_soon(answered.set)

    house.db.submit(adding(7), done)
    await answered.wait()
    assert order == ["answer 7", "heard [] queued []"]
    assert house.ear.heard == ["7"]


async def test_a_caller_that_leaves_changes_nothing(house: Kernel) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        inside.set()
        go_on.wait(10)
        adding(1)(tx)

    running = asyncio.ensure_future(house.db.write(slow))
    await asyncio.to_thread(inside.wait, 10)
    queued = asyncio.ensure_future(house.db.write(adding(2)))
    await asyncio.sleep(0)
    running.cancel()
    queued.cancel()
    await asyncio.sleep(0)
    go_on.set()
    await house.db.write(adding(3))
    assert running.cancelled()
    assert queued.cancelled()
    assert await house.values() == [1, 2, 3]
    assert house.ear.heard == ["1", "2", "3"]


async def test_what_cannot_be_answered_or_told_keeps_no_other_from_it(
    tmp_path: Path, failures: list[str]
) -> None:
    def choosy(event: Any) -> bytes:
        if event == 2:
            raise TypeError("cannot be encoded")
        return prepared(event)

    def broken(result: Any, error: BaseException | None) -> None:
        raise RuntimeError("nobody to answer")

    async with kernel(tmp_path, prepare=choosy) as house:
        house.db.submit(adding(1), broken)
        assert await all_of(house, adding(2), adding(3)) == [2, 3]
        assert await house.db.write(adding(4)) == 4
        await asyncio.sleep(0)
        assert house.ear.heard == ["1", "3", "4"]
    assert failures == ["answer.failed", "publish.failed"]


async def test_closing_finishes_what_waits_and_takes_nothing_new(tmp_path: Path) -> None:
    async with kernel(tmp_path) as house:
        waiting = [asyncio.ensure_future(house.db.write(adding(number))) for number in range(MAX_BATCH * 3)]
        await asyncio.sleep(0)
    assert [task.result() for task in waiting] == list(range(MAX_BATCH * 3))
    assert len(house.ear.heard) == MAX_BATCH * 3
    with pytest.raises(Refusal, match="restarting"):
        await house.db.write(adding(9999))
    # Nothing is left to recover: who copies the file now has everything.
    assert not (tmp_path / "test.db-wal").exists()
    with closing(sqlite3.connect(tmp_path / "test.db")) as copy:
        assert copy.execute("SELECT count(*) FROM things").fetchone() == (MAX_BATCH * 3,)


# Reading


async def test_readers_cannot_write(house: Kernel) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await house.db.read(lambda db: db.rows("INSERT INTO things (n) VALUES (1)"))
    assert await house.values() == []


async def test_every_connection_keeps_the_promises(house: Kernel) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "query_only")

    def look(conn: sqlite3.Connection) -> list[Any]:
        return [conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    full = 2
    assert await house.on_writer(look) == ["wal", full, 1, 0, 0]
    for _ in range(2):  # the pool hands out the one used last, so both are asked at once
        found = await asyncio.gather(*(house.db.read(lambda db: look(db._conn)) for _ in range(2)))
        assert found == [["wal", full, 1, 0, 1]] * 2


async def test_a_read_sees_one_moment(house: Kernel) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def twice(db: Any) -> tuple[int, int]:
        before = db.value("SELECT count(*) FROM things")
        inside.set()
        go_on.wait(10)
        return before, db.value("SELECT count(*) FROM things")

    reading = asyncio.ensure_future(house.db.read(twice))
    await asyncio.to_thread(inside.wait, 10)
    await house.db.write(adding(1))
    assert await house.values() == [1]
    go_on.set()
    assert await reading == (0, 0)


async def test_a_reader_that_is_given_up_is_lent_again_only_when_it_is_done(house: Kernel) -> None:
    gates = [threading.Event() for _ in range(2)]
    inside = [threading.Event() for _ in range(2)]

    def held(number: int) -> Callable[[Any], None]:
        def unit(db: Any) -> None:
            inside[number].set()
            gates[number].wait(10)

        return unit

    reads = [asyncio.ensure_future(house.db.read(held(number))) for number in range(2)]
    for each in inside:
        await asyncio.to_thread(each.wait, 10)
    reads[0].cancel()
    third = asyncio.ensure_future(house.db.read(lambda db: "third"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not third.done()
    assert not reads[0].done()
    gates[0].set()
    assert await third == "third"
    assert reads[0].cancelled()
    gates[1].set()
    await reads[1]


async def test_a_read_that_fails_leaves_its_connection_usable(house: Kernel) -> None:
    def refused(db: Any) -> None:
        raise Refusal("not_found")

    for _ in range(5):
        with pytest.raises(Refusal, match="not_found"):
            await house.db.read(refused)
        with pytest.raises(sqlite3.OperationalError):
            await house.db.read(lambda db: db.rows("SELECT nonsense"))
    assert await house.values() == []
