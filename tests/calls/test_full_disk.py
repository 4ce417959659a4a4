"""A database that takes nothing ends no less: both hear at once that a call is over, and its rows later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from appliance.features.calls import actions
from appliance.features.calls.model import GONE_S, RING_S
from appliance.features.calls.worker.ringing import RETRY_S
from appliance.kernel.clock import HandClock
from appliance.kernel.errors import Refusal
from tests.calls.pages import direct, gone, pages, pass_time
from tests.calls.test_ringing import code, two
from tests.calls.test_seats import talking
from tests.server import Server, serving


@contextmanager
def full_disk(server: Server, *, says: BaseException | None = None) -> Iterator[None]:
    """Whatever is written meanwhile is refused, or breaks as `says`."""
    patch = pytest.MonkeyPatch()

    def submit(unit: object, done: Callable[[Any, BaseException | None], None]) -> None:
        done(None, says or Refusal("storage_full"))

    patch.setattr(server.house.db, "submit", submit)
    try:
        yield
    finally:
        patch.undo()


async def states(server: Server) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = await server.house.db.read(
        lambda db: db.rows("SELECT state, outcome FROM calls ORDER BY state")
    )
    return found


@pytest.mark.parametrize("by", ["caller", "callee"])
@pytest.mark.parametrize("answered", [False, True])
async def test_hanging_up_ends_a_call_for_both_at_once_and_is_written_as_soon_as_it_can_be(
    timed: Server, clock: HandClock, by: str, answered: bool
) -> None:
    ada, bela = await two(timed)
    ringing = timed.house.of_feature["ringing"]
    async with pages(timed, ada, bela) as (a, b):
        room = await direct(a, bela)
        call = await a.call(room)
        if answered:
            await b.take(call)
            await pass_time(timed, clock, 7, a, b)
        one = a if by == "caller" else b
        outcome = "answered" if answered else "cancelled" if by == "caller" else "declined"
        with full_disk(timed):
            assert code(await one.hang_up(call)) == "storage_full"
            assert await a.ended(call) == await b.ended(call) == outcome
            assert await a.open() == await b.open() == []
            assert code(await a.signal(call, "{}")) == code(await b.here(call)) == "call_over"
            assert await ringing.round() == RETRY_S
            assert await states(timed) == [("active" if answered else "ringing", "")]
            clock.advance(5)
        assert await ringing.round() is None
        assert await states(timed) == [("ended", outcome)]
        assert await a.outcomes(room) == await b.outcomes(room) == [outcome]
        if answered:
            # It was as long as they talked, however long the disk was full.
            assert (await a.entries(room))[0]["content"]["duration_ms"] == 7000
        # The page says it until it is taken in, and that ends nothing twice.
        assert code(await one.hang_up(call)) == "ack"
        assert await b.outcomes(room) == [outcome]


async def test_declining_stops_it_at_once(timed: Server) -> None:
    ada, bela = await two(timed)
    phone = await timed.device(bela)
    heard: list[str] = []
    timed.house.bus.on_hint(actions.QUIET, heard.append)
    async with pages(timed, ada, bela, phone) as (a, b, p):
        room = await direct(a, bela)
        call = await a.call(room)
        with full_disk(timed):
            assert code(await a.decline(call)) == "storage_full"
            assert await p.states(call) == ["ringing"], "only who is called declines"
            assert code(await b.decline(call)) == "storage_full"
            assert [await page.ended(call) for page in (a, b, p)] == ["declined"] * 3
            assert heard == [call]
        # The other device may not know it yet; the rows do not, but nobody answers any more.
        assert code(await p.answer(call)) == "call_over"
        await timed.house.of_feature["ringing"].round()
        assert await states(timed) == [("ended", "declined")]


async def test_nobody_else_ends_a_call_by_a_disk_that_is_full(timed: Server) -> None:
    ada, bela, chidi = [await timed.account(name) for name in ("ada", "bela", "chidi")]
    async with pages(timed, ada, bela, chidi) as (a, b, c):
        call = await talking(a, b, bela)
        hidden = await direct(c, bela)
        await b.client.do("block", person=chidi.id)
        unheard = await c.call(hidden)
        with full_disk(timed):
            assert code(await c.hang_up(call)) == code(await c.decline(call)) == "storage_full"
            # Who answered does not decline; and nobody ends what they are not to know of.
            assert code(await b.decline(call)) == "storage_full"
            assert code(await b.hang_up(unheard)) == code(await b.decline(unheard)) == "storage_full"
            assert [len(await page.open()) for page in (a, b, c)] == [1, 1, 1]
            assert code(await a.signal(call, "{}")) == "ack"
            # And the blocked one hears alone that it is over.
            assert code(await c.hang_up(unheard)) == "storage_full"
            assert await c.ended(unheard) == "cancelled"
            assert await b.states(unheard) == []


async def test_both_are_free_for_other_calls_before_the_end_of_the_last_one_is_written(timed: Server) -> None:
    ada, bela, chidi = [await timed.account(name) for name in ("ada", "bela", "chidi")]
    async with pages(timed, ada, bela, chidi) as (a, b, c):
        call = await talking(a, b, bela)
        room = await direct(c, bela)
        with full_disk(timed):
            await a.hang_up(call)
            assert await b.ended(call) == "answered"
        # No round of the worker in between: it would take a second.
        other = await c.call(room)
        assert await b.states(other) == ["ringing"], "and not busy"
        assert await states(timed) == [("ended", "answered"), ("ringing", "")]
        again = await a.ring(await direct(a, bela))
        assert await a.ended(again["subject"]) == "busy"


@pytest.mark.parametrize("what", ["rang", "gone"])
async def test_what_ends_by_itself_does_not_wait_for_the_disk_either(
    timed: Server, clock: HandClock, what: str
) -> None:
    ada, bela = await two(timed)
    ringing = timed.house.of_feature["ringing"]
    async with pages(timed, ada) as (a,):
        async with pages(timed, bela) as (b,):
            room = await direct(a, bela)
            call = await a.call(room)
            if what == "gone":
                await b.take(call)
                await pass_time(timed, clock, 9, a, b)
        await gone(timed, bela)
        with full_disk(timed):
            clock.advance(RING_S if what == "rang" else GONE_S)
            assert await ringing.round() == RETRY_S
            assert await a.ended(call) == ("missed" if what == "rang" else "answered")
            assert await a.open() == []
        assert await ringing.round() is None
        (entry,) = await a.entries(room)
        assert entry["content"].get("duration_ms", 0) == (0 if what == "rang" else 9000)


async def test_who_comes_back_while_the_end_could_not_be_written_is_in_the_call(
    timed: Server, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bela = await two(timed)
    ringing = timed.house.of_feature["ringing"]
    async with pages(timed, ada) as (a,):
        async with pages(timed, bela) as (b,):
            call = await talking(a, b, bela)
        await gone(timed, bela)
        async with pages(timed, bela) as (again,):
            again.seat = b.seat

            async def full(unit: object) -> None:
                await again.here(call)
                raise Refusal("storage_full")

            with monkeypatch.context() as patch:
                patch.setattr(timed.house.db, "write", full)
                clock.advance(GONE_S)
                assert await ringing.round() == RETRY_S
            assert await a.states(call) == ["ringing", "active"]
            assert await ringing.round() is not None
            assert await states(timed) == [("active", "")]


async def test_an_error_that_nobody_foresaw_ends_it_as_well(timed: Server) -> None:
    ada, bela = await two(timed)
    async with pages(timed, ada, bela) as (a, b):
        call = await talking(a, b, bela)
        with full_disk(timed, says=ValueError("broken")):
            assert code(await a.hang_up(call)) == "internal"
            assert await b.ended(call) == "answered"


async def test_after_a_restart_an_end_that_was_never_written_comes_by_itself(
    tmp_path: Path, clock: HandClock
) -> None:
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = await two(server)
        async with pages(server, ada, bela) as (a, b):
            call = await talking(a, b, bela)
            await pass_time(server, clock, 10, a, b)
            with full_disk(server):
                await a.hang_up(call)
                assert await b.ended(call) == "answered"
                # Nobody is left who knows it.
                server.house.of_feature["ringing"].owing.settle(call)
    async with serving(tmp_path / "data", clock=clock) as server, pages(server, ada, bela) as (a, b):
        assert [each["call"]["state"] for each in await a.open() + await b.open()] == ["active"] * 2
        await pass_time(server, clock, GONE_S, a, b)
        assert await a.ended(call) == await b.ended(call) == "answered"
        assert await states(server) == [("ended", "answered")]


async def test_an_answer_written_in_the_moment_of_a_refused_end_does_not_outlive_it(timed: Server) -> None:
    ada, bela = await two(timed)
    ringing = timed.house.of_feature["ringing"]
    async with pages(timed, ada, bela, bela) as (a, b, tab):
        call = await a.call(await direct(a, bela))
        await b.rings()
        submit = timed.house.db.submit
        refused: list[Callable[[Any, BaseException | None], None]] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(timed.house.db, "submit", lambda unit, done: refused.append(done))
            await tab.client.say("decline_call", client_id="the-late-one-0000", call=call)
            await tab.client.ask("ping")

            def answered_meanwhile(unit: Any, done: Any) -> None:
                """One batch: the answer fits and the refusal does not."""
                patch.setattr(timed.house.db, "submit", submit)

                def both(result: Any, error: BaseException | None) -> None:
                    refused.pop()(None, Refusal("storage_full"))
                    done(result, error)

                submit(unit, both)

            patch.setattr(timed.house.db, "submit", answered_meanwhile)
            assert code(await b.answer(call)) == "ack"
        assert await a.ended(call) == "declined"
        await ringing.round()
        assert await states(timed) == [("ended", "failed")]
        assert await b.open() == []
