"""Reports, and what moderators of the community do to accounts. All of it is written down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from appliance.kernel.clock import HandClock
from tests.client import Client
from tests.edge.browser import browser
from tests.rooms.making import make_room
from tests.server import Account, Server, serving

HOUR = 3600


@dataclass
class Court:
    """Ada is an admin, mo a moderator of the community; bela and chidi are in a private room of bela's."""

    server: Server
    clock: HandClock
    people: dict[str, Account]
    sockets: dict[str, Client]
    room: str

    async def ask(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """(status, JSON) of what somebody asks."""
        async with browser(self.server, self.people[who].token) as b:
            answer = await b.request(method, path, json=body)
        return answer.status_code, answer.json() if answer.content else None

    async def order(self, who: str, about: str, deed: str, method: str = "POST", **body: Any) -> Any:
        """What one of the staff does to an account: (status, code)."""
        path = f"/api/accounts/{self.people[about].id}/{deed}"
        status, answer = await self.ask(who, method, path, None if method == "DELETE" else body)
        return status, (answer or {}).get("code", "")

    async def audit(self) -> list[tuple[str, str, str]]:
        """(action, name of whom it was done to, detail), newest first."""
        _, log = await self.ask("ada", "GET", "/api/audit")
        return [
            (entry["action"], entry.get("person", {}).get("name", ""), entry.get("detail", ""))
            for entry in log["entries"]
        ]


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Court]:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server, AsyncExitStack() as stack:
        people = {name: await server.account(name) for name in ("bela", "chidi", "dana")}
        people["ada"] = await server.account("ada", admin=True)
        people["mo"] = await server.account("mo", role="moderator")
        sockets = {
            name: await stack.enter_async_context(server.connect(account)) for name, account in people.items()
        }
        room = await make_room(sockets["bela"], people["chidi"], kind="private", name="Cellar")
        yield Court(server, clock, people, sockets, room)


async def test_a_reported_message_waits_for_the_staff_with_what_it_said(court: Court) -> None:
    chidi, bela, mo = court.sockets["chidi"], court.sockets["bela"], court.sockets["mo"]
    said = str((await chidi.post(court.room, "buy my pills"))["subject"])
    filed = await bela.do("file_report", message=said, reason="spam", note="third time")
    assert filed["op"] == "ack"
    told = await mo.until(lambda frame: frame["op"] == "reports")
    assert told["open"] == 1
    # Who wrote it takes it back; what was reported stays until somebody looked.
    await chidi.do("delete", message=said)
    _, queue = await court.ask("mo", "GET", "/api/reports")
    (report,) = queue["reports"]
    assert (report["reporter"]["name"], report["person"]["name"]) == ("bela", "chidi")
    assert (report["content"]["text"], report["message_deleted"]) == ("buy my pills", True)
    assert (report["reason"], report["note"], queue["open"]) == ("spam", "third time", 1)
    assert (await bela.do("file_report", message=said, reason="abuse"))["subject"] == filed["subject"]


async def test_resolving_deletes_the_message_keeps_no_copy_and_is_written_down(court: Court) -> None:
    chidi, bela = court.sockets["chidi"], court.sockets["bela"]
    said = str((await chidi.post(court.room, "buy my pills"))["subject"])
    report = (await bela.do("file_report", message=said, reason="spam"))["subject"]
    verdict = {"outcome": "acted", "resolution": "deleted", "delete_message": True}
    assert (await court.ask("mo", "POST", f"/api/reports/{report}/resolve", verdict))[0] == 204
    gone = await bela.until(
        lambda frame: frame["op"] == "message" and bool(frame["message"].get("deleted_at"))
    )
    assert gone["message"]["id"] == said
    _, done = await court.ask("mo", "GET", "/api/reports?resolved=1")
    (resolved,) = done["reports"]
    assert (resolved["outcome"], resolved["resolver"]["name"]) == ("acted", "mo")
    assert resolved.get("content") is None
    assert (await court.ask("mo", "POST", f"/api/reports/{report}/resolve", verdict))[0] == 404
    # Both in one transaction, so neither is the later one.
    assert {deed[0] for deed in (await court.audit())[:2]} == {"report.resolve", "message.delete"}
    for file in court.server.house.config.data.glob("safevoice.db"):
        # The WAL may still hold old pages; the report's own row must not.
        import sqlite3

        with sqlite3.connect(file) as db:
            assert db.execute("SELECT evidence FROM reports").fetchall() == [(None,)]


async def test_a_moderator_does_not_see_what_is_said_of_them_nor_the_names_of_hidden_rooms(
    court: Court,
) -> None:
    said = str((await court.sockets["chidi"].post(court.room, "buy my pills"))["subject"])
    await court.sockets["bela"].do("file_report", message=said, reason="spam")
    await court.sockets["bela"].do("file_report", person=court.people["mo"].id, reason="abuse")
    seen = {}
    for who in ("mo", "ada"):
        _, queue = await court.ask(who, "GET", "/api/reports")
        names = [(report["person"]["name"], report.get("room_name", "")) for report in queue["reports"]]
        seen[who] = (sorted(names), queue["open"])
    assert seen["mo"] == ([("chidi", "")], 1)
    assert seen["ada"] == ([("chidi", "Cellar"), ("mo", "")], 2)


async def test_only_what_one_may_see_can_be_reported(court: Court) -> None:
    said = str((await court.sockets["bela"].post(court.room, "between us"))["subject"])
    dana, chidi = court.sockets["dana"], court.sockets["chidi"]
    bela = court.people["bela"].id
    for fields in (
        {"message": said},
        {"message": "0" * 26},
        {"person": "0" * 26},
        {"person": court.people["dana"].id},
    ):
        assert (await dana.do("file_report", reason="spam", **fields))["code"] == "not_found", fields
    both = await chidi.do("file_report", reason="spam", message=said, person=bela)
    assert both["code"] == "bad_request"
    assert (await chidi.do("file_report", reason="spam", person=bela))["op"] == "ack"
    assert (await court.ask("chidi", "GET", "/api/reports"))[0] == 403


async def test_a_suspended_account_is_out_everywhere_until_its_time_is_over(court: Court) -> None:
    chidi = court.sockets["chidi"]
    until = court.server.house.clock.now_ms() + HOUR * 1000
    assert await court.order("mo", "chidi", "suspend", reason="Spam", until=until) == (204, "")
    assert await chidi.closed() == 4401
    assert (await court.ask("chidi", "GET", "/api/rooms"))[0] == 401
    _, people = await court.ask("dana", "GET", "/api/people?q=chidi")
    assert people["people"] == []
    assert ("account.suspend", "chidi", "Spam") in await court.audit()
    assert await court.order("mo", "chidi", "suspend", "DELETE") == (204, "")
    fresh = await court.server.device(court.people["chidi"])
    async with court.server.connect(fresh) as again:
        assert (await again.post(court.room, "I am back"))["op"] == "ack"


async def test_a_suspension_can_delete_everything_that_was_ever_written(court: Court) -> None:
    chidi, bela = court.sockets["chidi"], court.sockets["bela"]
    said = {str((await chidi.post(court.room, f"spam {n}"))["subject"]) for n in range(45)}
    kept = str((await bela.post(court.room, "not spam"))["subject"])
    assert (await court.order("ada", "chidi", "suspend", reason="Spam", wipe=True))[0] == 204
    await court.server.house.jobs.run_due()
    gone: set[str] = set()
    mark = 0
    while gone != said:
        told = await bela.until(
            lambda frame: frame["op"] == "message" and bool(frame["message"].get("deleted_at")), since=mark
        )
        mark = bela.heard.index(told) + 1
        gone.add(told["message"]["id"])
    _, page = await court.ask("bela", "GET", f"/api/rooms/{court.room}/messages?limit=100")
    assert [m["id"] for m in page["messages"] if not m.get("deleted_at")] == [kept]


async def test_a_muted_account_reads_and_does_not_post_until_then(court: Court) -> None:
    chidi = court.sockets["chidi"]
    until = court.server.house.clock.now_ms() + HOUR * 1000
    assert await court.order("mo", "chidi", "mute", until=until) == (204, "")
    me = await chidi.until(lambda frame: frame["op"] == "me")
    assert me["me"]["muted_until"] == until
    refused = await chidi.post(court.room, "but")
    assert (refused["code"], 0 < refused["retry_after_ms"] <= HOUR * 1000) == ("muted", True)
    assert (await court.ask("chidi", "GET", f"/api/rooms/{court.room}/messages"))[0] == 200
    court.clock.advance(HOUR + 1)
    assert (await chidi.post(court.room, "thank you"))["op"] == "ack"


async def test_nobody_judges_those_above_or_beside_them(court: Court) -> None:
    court.people["second"] = await court.server.account("second", role="moderator")
    for who, about, expected in (
        ("mo", "ada", "forbidden"),
        ("mo", "second", "forbidden"),
        ("mo", "mo", "forbidden"),
        ("ada", "ada", "forbidden"),
        ("ada", "second", ""),
        ("chidi", "bela", "forbidden"),
    ):
        assert (await court.order(who, about, "suspend", reason="No"))[1] == expected, (who, about)


async def test_a_newcomer_sends_no_links_and_opens_no_direct_message_until_trusted(court: Court) -> None:
    from appliance.features.auth import actions as auth
    from appliance.features.auth.actions import NewAccount, NewDevice

    house = court.server.house

    def arrive(tx: Any) -> Account:
        me = auth.register(tx, replace(house.config, sign_up="open"), NewAccount("nina", "Nina", ""), "")
        _, device = auth.sign_in(tx, me.id, NewDevice("first", "phone", "a token of ninas"))
        return Account(me.id, device, "a token of ninas")

    nina = court.people["nina"] = await house.db.write(arrive)
    async with court.server.connect(nina) as here:
        room = await make_room(court.sockets["dana"], nina)
        assert (await here.post(room, "Hello everybody"))["op"] == "ack"
        assert (await here.post(room, "look at https://example.org"))["code"] == "newcomer"
        assert (await here.do("start_dm", person=court.people["chidi"].id))["code"] == "newcomer"
        assert (await here.do("start_dm", person=court.people["mo"].id))["op"] == "ack"
        assert await court.order("mo", "nina", "trust") == (204, "")
        assert (await here.post(room, "look at https://example.org"))["op"] == "ack"
        assert (await here.do("start_dm", person=court.people["chidi"].id))["op"] == "ack"


async def test_a_newcomers_limits_end_by_themselves(court: Court) -> None:
    from appliance.features.auth import actions as auth
    from appliance.features.auth.actions import NewAccount, NewDevice

    house = court.server.house

    def arrive(tx: Any) -> Account:
        me = auth.register(tx, replace(house.config, sign_up="open"), NewAccount("nina", "Nina", ""), "")
        _, device = auth.sign_in(tx, me.id, NewDevice("first", "phone", "a token of ninas"))
        return Account(me.id, device, "a token of ninas")

    nina = await house.db.write(arrive)
    async with court.server.connect(nina) as here:
        assert (await here.do("start_dm", person=court.people["chidi"].id))["code"] == "newcomer"
        court.clock.advance(24 * HOUR + 1)
        assert (await here.do("start_dm", person=court.people["chidi"].id))["op"] == "ack"


async def test_whoever_may_ban_may_delete_what_somebody_wrote_in_the_room(court: Court) -> None:
    chidi, bela, dana = (court.sockets[name] for name in ("chidi", "bela", "dana"))
    said = str((await chidi.post(court.room, "spam"))["subject"])
    other = await make_room(dana, court.people["chidi"])
    kept = str((await chidi.post(other, "not spam"))["subject"])
    person = court.people["chidi"].id
    for who in (dana, chidi):
        refused = await who.do("wipe_member", room=court.room, person=person)
        assert refused["code"] in ("not_found", "forbidden")
    assert (await bela.do("ban", room=court.room, person=person, reason="Spam"))["op"] == "ack"
    assert (await bela.do("wipe_member", room=court.room, person=person))["op"] == "ack"
    await court.server.house.jobs.run_due()
    await bela.until(lambda frame: frame["op"] == "message" and bool(frame["message"].get("deleted_at")))
    _, page = await court.ask("bela", "GET", f"/api/rooms/{court.room}/messages")
    assert {m["id"]: "deleted_at" in m for m in page["messages"]}[said] is True
    _, page = await court.ask("dana", "GET", f"/api/rooms/{other}/messages")
    assert [m["id"] for m in page["messages"]] == [kept]
    actions = [deed[0] for deed in await court.audit()]
    assert {"room.ban", "room.wipe"} <= set(actions)


async def test_a_moderator_does_not_judge_what_is_said_of_them(court: Court) -> None:
    mo = court.people["mo"]
    report = (await court.sockets["bela"].do("file_report", person=mo.id, reason="abuse"))["subject"]
    path, verdict = f"/api/reports/{report}/resolve", {"outcome": "dismissed"}
    status, answer = await court.ask("mo", "POST", path, verdict)
    assert (status, answer["code"]) == (403, "forbidden")
    assert (await court.ask("ada", "POST", path, verdict))[0] == 204


async def test_two_who_resolve_the_same_report_one_does(court: Court) -> None:
    said = str((await court.sockets["chidi"].post(court.room, "spam"))["subject"])
    report = (await court.sockets["bela"].do("file_report", message=said, reason="spam"))["subject"]
    path, verdict = f"/api/reports/{report}/resolve", {"outcome": "dismissed"}
    answers = await asyncio.gather(*(court.ask(who, "POST", path, verdict) for who in ("ada", "mo") * 3))
    assert sorted(status for status, _ in answers) == [204, *[404] * 5]


async def test_open_sign_up_rests_while_no_moderator_is_here(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock, sign_up="open") as server:
        ada = await server.account("ada", admin=True)

        async def register(name: str) -> str:
            async with browser(server) as b:
                body = {"name": name, "password": "long enough for it"}
                answer = await b.post("/api/register", json=body)
            return str(answer.json().get("code", "ok"))

        assert await register("first") == "ok"
        clock.advance(4 * 7 * 24 * HOUR + 60)
        assert await register("second") == "invite_needed"
        async with browser(server) as b:
            assert (await b.get("/api/community")).json()["sign_up"] == "invite"
        async with server.connect(ada) as here:
            await here.ask("ping")
        await server.house.of_feature["last_seen"].flush()
        assert await register("second") == "ok"
