"""People are muted, banned and let in again; what time lifts, it lifts by itself."""

from pathlib import Path
from typing import Any

from appliance.kernel.clock import HandClock
from appliance.kernel.transaction import Reader
from tests.client import Client, Frame
from tests.edge.browser import browser
from tests.rooms.making import enter, make_room, make_secret
from tests.server import Account, Server, serving

HOUR = 3_600_000


async def bans(server: Server, who: Account, room: str) -> tuple[int, list[dict[str, Any]]]:
    async with browser(server, who.token) as b:
        answer = await b.get(f"/api/rooms/{room}/bans")
    return answer.status_code, answer.json().get("bans", [])


async def audited(server: Server, room: str) -> list[tuple[str, str, str]]:
    """(action, subject, detail) of every deed of power in the room, oldest first."""

    def look(db: Reader) -> list[Any]:
        return db.rows("SELECT action, subject, detail FROM audit WHERE room = :room ORDER BY id", room=room)

    return await server.house.db.read(look)


async def left(client: Client, room: str) -> Frame:
    return await client.until(lambda frame: frame["op"] == "left" and frame["room"] == room)


async def test_a_banned_person_is_out_and_comes_in_by_no_door_until_the_ban_is_over(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
        async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
            room = await make_room(a, bela, chidi)
            until = clock.now_ms() + HOUR
            assert (await a.do("ban", room=room, person=bela.id, reason=" spam \n again ", until=until))[
                "op"
            ] == "ack"
            assert (await left(b, room))["reason"] == "banned"
            gone = await c.until(lambda frame: frame["op"] == "member" and frame["role"] is None)
            assert (gone["person"]["id"], gone["member_count"]) == (bela.id, 2)
            assert (await b.do("join", room=room))["code"] == "banned"
            assert (await c.do("add_member", room=room, person=bela.id))["code"] == "banned"
            assert (await b.post(room, "still here?"))["code"] == "not_found"
            status, (entry,) = await bans(server, ada, room)
            assert (status, entry["person"]["id"], entry["by"]["id"]) == (200, bela.id, ada.id)
            assert (entry["reason"], entry["until"], entry["at"]) == ("spam again", until, clock.now_ms())
            assert (await bans(server, chidi, room))[0] == 403
            assert (await bans(server, bela, room))[0] == 404
            clock.advance(3599)
            assert (await b.do("join", room=room))["code"] == "banned"
            clock.advance(1)
            assert await bans(server, ada, room) == (200, [])
            assert (await b.do("join", room=room))["op"] == "ack"
            assert await audited(server, room) == [("room.ban", bela.id, f"{until} spam again")]


async def test_a_ban_without_end_lasts_until_it_is_lifted(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        made = await make_secret(server, ada)
        room = made["room"]
        async with server.connect(ada) as a:
            # Who is not there right now can be kept out as well.
            assert (await a.do("ban", room=room, person=bela.id))["op"] == "ack"
            clock.advance(366 * 86_400)
            assert await enter(server, bela, made["code"]) == 404
            for _ in range(2):
                assert (await a.do("unban", room=room, person=bela.id))["op"] == "ack"
            assert await enter(server, bela, made["code"]) == 200
            assert [action for action, _, _ in await audited(server, room)] == ["room.ban", "room.unban"]


async def test_a_ban_that_would_be_over_already_is_refused(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a:
            room = await make_room(a, bela)
            refused = await a.do("ban", room=room, person=bela.id, until=clock.now_ms())
            assert (refused["code"], refused["field"]) == ("bad_request", "until")
            assert (await a.do("ban", room=room, person="0" * 26))["code"] == "not_found"
            assert (await a.do("ban", room=room, person=ada.id))["code"] == "forbidden"


async def test_why_one_is_out_is_told_to_devices_that_were_not_there(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        rooms = {reason: await make_room(a, bela) for reason in ("banned", "removed", "deleted", "left")}
        async with server.connect(bela, hello=False) as b:
            position = {log["log"]: log["to"] for log in (await b.hello())["logs"]}[bela.id]
            await b.do("leave", room=rooms["left"])
        await a.do("ban", room=rooms["banned"], person=bela.id)
        await a.do("remove_member", room=rooms["removed"], person=bela.id)
        await a.do("delete_room", room=rooms["deleted"])
        async with server.connect(bela, hello=False) as b:
            (log,) = (await b.hello({bela.id: position}))["logs"]
        told = {event["room"]: event.get("reason", "left") for event in log["events"]}
        assert told == {room: reason for reason, room in rooms.items()}


async def test_who_is_muted_reads_but_does_not_post_until_the_time_is_over(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
        async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
            room = await make_room(a, bela, chidi)
            until = clock.now_ms() + HOUR
            assert (await a.do("mute_member", room=room, person=bela.id, until=until))["op"] == "ack"
            mine = await b.until(lambda frame: frame["op"] == "joined" and "muted_until" in frame)
            assert (mine["role"], mine["muted_until"]) == ("member", until)
            theirs = await c.until(lambda frame: frame["op"] == "member" and "muted_until" in frame)
            assert (theirs["person"]["id"], theirs["muted_until"]) == (bela.id, until)
            refused = await b.post(room, "but")
            assert (refused["code"], refused["retry_after_ms"]) == ("muted", HOUR)
            await a.post(room, "read this")
            await b.until(lambda frame: frame["op"] == "message")
            async with server.connect(bela, hello=False) as again:
                (log,) = (await again.hello())["logs"]
            standing = [event for event in log["events"] if event["op"] == "joined"]
            assert [event["muted_until"] for event in standing] == [until]
            (replay,) = (await c.ask("replay", positions={room: 0}))["logs"]
            assert [
                event["muted_until"]
                for event in replay["events"]
                if event["op"] == "member" and event["person"]["id"] == bela.id
            ] == [until]
            clock.advance(3600)
            assert (await b.post(room, "at last"))["op"] == "ack"


async def test_a_mute_can_be_lifted_and_ends_with_the_membership(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        for_ever = {"room": room, "person": bela.id, "until": 2**53 - 1}
        await a.do("mute_member", **for_ever)
        assert "retry_after_ms" not in await b.post(room, "but")
        await a.do("mute_member", **{**for_ever, "until": 0})
        assert (await b.post(room, "thanks"))["op"] == "ack"
        await a.do("remove_member", room=room, person=bela.id)
        assert (await a.do("mute_member", **for_ever))["code"] == "not_found"
        assert [action for action, _, _ in await audited(server, room)] == [
            "room.mute",
            "room.unmute",
            "room.remove",
        ]
