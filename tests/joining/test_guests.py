"""Guests: one room, a display name, nothing else; and how they become members."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from appliance.config import Community
from tests.edge.browser import browser
from tests.rooms.making import make_room
from tests.server import ROOMY, Account, Server, serving


async def ask(server: Server, token: str, method: str, path: str, body: Any = None) -> Any:
    """(status, JSON) of a request."""
    async with browser(server, token) as b:
        answer = await b.request(method, path, json=body)
    return answer.status_code, answer.json() if answer.content else None


@dataclass
class Link:
    """A guest link of a room: how one opens it."""

    id: str
    code: str


async def link(server: Server, owner: Account, room: str, **fields: Any) -> Link:
    status, made = await ask(server, owner.token, "POST", f"/api/rooms/{room}/guest-links", fields)
    assert status == 201, made
    return Link(made["id"], made["url"].rpartition("/guest/")[2])


async def enter(server: Server, code: str, display: str) -> Any:
    return await ask(server, "", "POST", "/api/guests", {"code": code, "display": display, "bearer": True})


async def guest(server: Server, code: str, display: str = "Passer-by") -> Account:
    status, entered = await enter(server, code, display)
    assert status == 200, entered
    return Account(entered["me"]["id"], entered["device"], entered["token"])


async def test_a_link_needs_a_display_name_only_and_opens_one_room(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as owner:
        room = await make_room(owner, bela, name="Garden")
        await make_room(owner, name="Elsewhere")
        made = await link(server, ada, room)
        status, door = await ask(server, "", "GET", f"/api/guest-links/{made.code}")
        assert (status, door["valid"], door["room_name"], door["by"]) == (200, True, "Garden", "Ada")
        passer = await guest(server, made.code)
        told = await owner.until(lambda frame: frame["op"] == "member" and frame["person"]["id"] == passer.id)
        assert (told["role"], told["person"]["guest"], told["person"]["display"]) == (
            "guest",
            True,
            "Passer-by",
        )
        async with server.connect(passer, hello=False) as here:
            welcome = await here.hello()
            assert [summary["room"] for summary in welcome["summaries"]] == [room]
            assert (await here.post(room, "Hello, may I ask something?"))["op"] == "ack"
            heard = await owner.until(lambda frame: frame["op"] == "message")
            assert heard["person"]["guest"] is True
        _, seen = await ask(server, passer.token, "GET", f"/api/rooms/{room}/members")
        assert {member["person"]["display"] for member in seen["members"]} == {"Ada", "Bela", "Passer-by"}


async def test_a_guest_finds_nobody_but_the_people_of_the_room(server: Server) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with server.connect(ada) as owner:
        room = await make_room(owner, bela)
        passer = await guest(server, (await link(server, ada, room)).code)
    for path, status in {
        "/api/people": 403,
        f"/api/people/{dana.id}": 404,
        f"/api/people/{bela.id}": 200,
        "/api/rooms": 403,
        "/api/support": 403,
        "/api/invites": 403,
        "/api/devices": 403,
    }.items():
        assert (await ask(server, passer.token, "GET", path))[0] == status, path
    # And those of the community find no guest among its people.
    _, people = await ask(server, dana.token, "GET", "/api/people?q=Passer")
    assert people["people"] == []
    assert (await ask(server, dana.token, "GET", f"/api/people/{passer.id}"))[0] == 404


@pytest.mark.parametrize("display", ["Ada", "ada", "АdА", "A d a", "ＡＤＡ", "Ada\u200b", "ADA "])
async def test_a_name_that_can_be_mistaken_for_a_members_is_refused(server: Server, display: str) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as owner:
        room = await make_room(owner)
    made = await link(server, ada, room)
    status, refused = await enter(server, made.code, display)
    assert (status, refused["code"], refused["field"]) == (409, "name_confusable", "display")
    assert (await enter(server, made.code, "Adam"))[0] == 200


async def test_a_link_lets_in_so_many_and_not_one_more_however_they_crowd(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as owner:
        room = await make_room(owner)
    made = await link(server, ada, room, uses=3)
    answers = await asyncio.gather(*(enter(server, made.code, f"Crowd number {n}") for n in range(8)))
    assert sorted(status for status, _ in answers) == [200] * 3 + [404] * 5
    _, seen = await ask(server, ada.token, "GET", f"/api/rooms/{room}/members")
    assert len(seen["members"]) == 4
    _, door = await ask(server, "", "GET", f"/api/guest-links/{made.code}")
    assert (door["valid"], "room_name" in door) == (False, False)


async def test_a_link_opens_nothing_once_its_maker_may_no_longer_make_one(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as owner:
        room = await make_room(owner, bela)
        await owner.do("set_role", room=room, person=bela.id, role="moderator")
        made = await link(server, bela, room)
        await owner.do("set_role", room=room, person=bela.id, role="member")
        assert (await enter(server, made.code, "Somebody"))[1]["code"] == "invite_invalid"
        assert (await ask(server, "", "GET", f"/api/guest-links/{made.code}"))[1]["valid"] is False
        await owner.do("set_role", room=room, person=bela.id, role="moderator")
    await guest(server, made.code)


async def test_one_address_brings_only_so_many_guests(tmp_path: Any) -> None:
    from dataclasses import replace

    async with serving(tmp_path / "data", limits=replace(ROOMY, guests_per_hour=2)) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as owner:
            room = await make_room(owner)
        code = (await link(server, ada, room)).code
        for n in range(2):
            assert (await enter(server, code, f"Passer number {n}"))[0] == 200
        status, refused = await enter(server, code, "One more")
        assert (status, refused["limit"]) == (429, "guests_per_hour")


async def test_a_link_that_is_revoked_used_up_or_unknown_looks_the_same(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as owner:
        room = await make_room(owner)
    revoked, spent = await link(server, ada, room), await link(server, ada, room, uses=1)
    await guest(server, spent.code)
    assert (await ask(server, ada.token, "DELETE", f"/api/guest-links/{revoked.id}"))[0] == 204
    codes = (revoked.code, spent.code, "abcd-efgh-2345")
    doors = [await ask(server, "", "GET", f"/api/guest-links/{code}") for code in codes]
    entries = [await enter(server, code, "Somebody") for code in codes]
    assert doors[0] == doors[1] == doors[2]
    assert entries[0] == entries[1] == entries[2]


async def test_revoking_a_link_can_show_its_guests_out(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as owner:
        room = await make_room(owner)
        kept, gone = await link(server, ada, room), await link(server, ada, room)
        stays, goes = await guest(server, kept.code, "Stays"), await guest(server, gone.code, "Goes")
        async with server.connect(goes) as leaving, server.connect(stays) as staying:
            await ask(server, ada.token, "DELETE", f"/api/guest-links/{gone.id}?guests=1")
            assert await leaving.closed() == 4401
            assert (await staying.post(room, "still here"))["op"] == "ack"
    assert (await ask(server, goes.token, "GET", f"/api/rooms/{room}/messages"))[0] == 401
    _, links = await ask(server, ada.token, "GET", f"/api/rooms/{room}/guest-links")
    assert [each["id"] for each in links["links"]] == [kept.id]


async def test_a_guest_becomes_a_member_under_the_same_id_and_keeps_what_they_wrote(server: Server) -> None:
    ada, bela = await server.account("ada", admin=True), await server.account("bela")
    _, invite = await ask(server, ada.token, "POST", "/api/invites", {})
    code = invite["url"].rpartition("/")[2]
    async with server.connect(ada) as owner:
        room = await make_room(owner, bela)
        passer = await guest(server, (await link(server, ada, room)).code)
        async with server.connect(passer) as here:
            said = str((await here.post(room, "from when I was a guest"))["subject"])
            asked = {"name": "petra", "display": "Petra", "password": "long enough for it", "invite": code}
            status, became = await ask(server, passer.token, "POST", "/api/guests/me/member", asked)
            assert (status, became["me"]["id"], became["me"]["role"]) == (200, passer.id, "member")
            assert await here.closed() == 4409
        told = await owner.until(
            lambda frame: frame["op"] == "member" and frame["person"]["display"] == "Petra"
        )
        assert (told["role"], "guest" in told["person"]) == ("member", False)
    async with server.connect(passer) as again:
        assert (await again.do("start_dm", person=bela.id))["op"] == "ack"
        assert (await again.do("edit", message=said, content={"type": "text", "text": "mine"}))["op"] == "ack"
    status, signed_in = await ask(
        server,
        "",
        "POST",
        "/api/sign-in",
        {"name": "petra", "password": "long enough for it", "bearer": True},
    )
    assert (status, signed_in["me"]["id"]) == (200, passer.id)


async def test_becoming_a_member_needs_what_registering_needs(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    async with server.connect(ada) as owner:
        room = await make_room(owner)
    passer = await guest(server, (await link(server, ada, room)).code)
    asked = {"name": "petra", "password": "long enough for it"}
    for fields, code in (
        ({}, "invite_needed"),
        ({"invite": "abcd-efgh-2345"}, "invite_invalid"),
        ({"password": "short"}, "password_short"),
        ({"name": "!"}, "name_invalid"),
    ):
        _, refused = await ask(server, passer.token, "POST", "/api/guests/me/member", {**asked, **fields})
        assert refused["code"] == code
    assert (await ask(server, ada.token, "POST", "/api/guests/me/member", asked))[0] == 403


async def test_where_guests_are_off_no_link_works(tmp_path: Any) -> None:
    async with serving(tmp_path / "data") as server:
        ada = await server.account("ada", admin=True)
        async with server.connect(ada) as owner:
            room = await make_room(owner)
        made = await link(server, ada, room)
        assert (await ask(server, ada.token, "PATCH", "/api/settings", {"guests": False}))[0] == 200
        assert (await enter(server, made.code, "Somebody"))[1]["code"] == "invite_invalid"
        assert (await ask(server, "", "GET", f"/api/guest-links/{made.code}"))[1]["valid"] is False
        _, refused = await ask(server, ada.token, "POST", f"/api/rooms/{room}/guest-links", {})
        assert refused["code"] == "guests_off"
    async with serving(tmp_path / "other", community=Community(guests="no")) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as owner:
            room = await make_room(owner)
        _, refused = await ask(server, ada.token, "POST", f"/api/rooms/{room}/guest-links", {})
        assert refused["code"] == "guests_off"


async def test_a_room_has_only_so_many_links_that_work(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as owner:
        room = await make_room(owner)
    made = [await link(server, ada, room) for _ in range(10)]
    _, refused = await ask(server, ada.token, "POST", f"/api/rooms/{room}/guest-links", {})
    assert refused["code"] == "guest_links_full"
    await ask(server, ada.token, "DELETE", f"/api/guest-links/{made[0].id}")
    await link(server, ada, room)


async def test_what_a_guest_may_not_do_in_the_room(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as owner:
        room = await make_room(owner, bela)
        message = str((await owner.post(room, "by the owner"))["subject"])
        passer = await guest(server, (await link(server, ada, room)).code)
        async with server.connect(passer) as here:
            content = {"type": "text", "text": "x"}
            tries: dict[str, dict[str, Any]] = {
                "post": {"room": room, "content": content, "everyone": True},
                "delete": {"message": message},
                "edit": {"message": message, "content": content},
                "add_member": {"room": room, "person": bela.id},
                "remove_member": {"room": room, "person": bela.id},
                "change_room": {"room": room, "topic": "mine"},
                "start_dm": {"person": bela.id},
                "start_group": {"people": [bela.id]},
                "create_room": {"name": "mine"},
                "gift": {"person": bela.id, "amount": 1},
            }
            for op, fields in tries.items():
                assert (await here.do(op, **fields))["code"] == "forbidden", op


async def test_one_guest_becomes_one_member_however_they_hurry(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    _, invite = await ask(server, ada.token, "POST", "/api/invites", {"uses": 5})
    async with server.connect(ada) as owner:
        room = await make_room(owner)
    passer = await guest(server, (await link(server, ada, room)).code)
    asked = {"password": "long enough for it", "invite": invite["url"].rpartition("/")[2]}
    answers = await asyncio.gather(
        *(
            ask(server, passer.token, "POST", "/api/guests/me/member", asked | {"name": f"petra{n}"})
            for n in range(4)
        )
    )
    assert sorted(status for status, _ in answers) == [200, 403, 403, 403]
    _, invites = await ask(server, ada.token, "GET", "/api/invites")
    assert invites["invites"][0]["uses_left"] == 4


async def test_revoking_is_written_down_once_and_so_is_each_guest_it_shows_out(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    async with server.connect(ada) as owner:
        room = await make_room(owner)
    made = await link(server, ada, room)
    passer = await guest(server, made.code)
    for query in ("", "", "?guests=1", "?guests=1"):
        assert (await ask(server, ada.token, "DELETE", f"/api/guest-links/{made.id}{query}"))[0] == 204
    _, log = await ask(server, ada.token, "GET", "/api/audit")
    deeds = [(entry["action"], entry["subject"]) for entry in log["entries"]]
    assert deeds == [
        ("room.remove", passer.id),
        ("guest_link.revoke", made.id),
        ("guest_link.make", made.id),
    ]
