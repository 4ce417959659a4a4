"""Ringing: who hears of a call, who takes it, and how it ends."""

import asyncio
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from appliance.config.limits import Limits
from appliance.kernel.clock import HandClock
from tests.calls.pages import direct, minted, pages, pass_time, unread
from tests.client import client_id
from tests.server import ROOMY, Account, Server, room_of, serving


async def two(server: Server) -> list[Account]:
    return [await server.account(name) for name in ("ada", "bela")]


def code(answer: dict[str, Any]) -> str:
    return str(answer.get("code", answer["op"]))


async def test_a_call_rings_is_answered_and_ends_with_an_entry_of_its_length(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        call = await a.call(room, video=True)
        heard = await b.client.until(lambda frame: frame["op"] == "call")
        assert heard["person"]["id"] == ada.id
        assert "seat" not in heard["call"]
        rings = heard["call"]
        assert (rings["state"], rings["video"], rings["room"]) == ("ringing", True, room)
        await b.take(call)
        assert await a.peers() == ["gone", b.instance]
        assert await b.peers() == [a.instance]
        assert [each["call"]["seat"] for each in await a.open() + await b.open()] == [a.seat, b.seat]
        assert server.house.metrics.calls.read() == 1
        assert (await b.hang_up(call))["op"] == "ack"
        assert server.house.metrics.calls.read() == 0
        for page in (a, b):
            assert await page.states(call) == ["ringing", "active", "answered"]
            assert await page.open() == []
            (entry,) = await page.entries(room)
            over = page.client.events("call")[-1]["call"]
            assert entry["author"] == ada.id
            assert entry["content"]["outcome"] == "answered"
            assert entry["content"]["video"]
            assert entry["content"]["duration_ms"] == over["ended_at"] - over["answered_at"]
    assert [await unread(server, who, room) for who in (ada, bela)] == [0, 0]


@pytest.mark.parametrize("winner", [0, 1, 2])
async def test_it_rings_on_all_devices_and_one_page_takes_it(server: Server, winner: int) -> None:
    ada, bela = await two(server)
    phone = await server.device(bela)
    async with pages(server, ada, bela, bela, phone) as (a, *three):
        call = await a.call(await direct(a, bela))
        assert [await page.rings() for page in three] == [call] * 3
        ahead = [three[winner], *three[:winner], *three[winner + 1 :]]
        answers = await asyncio.gather(*(page.answer(call) for page in ahead))
        assert sorted(code(each) for each in answers) == ["ack", "call_elsewhere", "call_elsewhere"]
        won = ahead[[code(each) for each in answers].index("ack")]
        for page in three:
            assert await page.states(call) == ["ringing", "active"]
            assert page.client.events("call")[-1]["call"]["seat"] == won.seat
            assert code(await page.here(call)) == ("ack" if page is won else "call_elsewhere")
            assert code(await page.decline(call)) == "call_elsewhere"
            assert code(await page.answer(call)) == ("ack" if page is won else "call_elsewhere")
        # Nobody takes a seat by its name alone, not even on another device of the same person.
        three[2].seat = three[0].seat = won.seat
        other = three[2] if won is not three[2] else three[0]
        assert code(await other.here(call)) == "call_elsewhere"
        assert code(await other.answer(call)) == "call_elsewhere"


async def test_the_other_side_never_learns_which_page_it_is(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        call = await a.call(await direct(a, bela))
        await b.take(call)
        await a.open()
        await b.open()
        await b.hang_up(call)
        await a.ended(call)
        assert a.seat not in str(b.client.heard)
        assert b.seat not in str(a.client.heard)


async def test_declined_on_one_device_it_stops_on_all(server: Server) -> None:
    ada, bela = await two(server)
    phone = await server.device(bela)
    async with pages(server, ada, bela, phone) as (a, b, p):
        room = await direct(a, bela)
        call = await a.call(room)
        assert code(await a.decline(call)) == "forbidden"
        assert code(await a.answer(call)) == "forbidden"
        assert code(await p.decline(call)) == "ack"
        assert [await page.ended(call) for page in (a, b, p)] == ["declined"] * 3
        assert code(await b.decline(call)) == "ack", "twice counts as done"
        assert code(await b.answer(call)) == "call_over"
        assert await a.outcomes(room) == ["declined"]
    assert await unread(server, bela, room) == 0


async def test_cancelled_before_anybody_answered_it_is_something_to_read(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        call = await a.call(room)
        await b.rings()
        assert code(await a.hang_up(call)) == "ack"
        assert code(await a.hang_up(call)) == "ack", "twice counts as done"
        assert await b.ended(call) == "cancelled"
        (entry,) = await b.entries(room)
        assert (entry["content"]["outcome"], entry["content"]["duration_ms"]) == ("cancelled", 0)
    assert [await unread(server, who, room) for who in (ada, bela)] == [0, 1]


async def test_it_rings_for_45_seconds_and_is_missed(timed: Server, clock: HandClock) -> None:
    ada, bela = await two(timed)
    async with pages(timed, ada, bela) as (a, b):
        room = await direct(a, bela)
        call = await a.call(room)
        await pass_time(timed, clock, 44.9, a, b)
        assert await b.states(call) == ["ringing"]
        await pass_time(timed, clock, 0.1)
        assert [await a.ended(call), await b.ended(call)] == ["missed", "missed"]
        assert await a.outcomes(room) == ["missed"]
    assert await unread(timed, bela, room) == 1


async def test_whoever_is_seen_nowhere_is_not_given_away_by_being_busy(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock, limits=ROOMY) as server:
        ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
        async with pages(server, ada, bela, chidi) as (a, b, c):
            await b.client.do("set_preferences", invisible=True)
            room = await direct(c, bela)
            call = await a.call(await direct(a, bela))
            await b.take(call)
            tried = await c.call(room)
            assert await c.states(tried) == ["ringing"]
            assert await b.states(tried) == [], "but nobody is disturbed"
            await pass_time(server, clock, 45, a, b, c)
            assert await c.ended(tried) == "missed"
            assert await b.outcomes(room) == ["missed"]
            assert await b.states(call) == ["ringing", "active"]
            # In no call they are like all others.
            await b.hang_up(call)
            again = await c.call(room)
            assert await b.states(again) == ["ringing"]
        assert await unread(server, bela, room) == 1


async def test_whoever_is_in_another_call_is_busy_and_finds_it_in_the_room(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with pages(server, ada, bela, chidi) as (a, b, c):
        room = await direct(c, bela)
        call = await a.call(await direct(a, bela))
        for answered in (False, True):
            if answered:
                await b.take(call)
            answer = await c.ring(room)
            assert await c.ended(answer["subject"]) == "busy"
            assert await c.open() == []
            assert await b.states(answer["subject"]) == [], "it rings nowhere"
            assert code(await b.answer(answer["subject"])) == "not_found"
        assert await b.outcomes(room) == ["busy", "busy"]
        assert code(await b.ring(room)) == "already_calling"
        await b.hang_up(call)
        await c.call(room)
        assert await b.open() != []
    assert await unread(server, bela, room) == 2


async def test_nobody_calls_twice_at_once_on_whatever_device(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    phone = await server.device(ada)
    async with pages(server, ada, ada, phone, bela) as (a, tab, p, b):
        rooms = [await direct(a, other) for other in (bela, chidi)]
        call = await a.call(rooms[0])
        for page in (a, tab, p):
            for room in rooms:
                assert code(await page.ring(room)) == "already_calling"
        # At whom it rings answers by calling back, and nobody by calling somebody else.
        assert code(await b.ring(await direct(b, chidi))) == "already_calling"
        assert await a.states(call) == ["ringing"]
        # Which page of theirs ends it does not matter.
        assert code(await p.hang_up(call)) == "ack"
        assert await b.ended(call) == "cancelled"


async def test_of_several_rings_at_the_same_moment_one_call_comes(server: Server) -> None:
    ada, bela = await two(server)
    phone = await server.device(ada)
    async with pages(server, ada, phone, bela) as (a, p, b):
        room = await direct(a, bela)
        answers = await asyncio.gather(*(page.ring(room) for page in (a, p)))
        assert sorted(code(each) for each in answers) == ["ack", "already_calling"]
        assert len(await b.open()) == 1


async def test_when_both_ring_each_other_they_are_in_one_call(server: Server) -> None:
    ada, bela = await two(server)
    phone = await server.device(bela)
    async with pages(server, ada, bela, phone) as (a, b, p):
        room = await direct(a, bela)
        first, second = await asyncio.gather(a.ring(room), b.ring(room))
        call = first["subject"]
        assert second["subject"] == call
        assert code(await a.here(call)) == code(await b.here(call)) == "ack"
        assert [(await page.states(call))[-1] for page in (a, b, p)] == ["active"] * 3
        assert code(await p.ring(room)) == "already_calling"
        assert code(await b.ring(room)) == "already_calling"


@pytest.mark.parametrize("order", range(6))
async def test_whatever_all_do_at_the_same_moment_it_ends_once(server: Server, order: int) -> None:
    ada, bela = await two(server)
    phone = await server.device(bela)
    async with pages(server, ada, bela, phone) as (a, b, p):
        room = await direct(a, bela)
        call = await a.call(room)
        deeds = [a.hang_up(call), b.answer(call), p.decline(call)]
        ordered = list(permutations(range(3)))[order]
        said = await asyncio.gather(*(deeds[each] for each in ordered), p.answer(call))
        assert {code(each) for each in said} <= {"ack", "call_over", "call_elsewhere"}
        await a.hang_up(call)
        ends = [await page.ended(call) for page in (a, b, p)]
        for page in (a, b, p):
            heard = await page.states(call)
            assert heard[-1] == ends[0]
            assert heard in (["ringing", ends[0]], ["ringing", "active", ends[0]])
            assert await page.outcomes(room) == ends[:1]


async def test_a_ring_that_is_sent_again_is_the_same_call(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        name = client_id()
        first, again = [await a.ring(room, client_id=name) for _ in range(2)]
        assert first["subject"] == again["subject"]
        await b.decline(first["subject"])
        late = await a.ring(room, client_id=name)
        assert late["subject"] == first["subject"], "it does not ring once more"
        assert await b.open() == []
        assert await b.outcomes(room) == ["declined"]


async def test_only_members_of_a_conversation_of_two_ring_there(server: Server) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with pages(server, ada, bela, dana) as (a, _, d):
        room = await direct(a, bela)
        group = (await a.client.do("start_group", people=[bela.id, dana.id]))["subject"]
        garden = await room_of(a.client, bela, dana)
        assert code(await d.ring(room)) == "not_found"
        for place in (group, garden):
            assert code(await a.ring(place)) == code(await d.ring(place)) == "calls_not_here"


async def test_an_outsider_learns_nothing_of_a_call_and_can_do_nothing_about_it(server: Server) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with pages(server, ada, bela, dana) as (a, b, d):
        call = await a.call(await direct(a, bela))
        await b.take(call)
        before = len(d.client.heard)
        for seat in (d.seat, a.seat, b.seat):
            d.seat = seat
            assert code(await d.answer(call)) == "not_found"
            assert code(await d.here(call)) == "call_over"
        assert code(await d.decline(call)) == code(await d.hang_up(call)) == "not_found"
        assert code(await d.signal(call, "{}")) == "call_over"
        assert await d.open() == []
        await a.hang_up(call)
        await a.ended(call)
        await d.client.ask("ping")
        assert {frame["op"] for frame in d.client.heard[before:]} <= {"error", "ack", "calls", "pong"}
        assert [page.client.events("call_peer")[-1]["here"] for page in (a, b)] == [True, True]


async def test_who_is_silenced_or_in_an_archived_conversation_rings_nobody(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        await server.house.db.write(
            lambda tx: tx.run("UPDATE accounts SET muted_until = :u WHERE id = :id", u=2**52, id=ada.id)
        )
        assert code(await a.ring(room)) == "muted"
        await server.house.db.write(lambda tx: tx.run("UPDATE rooms SET archived_at = 1"))
        assert code(await b.ring(room)) == "room_archived"


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("ring", {"seat": "short"}),
        ("ring", {"seat": "x" * 41}),
        ("ring", {"seat": "not a seat at all!!"}),
        ("ring", {"video": "yes"}),
        ("ring", {"room": "somewhere"}),
        ("ring", {"seat": None}),
        ("answer_call", {"seat": ""}),
        ("answer_call", {"call": "x"}),
        ("decline_call", {"call": ""}),
        ("hang_up", {"call": 7}),
        ("call_here", {"instance": "short"}),
        ("call_here", {"seat": "short"}),
        ("call_signal", {"signal": ""}),
        ("call_signal", {"signal": "x" * 16_385}),
        ("call_signal", {"signal": {"sdp": "x"}}),
        ("call_signal", {"instance": "x" * 41}),
        ("ask_calls", {"call": "x"}),
    ],
)
async def test_what_is_not_of_the_right_form_is_refused(
    server: Server, op: str, fields: dict[str, Any]
) -> None:
    ada = await server.account("ada")
    nothing = "0" * 26
    good: dict[str, dict[str, Any]] = {
        "ring": {"room": nothing, "video": False, "seat": minted("seat")},
        "answer_call": {"call": nothing, "seat": minted("seat")},
        "decline_call": {"call": nothing},
        "hang_up": {"call": nothing},
        "call_here": {"call": nothing, "seat": minted("seat"), "instance": minted("life")},
        "call_signal": {"call": nothing, "instance": minted("life"), "signal": "x" * 16_384},
        "ask_calls": {},
    }
    lasting = {"client_id": client_id()} if op in ("ring", "answer_call", "decline_call", "hang_up") else {}
    async with server.connect(ada) as client:
        assert code(await client.ask(op, **lasting, **good[op])) != "bad_request"
        assert code(await client.ask(op, **lasting, **{**good[op], **fields})) == "bad_request"


async def test_so_many_calls_an_hour_and_no_more(tmp_path: Path, clock: HandClock) -> None:
    limits = Limits(**{**{name: getattr(ROOMY, name) for name in ROOMY.__slots__}, "rings_per_hour": 2})
    async with serving(tmp_path / "data", clock=clock, limits=limits) as server:
        ada, bela = await two(server)
        async with pages(server, ada, bela) as (a, _):
            room = await direct(a, bela)
            for _ in range(2):
                assert code(await a.hang_up(await a.call(room))) == "ack"
            refused = await a.ring(room)
            assert (refused["code"], refused["limit"]) == ("rate_limited", "rings_per_hour")
            assert refused["retry_after_ms"] == 1_800_000
