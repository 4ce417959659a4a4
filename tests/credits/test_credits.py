"""Credits are never made of nothing, and never run below nothing."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from appliance.config import Community
from tests.client import client_id
from tests.edge.browser import browser
from tests.server import Account, Server, room_of, serving


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path / "data", community=Community(credits="yes")) as running:
        yield running


async def ledger(server: Server, account: Account, **query: str) -> Any:
    async with browser(server, account.token) as b:
        answer = await b.get("/api/credits", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def grant(server: Server, admin: Account, account: Account, amount: int, **fields: Any) -> Any:
    asked = {"client_id": client_id(), "amount": amount, **fields}
    async with browser(server, admin.token) as b:
        return await b.post(f"/api/accounts/{account.id}/credits", json=asked)


def total(server: Server) -> tuple[int, list[int]]:
    """The sum of the whole ledger, and what each one has, as the file says."""
    with closing(sqlite3.connect(server.house.config.data / "safevoice.db")) as db:
        each = [int(row[0]) for row in db.execute("SELECT sum(amount) FROM credit_entries GROUP BY account")]
    return sum(each), each


async def test_a_gift_moves_credits_and_both_learn_of_it_on_all_devices(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    phone = await server.device(bela)
    async with server.connect(ada) as giver, server.connect(bela) as one, server.connect(phone) as other:
        room = await room_of(giver, bela)
        said = str((await one.post(room, "I fixed the gate"))["subject"])
        answer = await giver.do("gift", person=bela.id, amount=30, message=said, note=" thank  you ")
        assert answer["op"] == "ack", answer
        for socket in (one, other):
            told = await socket.until(lambda frame: frame["op"] == "credits")
            assert (told["balance"], told["amount"], told["by"]["id"]) == (130, 30, ada.id)
            assert (told["message"], told["note"]) == (said, "thank you")
        mine = await giver.until(lambda frame: frame["op"] == "credits")
        assert (mine["balance"], mine["amount"], "by" in mine) == (70, -30, False)
    held = await ledger(server, bela)
    assert held["balance"] == 130
    assert [(entry["amount"], entry["kind"]) for entry in held["entries"]] == [(30, "gift"), (100, "start")]
    assert (held["entries"][0]["message"], held["entries"][0]["room"]) == (said, room)
    assert held["entries"][0]["other"]["id"] == ada.id


async def test_what_everybody_begins_with_shows_before_it_is_touched(server: Server) -> None:
    held = await ledger(server, await server.account("ada"))
    assert (held["balance"], held["entries"]) == (100, [])


async def test_gifts_at_the_same_time_never_take_more_than_there_is(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    phone = await server.device(ada)
    async with server.connect(ada) as one, server.connect(phone) as other:
        gifts = [
            socket.do("gift", person=person.id, amount=7)
            for socket in (one, other)
            for person in (bela, chidi) * 10
        ]
        answers = await asyncio.gather(*gifts)
    codes = [answer.get("code", "ok") for answer in answers]
    assert codes.count("ok") == 100 // 7
    assert set(codes) == {"ok", "credits_short"}
    assert (await ledger(server, ada))["balance"] == 100 - 7 * (100 // 7)
    assert total(server)[0] == 300
    assert min(total(server)[1]) >= 0


async def test_a_gift_that_is_sent_twice_counts_once(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as giver:
        sent = {"person": bela.id, "amount": 5, "client_id": client_id()}
        first, again = await giver.do("gift", **sent), await giver.do("gift", **sent)
        assert first["subject"] == again["subject"]
        other = await giver.do("gift", **{**sent, "amount": 6})
        assert other["code"] == "conflict"
    assert (await ledger(server, bela))["balance"] == 105


async def test_what_cannot_be_given(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as giver, server.connect(bela) as other, server.connect(chidi) as third:
        room = await room_of(other, chidi, kind="private")
        unseen = str((await third.post(room, "between us"))["subject"])
        own = await room_of(giver, bela)
        mine = str((await giver.post(own, "mine"))["subject"])
        tries: list[tuple[dict[str, Any], str]] = [
            ({"person": ada.id, "amount": 5}, "not_found"),
            ({"person": "0" * 26, "amount": 5}, "not_found"),
            ({"person": bela.id, "amount": 0}, "bad_request"),
            ({"person": bela.id, "amount": -5}, "bad_request"),
            ({"person": bela.id, "amount": 101}, "credits_short"),
            ({"person": chidi.id, "amount": 5, "message": unseen}, "not_found"),
            ({"person": bela.id, "amount": 5, "message": mine}, "not_found"),
        ]
        for fields, code in tries:
            assert (await giver.do("gift", **fields))["code"] == code, fields
    assert (await ledger(server, ada))["balance"] == 100


async def test_gifts_are_no_way_around_a_block_or_what_newcomers_may(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    new = "UPDATE accounts SET trusted_at = :until WHERE id = :id"
    await server.house.db.write(lambda tx: tx.run(new, until=2**50, id=ada.id))
    async with server.connect(ada) as giver, server.connect(bela) as other:
        await other.do("block", person=ada.id)
        assert (await giver.do("gift", person=bela.id, amount=5))["code"] == "forbidden"
        refused = await giver.do("gift", person=chidi.id, amount=5, note="buy my pills")
        assert refused["code"] == "newcomer"
        assert (await giver.do("gift", person=chidi.id, amount=5))["op"] == "ack"
        asked = await giver.do("ask_for_help", about="No sound")
        joined = await giver.until(lambda frame: frame["op"] == "joined")
        assert joined["room"]["id"] == asked["subject"]
    async with browser(server, ada.token) as b:
        members = (await b.get(f"/api/rooms/{asked['subject']}/members")).json()["members"]
    (desk,) = [each["person"]["id"] for each in members if each["person"]["id"] != ada.id]
    async with server.connect(ada) as giver:
        assert (await giver.do("gift", person=desk, amount=5))["code"] == "not_found"


async def test_admins_grant_and_take_but_not_below_nothing_and_it_is_written_down(server: Server) -> None:
    admin, bela = await server.account("root", admin=True), await server.account("bela")
    assert (await grant(server, admin, bela, 50, note="for the party")).json() == {"balance": 150}
    assert (await grant(server, admin, bela, -150)).json() == {"balance": 0}
    refused = await grant(server, admin, bela, -1)
    assert (refused.status_code, refused.json()["code"]) == (409, "credits_short")
    repeated = client_id()
    for _ in range(2):
        assert (await grant(server, admin, bela, 7, client_id=repeated)).json() == {"balance": 7}
    async with browser(server, admin.token) as b:
        deeds = (await b.get("/api/audit")).json()["entries"]
    granted = [(deed["person"]["id"], deed["detail"]) for deed in deeds if deed["action"] == "credits.grant"]
    assert granted == [(bela.id, "+7"), (bela.id, "-150"), (bela.id, "+50 for the party")]


async def test_a_message_that_one_may_no_longer_see_is_not_named(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as giver, server.connect(bela) as other:
        room = await room_of(giver, bela)
        said = str((await other.post(room, "for a while"))["subject"])
        await giver.do("gift", person=bela.id, amount=1, message=said)
        assert (await ledger(server, ada))["entries"][0]["message"] == said
        await other.do("delete", message=said)
    assert "message" not in (await ledger(server, ada))["entries"][0]


async def test_the_ledger_can_be_paged_without_holes(server: Server) -> None:
    admin, bela = await server.account("root", admin=True), await server.account("bela")
    for amount in range(1, 61):
        await grant(server, admin, bela, amount)
    first = await ledger(server, bela)
    second = await ledger(server, bela, before=first["entries"][-1]["id"])
    amounts = [entry["amount"] for entry in (*first["entries"], *second["entries"])]
    assert (first["more"], "more" in second and second["more"]) == (True, False)
    assert amounts == [*range(60, 0, -1), 100]


def test_the_file_itself_refuses_to_change_or_lose_an_entry(tmp_path: Path) -> None:
    from appliance.kernel.migrate import migrate

    migrate(tmp_path / "x.db")
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        entry = "('e', 'a', 5, 'grant', '', '', '', 1)"
        db.execute(f"INSERT INTO credit_entries VALUES {entry}")
        for attempt in ("UPDATE credit_entries SET amount = 500", "DELETE FROM credit_entries"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(attempt)
        db.execute("INSERT INTO audit VALUES ('e', 1, 'a', 'room.ban', 's', '', '')")
        for attempt in ("UPDATE audit SET actor = 'b'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(attempt)


async def test_where_there_are_no_credits_nothing_shows(tmp_path: Path) -> None:
    async with serving(tmp_path / "none") as server:
        ada, bela = await server.account("ada"), await server.account("bela")
        async with browser(server, ada.token) as b:
            assert (await b.get("/api/credits")).json()["code"] == "credits_off"
            assert "credits" not in (await b.get("/api/community")).json()
        async with server.connect(ada) as giver:
            assert (await giver.do("gift", person=bela.id, amount=1))["code"] == "credits_off"
