"""Support rooms: who asks speaks with the desk, whoever of the staff that is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from appliance.features.messages import counting
from appliance.features.rooms import actions as rooms
from appliance.kernel.clock import HandClock
from appliance.kernel.session import Who
from tests.client import Client
from tests.edge.browser import browser
from tests.server import Account, Server, serving


async def get(server: Server, account: Account, path: str) -> Any:
    async with browser(server, account.token) as b:
        answer = await b.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@dataclass
class Desk:
    """Bela asked for help; ada (an admin) and mo (a moderator) are the staff, dana is not."""

    server: Server
    clock: HandClock
    people: dict[str, Account]
    sockets: dict[str, Client]
    room: str

    async def queue(self, who: str = "mo", *, closed: bool = False) -> list[Any]:
        path = "/api/support/queue" + ("?closed=1" if closed else "")
        return list((await get(self.server, self.people[who], path))["tickets"])


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server, AsyncExitStack() as stack:
        people = {name: await server.account(name) for name in ("bela", "dana")}
        people["ada"] = await server.account("ada", admin=True)
        people["mo"] = await server.account("mo", role="moderator")
        sockets = {
            name: await stack.enter_async_context(server.connect(account)) for name, account in people.items()
        }
        asked = await sockets["bela"].do("ask_for_help", about="  No sound   in calls ")
        assert asked["op"] == "ack", asked
        yield Desk(server, clock, people, sockets, asked["subject"])


async def test_who_asks_is_in_a_room_with_the_desk_and_the_staff_sees_it_wait(desk: Desk) -> None:
    bela, mo = desk.sockets["bela"], desk.sockets["mo"]
    joined = await bela.until(lambda frame: frame["op"] == "joined" and frame["room"]["id"] == desk.room)
    assert (joined["room"]["kind"], joined["room"]["name"]) == ("support", "No sound in calls")
    (ticket,) = await desk.queue()
    assert (ticket["subject"], ticket["asker"]["display"]) == ("No sound in calls", "Bela")
    assert "waiting_since" not in ticket  # nothing was said yet
    desk.clock.advance(5)
    mark = len(mo.heard)
    said = await bela.post(desk.room, "I hear nobody")
    told = await mo.until(lambda frame: frame["op"] == "queue", since=mark)
    assert told["waiting"] == 1
    desk.clock.advance(60)
    await bela.post(desk.room, "Still not")
    (ticket,) = await desk.queue("ada")
    assert (ticket["waiting_since"], ticket["last"]["content"]["text"]) == (said["at"], "Still not")


async def test_the_asker_hears_the_desk_and_never_who_it_is(desk: Desk) -> None:
    bela, mo, ada = (desk.sockets[name] for name in ("bela", "mo", "ada"))
    await bela.post(desk.room, "Hello?")
    mark = len(bela.heard)
    for name, account in (("mo", mo), ("ada", ada)):
        taken = await account.do("assign_ticket", room=desk.room, person=desk.people[name].id)
        assert taken["op"] == "ack", taken
        assert (await account.post(desk.room, f"It is {name}"))["op"] == "ack"
        await account.ask("typing", room=desk.room)
        await account.ask("read", room=desk.room, seq=1)
    await mo.ask("ping")
    assert (await mo.post(desk.room, "once more"))["code"] == "not_found"  # ada took over
    await bela.until(lambda frame: frame["op"] == "message" and "ada" in str(frame["message"]["content"]))
    heard = bela.heard[mark:]
    authors = {frame["message"]["author"] for frame in heard if frame["op"] == "message"}
    assert len(authors) == 1
    assert not authors & {desk.people["mo"].id, desk.people["ada"].id}
    shown = str([*heard, await get(desk.server, desk.people["bela"], f"/api/rooms/{desk.room}/members")])
    shown += str(await get(desk.server, desk.people["bela"], f"/api/rooms/{desk.room}/messages"))
    shown += str(await get(desk.server, desk.people["bela"], f"/api/rooms/{desk.room}/receipts"))
    assert desk.people["mo"].id not in shown
    assert desk.people["ada"].id not in shown
    assert not [frame for frame in heard if frame["op"] == "member"]
    async with desk.server.connect(desk.people["bela"], hello=False) as again:
        welcome = str(await again.hello({desk.room: 0}))
    assert desk.people["mo"].id not in welcome
    assert desk.people["ada"].id not in welcome


async def desk_of(desk: Desk) -> str:
    """The desk's account, as the asker sees it."""
    listed = (await get(desk.server, desk.people["bela"], f"/api/rooms/{desk.room}/members"))["members"]
    (voice,) = {each["person"]["id"] for each in listed} - {desk.people["bela"].id}
    return str(voice)


async def test_whoever_of_the_staff_types_the_asker_sees_the_desk_type(desk: Desk) -> None:
    bela, voice = desk.sockets["bela"], await desk_of(desk)
    await bela.ask("view", room=desk.room)
    for name in ("mo", "ada"):
        await desk.sockets[name].do("assign_ticket", room=desk.room, person=desk.people[name].id)
        await desk.sockets[name].ask("typing", room=desk.room)
        await bela.ask("ping")
    # A device that comes later does not know that it is hidden; the server does.
    async with desk.server.connect(desk.people["ada"]) as later:
        await later.ask("typing", room=desk.room)
        await bela.ask("ping")
        assert [event["person"] for event in bela.events("typing")] == [voice] * 3
        # Whoever gave it away types there no more, and who asks types under their own name.
        await desk.sockets["mo"].do("assign_ticket", room=desk.room, person=desk.people["mo"].id)
        await later.ask("typing", room=desk.room)
        await desk.sockets["mo"].ask("view", room=desk.room)
        await bela.ask("typing", room=desk.room)
        await desk.sockets["mo"].ask("ping")
        assert [event["person"] for event in desk.sockets["mo"].events("typing")] == [desk.people["bela"].id]
        await bela.ask("ping")
        assert len(bela.events("typing")) == 3


async def test_receipts_show_the_asker_how_far_the_desk_is_and_nobody_else(desk: Desk) -> None:
    bela, mo, voice = desk.sockets["bela"], desk.sockets["mo"], await desk_of(desk)
    for name in ("ada", "mo"):
        await desk.sockets[name].do("assign_ticket", room=desk.room, person=desk.people[name].id)
    await bela.ask("view", room=desk.room)
    seq = (await bela.post(desk.room, "Hello?"))["seq"]
    await mo.ask("delivered", marks={desk.room: seq})
    await mo.ask("read", room=desk.room, seq=seq)
    desk.clock.advance(5)
    await desk.server.house.of_feature["receipts"].tell_due()
    await bela.ask("ping")
    told = bela.events("receipts")[-1]
    assert told["marks"] == [{"person": voice, "delivered": seq, "read": seq}]


async def test_an_answer_ends_the_waiting_and_the_next_question_begins_it_anew(desk: Desk) -> None:
    bela, mo = desk.sockets["bela"], desk.sockets["mo"]
    await bela.post(desk.room, "Hello?")
    await mo.do("assign_ticket", room=desk.room, person=desk.people["mo"].id)
    await mo.post(desk.room, "Try the other microphone")
    (ticket,) = await desk.queue()
    assert "waiting_since" not in ticket
    assert (ticket["assignee"]["id"], ticket["mine"]) == (desk.people["mo"].id, True)
    desk.clock.advance(10)
    again = await bela.post(desk.room, "That did it not")
    assert (await desk.queue())[0]["waiting_since"] == again["at"]


async def test_who_waits_longest_comes_first(desk: Desk) -> None:
    dana, bela = desk.sockets["dana"], desk.sockets["bela"]
    rooms = {
        name: str((await dana.do("ask_for_help", about=name))["subject"]) for name in ("first", "second")
    }
    for name in ("second", "first"):
        desk.clock.advance(10)
        await dana.post(rooms[name], "Hello?")
    desk.clock.advance(10)
    await bela.post(desk.room, "Hello?")
    assert [ticket["subject"] for ticket in await desk.queue()] == ["second", "first", "No sound in calls"]


async def test_closed_nobody_posts_and_opened_again_all_goes_on(desk: Desk) -> None:
    bela, mo = desk.sockets["bela"], desk.sockets["mo"]
    await mo.do("assign_ticket", room=desk.room, person=desk.people["mo"].id)
    assert (await mo.do("close_ticket", room=desk.room))["op"] == "ack"
    changed = await bela.until(lambda frame: frame["op"] == "room" and frame["room"].get("archived_at"))
    assert changed["room"]["id"] == desk.room
    assert (await bela.post(desk.room, "One more thing"))["code"] == "room_archived"
    assert await desk.queue() == []
    assert [ticket["room"] for ticket in await desk.queue(closed=True)] == [desk.room]
    assert (await bela.do("reopen_ticket", room=desk.room))["op"] == "ack"
    assert (await bela.post(desk.room, "One more thing"))["op"] == "ack"
    (mine,) = (await get(desk.server, desk.people["bela"], "/api/support"))["tickets"]
    assert (mine["room"], "closed_at" in mine) == (desk.room, False)


async def test_nobody_else_comes_near(desk: Desk) -> None:
    dana, bela = desk.sockets["dana"], desk.sockets["bela"]
    for op in ("assign_ticket", "close_ticket", "reopen_ticket"):
        assert (await dana.do(op, room=desk.room))["code"] == "not_found", op
    assert (await bela.do("assign_ticket", room=desk.room))["code"] == "not_found"
    assert (await bela.do("add_member", room=desk.room, person=desk.people["dana"].id))["code"] == "forbidden"
    assert (await bela.do("leave", room=desk.room))["code"] == "forbidden"
    mo = desk.sockets["mo"]
    given = await mo.do("assign_ticket", room=desk.room, person=desk.people["dana"].id)
    assert given["code"] == "not_found"
    async with browser(desk.server, desk.people["dana"].token) as b:
        assert (await b.get("/api/support/queue")).status_code == 403
    assert (await get(desk.server, desk.people["dana"], "/api/support"))["tickets"] == []


async def test_one_person_has_only_so_many_open_at_once_however_they_hurry(desk: Desk) -> None:
    bela = desk.sockets["bela"]
    answers = await asyncio.gather(*(bela.do("ask_for_help", about=f"number {n}") for n in range(6)))
    assert sorted(answer.get("code", "ok") for answer in answers) == ["ok"] * 2 + ["tickets_full"] * 4
    await bela.do("close_ticket", room=desk.room)
    assert (await bela.do("ask_for_help", about="another"))["op"] == "ack"


async def test_who_is_no_longer_of_the_staff_leaves_what_they_looked_after(desk: Desk) -> None:
    mo = desk.sockets["mo"]
    await mo.do("assign_ticket", room=desk.room, person=desk.people["mo"].id)
    async with browser(desk.server, desk.people["ada"].token) as b:
        changed = await b.post(f"/api/accounts/{desk.people['mo'].id}/role", json={"role": "member"})
    assert changed.status_code == 204
    (ticket,) = await desk.queue("ada")
    assert "assignee" not in ticket
    async with browser(desk.server, desk.people["mo"].token) as b:
        assert (await b.get(f"/api/rooms/{desk.room}/messages")).status_code == 404


async def test_blocking_somebody_of_the_staff_does_not_tell_whether_they_hide_here(desk: Desk) -> None:
    """What follows a block is told at once in every room that knows the two, and so would give them away."""
    ids = {name: account.id for name, account in desk.people.items()}
    await desk.sockets["ada"].do("assign_ticket", room=desk.room, person=ids["mo"])

    async def known(account: str, person: str) -> list[str]:
        return await desk.server.house.db.read(lambda db: counting.rooms_that_know(db, account, person))

    assert await known(ids["bela"], ids["mo"]) == []
    assert await known(ids["mo"], ids["bela"]) == [desk.room]
    _, other = await desk.server.house.db.read(
        lambda db: rooms.members(db, Who(ids["bela"], desk.people["bela"].device), desk.room)
    )
    assert await known(ids["bela"], other.person.id) == [desk.room]


async def test_the_desk_is_nobody_that_one_could_find_or_write_to(desk: Desk) -> None:
    members = await get(desk.server, desk.people["bela"], f"/api/rooms/{desk.room}/members")
    others = [each["person"] for each in members["members"] if each["person"]["id"] != desk.people["bela"].id]
    (voice,) = others
    found = await get(desk.server, desk.people["bela"], "/api/people?q=Support")
    assert found["people"] == []
    assert (await desk.sockets["bela"].do("start_dm", person=voice["id"]))["op"] == "error"
    async with browser(desk.server, desk.people["ada"].token) as b:
        assert (await b.post(f"/api/accounts/{voice['id']}/role", json={"role": "admin"})).status_code == 404
        body = {"reason": "Why not", "wipe": True}
        for deed in ("suspend", "mute", "reset-link"):
            asked = {"until": 2**50} if deed == "mute" else body if deed == "suspend" else None
            answer = await b.post(f"/api/accounts/{voice['id']}/{deed}", json=asked)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), deed
