"""Everything that somebody said goes, or is handed over; a room goes with all that is in it."""

from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.features.messages import actions
from appliance.features.messages.actions import erasing
from appliance.kernel import jobs
from appliance.kernel.clock import HandClock
from appliance.kernel.transaction import Reader
from tests.client import Client
from tests.messages.pages import page, texts
from tests.rooms.making import make_room
from tests.server import Server, serving


def tombstone(message: str) -> Any:
    """The event of a message that is gone."""
    return lambda frame: frame.get("message", {}).get("id") == message and frame["message"].get("deleted_at")


async def quiet(server: Server) -> None:
    """Everything that a job is to do now is done."""
    kinds = "SELECT 1 FROM jobs WHERE kind = 'messages.wipe'"
    while await server.house.db.read(lambda db: db.value(kinds)):
        await server.house.jobs.run_due()


async def held(server: Server, column: str, table: str) -> list[Any]:
    """The different values of a column."""

    def look(db: Reader) -> list[Any]:
        return db.rows(f"SELECT DISTINCT {column} FROM {table}")

    return await server.house.db.read(look)


async def say(client: Client, room: str, count: int, **fields: Any) -> list[str]:
    return [(await client.post(room, f"{n} <secret>", **fields))["subject"] for n in range(count)]


async def test_a_wipe_takes_all_that_somebody_said_in_a_room_and_each_one_there_sees_it_go(
    server: Server,
) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room, other = await make_room(a, bela, chidi), await make_room(a, bela)
        said = await say(b, room, 45, mentions=[ada.id, chidi.id])
        await b.do("edit", message=said[0], content={"type": "text", "text": "changed"})
        await a.post(room, "stays")
        kept = await say(b, other, 2)
        await server.house.db.write(lambda tx: actions.wipe(tx, bela.id, room, actor=ada.id))
        for message in said:
            await a.until(tombstone(message))
        await quiet(server)
        assert texts(await page(server, ada, room)) == [None] * 45 + ["stays"]
        assert [message["id"] for message in (await page(server, ada, other))["messages"]] == kept
        assert texts(await page(server, ada, other)) == ["0 <secret>", "1 <secret>"]
        await a.ask("ping")
        mark = [event for event in a.events("read") if event["room"] == room][-1]
        assert (mark["unread"], mark.get("mentions", 0)) == (0, 0)
        assert await server.house.db.read(lambda db: db.value("SELECT count(*) FROM mentions")) == 0


async def test_a_wipe_that_an_older_version_queued_goes_by_the_time(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a, server.connect(bela) as b:
            room = await make_room(a, bela)
            await say(b, room, 2)
            payload = {"account": bela.id, "rooms": [room], "until": clock.now_ms(), "actor": ada.id}
            clock.advance(1)
            await b.post(room, "stays")
            await server.house.db.write(lambda tx: jobs.enqueue(tx, actions.WIPE, payload))
            await quiet(server)
            assert texts(await page(server, ada, room)) == [None, None, "stays"]


async def test_a_wipe_everywhere_reaches_rooms_that_were_left_and_leaves_nothing_in_the_file(
    tmp_path: Path,
) -> None:
    # All of it in one millisecond.
    folder = tmp_path / "data"
    async with serving(folder, clock=HandClock()) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a, server.connect(bela) as b:
            left, here = await make_room(a, bela, history="joined"), await make_room(a, bela)
            for room in (left, here):
                await say(b, room, 25)
            await b.do("leave", room=left)
            await server.house.db.write(lambda tx: actions.wipe(tx, bela.id, None))
            late = await b.post(here, "after that")
            await quiet(server)
            assert texts(await page(server, ada, left)) == [None] * 25
            assert texts(await page(server, ada, here)) == [None] * 25 + ["after that"]
            assert late["op"] == "ack"
    stored = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    assert b"<secret>" not in stored


async def test_what_is_deleted_for_good_takes_its_messages_marks_and_drafts_along(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room, other = await make_room(a, bela), await make_room(a, bela)
        for each in (room, other):
            await say(a, each, 5, mentions=[bela.id])
            await b.ask("save_draft", room=each, text="hm")
            await b.ask("read", room=each, seq=4)
            await b.do("set_attention", room=each, level="nothing")
        purge = partial(actions.purge, room=room, most=2)
        dropped = [await server.house.db.write(purge) for _ in range(4)]
        assert dropped == [2, 2, 1, 0]
        for table in ("messages", "mentions", "drafts", "read_marks"):
            assert await held(server, "room", table) == [(other,)], table
        # Remembered for as long as the message lives, and for a while after that.
        kept = "SELECT count(*) FROM commands WHERE expires IS NULL"
        assert await server.house.db.read(lambda db: db.value(kept)) == 5


async def download(server: Server, account: str) -> list[dict[str, Any]]:
    """All lines, part by part."""
    lines: list[dict[str, Any]] = []
    after, parts = "", 0
    while parts == 0 or after:
        part, after = await server.house.db.read(partial(actions.export, account=account, after=after))
        lines += part
        parts += 1
    return lines


async def test_a_download_has_all_that_one_said_and_kept(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        left, here = await make_room(a, bela), await make_room(a, bela)
        said = await say(b, left, 3) + await say(b, here, 3)
        await a.post(here, "of somebody else")
        await b.do("delete", message=said[1])
        await b.ask("save_draft", room=here, text="hm")
        await b.ask("read", room=here, seq=4)
        await b.do("leave", room=left)
        lines = await download(server, bela.id)
        assert [line["id"] for line in lines if line["kind"] == "message"] == [said[0], *said[2:]]
        assert [(line["kind"], line["room"]) for line in lines if line["kind"] != "message"] == [
            ("read_mark", here),
            ("draft", here),
        ]
        assert b"<secret>" in msgspec.json.encode(lines)
        assert await download(server, "0" * 26) == []


async def test_a_long_download_comes_in_parts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "EXPORTED", 3)
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        said: list[str] = []
        for room in [await make_room(a, bela) for _ in range(3)]:
            for _ in range(4):
                said += await say(b, room, 1)
                await a.post(room, "between")
        assert [line["id"] for line in await download(server, bela.id)] == said


async def test_who_is_forgotten_leaves_no_marks_drafts_or_mentions(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        await say(a, room, 2, mentions=[bela.id])
        for client in (a, b):
            await client.ask("save_draft", room=room, text="hm")
            await client.ask("read", room=room, seq=2)
        await server.house.db.write(lambda tx: actions.forget(tx, bela.id))
        for table in ("mentions", "drafts", "read_marks"):
            assert await held(server, "account", table) in ([], [(ada.id,)]), table
