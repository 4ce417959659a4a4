"""The index follows what is said, takes in what was said before, and is made anew when folding changes."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.features.messages import actions as messages
from appliance.features.messages.finding import SOURCE
from appliance.features.messages.model import Post
from appliance.features.search import actions, worker
from appliance.features.search.actions import keeping
from appliance.kernel.clock import HandClock, SystemClock, TickingClock
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.search.looking import look, places, take_in, texts
from tests.server import Account, Server, room_of, serving


async def forget_index(server: Server) -> None:
    """As a database is that comes from a version without search."""

    def unit(tx: Any) -> None:
        tx.run("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        for table in ("search_state", "search_places", "search_words", "search_keys"):
            tx.run(f"DELETE FROM {table}")

    await server.house.db.write(unit)


async def talk(server: Server, account: Account, count: int) -> None:
    async with server.connect(account) as a:
        room = await room_of(a)
        for number in range(count):
            await a.post(room, f"bean number{number}")


async def test_what_was_said_before_the_upgrade_becomes_findable_newest_first_and_a_restart_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AT_ONCE", 5)
    # The same one throughout: what was said in the millisecond of a start would be taken for new.
    clock = TickingClock(SystemClock())
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        await talk(server, ada, 12)
        await forget_index(server)

    async def rest(indexer: worker.Indexer) -> None:
        return

    follow = worker.Indexer.run
    monkeypatch.setattr(worker.Indexer, "run", rest)
    async with serving(tmp_path / "data", clock=clock) as server:
        # A slice, and then the server stops.
        monkeypatch.setattr(worker, "SLICE", 1)
        await server.house.tasks.stop()
        indexer = server.house.of_feature["search"]
        await server.house.db.write(partial(actions.begin, source=SOURCE))
        assert await indexer.fill({}) == 0
        assert await places(server) == 5
        found = await look(server, ada, "bean", limit=50)
        assert [hit["words"] for hit in found["hits"]] == [["bean"]] * 5
        assert found["indexed_since"] == found["hits"][-1]["at"]
        assert await texts(server, ada, "number0") == []
    monkeypatch.setattr(worker, "SLICE", 50)
    monkeypatch.setattr(worker.Indexer, "run", follow)
    async with serving(tmp_path / "data", clock=clock) as server:
        while "indexed_since" in (found := await look(server, ada, "bean", limit=50)):
            await server.house.jobs.run_due()
        assert ["".join(hit["snippet"]) for hit in found["hits"]] == [
            f"bean number{number}" for number in reversed(range(12))
        ]
        assert await places(server) == 12
        assert await texts(server, ada, "umber0") == ["bean number0"]


async def test_another_version_of_folding_makes_the_index_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        await talk(server, ada, 3)
        clock.advance(1)
        await take_in(server)
        assert await places(server) == 3
    for module in (keeping, actions.looking):
        monkeypatch.setattr(module, "VERSION", 2)
    async with serving(tmp_path / "data", clock=clock) as server:
        async with server.connect(ada) as a:
            # Whether or not all of it is done by now, what is there may change as well.
            (hit,) = (await look(server, ada, "number1"))["hits"]
            await a.do("delete", message=hit["message"])
        while "indexed_since" in (await look(server, ada, "bean")):
            await server.house.jobs.run_due()
        assert sorted(await texts(server, ada, "bean")) == ["bean number0", "bean number2"]
        assert await places(server) == 2


async def test_what_is_said_in_one_millisecond_is_all_taken_in(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        indexer = server.house.of_feature["search"]
        async with server.connect(ada) as a:
            room = await room_of(a)
            for number in range(4):
                await a.post(room, f"bean {number}")
                await indexer.catch_up()
            assert await places(server) == 0
            assert len(await texts(server, ada, "bean")) == 4
            clock.advance(0.001)
            await indexer.catch_up()
            assert await places(server) == 4
            assert len(await texts(server, ada, "bean")) == 4


async def test_a_clock_that_was_far_ahead_hides_nothing_that_is_said_later(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as a:
            room = await room_of(a)
            clock.set_wall(clock.now_ms() + 40 * 24 * 3_600_000)
            await a.post(room, "bean of the future")
            clock.set_wall(clock.now_ms() + 1)
            await take_in(server)
            assert await places(server) == 1
    clock.set_wall(clock.now_ms() - 39 * 24 * 3_600_000)
    async with serving(tmp_path / "data", clock=clock) as server:
        await take_in(server)
        async with server.connect(ada) as a:
            await a.post(room, "bean of today")
            assert sorted(await texts(server, ada, "bean")) == ["bean of the future", "bean of today"]
            clock.advance(0.001)
            await take_in(server)
            assert sorted(await texts(server, ada, "bean")) == ["bean of the future", "bean of today"]
            assert await places(server) == 2
            # Its time lies in between: of those that are wanted, and those that are not, by the day.
            assert await texts(server, ada, f"bean before:{day(clock, 7)}") == ["bean of today"]
            assert await texts(server, ada, f"bean on:{day(clock, 0)}") == ["bean of today"]
            assert await texts(server, ada, f"bean after:{day(clock, 7)}") == ["bean of the future"]


def day(clock: HandClock, ahead: int) -> str:
    """A day in so many days, by UTC."""
    return datetime.fromtimestamp(clock.now_ms() / 1000 + ahead * 86_400, UTC).date().isoformat()


async def test_what_is_written_into_the_past_is_found_after_the_next_start(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as a:
            room = await room_of(a)
            await a.post(room, "bean of today")
        clock.advance(1)
        await take_in(server)

        def long_ago(tx: Tx) -> None:
            tx.now -= 365 * 24 * 3_600_000
            content = msgspec.Raw(b'{"type":"text","text":"bean of last year"}')
            post = Post(client_id="long-ago-00000001", room=room, content=content)
            messages.Messages(8192).post(tx, Who(ada.id, ada.device), post)

        await server.house.db.write(long_ago)
    clock.advance(1)
    async with serving(tmp_path / "data", clock=clock) as server:
        await take_in(server)
        while "indexed_since" in (await look(server, ada, "bean")):
            await server.house.jobs.run_due()
        assert await texts(server, ada, "bean") == ["bean of today", "bean of last year"]
        assert await places(server) == 2
