"""Rooms are archived, deleted, restored, expire, and are gone for good."""

from pathlib import Path
from typing import Any

import pytest

from appliance.kernel import jobs
from appliance.kernel.clock import HandClock
from appliance.kernel.transaction import Reader
from tests.client import Client, Frame
from tests.edge.browser import browser
from tests.messages.pages import page, texts
from tests.rooms.making import enter, make_room, make_secret
from tests.server import Account, Server, serving

DAY_S = 86_400
MAY_SPEAK_OF_IT = {"audit", "commands", "log_entries"}
"""Tables that may hold a room's id when it is gone: deeds of power are written down for ever, commands are
remembered for 90 days so that none is carried out twice, and each account's own log says that it left."""


async def memberships(server: Server, room: str) -> list[Any]:
    """Everything that is stored of who is in the room, how, and what they may see."""

    def look(db: Reader) -> list[Any]:
        return [
            db.rows("SELECT * FROM members WHERE room = :room ORDER BY account", room=room),
            db.rows(
                "SELECT account, from_seq, to_seq FROM member_intervals WHERE room = :room"
                " ORDER BY account, from_seq",
                room=room,
            ),
            db.value("SELECT member_count FROM rooms WHERE id = :room", room=room),
        ]

    return await server.house.db.read(look)


async def left(client: Client, room: str) -> Frame:
    return await client.until(lambda frame: frame["op"] == "left" and frame["room"] == room)


async def joined_again(client: Client, room: str) -> Frame:
    return await client.until(
        lambda frame: frame["op"] == "joined" and frame["room"]["id"] == room,
        since=client.heard.index(await left(client, room)),
    )


async def speaking_of(server: Server, room: str) -> dict[str, int]:
    """Each table with how many of its rows name the room anywhere."""

    def look(db: Reader) -> dict[str, int]:
        found = {}
        real = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        for (table,) in db.rows(real):
            columns = [row[1] for row in db.rows(f"PRAGMA table_info({table})")]
            named = " OR ".join(f"instr(CAST({column} AS TEXT), :room) > 0" for column in columns)
            count = db.value(f"SELECT count(*) FROM {table} WHERE {named}", room=room)
            if count:
                found[table] = count
        return found

    return await server.house.db.read(look)


async def test_who_deletes_a_room_is_alone_in_it_and_undoing_that_brings_back_all_as_it_was(
    server: Server,
) -> None:
    ada, bela, chidi, dana = [await server.account(name) for name in ("ada", "bela", "chidi", "dana")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(dana) as d:
        room = await make_room(a, bela, name="Garden", history="joined")
        await a.post(room, "before chidi")
        await a.do("add_member", room=room, person=chidi.id)
        await a.do("add_member", room=room, person=dana.id)
        await d.do("leave", room=room)
        await a.do("set_role", room=room, person=chidi.id, role="moderator")
        await a.do("mute_member", room=room, person=bela.id, until=2**53 - 1)
        await a.post(room, "for all")
        before = await memberships(server, room)

        deleted = await a.do("delete_room", room=room)
        assert (await a.do("delete_room", room=room))["seq"] == deleted["seq"]
        assert (await left(b, room))["reason"] == "deleted"
        mine = await a.until(lambda frame: frame["op"] == "room")
        assert (mine["room"]["member_count"], mine["room"]["deleted_at"] > 0) == (1, True)
        assert (await b.post(room, "still?"))["code"] == "not_found"
        assert (await b.do("join", room=room))["code"] == "not_found"
        assert (await b.do("restore_room", room=room))["code"] == "not_found"
        assert (await a.post(room, "still?"))["code"] == "room_archived"
        for op, fields in (("change_room", {"name": "x"}), ("add_member", {"person": dana.id})):
            assert (await a.do(op, room=room, **fields))["code"] == "room_deleted", op
        async with browser(server, dana.token) as web:
            assert (await web.get("/api/rooms")).json()["rooms"] == []
        assert texts(await page(server, ada, room)) == ["before chidi", "for all"]

        assert (await a.do("restore_room", room=room))["op"] == "ack"
        again = await joined_again(b, room)
        assert (again["role"], again["muted_until"]) == ("member", 2**53 - 1)
        assert again["room"]["member_count"] == 3
        assert await memberships(server, room) == before
        assert texts(await page(server, bela, room)) == ["before chidi", "for all"]
        assert texts(await page(server, chidi, room)) == ["for all"]
        posted = await a.post(room, "and on")
        assert await b.until(lambda frame: frame["op"] == "message" and frame["seq"] == posted["seq"])
        assert (await b.do("post", room=room, content={"type": "text", "text": "no"}))["code"] == "muted"
        assert (await a.do("restore_room", room=room))["op"] == "ack"


async def test_a_deleted_room_is_restored_within_the_day_and_not_after_it(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a:
            room = await make_room(a, bela)
            await a.do("delete_room", room=room)
            clock.advance(DAY_S - 60)
            await server.house.jobs.run_due()
            assert (await a.do("restore_room", room=room))["op"] == "ack"
            # What was asked for the first time does nothing to a room that stays.
            clock.advance(2 * DAY_S)
            await server.house.jobs.run_due()
            await a.do("delete_room", room=room)
            clock.advance(DAY_S - 1)
            await server.house.jobs.run_due()
            assert (await a.post(room, "still?"))["code"] == "room_archived"
            clock.advance(1)
            await server.house.jobs.run_due()
            assert (await left(a, room))["reason"] == "deleted"
            assert (await a.do("restore_room", room=room))["code"] == "not_found"


@pytest.mark.parametrize("kind", ["public", "private", "secret"])
async def test_nothing_is_left_of_a_room_that_is_gone_for_good(tmp_path: Path, kind: str) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
        async with server.connect(ada) as a, server.connect(bela) as b:
            if kind == "secret":
                made = await make_secret(server, ada)
                room = str(made["room"])
                assert await enter(server, bela, made["code"]) == 200
            else:
                room = await make_room(a, bela, kind=kind)
            await fill(server, room, a, b, ada, bela)
            await a.do("add_member", room=room, person=chidi.id)
            await a.do("ban", room=room, person=chidi.id)
            assert len(await speaking_of(server, room)) > len(MAY_SPEAK_OF_IT)
            await a.do("delete_room", room=room)
            clock.advance(DAY_S)
            await server.house.jobs.run_due()
            found = await speaking_of(server, room)
            assert set(found) <= MAY_SPEAK_OF_IT, found

            def of_its_log(db: Reader) -> Any:
                return db.value("SELECT count(*) FROM log_entries WHERE log = :room", room=room)

            assert await server.house.db.read(of_its_log) == 0
            assert [kind for kind, *_ in await server.house.db.read(jobs.waiting) if "rooms" in kind] == []


async def fill(server: Server, room: str, a: Client, b: Client, ada: Account, bela: Account) -> None:
    """A bit of everything that a room can have."""
    said = await a.post(room, "Hello", mentions=[bela.id])
    await b.post(room, "Hello to you", reply_to=said["subject"])
    await a.do("edit", message=said["subject"], content={"type": "text", "text": "Hello!"})
    await b.ask("read", room=room, seq=said["seq"])
    await b.do("mark_unread", room=room)
    await b.do("set_attention", room=room, level="mentions")
    await b.ask("save_draft", room=room, text="What I wanted to")
    await b.ask("delivered", marks={room: said["seq"]})
    async with browser(server, ada.token) as web:
        await web.post(f"/api/rooms/{room}/guest-links", json={})


async def test_a_large_room_goes_in_small_steps_that_let_messages_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    monkeypatch.setattr("appliance.features.rooms.worker.AT_ONCE", 7)
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        steps: list[int] = []
        purges = server.house.purges
        server.house.purges = [watched(purge, steps) for purge in purges]
        async with server.connect(ada) as a:
            room = await make_room(a, bela)
            for number in range(40):
                await a.post(room, f"{number}", mentions=[bela.id])
            await a.do("delete_room", room=room)
            clock.advance(DAY_S)
            await server.house.jobs.run_due()
        assert max(steps) <= 7
        assert sum(steps) >= 40
        assert set(await speaking_of(server, room)) <= MAY_SPEAK_OF_IT


def watched(purge: Any, steps: list[int]) -> Any:
    def let_go(tx: Any, room: str, most: int) -> int:
        steps.append(purge(tx, room, most))
        return steps[-1]

    return let_go


@pytest.mark.parametrize(("kind", "stays"), [("private", False), ("public", True)])
async def test_a_room_that_everybody_left_and_nobody_can_enter_goes_in_a_day(
    tmp_path: Path, kind: str, stays: bool
) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a, server.connect(bela) as b:
            room = await make_room(a, bela, kind=kind)
            await a.post(room, "what nobody could read any more")
            for client in (a, b):
                assert (await client.do("leave", room=room))["op"] == "ack"
        clock.advance(DAY_S)
        await server.house.jobs.run_due()
        assert ("messages" in await speaking_of(server, room)) is stays


async def test_a_guest_who_became_a_member_comes_back_as_one(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await make_room(a)
        async with browser(server, ada.token) as web:
            made = (await web.post(f"/api/rooms/{room}/guest-links", json={})).json()
        async with browser(server) as web:
            asked = {"code": made["url"].rpartition("/")[2], "display": "Passer-by", "bearer": True}
            came = (await web.post("/api/guests", json=asked)).json()
        await a.do("delete_room", room=room)
        sql = "UPDATE accounts SET role = 'member' WHERE id = :id"
        await server.house.db.write(lambda tx: tx.run(sql, id=came["me"]["id"]))
        await a.do("restore_room", room=room)
        async with browser(server, ada.token) as web:
            members = (await web.get(f"/api/rooms/{room}/members")).json()["members"]
    assert [member["role"] for member in members] == ["owner", "member"]


async def test_a_secret_room_ends_when_its_time_is_over_for_its_owner_too(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        made = await make_secret(server, ada, expires_in_s=3600)
        room = made["room"]
        assert await enter(server, bela, made["code"]) == 200
        async with server.connect(ada) as a, server.connect(bela) as b:
            await b.post(room, "soon gone")
            clock.advance(3599)
            await server.house.jobs.run_due()
            assert (await a.post(room, "not yet"))["op"] == "ack"
            clock.advance(1)
            await server.house.jobs.run_due()
            assert (await left(a, room))["reason"] == (await left(b, room))["reason"] == "deleted"
            assert (await a.do("restore_room", room=room))["code"] == "not_found"
        assert set(await speaking_of(server, room)) <= MAY_SPEAK_OF_IT


async def test_the_end_of_a_secret_room_can_be_put_off_or_brought_nearer(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        made = await make_secret(server, ada, expires_in_s=3600)
        path = f"/api/rooms/{made['room']}/secret"
        async with server.connect(ada) as a, browser(server, ada.token) as web:
            for seconds, passed in ((7200, 7199), (0, 8000), (60, 59)):
                answer = (await web.patch(path, json={"expires_in_s": seconds})).json()
                end = clock.now_ms() + seconds * 1000 if seconds else 0
                assert answer.get("expires_at", 0) == end
                clock.advance(passed)
                await server.house.jobs.run_due()
                assert (await a.post(made["room"], "still here"))["op"] == "ack"
            clock.advance(1)
            await server.house.jobs.run_due()
            assert (await left(a, made["room"]))["reason"] == "deleted"


async def test_an_archived_room_is_read_and_left_but_nothing_is_added(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, bela)
        said = await b.post(room, "Hello")
        done = await a.do("archive_room", room=room, archived=True)
        assert (await a.do("archive_room", room=room, archived=True))["seq"] == done["seq"]
        told = await b.until(lambda frame: frame["op"] == "room")
        assert told["room"]["archived_at"] > 0
        for client in (a, b):
            assert (await client.post(room, "more"))["code"] == "room_archived"
        content = {"type": "text", "text": "more"}
        assert (await b.do("edit", message=said["subject"], content=content))["code"] == "room_archived"
        assert (await c.do("join", room=room))["code"] == "room_archived"
        assert (await a.do("add_member", room=room, person=chidi.id))["code"] == "room_archived"
        assert texts(await page(server, bela, room)) == ["Hello"]
        async with browser(server, chidi.token) as web:
            assert (await web.get("/api/rooms")).json()["rooms"] == []
        assert (await b.do("leave", room=room))["op"] == "ack"
        assert (await a.do("archive_room", room=room, archived=False))["op"] == "ack"
        assert (await c.do("join", room=room))["op"] == "ack"
        assert (await c.post(room, "open again"))["op"] == "ack"


async def test_a_group_that_everybody_left_is_gone_after_a_day(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a, server.connect(bela) as b:
            group = (await a.do("start_group", people=[bela.id]))["subject"]
            await a.post(group, "Hello")
            await a.do("leave", room=group)
            clock.advance(2 * DAY_S)
            await server.house.jobs.run_due()
            assert (await b.post(group, "alone"))["op"] == "ack"
            await b.do("leave", room=group)
            clock.advance(DAY_S)
            await server.house.jobs.run_due()
        assert set(await speaking_of(server, group)) <= MAY_SPEAK_OF_IT
