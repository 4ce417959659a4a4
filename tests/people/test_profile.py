"""How others see me: names, status, about; and who may see whom."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from appliance.features.auth import actions as auth
from appliance.features.rooms import actions as rooms
from appliance.kernel.clock import HandClock
from tests.client import client_id
from tests.edge.browser import browser
from tests.server import ROOMY, Account, Server, room_of, serving


async def profile(server: Server, who: Account, person: str) -> Any:
    """What `who` sees of somebody, or the code of the refusal."""
    async with browser(server, who.token) as b:
        answer = await b.get(f"/api/people/{person}")
    return answer.json() if answer.status_code == 200 else answer.json()["code"]


async def test_a_change_reaches_my_devices_and_everybody_in_my_rooms(server: Server) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    phone = await server.device(ada)
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(server.connect(one)) for one in (ada, phone, bela, dana)]
        a, p, b, d = sockets
        garden, cellar = await room_of(a, bela), await room_of(b, ada, kind="private")
        await a.do("change_profile", display="  Ada\u0007 Lindqvist ", status="🌱 In the greenhouse 👩‍🌾")
        for room in (garden, cellar):
            event = await b.until(
                lambda f, room=room: f["op"] == "member" and f["log"] == room and "status" in f["person"]
            )
            assert event["person"] == {
                "id": ada.id,
                "name": "ada",
                "display": "Ada Lindqvist",
                "status": "🌱 In the greenhouse 👩‍🌾",
            }
        for socket in (a, p):
            assert (await socket.until(lambda f: f["op"] == "me"))["me"]["display"] == "Ada Lindqvist"
        await d.ask("ping")
        assert "greenhouse" not in str(d.heard)
    async with server.connect(bela, hello=False) as b:
        welcome = await b.hello({garden: 0})
        assert "Ada Lindqvist" in str(welcome)


async def test_only_what_is_given_changes(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        await a.do(
            "change_profile", status="Here", status_until=9_000_000_000_000, about="Bees\n\n and\thoney \n"
        )
        await a.do("change_profile", display="Ada L")
        me = a.events("me")[-1]["me"]
        assert (me["display"], me["status"], me["status_until"]) == ("Ada L", "Here", 9_000_000_000_000)
        assert me["about"] == "Bees\n\nand honey"
        await a.do("change_profile", status="Gone")
        assert "status_until" not in a.events("me")[-1]["me"]
        await a.do("change_profile", status="", display="")
        me = a.events("me")[-1]["me"]
        assert (me.get("status", ""), me["display"]) == ("", "ada")


async def test_a_change_that_changes_nothing_tells_nobody(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, bela)
        head = (await b.ask("replay", positions={room: 0}))["logs"][0]["to"]
        for fields in (
            {},
            {"display": "Ada"},
            {"status": ""},
            {"about": ""},
            {"about": "Only for who looks"},
        ):
            assert (await a.do("change_profile", **fields))["op"] == "ack"
        assert (await b.ask("replay", positions={room: 0}))["logs"][0]["to"] == head
        assert len(a.events("me")) == 1


async def test_a_status_whose_time_is_over_is_not_shown(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = await server.account("ada"), await server.account("bela")
        async with server.connect(ada) as a:
            await a.do("change_profile", status="Lunch", status_until=clock.now_ms() + 60_000)
        assert (await profile(server, bela, ada.id))["person"]["status"] == "Lunch"
        clock.advance(61)
        assert "status" not in (await profile(server, bela, ada.id))["person"]


async def test_what_turns_the_writing_direction_does_not_get_out_of_a_status(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        await a.do(
            "change_profile", status="\u202etxt.exe\u2066 \u2028now", about="\u202eone\r\ntwo\u0000\x1b[0m"
        )
        me = a.events("me")[-1]["me"]
        assert (me["status"], me["about"]) == ("txt.exe now", "one\ntwo [0m")


async def test_what_is_too_long_is_refused(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        for field, length in (("status", 81), ("about", 501), ("display", 65)):
            assert (await a.do("change_profile", **{field: "x" * length}))["code"] == "bad_request"
            assert (await a.do("change_profile", **{field: "x" * (length - 1)}))["op"] == "ack"


async def test_a_repeated_change_counts_once_and_changes_are_limited(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(
        tmp_path / "data", clock=clock, limits=replace(ROOMY, profile_changes_per_hour=30)
    ) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as a:
            same = client_id()
            first = await a.do("change_profile", status="One", client_id=same)
            assert (await a.do("change_profile", status="One", client_id=same))["seq"] == first["seq"]
            answers = [await a.do("change_profile", status=str(number)) for number in range(30)]
            refused = [answer for answer in answers if answer["op"] == "error"]
            assert {answer["limit"] for answer in refused} == {"profile_changes_per_hour"}
            clock.advance(3600)
            assert (await a.do("change_profile", status="Later"))["op"] == "ack"


FIELDS = ("status", "about", "display")


async def test_changes_from_many_devices_at_once_end_equal_everywhere(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    devices = [await server.device(ada, f"device {number}") for number in range(5)]
    async with server.connect(bela) as b, server.connect(ada) as a, AsyncExitStack() as stack:
        room = await room_of(b, ada)
        sockets = [await stack.enter_async_context(server.connect(device)) for device in devices]
        await asyncio.gather(
            *(
                socket.do(
                    "change_profile", **{("status", "about", "display")[number % 3]: f"v{number}-{turn}"}
                )
                for number, socket in enumerate(sockets)
                for turn in range(10)
            )
        )
        for socket in (a, *sockets):
            await socket.ask("ping")
        newest = [max(socket.events("me"), key=lambda f: f["seq"])["me"] for socket in (a, *sockets)]
        assert all(me == newest[0] for me in newest)
        await b.ask("ping")
        told = [f["person"] for f in b.events("member") if f["log"] == room and f["person"]["id"] == ada.id]
        assert (told[-1]["display"], told[-1]["status"]) == (newest[0]["display"], newest[0]["status"])


async def test_a_profile_says_what_we_share_and_nothing_else(server: Server) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        garden = await room_of(a, bela)
        await room_of(a)
        await a.do("change_profile", about="Bees")
        await b.do("start_dm", person=dana.id)
    seen = await profile(server, bela, ada.id)
    assert seen["person"] == {"id": ada.id, "name": "ada", "display": "Ada"}
    assert (seen["about"], seen["role"], seen["rooms"]) == ("Bees", "member", [garden])
    assert (await profile(server, dana, ada.id))["rooms"] == []
    assert (await profile(server, ada, ada.id))["about"] == "Bees"
    assert set(seen) == {"person", "about", "role", "since", "rooms"}


async def test_guests_see_and_are_seen_by_whom_they_share_a_room_with(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    guest, other = await server.account("gus", role="guest"), await server.account("other", role="guest")
    room = await _room_with_guest(server, ada, guest)
    assert (await profile(server, guest, ada.id))["rooms"] == [room]
    assert (await profile(server, ada, guest.id))["person"]["guest"] is True
    assert await profile(server, guest, bela.id) == "not_found"
    assert await profile(server, guest, other.id) == "not_found"
    assert await profile(server, bela, guest.id) == "not_found"
    assert (await profile(server, guest, guest.id))["rooms"] == []
    async with server.connect(guest) as g:
        assert (await g.do("change_profile", status="Hi"))["code"] == "forbidden"


async def test_nobody_and_somebody_deleted_look_the_same(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    await server.house.db.write(lambda tx: auth.forget(tx, bela.id))
    assert await profile(server, ada, bela.id) == await profile(server, ada, "0" * 26) == "not_found"


async def _room_with_guest(server: Server, owner: Account, guest: Account) -> str:
    async with server.connect(owner) as socket:
        room = await room_of(socket)
    halls = rooms.Rooms(100)
    await server.house.db.write(lambda tx: halls.admit(tx, room, guest.id, "guest", actor=owner.id))
    return room
