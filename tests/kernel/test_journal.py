import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from appliance.kernel import journal
from appliance.kernel.errors import Refusal
from appliance.kernel.transaction import Tx
from tests.durability.kernel import Kernel, kernel

ROOM = "a-room"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Kernel]:
    async with kernel(tmp_path) as opened:
        await opened.db.write(lambda tx: journal.open_log(tx, ROOM))
        yield opened


def say(tx: Tx, subject: str, kind: str = "message", log: str = ROOM) -> int:
    return journal.append(tx, log, kind, subject, "ada")


async def bounds(house: Kernel, log: str = ROOM) -> tuple[int, int] | None:
    return await house.db.read(lambda db: journal.bounds(db, log))


async def changes(house: Kernel, after: int) -> list[tuple[str, str, int]]:
    return await house.db.read(lambda db: journal.changes(db, ROOM, after))


async def test_every_change_takes_the_next_seq(house: Kernel) -> None:
    assert [await house.db.write(lambda tx: say(tx, "one")) for _ in range(3)] == [1, 2, 3]
    assert await bounds(house) == (0, 3)


async def test_logs_count_each_for_itself(house: Kernel) -> None:
    await house.db.write(lambda tx: journal.open_log(tx, "other"))
    assert await house.db.write(lambda tx: (say(tx, "x"), say(tx, "x", log="other"), say(tx, "y"))) == (
        1,
        1,
        2,
    )


async def test_a_change_that_was_taken_back_takes_no_seq(house: Kernel) -> None:
    def regretting(tx: Tx) -> None:
        say(tx, "never")
        raise Refusal("forbidden")

    with pytest.raises(Refusal):
        await house.db.write(regretting)
    assert await house.db.write(lambda tx: say(tx, "one")) == 1
    assert await changes(house, 0) == [("message", "one", 1)]


async def test_the_seq_goes_on_after_a_restart(tmp_path: Path) -> None:
    for expected in (1, 2, 3):
        async with kernel(tmp_path) as house:
            if expected == 1:
                await house.db.write(lambda tx: journal.open_log(tx, ROOM))
            assert await house.db.write(lambda tx: say(tx, "one")) == expected


async def test_a_log_that_is_not_there_takes_nothing(house: Kernel) -> None:
    with pytest.raises(LookupError):
        await house.db.write(lambda tx: say(tx, "one", log="nobodys"))
    assert await bounds(house, "nobodys") is None
    assert await house.db.read(lambda db: journal.head(db, "nobodys")) == 0


async def test_a_place_taken_by_a_unit_that_then_refuses_goes_to_the_next(house: Kernel) -> None:
    """Taking a place is an UPDATE whose row is read: it must count as written before it is run through."""

    def take_and_refuse(tx: Tx) -> None:
        journal.take(tx, ROOM)
        raise Refusal("forbidden")

    refused, seq = await asyncio.gather(
        house.db.write(take_and_refuse), house.db.write(lambda tx: say(tx, "one")), return_exceptions=True
    )
    assert isinstance(refused, Refusal)
    assert seq == 1
    assert await changes(house, 0) == [("message", "one", 1)]


async def test_a_thing_is_told_once_where_it_changed_last(house: Kernel) -> None:
    for subject, kind in (("a", "message"), ("b", "message"), ("a", "message"), ("a", "member")):
        await house.db.write(partial(say, subject=subject, kind=kind))
    assert await changes(house, 0) == [("message", "b", 2), ("message", "a", 3), ("member", "a", 4)]
    assert await changes(house, 3) == [("member", "a", 4)]
    assert await changes(house, 4) == []


async def test_trimming_keeps_the_newest_rows_and_says_where_they_begin(house: Kernel) -> None:
    await house.db.write(lambda tx: [say(tx, f"m{number}") for number in range(1, 26)])
    assert await house.db.write(lambda tx: journal.trim(tx, keep=10)) == 15
    assert await bounds(house) == (15, 25)
    assert [seq for _, _, seq in await changes(house, 15)] == list(range(16, 26))
    assert await changes(house, 0) == await changes(house, 15)
    assert await house.db.write(lambda tx: say(tx, "next")) == 26


async def test_trimming_leaves_logs_alone_that_are_hardly_longer_than_what_is_kept(house: Kernel) -> None:
    await house.db.write(lambda tx: [say(tx, f"m{number}") for number in range(20)])
    assert await house.db.write(lambda tx: journal.trim(tx, keep=10)) == 0
    assert await bounds(house) == (0, 20)


async def test_trimming_takes_only_so_many_rows_at_once(house: Kernel) -> None:
    def fill(tx: Tx) -> None:
        for log in ("l1", "l2", "l3"):
            journal.open_log(tx, log)
            for number in range(5):
                say(tx, f"m{number}", log=log)

    await house.db.write(fill)
    cut = [await house.db.write(lambda tx: journal.trim(tx, keep=2, most=4)) for _ in range(3)]
    assert cut == [4, 3, 0]
    assert [await bounds(house, log) for log in ("l1", "l2", "l3")] == [(3, 5), (1, 5), (3, 5)]


async def test_a_log_whose_rows_are_all_gone_goes_on_where_it_was(house: Kernel) -> None:
    await house.db.write(lambda tx: [say(tx, f"m{number}") for number in range(7)])
    await house.db.write(lambda tx: journal.trim(tx, keep=0))
    assert await changes(house, 0) == []
    assert await bounds(house) == (7, 7)
    assert await house.db.write(lambda tx: say(tx, "next")) == 8


async def test_of_a_log_that_is_dropped_nothing_is_left_and_others_keep_theirs(house: Kernel) -> None:
    def unit(tx: Tx) -> None:
        journal.open_log(tx, "other")
        say(tx, "one")
        say(tx, "two", log="other")
        journal.drop_log(tx, ROOM)

    await house.db.write(unit)
    assert await bounds(house) is None
    assert await changes(house, 0) == []
    assert await bounds(house, "other") == (0, 1)
