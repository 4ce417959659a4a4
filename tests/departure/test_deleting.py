"""Deleting one's account: what is gone, what stays, and who learns of it."""

import asyncio
from typing import Any

import pytest

from appliance.features.auth import actions as auth
from tests.departure.leaving import confirm, delete
from tests.edge.browser import browser
from tests.messages.pages import page, texts
from tests.people.drawing import encoded, flag, put
from tests.server import Account, Server, room_of


def gone(account: Account) -> dict[str, Any]:
    """How others see somebody who deleted their account."""
    return {"id": account.id, "name": "", "display": "", "gone": True}


async def rows(server: Server, sql: str, **params: Any) -> list[Any]:
    return await server.house.db.read(lambda db: db.rows(sql, **params))


@pytest.fixture
async def people(server: Server) -> list[Account]:
    """Ada, an admin, with bela and chidi."""
    return [await server.account(name, admin=name == "ada") for name in ("ada", "bela", "chidi")]


async def test_what_was_written_stays_under_nobodys_name(server: Server, people: list[Account]) -> None:
    _ada, bela, chidi = people
    async with server.connect(bela) as b, server.connect(chidi) as c:
        room = await room_of(c, bela)
        await b.post(room, "still here")
        assert (await delete(server, bela)).status_code == 204
        event = await c.until(lambda f: f["op"] == "member" and f["person"].get("gone"))
        assert (event["person"], event.get("role"), event["member_count"]) == (gone(bela), None, 1)
        assert await b.closed() == 4401
    found = await page(server, chidi, room)
    assert texts(found) == ["still here"]
    assert gone(bela) in found["people"]


async def test_what_was_written_can_go_too_and_everybody_sees_it_go(
    server: Server, people: list[Account]
) -> None:
    _ada, bela, chidi = people
    async with server.connect(bela) as b, server.connect(chidi) as c:
        room, left = await room_of(c, bela), await room_of(c, bela)
        dm = (await b.do("start_dm", person=chidi.id))["subject"]
        for place in (room, left, dm):
            await b.post(place, f"a secret in {place}")
            await c.post(place, "not mine")
        await b.do("leave", room=left)
        assert (await delete(server, bela, keep_messages=False)).status_code == 204
        await server.house.jobs.run_due()
        for place in (room, left, dm):
            event = await c.until(
                lambda f, place=place: (
                    f["op"] == "message" and f["log"] == place and "deleted_at" in f["message"]
                )
            )
            assert (event["message"].get("content"), event["person"]) == (None, gone(bela))
            assert texts(await page(server, chidi, place)) == [None, "not mine"]


async def test_nothing_of_the_person_is_left_in_the_database(server: Server, people: list[Account]) -> None:
    _ada, bela, chidi = people
    second = await server.device(bela, "Belas phone")
    async with server.connect(bela) as b, server.connect(chidi) as c:
        room = await room_of(b, chidi)
        await b.do("change_profile", display="Bela Wintergarten", status="Wintergarten", about="Wintergarten")
        await c.do("set_nickname", person=bela.id, name="Wintergarten the second")
        await c.do("block", person=bela.id)
        await b.do("block", person=chidi.id)
        await b.ask("save_draft", room=room, text="Wintergarten draft")
        await b.do("set_preferences", receipts=False)
        picture = (await put(server, bela, encoded(flag(), "PNG"))).json()["picture"]
        await c.do("leave", room=room)
        assert (await delete(server, bela)).status_code == 204
        told = await c.until(lambda f: f["op"] == "blocked" and f["people"] == [] and f["seq"] > 1)
        assert told
        await c.until(lambda f: f["op"] == "nicknames" and f["nicknames"] == [])
    await server.house.jobs.run_due()
    real = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
    tables = await rows(server, real)
    for (table,) in tables:
        for row in await rows(server, f"SELECT * FROM {table}"):
            assert "intergarten" not in str(row), table
            assert "bela" not in str(row).lower(), table
    for table in ("blocks", "nicknames", "preferences", "drafts", "sessions"):
        columns = [row[1] for row in await rows(server, f"PRAGMA table_info({table})")]
        if "account" in columns:
            sql = f"SELECT * FROM {table} WHERE account = :account"
            assert await rows(server, sql, account=bela.id) == [], table
    for account in (bela, second):
        async with browser(server, account.token) as client:
            assert (await client.get("/api/devices")).status_code == 401
    async with browser(server, chidi.token) as client:
        assert (await client.get(f"/api/pictures/{picture}")).status_code == 404
        assert (await client.get(f"/api/people/{bela.id}")).status_code == 404


async def test_the_name_is_free_again_for_somebody_else(server: Server, people: list[Account]) -> None:
    _ada, bela, chidi = people
    async with server.connect(bela) as b, server.connect(chidi) as c:
        room = await room_of(c, bela)
        await b.post(room, "of the first")
    await delete(server, bela)
    another = await server.account("bela")
    assert another.id != bela.id
    async with server.connect(another) as n:
        assert (await n.post(room, "of the second"))["code"] == "not_found"
    assert gone(bela) in (await page(server, chidi, room))["people"]


async def test_rooms_pass_on_and_those_of_nobody_go(server: Server, people: list[Account]) -> None:
    _ada, bela, chidi = people
    async with server.connect(bela) as b, server.connect(chidi) as c:
        owned = await room_of(b, chidi)
        alone = await room_of(b, kind="private")
        await delete(server, bela)
        assert (await c.until(lambda f: f["op"] == "joined" and f["role"] == "owner"))["room"]["id"] == owned
        assert (await c.do("change_room", room=owned, name="Mine now"))["op"] == "ack"
    (deleted_at,) = (await rows(server, "SELECT deleted_at FROM rooms WHERE id = :id", id=alone))[0]
    assert deleted_at > 0


async def test_a_direct_message_stays_with_the_other_who_can_only_read_it(
    server: Server, people: list[Account]
) -> None:
    _ada, bela, chidi = people
    async with server.connect(bela) as b, server.connect(chidi) as c:
        dm = (await b.do("start_dm", person=chidi.id))["subject"]
        await b.post(dm, "so long")
        await delete(server, bela)
        await c.until(lambda f: f["op"] == "member" and f["log"] == dm and f["person"] == gone(bela))
        assert (await c.post(dm, "are you there?"))["code"] == "room_archived"
        assert (await c.do("start_dm", person=bela.id)).get("subject", dm) == dm
    async with server.connect(chidi, hello=False) as c:
        joined = [e for log in (await c.hello())["logs"] for e in log["events"] if e["op"] == "joined"]
        assert [event["people"] for event in joined if event["room"]["id"] == dm] == [[gone(bela)]]
    assert texts(await page(server, chidi, dm)) == ["so long"]


async def test_nobody_can_reach_who_is_gone(server: Server, people: list[Account]) -> None:
    ada, bela, chidi = people
    await delete(server, bela)
    async with server.connect(chidi) as c:
        room = await room_of(c)
        for op, fields in (
            ("start_dm", {}),
            ("add_member", {"room": room}),
            ("block", {}),
            ("set_nickname", {"name": "X"}),
        ):
            assert (await c.do(op, person=bela.id, **fields))["code"] == "not_found", op
        assert (await c.do("start_group", people=[bela.id, ada.id]))["code"] == "not_found"


async def test_only_who_just_confirmed_may_and_no_program(server: Server, people: list[Account]) -> None:
    _ada, bela, chidi = people
    refused = await delete(server, bela, confirmed=False)
    assert (refused.status_code, refused.json()["code"]) == (403, "confirm_needed")
    await server.house.db.write(
        lambda tx: tx.run(
            "UPDATE sessions SET scopes = 'read write' WHERE device = :device", device=chidi.device
        )
    )
    assert (await delete(server, chidi)).json()["code"] == "forbidden"
    assert await rows(server, "SELECT id FROM accounts WHERE deleted_at > 0") == []


async def test_the_browser_forgets_its_session(server: Server, people: list[Account]) -> None:
    answer = await delete(server, people[1])
    assert "safevoice=" in answer.headers["set-cookie"]
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


async def test_the_last_admin_stays_also_when_two_go_at_once(server: Server, people: list[Account]) -> None:
    ada, bela, _chidi = people
    assert (await delete(server, ada)).json()["code"] == "last_admin"
    await server.house.db.write(lambda tx: auth.change_role(tx, bela.id, "admin"))
    for account in (ada, bela):
        confirm(server, account)
    answers = await asyncio.gather(delete(server, ada), delete(server, bela))
    assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_going_twice_at_once_counts_once(server: Server, people: list[Account]) -> None:
    ada, bela, chidi = people
    second = await server.device(bela)
    async with server.connect(chidi) as c:
        room = await room_of(c, bela, ada)
    answers = await asyncio.gather(*(delete(server, device) for device in (bela, second) for _ in range(3)))
    assert sorted({answer.status_code for answer in answers}) in (
        [204, 401],
        [204, 401, 404],
        [204, 404],
        [204],
    )
    found = await rows(server, "SELECT member_count FROM rooms WHERE id = :room", room=room)
    assert found == [(2,)]


async def test_what_was_asked_of_the_staff_is_over_and_what_was_looked_after_waits(
    server: Server, people: list[Account]
) -> None:
    _ada, bela, chidi = people
    helper = await server.account("helper", role="moderator")
    async with server.connect(bela) as b, server.connect(chidi) as c, server.connect(helper) as h:
        asked = (await b.do("ask_for_help", about="My room"))["subject"]
        other = (await c.do("ask_for_help", about="Another"))["subject"]
        await h.do("assign_ticket", room=other, person=helper.id)
    await delete(server, bela)
    await delete(server, helper)
    found = dict(await rows(server, "SELECT room, closed_at > 0 FROM tickets"))
    assert found == {asked: 1, other: 0}
    assert await rows(server, "SELECT assignee FROM tickets WHERE room = :room", room=other) == [("",)]


async def test_links_that_were_given_out_work_no_more(server: Server, people: list[Account]) -> None:
    _ada, bela, chidi = people
    await server.house.db.write(lambda tx: auth.change_role(tx, bela.id, "admin"))
    async with browser(server, bela.token) as b, server.connect(bela) as socket:
        room = await room_of(socket, chidi)
        invite = (await b.post("/api/invites", json={"uses": 5})).json()["url"].rpartition("/")[2]
        guests = (await b.post(f"/api/rooms/{room}/guest-links", json={})).json()["url"].rpartition("/")[2]
        assert (await b.get(f"/api/invites/{invite}")).json()["valid"] is True
        assert (await b.get(f"/api/guest-links/{guests}")).json()["valid"] is True
    await delete(server, bela)
    async with browser(server) as b:
        assert (await b.get(f"/api/invites/{invite}")).json()["valid"] is False
        assert (await b.get(f"/api/guest-links/{guests}")).json()["valid"] is False


async def test_what_was_said_meanwhile_by_others_is_untouched(server: Server, people: list[Account]) -> None:
    _ada, bela, chidi = people
    async with server.connect(bela) as b, server.connect(chidi) as c:
        room = await room_of(c, bela)
        await asyncio.gather(
            *(socket.post(room, f"line {number}") for number in range(20) for socket in (b, c))
        )
    await delete(server, bela, keep_messages=False)
    async with server.connect(chidi) as c:
        await c.post(room, "after")
    await server.house.jobs.run_due()
    found = await page(server, chidi, room)
    for message in found["messages"]:
        assert (message["content"] is None) == (message["author"] == bela.id)
    assert len(found["messages"]) == 41
