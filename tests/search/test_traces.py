"""What is deleted is found by nobody from then on, and after the next compaction nowhere on the disk."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from appliance.features.search import actions, worker
from appliance.kernel.clock import HandClock
from tests.search.looking import catch_up, look, places, take_in, texts
from tests.server import Server, room_of, serving

SECRET = "xylophonquartett"
OTHER = "marimbaquintett"


def traces(folder: Path, word: str) -> list[str]:
    """The database's files in which the word stands, or a third of it: the index cuts words short that begin
    like the one before, and knows them by three letters each."""
    files = {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()}
    parts = (word.encode(), word[len(word) // 3 : -2].encode())
    return [f"{name}: {part!r}" for name, held in files.items() for part in parts if part in held]


async def compact(server: Server) -> None:
    """What the job does when its time has come."""
    assert await server.house.of_feature["search"].compact({}) is None


async def test_nothing_is_left_of_deleted_and_edited_messages_after_compaction(
    server: Server, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        for number in range(30):
            await a.post(room, f"something else {number} {'xylem' if number % 2 else 'marina'}")
        gone = (await a.post(room, f"the {SECRET} plays"))["subject"]
        changed = (await a.post(room, f"an {OTHER} plays"))["subject"]
        await catch_up(server)
        for number in range(30):
            await a.post(room, f"and more {number}")
        await catch_up(server)
        assert len(await texts(server, ada, SECRET)) == len(await texts(server, ada, "imbaquin")) == 1
        # The test would see it, where it was.
        await server.house.db.empty_log()
        assert traces(data, SECRET)
        assert traces(data, OTHER)

        await a.do("delete", message=gone)
        await a.do("edit", message=changed, content={"type": "text", "text": "a trio plays"})
        for query in (SECRET, SECRET[:6], SECRET[3:9], OTHER, f'"the {SECRET}"'):
            assert await texts(server, ada, query) == [], query
        assert await texts(server, ada, "trio") == ["a trio plays"]

        await compact(server)
        assert traces(data, SECRET) == []
        assert traces(data, OTHER) == []
        assert await texts(server, ada, "trio plays") == ["a trio plays"]
        assert len(await texts(server, ada, "else xylem", limit=50)) == 15
        assert len(await texts(server, ada, "more", limit=50)) == 30


async def test_what_was_too_new_for_the_index_never_comes_into_it(server: Server, tmp_path: Path) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        gone = (await a.post(room, f"the {SECRET} plays"))["subject"]
        await a.do("delete", message=gone)
        assert await texts(server, ada, SECRET) == []
        await a.post(room, "stays")
        await catch_up(server)
        assert await places(server) == 1
        await compact(server)
        assert traces(tmp_path / "data", SECRET) == []


async def test_a_word_that_others_wrote_too_stays_findable(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        gone = (await a.post(room, f"{SECRET} one"))["subject"]
        await a.post(room, f"{SECRET} two")
        await catch_up(server)
        await a.do("delete", message=gone)
        await compact(server)
        assert await texts(server, ada, SECRET[4:9]) == [f"{SECRET} two"]
        await a.post(room, f"{SECRET} three")
        await catch_up(server)
        assert await texts(server, ada, SECRET[4:9]) == [f"{SECRET} three", f"{SECRET} two"]


async def test_a_word_that_came_back_after_compaction_is_found_by_its_inside_again(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        for _ in range(2):
            posted = (await a.post(room, f"a {SECRET}"))["subject"]
            await catch_up(server)
            assert await texts(server, ada, SECRET[4:9]) == [f"a {SECRET}"]
            await a.do("delete", message=posted)
            await compact(server)


async def test_compaction_comes_within_an_hour_of_a_deletion_and_survives_a_restart(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as a:
            room = await room_of(a)
            gone = (await a.post(room, f"the {SECRET} plays"))["subject"]
            clock.advance(1)
            await take_in(server)
            assert await places(server) == 1
            await a.do("delete", message=gone)
    clock.advance(3600)
    async with serving(tmp_path / "data", clock=clock) as server:
        await server.house.jobs.run_due()
        waiting = await server.house.db.read(lambda db: db.rows("SELECT kind FROM jobs"))
        assert (actions.COMPACT,) not in waiting
        assert traces(tmp_path / "data", SECRET) == []


async def test_nothing_is_left_of_a_room_that_is_gone_for_good(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as a:
            room = await room_of(a)
            kept = await room_of(a)
            await a.post(room, f"the {SECRET} plays")
            await a.post(kept, "a trio plays")
            clock.advance(1)
            await take_in(server)
            await a.do("delete_room", room=room)
    clock.advance(24 * 3600 + 1)
    async with serving(tmp_path / "data", clock=clock) as server:
        await server.house.jobs.run_due()
        assert await texts(server, ada, "plays") == ["a trio plays"]
        assert await places(server) == 1
        await compact(server)
        assert traces(tmp_path / "data", SECRET) == []


async def test_compaction_waits_for_its_turn_while_others_read(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log cannot be emptied while somebody reads from it: the job then asks to come again."""
    indexer: worker.Indexer = server.house.of_feature["search"]

    async def busy() -> bool:
        return False

    monkeypatch.setattr(server.house.db, "empty_log", busy)
    assert await indexer.compact({}) == worker.RETRY_MS


async def test_the_log_is_not_emptied_under_a_reader(server: Server, tmp_path: Path) -> None:
    ada = await server.account("ada")
    with closing(sqlite3.connect(tmp_path / "data" / "safevoice.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM rooms").fetchone()
        async with server.connect(ada) as a:
            await room_of(a)
        assert await server.house.db.empty_log() is False
        reader.execute("COMMIT")
    assert await server.house.db.empty_log() is True
    found: dict[str, Any] = await look(server, ada, "x")
    assert found["hits"] == []
