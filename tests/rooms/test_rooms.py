"""Rooms are made, joined, left and handed over."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from appliance.kernel.clock import HandClock
from tests.client import Client, Frame
from tests.edge.browser import browser
from tests.rooms.making import make_room
from tests.server import ROOMY, Account, Server, serving


async def members_of(server: Server, who: Account, room: str) -> list[tuple[str, str]]:
    async with browser(server, who.token) as b:
        answer = await b.get(f"/api/rooms/{room}/members")
    return [(member["person"]["name"], member["role"]) for member in answer.json()["members"]]


async def directory(server: Server, who: Account) -> dict[str, tuple[int, bool]]:
    """Each room's name with its number of members, and whether I am in it; in the order shown."""
    async with browser(server, who.token) as b:
        rooms = (await b.get("/api/rooms")).json()["rooms"]
    return {e["room"]["name"]: (e["room"].get("member_count", 0), e["joined"]) for e in rooms}


def joined(client: Client, room: str) -> list[Frame]:
    return [frame for frame in client.events("joined") if frame["room"]["id"] == room]


async def test_a_room_that_is_made_is_its_makers_on_all_devices_and_in_the_directory(server: Server) -> None:
    ada, dana = [await server.account(name) for name in ("ada", "dana")]
    phone = await server.device(ada)
    async with server.connect(ada) as a, server.connect(phone) as p:
        made = await a.do("create_room", name="  The   garden ", topic=" beds \n and seeds ")
        event = await p.until(lambda frame: frame["op"] == "joined")
        assert event["log"] == ada.id
        assert event["role"] == "owner"
        assert event["room"] | {"created_at": 0} == {
            "id": made["subject"],
            "kind": "public",
            "name": "The garden",
            "topic": "beds and seeds",
            "history": "all",
            "posting": "everyone",
            "member_count": 1,
            "created_at": 0,
        }
        assert event["head"] == made["seq"]
        assert await members_of(server, ada, made["subject"]) == [("ada", "owner")]
        assert await directory(server, dana) == {"The garden": (1, False)}
        assert (await a.do("create_room", name=" \n "))["field"] == "name"


async def test_a_rooms_name_can_be_seen_and_turns_nothing_around(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        assert (await a.do("create_room", name="\u200b\u2060"))["field"] == "name"
        room = await make_room(a, name="Gar\u202eden\u0000 \U0001f469\u200d\U0001f680")
        await a.do("change_room", room=room, topic="\u2067beds")
    found = (await directory(server, await server.account("dana"))).keys()
    assert list(found) == ["Garden \U0001f469\u200d\U0001f680"]


async def test_joining_tells_both_sides_and_joining_twice_counts_once(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a)
        first = await b.do("join", room=room)
        event = await a.until(lambda frame: frame["op"] == "member")
        assert event["person"] == {"id": bela.id, "name": "bela", "display": "Bela"}
        assert (event["role"], event["member_count"], event["seq"]) == ("member", 2, first["seq"])
        assert (await b.until(lambda frame: frame["op"] == "joined"))["head"] == first["seq"]
        assert (await b.do("join", room=room))["seq"] == first["seq"]
        await a.ask("ping")
        assert len(a.events("member")) == 1
        posted = await a.post(room, "Welcome")
        assert (await b.until(lambda frame: frame["op"] == "message"))["seq"] == posted["seq"]


async def test_the_last_owner_who_leaves_hands_over_to_the_oldest_member(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        await a.do("leave", room=room)
        left = await a.until(lambda frame: frame["op"] == "left")
        assert (left["log"], left["room"], left.get("reason", "left")) == (ada.id, room, "left")
        heir = await b.until(lambda frame: frame["op"] == "joined" and frame["role"] == "owner")
        assert heir["log"] == bela.id
        told = c.events("member")[-2:]
        assert [(frame["person"]["name"], frame["role"], frame["member_count"]) for frame in told] == [
            ("ada", None, 2),
            ("bela", "owner", 2),
        ]
        assert await members_of(server, bela, room) == [("bela", "owner"), ("chidi", "member")]
        assert (await a.do("leave", room=room))["op"] == "ack"
        assert (await b.do("remove_member", room=room, person=chidi.id))["op"] == "ack"


async def test_a_room_that_everybody_left_gets_an_owner_again(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, name="Empty")
        await a.do("leave", room=room)
        assert await directory(server, bela) == {"Empty": (0, False)}
        await b.do("join", room=room)
        await c.do("join", room=room)
        assert await members_of(server, bela, room) == [("bela", "owner"), ("chidi", "member")]


async def test_being_removed_ends_the_conversation_at_that_very_point(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    phone = await server.device(bela)
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(phone) as p:
        room = await make_room(a, bela)
        requests = [await a.say("post", **post(room, f"before {n}")) for n in range(5)]
        requests.append(
            await a.say("remove_member", room=room, person=bela.id, client_id="remove-bela-now-1")
        )
        requests += [await a.say("post", **post(room, f"after {n}")) for n in range(5)]
        for request in requests:
            assert (await answer_to(a, request))["op"] == "ack"
        for client in (b, p):
            left = await client.until(lambda frame: frame["op"] == "left")
            assert (left["room"], left["reason"]) == (room, "removed")
            await client.ask("ping")
            said = [frame["message"]["content"]["text"] for frame in client.events("message")]
            assert said == [f"before {n}" for n in range(5)]
            last = [frame for frame in client.heard if frame["op"] in ("left", "message", "member")][-1]
            assert last["op"] == "left"
            assert (await client.post(room, "still here?"))["code"] == "not_found"
            assert (await client.ask("read", room=room, seq=1))["code"] == "not_found"
            (log,) = (await client.ask("replay", positions={room: 3}))["logs"]
            assert (log["gone"], log["to"]) == (True, 0)
        gone = await a.until(lambda frame: frame["op"] == "member" and frame["role"] is None)
        assert (gone["person"]["id"], gone["member_count"]) == (bela.id, 1)
        async with server.connect(bela, hello=False) as again:
            welcome = await again.hello({bela.id: left["seq"] - 1, room: 3})
            logs = {log["log"]: log for log in welcome["logs"]}
            assert [event["op"] for event in logs[bela.id]["events"]] == ["left"]
            assert logs[room]["gone"]


def post(room: str, text: str) -> Frame:
    return {
        "room": room,
        "content": {"type": "text", "text": text},
        "client_id": f"removal-{text.replace(' ', '-')}-xyz",
    }


async def answer_to(client: Client, request: str) -> Frame:
    return await client.until(lambda frame: frame.get("id") == request)


async def test_two_who_start_a_direct_message_at_once_are_in_the_same(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        answers = await asyncio.gather(
            *(
                asker.do("start_dm", person=other.id)
                for _ in range(4)
                for asker, other in ((a, bela), (b, ada))
            )
        )
        rooms = {answer["subject"] for answer in answers}
        assert len(rooms) == 1
        (room,) = rooms
        for client, other in ((a, bela), (b, ada)):
            await client.ask("ping")
            (event,) = joined(client, room)
            assert [person["id"] for person in event["people"]] == [other.id]
            assert (event["room"]["kind"], event["room"].get("name", "")) == ("dm", "")
            assert event["room"]["member_count"] == 2
        await a.post(room, "Hello")
        await b.until(lambda frame: frame["op"] == "message")
        assert (await a.do("start_dm", person=ada.id))["code"] == "not_found"
        assert (await a.do("start_dm", person="0" * 26))["code"] == "not_found"


async def test_who_may_bring_in_and_take_out(server: Server) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        for kind, by_member in (("public", "ack"), ("private", "forbidden")):
            room = await make_room(a, bela, kind=kind)
            tried = await b.do("add_member", room=room, person=dana.id)
            assert tried.get("code", tried["op"]) == by_member
            assert (await a.do("add_member", room=room, person=dana.id))["op"] == "ack"
            assert (await a.do("add_member", room=room, person="0" * 26))["field"] == "person"
            assert (await b.do("remove_member", room=room, person=dana.id))["code"] == "forbidden"
            assert (await b.do("remove_member", room=room, person=ada.id))["code"] == "forbidden"
            assert (await a.do("remove_member", room=room, person=ada.id))["code"] == "forbidden"
            for _ in range(2):
                assert (await a.do("remove_member", room=room, person=dana.id))["op"] == "ack"
            assert [name for name, _ in await members_of(server, ada, room)] == ["ada", "bela"]


async def test_a_full_room_takes_nobody_more_however_many_come_at_once(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", limits=replace(ROOMY, room_members=3)) as server:
        ada = await server.account("ada")
        others = [await server.account(f"person{n}") for n in range(6)]
        async with AsyncExitStack() as stack:
            a, *clients = [await stack.enter_async_context(server.connect(one)) for one in (ada, *others)]
            room = await make_room(a, name="Small")
            answers = await asyncio.gather(*(client.do("join", room=room) for client in clients))
            assert sorted(answer.get("code", "ack") for answer in answers) == ["ack"] * 2 + ["room_full"] * 4
            assert {answer.get("limit") for answer in answers} == {None, "room_members"}
            assert len(await members_of(server, ada, room)) == 3
            assert await directory(server, ada) == {"Small": (3, True)}
            inside = next(c for c, answer in zip(clients, answers, strict=True) if answer["op"] == "ack")
            outside = next(c for c, answer in zip(clients, answers, strict=True) if answer["op"] != "ack")
            await inside.do("leave", room=room)
            assert (await outside.do("join", room=room))["op"] == "ack"
            assert await directory(server, ada) == {"Small": (3, True)}


async def test_the_count_of_members_stays_exact_through_coming_and_going(server: Server) -> None:
    ada = await server.account("ada")
    others = [await server.account(f"person{n}") for n in range(4)]
    async with AsyncExitStack() as stack:
        a, *clients = [await stack.enter_async_context(server.connect(one)) for one in (ada, *others)]
        room = await make_room(a, name="Count")
        ops = ("join", "leave", "join") * 5
        await asyncio.gather(*(client.do(op, room=room) for op in ops for client in clients))
        count, _ = (await directory(server, ada))["Count"]
        assert count == len(await members_of(server, ada, room))
        await a.ask("ping")
        assert a.events("member")[-1]["member_count"] == count


async def test_typing_reaches_those_who_look_and_at_most_every_three_seconds(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela, chidi, dana = [await server.account(name) for name in ("ada", "bela", "chidi", "dana")]
        async with (
            server.connect(ada) as a,
            server.connect(bela) as b,
            server.connect(chidi) as c,
            server.connect(dana) as d,
        ):
            room, other = await make_room(a, bela, chidi), await make_room(a, bela)
            for client, shown in ((a, room), (b, room), (c, None), (d, room)):
                await client.ask("view", room=shown)

            async def heard() -> list[int]:
                for client in (a, b, c, d):
                    await client.ask("ping")
                return [len(client.events("typing")) for client in (a, b, c, d)]

            await a.ask("typing", room=room)
            assert await heard() == [0, 1, 0, 0]
            assert b.events("typing") == [{"op": "typing", "room": room, "person": ada.id}]
            for _ in range(3):
                await a.ask("typing", room=room)
                await a.ask("typing", room=other)
            assert await heard() == [0, 1, 0, 0]
            clock.advance(2.9)
            await a.ask("typing", room=room)
            assert await heard() == [0, 1, 0, 0]
            clock.advance(0.2)
            await a.ask("typing", room=room)
            assert await heard() == [0, 2, 0, 0]
            await d.ask("typing", room=room)
            await b.ask("view")
            clock.advance(4)
            await a.ask("typing", room=room)
            assert await heard() == [0, 2, 0, 0]
            await b.ask("view", room=room)
            await a.do("remove_member", room=room, person=bela.id)
            clock.advance(4)
            await a.ask("typing", room=room)
            await b.ask("typing", room=room)
            assert await heard() == [0, 2, 0, 0]


async def test_rooms_and_joins_are_limited_and_say_until_when(tmp_path: Path) -> None:
    clock, limits = HandClock(), replace(ROOMY, rooms_per_hour=2, joins_per_hour=2)
    async with serving(tmp_path / "data", clock=clock, limits=limits) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a, server.connect(bela) as b:
            room = await make_room(a)
            await make_room(a)
            refused = await a.do("create_room", name="Third")
            assert (refused["code"], refused["limit"]) == ("rate_limited", "rooms_per_hour")
            clock.advance(refused["retry_after_ms"] / 1000)
            assert (await a.do("create_room", name="Third"))["op"] == "ack"
            for _ in range(2):
                await b.do("join", room=room)
            refused = await b.do("start_dm", person=ada.id)
            assert (refused["code"], refused["limit"]) == ("rate_limited", "joins_per_hour")


async def test_what_is_rarely_too_much_is_limited_as_well(tmp_path: Path) -> None:
    """Each such command stays on the disk for 90 days, whatever room it names."""
    clock, limits = HandClock(), replace(ROOMY, changes_per_minute=2)
    async with serving(tmp_path / "data", clock=clock, limits=limits) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a:
            room = await make_room(a, bela)
            assert (await a.do("remove_member", room=room, person=bela.id))["op"] == "ack"
            assert (await a.ask("read", room=room, seq=1))["op"] == "ack"
            refused = await a.do("leave", room=room)
            assert (refused["code"], refused["limit"]) == ("rate_limited", "changes_per_minute")
            clock.advance(refused["retry_after_ms"] / 1000)
            assert (await a.do("leave", room=room))["op"] == "ack"
