"""Blocks, names of my own and preferences: equal on all my devices, and nobody else's business."""

import asyncio
from typing import Any

import pytest

from appliance.features.auth import actions as auth
from appliance.features.people import actions as people
from appliance.features.people import model
from appliance.features.people.model import Block, Unblock
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.client import Client, client_id
from tests.edge.browser import browser
from tests.server import Account, Server


async def block(server: Server, who: Account, other: str) -> Outcome:
    """Block somebody, as the verb does it."""
    command = Block(client_id=client_id(), person=other)
    return await server.house.db.write(lambda tx: people.block(tx, Who(who.id, who.device), command))


async def unblock(server: Server, who: Account, other: str) -> Outcome:
    command = Unblock(client_id=client_id(), person=other)
    return await server.house.db.write(lambda tx: people.unblock(tx, Who(who.id, who.device), command))


def told(frames: list[dict[str, Any]], op: str) -> Any:
    """The newest event of a kind, by its place in the log."""
    return max((frame for frame in frames if frame["op"] == op), key=lambda frame: frame["seq"])


async def anew(server: Server, who: Account) -> dict[str, Any]:
    """What a fresh client is told of itself, by kind."""
    async with server.connect(who, hello=False) as socket:
        welcome = await socket.hello()
    return {event["op"]: event for log in welcome["logs"] for event in log["events"]}


async def test_a_block_is_the_same_on_all_devices_live_later_and_anew(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    phone = await server.device(ada)
    async with server.connect(ada) as a, server.connect(phone) as p, server.connect(bela) as b:
        before = (await anew(server, ada))["blocked"]
        assert before["people"] == []
        for other in (bela, chidi, bela):
            await block(server, ada, other.id)
        for socket in (a, p):
            await socket.until(lambda f: f["op"] == "blocked" and len(f["people"]) == 2)
            assert len(socket.events("blocked")) == 2
        await unblock(server, ada, chidi.id)
        await unblock(server, ada, chidi.id)
        await p.until(lambda f: f["op"] == "blocked" and len(f["people"]) == 1)
        replayed = (await p.ask("replay", positions={ada.id: before["seq"]}))["logs"][0]["events"]
        assert [person["id"] for person in told(replayed, "blocked")["people"]] == [bela.id]
        assert [person["id"] for person in (await anew(server, phone))["blocked"]["people"]] == [bela.id]
        # Who was blocked hears nothing of it.
        await b.ask("ping")
        assert ada.id not in str(b.heard)
    blocked = await server.house.db.read(lambda db: people.blocked_by(db, bela.id, ada.id))
    assert (blocked, await server.house.db.read(lambda db: people.blocked_by(db, ada.id, bela.id))) == (
        True,
        False,
    )


async def test_only_others_who_are_there_can_be_blocked_or_named(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        for nobody in (ada.id, "0" * 26):
            with pytest.raises(Refusal, match="not_found"):
                await block(server, ada, nobody)
            assert (await a.do("set_nickname", person=nobody, name="X"))["code"] == "not_found"
            assert (await unblock(server, ada, nobody)).subject == nobody


async def test_the_desk_is_nobody(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a:
        await a.do("ask_for_help", about="A question")
        desk = await server.house.db.read(auth.desk_of)
        assert (await a.do("block", person=desk))["code"] == "not_found"
        assert (await a.do("set_nickname", person=desk, name="X"))["code"] == "not_found"
    for asker, status in ((ada, 200), (bela, 404)):
        async with browser(server, asker.token) as b:
            assert (await b.get(f"/api/people/{desk}")).status_code == status
            assert "Support" not in (await b.get("/api/people?q=support")).text


async def test_there_is_an_end_to_blocks_and_names(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_BLOCKS", 2)
    monkeypatch.setattr(people, "MOST_NICKNAMES", 2)
    ada, *others = [await server.account(f"person{number}") for number in range(4)]
    async with server.connect(ada) as a:
        answers = [await a.do("set_nickname", person=other.id, name="Friend") for other in others]
        assert [answer.get("code", "ack") for answer in answers] == ["ack", "ack", "too_many"]
        assert (await a.do("set_nickname", person=others[0].id, name="Old friend"))["op"] == "ack"
        await block(server, ada, others[0].id)
        await block(server, ada, others[1].id)
        with pytest.raises(Refusal, match="too_many"):
            await block(server, ada, others[2].id)
        await block(server, ada, others[1].id)


async def test_blocks_at_the_same_moment_do_not_slip_past_the_limit(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST_BLOCKS", 3)
    ada, *others = [await server.account(f"person{number}") for number in range(9)]
    tries = [block(server, ada, other.id) for other in others]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, Outcome) for result in results) == 3


async def test_a_name_of_my_own_is_seen_by_my_devices_only(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    phone = await server.device(ada)
    async with server.connect(ada) as a, server.connect(phone) as p, server.connect(bela) as b:
        await a.do("set_nickname", person=bela.id, name="  Bela from\nthe allotment ")
        names = (await p.until(lambda f: f["op"] == "nicknames"))["nicknames"]
        assert names == [{"person": bela.id, "name": "Bela from the allotment"}]
        again = await p.do("set_nickname", person=bela.id, name="Bela from the allotment")
        assert again["op"] == "ack"
        assert len(a.events("nicknames")) == 1
        assert (await anew(server, ada))["nicknames"]["nicknames"] == names
        await p.do("set_nickname", person=bela.id, name="")
        await p.do("set_nickname", person=bela.id, name="")
        await a.until(lambda f: f["op"] == "nicknames" and f["nicknames"] == [])
        assert len(p.events("nicknames")) == 2
        await b.ask("ping")
        assert "allotment" not in str(b.heard)


DEFAULTS = {
    "receipts": True,
    "last_seen": True,
    "invisible": False,
    "sounds": True,
    "toasts": True,
    "enter_sends": True,
    "relay_calls": False,
}


async def test_preferences_change_one_by_one_and_are_equal_on_all_devices(server: Server) -> None:
    ada = await server.account("ada")
    phone = await server.device(ada)
    async with server.connect(ada) as a, server.connect(phone) as p:
        assert (await anew(server, ada))["preferences"]["preferences"] == DEFAULTS
        await a.do("set_preferences", receipts=False)
        await p.do("set_preferences", invisible=True, enter_sends=False)
        chosen = {**DEFAULTS, "receipts": False, "invisible": True, "enter_sends": False}
        for socket in (a, p):
            await socket.until(lambda f: f["op"] == "preferences" and f["preferences"] == chosen)
            assert (await anew(server, phone))["preferences"]["preferences"] == chosen
        assert (await a.do("set_preferences", receipts="no"))["code"] == "bad_request"
    found = await server.house.db.read(lambda db: people.preferences(db, ada.id))
    assert (found.receipts, found.sounds) == (False, True)


async def test_preferences_chosen_on_all_devices_at_once_are_all_kept(server: Server) -> None:
    ada = await server.account("ada")
    phone = await server.device(ada)

    async def choose(socket: Client, names: list[str]) -> None:
        await asyncio.gather(*(socket.do("set_preferences", **{name: not DEFAULTS[name]}) for name in names))

    async with server.connect(ada) as a, server.connect(phone) as p:
        names = [*DEFAULTS]
        await asyncio.gather(choose(a, names[:3]), choose(p, names[3:]))
        found = (await anew(server, ada))["preferences"]["preferences"]
    assert found == {name: not value for name, value in DEFAULTS.items()}


async def chosen_by(server: Server, who: Account) -> model.Preferences:
    return await server.house.db.read(lambda db: people.preferences(db, who.id))


async def test_calls_hide_the_address_of_a_guest_until_they_choose_or_become_a_member(server: Server) -> None:
    guests = [await server.account(name, role="guest") for name in ("gina", "gus")]
    for guest in guests:
        assert (await chosen_by(server, guest)).relay_calls
    async with server.connect(guests[0]) as g:
        await g.do("set_preferences", sounds=False)
        assert g.events("preferences")[-1]["preferences"]["relay_calls"]
        await g.do("set_preferences", relay_calls=False)
        assert not g.events("preferences")[-1]["preferences"]["relay_calls"]
        await g.do("set_preferences", sounds=True)
    async with server.connect(guests[1]) as g:
        await g.do("set_preferences", sounds=False)

    def promote(tx: Tx) -> None:
        tx.run("UPDATE accounts SET role = 'member'")

    await server.house.db.write(promote)
    chosen = [await chosen_by(server, guest) for guest in guests]
    assert [each.relay_calls for each in chosen] == [False, False]
    assert [each.sounds for each in chosen] == [True, False]


def test_every_preference_is_stored() -> None:
    assert set(DEFAULTS) == set(model.Preferences.__struct_fields__)
    assert set(model.SetPreferences.__struct_fields__) - {"id", "client_id"} == set(DEFAULTS)
