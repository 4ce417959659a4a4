"""What a room is: its name, its rules, what newcomers see; changed, told, and written down."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.edge.browser import browser
from tests.messages.pages import page, texts
from tests.people.drawing import encoded, flag
from tests.rooms.making import make_room
from tests.rooms.test_bans import audited
from tests.server import ROOMY, Account, Server, serving


async def told(client: Client, seq: int) -> dict[str, Any]:
    """The room as the event at `seq` of its log shows it."""
    event = await client.until(lambda frame: frame["op"] == "room" and frame["seq"] == seq)
    found: dict[str, Any] = event["room"]
    return found


@pytest.mark.parametrize(
    ("changes", "stored"),
    [
        ({"name": "  The   new \n garden "}, {"name": "The new garden"}),
        ({"topic": " beds \n and seeds "}, {"topic": "beds and seeds"}),
        ({"icon": " 🌻 "}, {"icon": "🌻"}),
        ({"posting": "moderators", "slow_s": 30}, {"posting": "moderators", "slow_s": 30}),
        ({"kind": "private", "history": "joined"}, {"kind": "private", "history": "joined"}),
        ({"member_limit": 7}, {"member_limit": 7}),
    ],
)
async def test_a_change_is_told_to_all_and_to_whom_was_not_there(
    server: Server, changes: dict[str, Any], stored: dict[str, Any]
) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        done = await a.do("change_room", room=room, **changes)
        seen = await told(b, done["seq"])
        assert {name: seen[name] for name in stored} == stored
        assert seen["rev"] == done["seq"]
        (log,) = (await b.ask("replay", positions={room: done["seq"] - 1}))["logs"]
        assert [event["room"] for event in log["events"]] == [seen]
        async with server.connect(bela, hello=False) as again:
            (whole,) = (await again.hello())["logs"]
        assert [event["room"] for event in whole["events"] if event["op"] == "joined"] == [seen]
        # Saying the same again changes nothing, and is not written down.
        assert (await a.do("change_room", room=room, **changes))["seq"] == done["seq"]
        assert await audited(server, room) == [("room.change", room, ", ".join(changes))]


async def test_a_device_that_missed_too_much_still_learns_what_the_room_is_now(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", limits=replace(ROOMY, replay_rows=10)) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a, server.connect(bela) as b:
            room = await make_room(a, bela)
            held = (await a.post(room, "before"))["seq"]
            changed = (await a.do("change_room", room=room, name="Renamed"))["seq"]
            for number in range(12):
                await a.post(room, f"{number}")
            for position, told in ((held, ["Renamed"]), (changed, []), (10**6, ["Renamed"])):
                (log,) = (await b.ask("replay", positions={room: position}))["logs"]
                assert log["reset"]
                assert [event["room"]["name"] for event in log.get("events", [])] == told


async def test_moderators_change_looks_and_rules_but_not_what_a_room_is(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        await a.do("set_role", room=room, person=bela.id, role="moderator")
        assert (await b.do("change_room", room=room, topic="Mine", slow_s=5))["op"] == "ack"
        for refused in ({"kind": "private"}, {"history": "joined"}, {"topic": "Both", "member_limit": 5}):
            assert (await b.do("change_room", room=room, **refused))["code"] == "forbidden"
        assert (await a.do("change_room", room=room, name=" \n "))["field"] == "name"
        assert (await a.do("change_room", room=room, category="0" * 26))["field"] == "category"
        async with server.connect(bela, hello=False) as again:
            (whole,) = (await again.hello())["logs"]
        (joined,) = [event for event in whole["events"] if event["op"] == "joined"]
        assert (joined["room"]["topic"], joined["room"]["slow_s"]) == ("Mine", 5)


async def test_only_moderators_post_where_only_they_may(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, bela, chidi, posting="moderators")
        await a.do("set_role", room=room, person=bela.id, role="moderator")
        assert (await c.post(room, "Hello"))["code"] == "posting_closed"
        for client in (a, b):
            assert (await client.post(room, "Hello"))["op"] == "ack"
        await a.do("change_room", room=room, posting="everyone")
        assert (await c.post(room, "Hello"))["op"] == "ack"


async def test_opening_the_past_shows_it_to_all_who_are_there_and_closing_it_takes_nothing_away(
    server: Server,
) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, history="joined")
        said = await a.post(room, "before")
        for _ in range(2):
            await a.do("add_member", room=room, person=bela.id)
            await a.post(room, "with bela")
            await b.do("leave", room=room)
            await a.post(room, "without")
        await a.do("add_member", room=room, person=bela.id)
        assert texts(await page(server, bela, room)) == ["with bela"] * 2
        await a.do("change_room", room=room, history="all")
        everything = ["before", *["with bela", "without"] * 2]
        assert texts(await page(server, bela, room)) == everything
        # Changes to what was before them reach them now as well.
        await a.do("edit", message=said["subject"], content={"type": "text", "text": "before!"})
        edited = await b.until(lambda frame: frame["op"] == "message" and "edited_at" in frame["message"])
        assert edited["message"]["id"] == said["subject"]
        await a.do("change_room", room=room, history="joined")
        await a.do("add_member", room=room, person=chidi.id)
        assert texts(await page(server, chidi, room)) == []
        assert texts(await page(server, bela, room)) == ["before!", *everything[1:]]
        # Who comes back while the past is open has one stretch, whatever there was before.
        await b.do("leave", room=room)
        await a.do("change_room", room=room, history="all")
        await a.do("add_member", room=room, person=bela.id)
        assert texts(await page(server, bela, room)) == ["before!", *everything[1:]]


async def put_picture(server: Server, who: Account, room: str, data: bytes) -> tuple[int, dict[str, Any]]:
    async with browser(server, who.token) as b:
        answer = await b.put(f"/api/rooms/{room}/picture", content=data)
    return answer.status_code, answer.json()


async def test_a_room_has_a_picture_that_goes_with_it(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        assert (await put_picture(server, bela, room, encoded(flag(), "PNG")))[0] == 403
        assert (await put_picture(server, ada, room, b"no picture"))[0] == 415
        status, first = await put_picture(server, ada, room, encoded(flag(), "PNG"))
        assert status == 200
        seen = (await b.until(lambda frame: frame["op"] == "room"))["room"]
        assert seen["picture"] == first["picture"]
        async with browser(server, bela.token) as web:
            assert (await web.get(f"/api/pictures/{first['picture']}")).status_code == 200
            _, second = await put_picture(server, ada, room, encoded(flag(), "PNG"))
            assert (await web.get(f"/api/pictures/{first['picture']}")).status_code == 404
            assert (await web.delete(f"/api/rooms/{room}/picture")).status_code == 403
        async with browser(server, ada.token) as web:
            assert (await web.delete(f"/api/rooms/{room}/picture")).status_code == 204
            assert (await web.get(f"/api/pictures/{second['picture']}")).status_code == 404
