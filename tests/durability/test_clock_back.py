"""Somebody sets the machine's clock back."""

from pathlib import Path

from appliance.kernel.clock import HandClock
from tests.server import room_of, serving

HOUR_MS = 3_600_000


async def test_messages_keep_their_order_and_no_time_lies_below_the_one_before(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela = await server.account("ada"), await server.account("bela")
        async with server.connect(ada) as a, server.connect(bela) as b:
            room = await room_of(a, bela)
            acks = []
            for step_ms in (0, 1000, -HOUR_MS, 500, -5 * HOUR_MS, 10, 7 * HOUR_MS):
                clock.set_wall(clock.now_ms() + step_ms)
                acks.append(await a.post(room, f"moved by {step_ms}"))
            edited = await a.do(
                "edit", message=acks[0]["subject"], content={"type": "text", "text": "edited"}
            )
            await b.until(lambda frame: frame.get("seq") == edited["seq"])
            heard = [event["message"] for event in b.events("message")]
    times = [ack["at"] for ack in acks]
    assert times == sorted(times)
    assert [ack["seq"] for ack in acks] == list(range(acks[0]["seq"], acks[0]["seq"] + len(acks)))
    assert [message["id"] for message in heard[:-1]] == [ack["subject"] for ack in acks]
    assert [message["at"] for message in heard[:-1]] == times
    # Ids sort by time, and so they keep the order between moments as well.
    assert heard[-1]["edited_at"] >= times[-1]


async def test_a_restart_with_the_clock_still_behind_does_not_go_back_either(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as a:
            room = await room_of(a)
            before = await a.post(room, "before")
    clock.set_wall(clock.now_ms() - HOUR_MS)
    async with serving(tmp_path / "data", clock=clock) as server, server.connect(ada, hello=False) as a:
        welcome = await a.hello({room: 0})
        assert welcome["now"] >= before["at"]
        after = await a.post(room, "after")
        assert after["at"] >= before["at"]
        assert after["seq"] == before["seq"] + 1
        again = await a.ask("replay", positions={room: 0})
        (log,) = again["logs"]
        ids = [event["message"]["id"] for event in log["events"] if event["op"] == "message"]
        assert ids == [before["subject"], after["subject"]]
        # Time goes on once the clock has caught up.
        clock.advance(2 * HOUR_MS / 1000)
        later = await a.post(room, "later")
        assert later["at"] == clock.now_ms() > after["at"]


async def test_waiting_times_do_not_hang_on_the_wall_clock(tmp_path: Path) -> None:
    """A limit that counted in wall time would keep people out for an hour."""
    from dataclasses import replace

    from tests.server import ROOMY

    clock = HandClock()
    limits = replace(ROOMY, messages_per_minute=60, message_burst=2)
    async with serving(tmp_path / "data", clock=clock, limits=limits) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as a:
            room = await room_of(a)
            answers = [await a.post(room, str(number)) for number in range(3)]
            assert [answer["op"] for answer in answers] == ["ack", "ack", "error"]
            clock.set_wall(clock.now_ms() - HOUR_MS)
            wait = answers[2]["retry_after_ms"]
            assert 0 < wait <= 1000
            clock.advance(wait / 1000)
            assert (await a.post(room, "now"))["op"] == "ack"
