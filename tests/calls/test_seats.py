"""Seats: which page is in a call, what one says to the other, and how long one may be gone."""

from typing import Any

import pytest

from appliance.features.calls.model import GONE_S
from appliance.features.calls.worker.ringing import SEEN_LATELY_S, SIGNAL_BURST
from appliance.kernel.clock import HandClock
from tests.calls.pages import Page, direct, gone, minted, pages, pass_time
from tests.calls.test_ringing import code, two
from tests.server import Account, Server


async def talking(a: Page, b: Page, other: Account) -> str:
    """Both are in a call, and here."""
    call = await a.call(await direct(a, other))
    await b.take(call)
    return call


async def test_what_one_page_says_only_the_other_hears_in_order_and_as_it_was(server: Server) -> None:
    ada, bela = await two(server)
    phone = await server.device(bela)
    async with pages(server, ada, ada, bela, phone) as (a, tab, b, p):
        call = await talking(a, b, bela)
        said = ["{}", 'v=0\r\no=- "ü" 🎈', "x" * 16_384]
        for signal in said:
            assert code(await a.signal(call, signal)) == "ack"
        assert code(await b.signal(call, "back")) == "ack"
        for page in (a, tab, b, p):
            await page.client.ask("ping")
        heard = b.client.events("call_signal")
        assert [event["signal"] for event in heard] == said
        assert {(event["call"], event["instance"]) for event in heard} == {(call, a.instance)}
        assert [event["signal"] for event in a.client.events("call_signal")] == ["back"]
        assert tab.client.events("call_signal") == p.client.events("call_signal") == []
        # Neither another tab nor another device says anything there.
        for page in (tab, p):
            assert code(await page.signal(call, "{}")) == "call_elsewhere"
        a.instance = minted("life")
        assert code(await a.signal(call, "{}")) == "bad_request"


async def test_nothing_is_kept_for_a_page_that_is_not_here(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        call = await a.call(await direct(a, bela))
        assert code(await a.signal(call, "{}")) == "call_peer_away"
        assert code(await b.here(call)) == "forbidden", "it only rings there"
        assert (await b.answer(call))["op"] == "ack"
        assert code(await a.signal(call, "{}")) == "call_peer_away"
        assert code(await b.signal(call, "{}")) == "call_elsewhere"
        await b.here(call)
        assert await a.peers() == ["gone", b.instance]
        assert code(await a.signal(call, "now")) == "ack"
        await b.client.ask("ping")
        assert [event["signal"] for event in b.client.events("call_signal")] == ["now"]
        rows = await server.house.db.read(lambda db: str(db.rows("SELECT * FROM calls")))
        assert "now" not in rows


async def test_a_page_that_comes_back_within_30_seconds_is_still_in_the_call(
    timed: Server, clock: HandClock
) -> None:
    ada, bela = await two(timed)
    async with pages(timed, ada) as (a,):
        async with pages(timed, bela) as (b,):
            call = await talking(a, b, bela)
        await gone(timed, bela)
        assert (await a.peers())[-1] == "gone"
        assert code(await a.signal(call, "{}")) == "call_peer_away"
        await pass_time(timed, clock, GONE_S - 0.1, a)
        async with pages(timed, bela) as (again,):
            again.seat = b.seat
            await again.here(call)
            assert (await a.peers())[-1] == again.instance != b.instance
            assert (await again.peers()) == [a.instance]
            await pass_time(timed, clock, GONE_S * 2, a, again)
            assert await a.states(call) == ["ringing", "active"]


async def test_after_30_seconds_the_call_is_over_and_as_long_as_both_were_there(
    timed: Server, clock: HandClock
) -> None:
    ada, bela = await two(timed)
    async with pages(timed, ada) as (a,):
        async with pages(timed, bela) as (b,):
            call = await talking(a, b, bela)
            await pass_time(timed, clock, 100, a, b)
        await gone(timed, bela)
        await pass_time(timed, clock, GONE_S, a)
        assert await a.ended(call) == "answered"
        over = a.client.events("call")[-1]["call"]
        assert over["ended_at"] - over["answered_at"] == 100_000
        assert (await a.entries(over["room"]))[0]["content"]["duration_ms"] == 100_000


async def test_a_caller_who_goes_away_is_as_one_who_hung_up(timed: Server, clock: HandClock) -> None:
    ada, bela = await two(timed)
    async with pages(timed, bela) as (b,):
        async with pages(timed, ada) as (a,):
            room = await direct(a, bela)
            call = await a.call(room)
            await b.rings()
        await gone(timed, ada)
        await pass_time(timed, clock, GONE_S, b)
        assert await b.ended(call) == "cancelled"


async def test_whoever_answers_and_never_comes_did_not_talk(timed: Server, clock: HandClock) -> None:
    ada, bela = await two(timed)
    async with pages(timed, ada, bela) as (a, b):
        room = await direct(a, bela)
        call = await a.call(room)
        await b.answer(call)
        await pass_time(timed, clock, GONE_S - 0.1, a, b)
        assert await a.states(call) == ["ringing", "active"]
        await pass_time(timed, clock, 0.1, a, b)
        assert await a.ended(call) == await b.ended(call) == "failed"
        (entry,) = await a.entries(room)
        assert entry["quiet"]
        assert entry["content"].get("duration_ms", 0) == 0


async def test_a_tab_that_is_doubled_has_the_call_in_the_newer_one(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela, bela) as (a, b, copy):
        call = await talking(a, b, bela)
        copy.seat = b.seat
        await copy.here(call)
        await b.client.ask("ping")
        assert [event["call"] for event in b.client.events("call_taken")] == [call]
        assert code(await b.signal(call, "{}")) == "call_elsewhere"
        assert code(await copy.signal(call, "{}")) == "ack"
        assert (await a.peers())[-1] == copy.instance
        # That the old one goes away now means nothing.
        await b.client.close()
        await gone(server, bela, but=1)
        assert (await a.peers())[-1] == copy.instance


async def test_a_page_that_is_loaded_anew_says_so_by_another_life(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        call = await talking(a, b, bela)
        lives = [b.instance]
        for _ in range(2):
            b.instance = minted("life")
            lives.append(b.instance)
            await b.here(call)
        assert await a.peers() == ["gone", *lives]
        assert b.client.events("call_taken") == []


@pytest.mark.parametrize("large", [False, True])
async def test_who_says_too_much_at_once_is_told_to_wait(
    timed: Server, clock: HandClock, large: bool
) -> None:
    ada, bela = await two(timed)
    async with pages(timed, ada, bela) as (a, b):
        call = await talking(a, b, bela)
        signal, units = ("x" * 16_384, 16) if large else ("x", 1)
        for _ in range((SIGNAL_BURST - 1) // units):
            assert code(await a.signal(call, signal)) == "ack"
        refused = await a.signal(call, signal)
        assert (refused["code"], refused["limit"]) == ("rate_limited", "signals")
        assert refused["retry_after_ms"] > 0
        # The other side may still speak, and after a while so may this one.
        assert code(await b.signal(call, signal)) == "ack"
        clock.advance(1)
        assert code(await a.signal(call, signal)) == "ack"


async def test_saying_often_that_one_is_here_is_not_written_down_each_time(
    timed: Server, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bela = await two(timed)
    async with pages(timed, ada, bela) as (a, b):
        call = await a.call(await direct(a, bela))
        clock.advance(1)
        await b.take(call)
        written: list[object] = []
        submit = timed.house.db.submit

        def counted(unit: Any, done: Any) -> None:
            written.append(unit)
            submit(unit, done)

        monkeypatch.setattr(timed.house.db, "submit", counted)
        for _ in range(20):
            assert code(await a.here(call)) == code(await b.here(call)) == "ack"
        assert written == []
        clock.advance(SEEN_LATELY_S)
        for _ in range(20):
            assert code(await a.here(call)) == "ack"
        assert len(written) == 1
