"""The admin pages' side of the server: members, roles, rooms, settings, figures, invites."""

from pathlib import Path
from typing import Any

from appliance.config import Community
from tests.edge.browser import browser
from tests.rooms.making import make_room
from tests.server import Account, Server, serving


async def ask(server: Server, account: Account, method: str, path: str, body: Any = None) -> Any:
    """(status, JSON) of a request."""
    async with browser(server, account.token) as b:
        answer = await b.request(method, path, json=body)
    return answer.status_code, answer.json() if answer.content else None


async def test_members_are_found_by_name_role_and_standing_page_by_page(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    for n in range(60):
        await server.account(f"person{n:02}")
    mo = await server.account("mo", role="moderator")
    _, first = await ask(server, ada, "GET", "/api/accounts")
    assert (first["total"], len(first["accounts"]), first["more"]) == (62, 50, True)
    after = first["accounts"][-1]["person"]["id"]
    _, rest = await ask(server, ada, "GET", f"/api/accounts?after={after}")
    names = [row["person"]["name"] for row in (*first["accounts"], *rest["accounts"])]
    assert len(names) == len(set(names)) == 62
    _, found = await ask(server, ada, "GET", "/api/accounts?q=person0")
    assert found["total"] == 10
    _, staff = await ask(server, ada, "GET", "/api/accounts?role=moderator")
    assert [row["person"]["id"] for row in staff["accounts"]] == [mo.id]
    await ask(server, ada, "POST", f"/api/accounts/{mo.id}/suspend", {"reason": "Rest"})
    _, out = await ask(server, ada, "GET", "/api/accounts?standing=suspended")
    assert [(row["person"]["name"], row["suspended_why"]) for row in out["accounts"]] == [("mo", "Rest")]


async def test_an_account_shows_who_invited_whom(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    async with server.connect(ada) as owner:
        room = await make_room(owner, name="Garden")
    wanted = {"uses": 2, "rooms": [room], "role": "moderator", "note": "for Petra"}
    _, invite = await ask(server, ada, "POST", "/api/invites", wanted)
    async with browser(server) as b:
        body = {
            "name": "petra",
            "password": "long enough for it",
            "invite": invite["url"].rpartition("/")[2],
            "bearer": True,
        }
        came = (await b.post("/api/register", json=body)).json()
    assert came["me"]["role"] == "moderator"
    petra = Account(came["me"]["id"], came["device"], came["token"])
    async with server.connect(petra, hello=False) as here:
        welcome = await here.hello()
    assert [summary["room"] for summary in welcome["summaries"]] == [room]
    _, details = await ask(server, ada, "GET", f"/api/accounts/{petra.id}")
    assert details["invited_by"]["name"] == "ada"
    _, hers = await ask(server, ada, "GET", f"/api/accounts/{ada.id}")
    assert [person["name"] for person in hers["invited"]] == ["petra"]
    _, invites = await ask(server, ada, "GET", "/api/invites")
    (shown,) = invites["invites"]
    assert (shown["uses_left"], shown["note"]) == (1, "for Petra")
    assert [person["name"] for person in shown["people"]] == ["petra"]


async def test_moderators_invite_members_but_make_no_moderators(server: Server) -> None:
    mo, bela = await server.account("mo", role="moderator"), await server.account("bela")
    assert (await ask(server, mo, "POST", "/api/invites", {}))[0] == 201
    assert (await ask(server, mo, "POST", "/api/invites", {"role": "moderator"}))[0] == 403
    async with server.connect(bela) as owner:
        private = await make_room(owner, kind="private")
    _, refused = await ask(server, mo, "POST", "/api/invites", {"rooms": [private]})
    assert refused["code"] == "not_found"


async def test_a_role_takes_hold_at_once_and_the_last_admin_stays_one(server: Server) -> None:
    ada, bela = await server.account("ada", admin=True), await server.account("bela")
    path = "/api/accounts/{}/role"
    _, refused = await ask(server, ada, "POST", path.format(ada.id), {"role": "member"})
    assert refused["code"] == "last_admin"
    async with server.connect(bela) as here:
        assert (await ask(server, ada, "POST", path.format(bela.id), {"role": "admin"}))[0] == 204
        assert await here.closed() == 4409
    async with server.connect(bela, hello=False) as here:
        welcome = await here.hello({bela.id: 0})
        me = [event for log in welcome["logs"] for event in log["events"] if event["op"] == "me"]
        assert me[0]["me"]["role"] == "admin"
    assert (await ask(server, bela, "POST", path.format(ada.id), {"role": "member"}))[0] == 204
    assert (await ask(server, ada, "GET", "/api/settings"))[0] == 403


async def test_settings_change_for_everybody_and_what_the_file_says_is_locked(tmp_path: Path) -> None:
    config = Community(name="Elm Street", accent="#aa3300")
    given = {"community.name": "safevoice.toml:3", "community.accent": "safevoice.toml:4"}
    async with serving(tmp_path / "data", community=config, given=given) as server:
        ada, bela = await server.account("ada", admin=True), await server.account("bela")
        async with server.connect(bela) as here:
            _, changed = await ask(
                server, ada, "PATCH", "/api/settings", {"welcome": "Come in", "quiet_weeks": 0}
            )
            assert (changed["welcome"], changed["quiet_weeks"]) == ("Come in", 0)
            assert changed["locked"] == ["accent", "name"]
            await here.until(lambda frame: frame["op"] == "settings")
        status, refused = await ask(server, ada, "PATCH", "/api/settings", {"name": "Oak Street"})
        assert (status, refused["code"], refused["field"]) == (409, "setting_locked", "name")
        _, community = await ask(server, bela, "GET", "/api/community")
        assert (community["name"], community["accent"]) == ("Elm Street", "#aa3300")
        assert community["welcome"] == "Come in"
    async with serving(tmp_path / "data", community=config, given=given) as server:
        fresh = await server.device(ada)
        _, kept = await ask(server, fresh, "GET", "/api/settings")
        assert (kept["welcome"], kept["quiet_weeks"]) == ("Come in", 0)


async def test_admins_see_rooms_that_they_are_not_in_but_nothing_of_what_is_said(server: Server) -> None:
    ada, bela = await server.account("ada", admin=True), await server.account("bela")
    chidi = await server.account("chidi")
    async with server.connect(bela) as owner:
        room = await make_room(owner, chidi, kind="private", name="Cellar")
        await owner.do("start_dm", person=chidi.id)
        await owner.post(room, "for our ears only")
        _, listed = await ask(server, ada, "GET", "/api/admin/rooms")
        (row,) = listed["rooms"]
        assert (row["room"]["name"], row["owner"]["name"], row["messages"]) == ("Cellar", "bela", 1)
        assert "ears" not in str(listed)
        assert (await ask(server, ada, "GET", f"/api/rooms/{room}/messages"))[0] == 404
        path = f"/api/admin/rooms/{room}"
        await ask(server, ada, "POST", path, {"order": "archive", "reason": "quarrel"})
        assert (await owner.post(room, "again"))["code"] == "room_archived"
        await ask(server, ada, "POST", path, {"order": "unarchive"})
        assert (await owner.post(room, "again"))["op"] == "ack"
        await ask(server, ada, "POST", path, {"order": "delete"})
        assert (await ask(server, chidi, "GET", f"/api/rooms/{room}/messages"))[0] == 404
        await ask(server, ada, "POST", path, {"order": "restore"})
        assert (await ask(server, chidi, "GET", f"/api/rooms/{room}/messages"))[0] == 200
    _, log = await ask(server, ada, "GET", f"/api/audit?subject={room}")
    deeds = [entry["action"] for entry in log["entries"]]
    assert deeds[:4] == ["room.restore", "room.delete", "room.unarchive", "room.archive"]


async def test_no_order_reaches_a_direct_message(server: Server) -> None:
    ada, bela = await server.account("ada", admin=True), await server.account("bela")
    chidi = await server.account("chidi")
    async with server.connect(bela) as one:
        dm = (await one.do("start_dm", person=chidi.id))["subject"]
    assert (await ask(server, ada, "POST", f"/api/admin/rooms/{dm}", {"order": "delete"}))[0] == 404


async def test_figures_are_of_the_last_hour(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    figures = server.house.of_feature["figures"]
    async with server.connect(ada) as here:
        room = await make_room(here)
        for _ in range(70):
            figures.look()
        await here.post(room, "one")
        await here.ask("ping")
        figures.look()
        _, shown = await ask(server, ada, "GET", "/api/admin/figures")
    series = {each["name"]: each for each in shown["series"]}
    assert {len(each["values"]) for each in series.values()} == {60}
    assert series["sockets"]["now"] == 1
    assert series["messages"]["now"] > 0
    assert series["messages"]["values"][0] == 0
    assert series["memory"]["now"] > 10
    assert (shown["counts"]["members"], shown["counts"]["rooms"]) == (1, 1)
    assert shown["counts"]["database_bytes"] > 0


async def test_nobody_of_the_staff_gets_by_a_link_what_they_could_not_give(server: Server) -> None:
    ada, mo = await server.account("ada", admin=True), await server.account("mo", role="moderator")
    async with server.connect(ada) as owner:
        private = await make_room(owner, kind="private", name="Cellar")
    for wanted in ({"role": "moderator"}, {"rooms": [private]}, {}):
        assert (await ask(server, ada, "POST", "/api/invites", wanted))[0] == 201
    _, hers = await ask(server, ada, "GET", "/api/invites")
    assert all(each["url"] for each in hers["invites"])
    _, seen = await ask(server, mo, "GET", "/api/invites")
    assert [bool(each["url"]) for each in seen["invites"]] == [True, False, False]


async def register(server: Server, invite: Any, name: str) -> Any:
    """(status, JSON) of somebody who comes by a link."""
    code = invite["url"].rpartition("/")[2]
    body = {"name": name, "password": "long enough for it", "invite": code, "bearer": True}
    async with browser(server) as b:
        answer = await b.post("/api/register", json=body)
    return answer.status_code, answer.json()


async def test_links_end_with_the_power_they_were_made_by(server: Server) -> None:
    ada, bela = await server.account("ada", admin=True), await server.account("bela", admin=True)
    _, both = await ask(server, bela, "POST", "/api/invites", {"role": "moderator", "uses": 5})
    _, plain = await ask(server, bela, "POST", "/api/invites", {"uses": 5})
    role = f"/api/accounts/{bela.id}/role"
    assert (await ask(server, ada, "POST", role, {"role": "moderator"}))[0] == 204
    assert (await register(server, both, "early"))[1]["code"] == "invite_invalid"
    assert (await register(server, plain, "petra"))[1]["me"]["role"] == "member"
    assert (await ask(server, ada, "POST", role, {"role": "member"}))[0] == 204
    assert (await register(server, plain, "late"))[1]["code"] == "invite_invalid"
    mo = await server.account("mo", role="moderator")
    _, mos = await ask(server, mo, "POST", "/api/invites", {})
    assert (await ask(server, ada, "POST", f"/api/accounts/{mo.id}/suspend", {"reason": "Spam"}))[0] == 204
    assert (await register(server, mos, "later"))[1]["code"] == "invite_invalid"


async def test_a_link_leads_only_where_its_maker_may_still_bring_people(server: Server) -> None:
    mo, bela = await server.account("mo", role="moderator"), await server.account("bela")
    async with server.connect(bela) as owner, server.connect(mo) as other:
        private = await make_room(owner, mo, kind="private")
        await owner.do("set_role", room=private, person=mo.id, role="moderator")
        public = await make_room(other)
        _, invite = await ask(server, mo, "POST", "/api/invites", {"rooms": [private, public], "uses": 2})
        for name, rooms in (("early", {private, public}), ("late", {public})):
            came = (await register(server, invite, name))[1]
            here = Account(came["me"]["id"], came["device"], came["token"])
            async with server.connect(here, hello=False) as socket:
                summaries = (await socket.hello())["summaries"]
            assert {summary["room"] for summary in summaries} == rooms
            await owner.do("remove_member", room=private, person=mo.id)
