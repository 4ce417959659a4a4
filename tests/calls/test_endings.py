"""What ends a call besides those who talk: blocks, devices, accounts that go, and the server's own end."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from appliance.features.auth import actions as auth
from appliance.features.calls import actions
from appliance.features.calls.model import GONE_S, RING_S
from appliance.features.calls.worker import ringing as worker
from appliance.features.calls.worker.ringing import RETRY_S
from appliance.kernel.clock import HandClock
from appliance.kernel.errors import Refusal
from tests.calls.pages import direct, gone, pages, pass_time, unread
from tests.calls.test_ringing import code, two
from tests.calls.test_seats import talking
from tests.departure.leaving import delete, export, of_kind
from tests.edge.browser import browser
from tests.server import Account, Server, serving


async def rows(server: Server) -> list[Any]:
    return await server.house.db.read(lambda db: db.rows("SELECT * FROM calls"))


async def block(page: Any, person: Account) -> None:
    assert (await page.client.do("block", person=person.id))["op"] == "ack"


# Blocks


async def test_who_is_blocked_hears_it_ring_until_it_is_missed_and_nobody_else_hears_it(
    timed: Server, clock: HandClock
) -> None:
    ada, bela, chidi = [await timed.account(name) for name in ("ada", "bela", "chidi")]
    phone = await timed.device(bela)
    async with pages(timed, ada, bela, phone, chidi) as (a, b, p, c):
        room, other = await direct(a, bela), await direct(c, bela)
        await block(b, ada)
        call = await a.call(room)
        assert [each["call"]["state"] for each in await a.open()] == ["ringing"]
        for page in (b, p):
            assert await page.open() == []
            assert code(await page.answer(call)) == code(await page.decline(call)) == "not_found"
            assert code(await page.here(call)) == code(await page.signal(call, "{}")) == "call_over"
        # Nor later, when it is looked at what became of calls.
        await b.client.do("set_preferences", sounds=False)
        await timed.house.of_feature["ringing"].round()
        assert await b.states(call) == []
        # To all others they are free, and to the blocked one they are not busy.
        talks = await c.call(other)
        await b.take(talks)
        assert await a.states(call) == ["ringing"]
        await pass_time(timed, clock, RING_S, a, b, c)
        assert await a.ended(call) == "missed"
        for page in (b, p):
            assert await page.states(call) == []
            assert await page.states(talks) == ["ringing", "active"]
        again = await a.call(room)
        assert await a.states(again) == ["ringing"], "and not busy"
        assert await unread(timed, bela, room) == 0


async def test_nobody_calls_whom_they_blocked(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        await block(a, bela)
        assert code(await a.ring(room)) == "forbidden"
        # And where the other one rings, unheard, nobody answers by calling back.
        call = await b.call(room)
        assert code(await a.ring(room)) == "forbidden"
        await a.client.do("unblock", person=bela.id)
        made = await a.ring(room)
        assert await a.ended(made["subject"]) == "busy"
        assert await b.states(call) == ["ringing"]


@pytest.mark.parametrize("talking_already", [False, True])
@pytest.mark.parametrize("by_caller", [False, True])
async def test_a_block_ends_a_call_and_tells_the_blocked_one_nothing_while_it_rings(
    timed: Server, clock: HandClock, talking_already: bool, by_caller: bool
) -> None:
    ada, bela = await two(timed)
    async with pages(timed, ada, bela) as (a, b):
        room = await direct(a, bela)
        call = await a.call(room)
        await b.rings()
        if talking_already:
            await b.take(call)
            await pass_time(timed, clock, 9, a, b)
        await block(a if by_caller else b, bela if by_caller else ada)
        if talking_already:
            assert await a.ended(call) == await b.ended(call) == "answered"
            assert (await a.entries(room))[0]["content"]["duration_ms"] == 9000
        elif by_caller:
            assert await a.ended(call) == await b.ended(call) == "cancelled"
        else:
            assert await b.ended(call) == "missed"
            assert await b.open() == []
            assert await a.states(call) == ["ringing"]
            assert [each["call"]["state"] for each in await a.open()] == ["ringing"]
            assert await b.entries(room) == []
            await pass_time(timed, clock, RING_S, a, b)
            assert await a.ended(call) == "missed"
        assert await rows(timed) != []


# Devices and accounts


@pytest.mark.parametrize("side", ["caller", "callee"])
async def test_a_device_that_is_signed_out_leaves_its_call_at_once(server: Server, side: str) -> None:
    ada, bela = await two(server)
    phones = {"caller": await server.device(ada), "callee": await server.device(bela)}
    async with pages(server, phones["caller"], phones["callee"], ada, bela) as (a, b, *others):
        call = await talking(a, b, bela)
        owner = ada if side == "caller" else bela
        async with browser(server, owner.token) as web:
            assert (await web.delete(f"/api/devices/{phones[side].device}")).status_code == 204
        assert [await page.ended(call) for page in others] == ["answered", "answered"]


async def test_another_device_that_is_signed_out_ends_nothing(server: Server) -> None:
    ada, bela = await two(server)
    phone = await server.device(bela)
    async with pages(server, ada, bela, phone) as (a, b, p):
        call = await talking(a, b, bela)
        async with browser(server, bela.token) as web:
            assert (await web.delete(f"/api/devices/{phone.device}")).status_code == 204
        await p.client.closed()
        await server.house.of_feature["ringing"].round()
        assert (await a.states(call))[-1] == (await b.states(call))[-1] == "active"


@pytest.mark.parametrize("side", ["caller", "callee"])
async def test_whoever_is_suspended_talks_to_nobody_any_more(server: Server, side: str) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        call = await talking(a, b, bela)
        out, stays = (ada, b) if side == "caller" else (bela, a)
        until = server.house.clock.now_ms() + 3_600_000
        await server.house.db.write(lambda tx: auth.suspend(tx, out.id, until, "Spam"))
        assert await stays.ended(call) == "answered"


@pytest.mark.parametrize("state", ["ringing", "active"])
@pytest.mark.parametrize("side", ["caller", "callee"])
async def test_whoever_deletes_their_account_leaves_the_call_and_no_row_of_it(
    server: Server, state: str, side: str
) -> None:
    ada, bela = await two(server)
    await server.account("boss", admin=True)
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        before = await a.call(room)
        await b.decline(before)
        call = await a.call(room)
        if state == "active":
            await b.take(call)
        out, stays = (ada, b) if side == "caller" else (bela, a)
        assert (await delete(server, out, keep_messages=False)).status_code == 204
        ends = {("ringing", "caller"): "cancelled", ("ringing", "callee"): "missed"}
        assert await stays.ended(call) == ends.get((state, side), "answered")
        assert await rows(server) == []
        assert await stays.open() == []
        await server.house.jobs.run_due()
        async with browser(server, stays.account.token) as web:
            page = (await web.get(f"/api/rooms/{room}/messages")).json()
        left = [message for message in page["messages"] if message["content"] is not None]
        # An entry is the caller's, and is taken away with all that they said.
        assert len(left) == (0 if side == "caller" else 2)


async def test_calls_are_taken_along_but_for_those_that_one_is_not_to_know_of(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        call = await a.call(room, video=True)
        await b.decline(call)
        await block(b, ada)
        hidden = await a.call(room)
        mine = {line["id"]: line for line in of_kind(await export(server, ada), "call")}
        theirs = {line["id"]: line for line in of_kind(await export(server, bela), "call")}
    assert (set(mine), set(theirs)) == ({call, hidden}, {call})
    assert (mine[call]["incoming"], theirs[call]["incoming"]) == (False, True)
    assert (theirs[call]["video"], theirs[call]["outcome"]) == (True, "declined")
    assert a.seat not in str(theirs)


async def test_an_hour_after_its_end_a_call_is_nothing_but_its_entry(timed: Server, clock: HandClock) -> None:
    ada, bela = await two(timed)
    async with pages(timed, ada, bela) as (a, b):
        room = await direct(a, bela)
        first = await a.call(room)
        await b.decline(first)
    clock.advance(1800)
    async with pages(timed, ada, bela) as (a, b):
        second = await a.call(room)
        await b.decline(second)
    clock.advance(1800)
    await timed.house.jobs.run_due()
    assert [row[0] for row in await rows(timed)] == [second]
    clock.advance(1800)
    await timed.house.jobs.run_due()
    assert await rows(timed) == []
    assert (await timed.house.db.read(lambda db: db.value("SELECT count(*) FROM messages"))) == 2


async def test_a_room_that_is_purged_takes_its_calls_along(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        await b.decline(await a.call(room))
        assert await server.house.db.write(lambda tx: actions.purge(tx, room, 10)) == 1
        assert await rows(server) == []


async def test_a_conversation_that_is_closed_has_no_call(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        call = await talking(a, b, bela)
        await server.house.db.write(lambda tx: tx.run("UPDATE rooms SET archived_at = 1"))
        await server.house.db.write(actions.review)
        assert await a.ended(call) == await b.ended(call) == "answered"


async def test_what_is_late_changes_nothing(server: Server) -> None:
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        call = await a.call(room)
        await b.take(call)
        await server.house.db.write(partial(actions.miss, call_id=call))
        assert (await a.states(call))[-1] == "active"
        await a.hang_up(call)
        await server.house.db.write(partial(actions.miss, call_id=call))
        await server.house.db.write(partial(actions.lose, call_id=call, account=ada.id))
        assert await a.states(call) == await b.states(call) == ["ringing", "active", "answered"]
        assert await b.outcomes(room) == ["answered"]


@pytest.mark.parametrize("what", ["RING_S", "GONE_S"])
async def test_what_lasted_long_enough_ends_by_itself(
    server: Server, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(worker, what, 0.05)
    ada, bela = await two(server)
    async with pages(server, ada, bela) as (a, b):
        await a.ring(await direct(a, bela))
        call = await b.rings()
        assert await a.ended(call) == await b.ended(call) == ("missed" if what == "RING_S" else "cancelled")


async def test_what_follows_from_a_block_is_tried_again_where_the_disk_does_not_take_it(
    timed: Server, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(unit: object) -> None:
        raise Refusal("storage_full")

    ada, bela = await two(timed)
    ringing = timed.house.of_feature["ringing"]
    async with pages(timed, ada, bela) as (a, b):
        call = await a.call(await direct(a, bela))
        await b.take(call)
        with monkeypatch.context() as patch:
            patch.setattr(timed.house.db, "write", full)
            await block(b, ada)
            assert await ringing.round() == RETRY_S
            assert len(await a.open()) == len(await b.open()) == 1
        await ringing.round()
        assert await a.ended(call) == "answered"
        assert await ringing.round() is None


# The server


async def test_a_call_outlives_a_restart_when_its_pages_come_back(tmp_path: Path, clock: HandClock) -> None:
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = await two(server)
        async with pages(server, ada, bela) as (a, b):
            call = await talking(a, b, bela)
            await pass_time(server, clock, 10, a, b)
    clock.advance(5)
    async with serving(tmp_path / "data", clock=clock) as server, pages(server, ada, bela) as (a2, b2):
        assert [each["call"]["state"] for each in await a2.open() + await b2.open()] == ["active", "active"]
        a2.seat, b2.seat = a.seat, b.seat
        await pass_time(server, clock, GONE_S - 1, a2, b2)
        for page in (a2, b2):
            assert code(await page.here(call)) == "ack"
        assert code(await a2.signal(call, "{}")) == "ack"
        await pass_time(server, clock, 60, a2, b2)
        await a2.hang_up(call)
        assert await b2.ended(call) == "answered"
        over = b2.client.events("call")[-1]["call"]
        assert over["ended_at"] - over["answered_at"] == 1000 * (10 + 5 + GONE_S - 1 + 60)


async def test_a_call_to_which_nobody_comes_back_was_as_long_as_both_were_there(
    tmp_path: Path, clock: HandClock
) -> None:
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = await two(server)
        async with pages(server, ada, bela) as (a, b):
            call = await talking(a, b, bela)
            await pass_time(server, clock, 200, a, b)
    clock.advance(8 * 3600)
    async with serving(tmp_path / "data", clock=clock) as server, pages(server, ada, bela) as (a, b):
        await pass_time(server, clock, GONE_S, a, b)
        assert await a.ended(call) == await b.ended(call) == "answered"
        over = b.client.events("call")[-1]["call"]
        assert over["ended_at"] - over["answered_at"] == 200_000


@pytest.mark.parametrize(("down_s", "left_s"), [(10, RING_S - 30), (3600, 0)])
async def test_what_rang_when_the_server_went_rings_on_for_what_is_left_of_its_time(
    tmp_path: Path, clock: HandClock, down_s: int, left_s: int
) -> None:
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = await two(server)
        async with pages(server, ada, bela) as (a, b):
            room = await direct(a, bela)
            call = await a.call(room)
            await pass_time(server, clock, 20, a, b)
    clock.advance(down_s)
    async with serving(tmp_path / "data", clock=clock) as server, pages(server, ada, bela) as (a2, b2):
        a2.seat = a.seat
        if left_s:
            await a2.here(call)
            await pass_time(server, clock, left_s - 0.1, a2, b2)
            assert [each["call"]["state"] for each in await b2.open()] == ["ringing"]
            await pass_time(server, clock, 0.1, a2, b2)
            assert await a2.ended(call) == await b2.ended(call) == "missed"
        else:
            await server.house.db.write(lambda tx: None)
            assert await a2.open() == await b2.open() == []
    assert await unread_after(tmp_path, bela, room) == 1


async def unread_after(tmp_path: Path, who: Account, room: str) -> int:
    async with serving(tmp_path / "data") as server:
        return await unread(server, who, room)


async def test_who_was_signed_out_while_the_server_could_not_hear_of_it_is_out_of_the_call(
    tmp_path: Path, clock: HandClock
) -> None:
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = await two(server)
        async with pages(server, ada, bela) as (a, b):
            call = await talking(a, b, bela)
        await gone(server, ada)
        await gone(server, bela)
        await server.house.db.write(
            lambda tx: tx.run("DELETE FROM sessions WHERE device = :device", device=ada.device)
        )
    async with serving(tmp_path / "data", clock=clock) as server, pages(server, bela) as (b,):
        # It looks by itself as it starts, and is done before whatever is written later.
        await server.house.db.write(lambda tx: None)
        assert await b.open() == []
        (row,) = await rows(server)
        assert (row[0], "answered" in row) == (call, True)


async def test_what_wakes_devices_hears_when_a_call_rings_and_when_it_stops(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    heard: list[tuple[str, str]] = []
    server.house.bus.on_hint(actions.RINGS, lambda call: heard.append(("rings", call)))
    server.house.bus.on_hint(actions.QUIET, lambda call: heard.append(("quiet", call)))
    async with pages(server, ada, bela, chidi) as (a, b, c):
        room = await direct(a, bela)
        taken = await a.call(room)
        await b.take(taken)
        await c.ring(await direct(c, bela))
        await a.hang_up(taken)
        declined = await a.call(room)
        await b.decline(declined)
        blocked = await a.call(room)
        await block(b, ada)
        assert await b.ended(blocked) == "missed"
        await a.hang_up(blocked)
        hidden = await a.call(room)
        await a.hang_up(hidden)
        await a.client.ask("ping")
    calls = (taken, declined, blocked)
    assert heard == [each for call in calls for each in (("rings", call), ("quiet", call))]
