"""How far others are: who is told, how often, and of whom."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from appliance.features.messages import actions
from appliance.features.messages.receipts import Holdings
from appliance.features.messages.worker import ReceiptTeller
from appliance.features.rooms import actions as rooms
from appliance.kernel.clock import HandClock
from appliance.kernel.errors import Refusal
from tests.client import Client
from tests.edge.browser import browser
from tests.rooms.making import make_room
from tests.server import Account, Server, serving

Marks = dict[str, tuple[int, int]]


def marks(event: dict[str, Any]) -> Marks:
    """(delivered, read) by person."""
    return {mark["person"]: (mark["delivered"], mark["read"]) for mark in event.get("marks", [])}


def steps(event: dict[str, Any]) -> list[tuple[int, int]]:
    return [(step["seq"], step["count"]) for step in event.get("steps", [])]


async def heard(server: Server, client: Client) -> list[dict[str, Any]]:
    """All receipts that a client was told by now."""
    teller: ReceiptTeller = server.house.of_feature["receipts"]
    await teller.tell_due()
    await client.ask("ping")
    return client.events("receipts")


async def asked(server: Server, who: Account, room: str) -> dict[str, Any]:
    """`GET /api/rooms/{room}/receipts`."""
    async with browser(server, who.token) as b:
        answer = await b.get(f"/api/rooms/{room}/receipts")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["receipts"]
    return found


async def test_who_has_the_room_on_screen_sees_how_far_each_one_is_and_nobody_else_hears_of_it(
    timed: Server,
) -> None:
    ada, bela, chidi, dana = [await timed.account(name) for name in ("ada", "bela", "chidi", "dana")]
    async with (
        timed.connect(ada) as a,
        timed.connect(bela) as b,
        timed.connect(chidi) as c,
        timed.connect(dana) as d,
    ):
        room = await make_room(a, bela, chidi)
        begin = (await a.ask("ping"), a.events("member")[-1]["seq"])[1]
        seq = (await a.post(room, "Hello"))["seq"]
        await a.ask("view", room=room)
        await d.ask("view", room=room)
        assert (await b.ask("delivered", marks={room: seq}))["op"] == "ack"
        (event,) = await heard(timed, a)
        assert event["room"] == room
        assert marks(event) == {bela.id: (seq, begin - 1), chidi.id: (begin, begin)}
        for client in (b, c, d):
            assert await heard(timed, client) == []
        assert marks(await asked(timed, ada, room)) == marks(event)
        assert set(marks(await asked(timed, bela, room))) == {ada.id, chidi.id}


async def test_a_busy_room_is_told_once_a_second_and_then_all_of_it(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        room = await make_room(a, bela)
        seqs = [(await a.post(room, f"{n}"))["seq"] for n in range(5)]
        await a.ask("view", room=room)
        for seq in seqs:
            await b.ask("read", room=room, seq=seq)
            await heard(timed, a)
        assert [marks(event)[bela.id][1] for event in await heard(timed, a)] == [seqs[0]]
        clock.advance(0.9)
        assert len(await heard(timed, a)) == 1
        clock.advance(0.1)
        assert [marks(event)[bela.id] for event in await heard(timed, a)][1:] == [(seqs[-1], seqs[-1])]
        clock.advance(5)
        assert len(await heard(timed, a)) == 2, "nothing moved, nothing to say"
        await b.ask("delivered", marks={room: seqs[-1]})
        await b.ask("read", room=room, seq=seqs[0])
        assert len(await heard(timed, a)) <= 3
        seq = (await a.post(room, "more"))["seq"]
        clock.advance(5)
        await b.ask("read", room=room, seq=seq)
        assert marks((await heard(timed, a))[-1])[bela.id] == (seq, seq), "at once after a quiet time"


async def test_where_nobody_looks_nothing_is_looked_up(
    timed: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(actions, "marks", lambda db, room, held: looked.append(room))
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        room, other = await make_room(a, bela), await make_room(a)
        seq = (await a.post(room, "Hello"))["seq"]
        await a.ask("view", room=other)
        await b.ask("read", room=room, seq=seq)
        assert await heard(timed, a) == []
        assert looked == []


async def test_whoever_looks_away_or_leaves_hears_no_more_of_it(timed: Server, clock: HandClock) -> None:
    ada, bela, chidi = [await timed.account(name) for name in ("ada", "bela", "chidi")]
    async with timed.connect(ada) as a, timed.connect(bela) as b, timed.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        seqs = [(await a.post(room, f"{n}"))["seq"] for n in range(3)]
        for client in (a, c):
            await client.ask("view", room=room)
        await b.ask("read", room=room, seq=seqs[0])
        assert len(await heard(timed, a)) == len(await heard(timed, c)) == 1
        await a.ask("view", room=None)
        await c.do("leave", room=room)
        clock.advance(1)
        await b.ask("read", room=room, seq=seqs[1])
        assert len(await heard(timed, a)) == len(await heard(timed, c)) == 1


async def test_who_shows_no_receipts_is_in_none_and_gets_none(timed: Server, clock: HandClock) -> None:
    ada, bela, chidi = [await timed.account(name) for name in ("ada", "bela", "chidi")]
    async with timed.connect(ada) as a, timed.connect(bela) as b, timed.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        seq = (await a.post(room, "Hello"))["seq"]
        for client in (a, b, c):
            await client.ask("view", room=room)
        await b.do("set_preferences", receipts=False)
        await b.ask("read", room=room, seq=seq)
        assert await heard(timed, b) == []
        assert set(marks((await heard(timed, a))[-1])) == {chidi.id}
        assert marks(await asked(timed, bela, room)) == {}
        assert set(marks(await asked(timed, chidi, room))) == {ada.id}
        await b.do("set_preferences", receipts=True)
        assert set(marks(await asked(timed, bela, room))) == {ada.id, chidi.id}
        assert marks(await asked(timed, ada, room))[bela.id] == (seq, seq)


async def test_whom_I_blocked_does_not_see_how_far_I_am(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        room = await make_room(a, bela)
        await a.ask("view", room=room)
        await b.ask("view", room=room)
        await b.do("block", person=ada.id)
        assert marks((await heard(timed, a))[-1]) == {}
        assert set(marks((await heard(timed, b))[-1])) == {ada.id}
        assert marks(await asked(timed, ada, room)) == {}
        clock.advance(1)
        await b.do("unblock", person=ada.id)
        assert set(marks((await heard(timed, a))[-1])) == {bela.id}


async def test_in_a_large_room_readers_are_counted(timed: Server, clock: HandClock) -> None:
    ada = await timed.account("ada")
    others = [await timed.account(f"other{n}") for n in range(22)]
    async with timed.connect(ada) as a, timed.connect(others[0]) as b, timed.connect(others[1]) as c:
        room = await make_room(a)
        first = (await a.post(room, "early"))["seq"]
        for other in others:
            await a.do("add_member", room=room, person=other.id)
        joined = [event["seq"] for event in a.events("member") if event["person"]["id"] != ada.id]
        seq = (await a.post(room, "Hello"))["seq"]
        for client in (a, c):
            await client.ask("view", room=room)
        await b.ask("read", room=room, seq=seq)
        event = (await heard(timed, a))[-1]
        assert (event["others"], event.get("marks")) == (22, None)
        assert steps(event) == [(seq, 1), *((each, 1) for each in reversed(joined[1:]))]
        # Of those at the same place each sees the others, and not oneself.
        assert steps((await heard(timed, c))[-1]) == [
            (seq, 1),
            *((each, 1) for each in reversed(joined[2:])),
            (first - 1, 1),
        ]
        await c.ask("read", room=room, seq=seq)
        assert steps(await asked(timed, ada, room))[0] == (seq, 2)
        assert steps(await asked(timed, others[1], room))[0] == (seq, 1)
        await b.do("set_preferences", receipts=False)
        hidden = await asked(timed, ada, room)
        assert (steps(hidden)[0], hidden["others"]) == ((seq, 1), 21)
        await b.ask("delivered", marks={room: seq})
        await timed.house.of_feature["receipts"].flush()
        kept = "SELECT count(*) FROM read_marks WHERE delivered > 0"
        assert await timed.house.db.read(lambda db: db.value(kept)) == 0, "nobody is shown it"


async def test_what_a_device_holds_says_hello_and_survives_a_restart(
    tmp_path: Path, clock: HandClock
) -> None:
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a, server.connect(bela, hello=False) as b:
            room = await make_room(a, bela)
            seqs = [(await a.post(room, f"{n}"))["seq"] for n in range(3)]
            await a.ask("view", room=room)
            await b.hello({room: seqs[1], bela.id: 1})
            assert marks((await heard(server, a))[-1])[bela.id][0] == seqs[1]
            await b.ask("delivered", marks={room: 2**53 - 1})
            assert marks(await asked(server, ada, room))[bela.id][0] == seqs[2], "no more than there is"
    async with serving(tmp_path / "data", clock=clock) as server:
        assert marks(await asked(server, ada, room))[bela.id][0] == seqs[2]
        async with server.connect(ada) as a:
            await a.post(room, "more")
            assert marks(await asked(server, ada, room))[bela.id][0] == seqs[2]


def test_what_rose_while_it_was_written_down_is_still_to_be_written() -> None:
    holdings = Holdings()
    for room, account, seq in (("garden", "ada", 4), ("garden", "bela", 4), ("cellar", "ada", 2)):
        assert holdings.note(room, account, seq)
    assert not holdings.note("garden", "ada", 3)
    written = holdings.all()
    holdings.note("garden", "bela", 5)
    for _ in range(2):
        holdings.forget(written)
    assert holdings.all() == [("garden", "bela", 5)]
    assert (holdings.of("garden"), holdings.of("cellar")) == ({"bela": 5}, {})


async def test_what_cannot_be_written_down_is_kept_for_the_next_time(timed: Server) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    teller: ReceiptTeller = timed.house.of_feature["receipts"]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        room = await make_room(a, bela)
        seq = (await a.post(room, "Hello"))["seq"]
        await b.ask("delivered", marks={room: seq})

    async def full(unit: Any) -> None:
        raise Refusal("storage_full")

    db = vars(timed.house.db)
    db["write"] = full
    await teller.flush()
    assert teller.holdings.of(room) == {bela.id: seq}
    del db["write"]
    await teller.flush()
    assert teller.holdings.all() == []
    async with timed.connect(bela) as b:
        await b.ask("delivered", marks={room: seq - 1})
    await teller.flush()
    assert marks(await asked(timed, ada, room))[bela.id][0] == seq, "another device holds less"


async def test_of_a_room_that_one_is_not_in_nothing_is_delivered(timed: Server) -> None:
    ada, dana = [await timed.account(name) for name in ("ada", "dana")]
    async with timed.connect(ada) as a, timed.connect(dana, hello=False) as d:
        room = await make_room(a)
        seq = (await a.post(room, "Hello"))["seq"]
        await a.ask("view", room=room)
        await d.hello({room: seq})
        await d.ask("delivered", marks={room: seq})
        assert await heard(timed, a) == []
        await timed.house.of_feature["receipts"].flush()
        assert await timed.house.db.read(lambda db: db.value("SELECT count(*) FROM read_marks")) == 0


async def test_the_staff_of_a_support_room_is_one_reader(timed: Server, clock: HandClock) -> None:
    ada, bela, chidi = [await timed.account(name) for name in ("ada", "bela", "chidi")]
    async with timed.connect(ada) as a, timed.connect(bela) as b, timed.connect(chidi) as c:
        room = (await a.do("ask_for_help", about="The door"))["subject"]
        for staff in (bela.id, chidi.id):
            await timed.house.db.write(partial(rooms.enter_unseen, room=room, account=staff))
        seq = (await a.post(room, "Hello?"))["seq"]
        for client in (a, b):
            await client.ask("view", room=room)
        await c.ask("read", room=room, seq=seq)
        event = (await heard(timed, a))[-1]
        (desk,) = marks(event)
        assert desk not in (bela.id, chidi.id)
        assert marks(event)[desk] == (seq, seq)
        assert set(marks((await heard(timed, b))[-1])) == {ada.id}
        assert set(marks(await asked(timed, chidi, room))) == {ada.id}
        await c.do("set_preferences", receipts=False)
        assert marks(await asked(timed, ada, room)) == {desk: (seq, seq)}, "whose it is, nobody sees"
        assert marks(await asked(timed, chidi, room)) == {}
