"""Slow readers, silent peers, and a server that goes away: nobody else notices, nothing is lost."""

import asyncio
from dataclasses import replace
from pathlib import Path

import psutil

from appliance.edge.gate import DEAD_AFTER_BEATS, SLICES, Gate
from appliance.kernel.clock import HandClock
from tests.client import client_id
from tests.edge.raw import PING, PONG, frame, text, wired
from tests.server import ROOMY, Server, room_of, serving

WIDE = replace(ROOMY, text_bytes=60_000, frame_bytes=400_000)


async def test_a_slow_reader_is_closed_and_resumes_while_others_go_on(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", limits=WIDE) as server:
        ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
        async with server.connect(ada) as a, server.connect(bela) as b:
            room = await room_of(a, bela, chidi)
            async with wired(server, chidi, receive_buffer=4096) as slow:
                before = psutil.Process().memory_info().rss
                sent = 0
                while not server.house.metrics.overflows.value:
                    assert (await a.post(room, f"{sent}:" + "x" * 59_000))["op"] == "ack"
                    sent += 1
                    assert sent < 400, "the queue of a slow reader has no bound"
                assert psutil.Process().memory_info().rss - before < 64 * 2**20
                assert server.house.bus.of_account(chidi.id) == frozenset()
                # What it had not read is still there to read, then comes the reason.
                assert await slow.closed() == 4409
            ack = await a.post(room, "and on")
            await b.until(lambda frame: frame.get("seq") == ack["seq"])
            assert len(b.events("message")) == sent + 1
            async with server.connect(chidi, hello=False) as back:
                welcome = await back.hello({room: 3})
                log = next(log for log in welcome["logs"] if log["log"] == room)
                said = [e["message"]["content"]["text"].split(":")[0] for e in log["events"]]
                assert said == [*map(str, range(sent)), "and on"]


async def test_pings_without_end_and_never_a_read_pong_stay_bounded(server: Server) -> None:
    ada = await server.account("ada")
    async with wired(server, ada, receive_buffer=4096) as wire:
        await wire.send(frame(PING, b"p" * 125) * 20_000)
        assert await wire.closed() == 4429


async def test_a_half_open_peer_is_dropped_and_one_that_answers_is_kept(
    timed: Server, clock: HandClock, gates: list[Gate]
) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    every = timed.house.config.limits.heartbeat_seconds

    async with wired(timed, ada) as silent, wired(timed, bela) as alive:
        (dropped,) = timed.house.bus.of_account(ada.id)
        gone_after = 0.0
        for number in range(1, 5):
            for _ in range(SLICES):
                clock.advance(every / SLICES)
                gates[0].beat_slice(clock.monotonic() - every * DEAD_AFTER_BEATS)
                if not gone_after and dropped._transport.is_closing():  # type: ignore[attr-defined]
                    gone_after = clock.monotonic()
            assert await alive.frame() == (PING, b"")
            await alive.send(frame(PONG), text(op="ping", id=str(number)))
            await alive.answer(str(number))
        assert 45 < gone_after <= 75
        assert timed.house.bus.of_account(bela.id)
        assert await silent.ended() in (b"", b"\x89\x00", b"\x89\x00" * 2)


async def test_a_peer_that_is_silent_in_the_middle_of_closing_is_dropped_as_well(
    timed: Server, clock: HandClock, gates: list[Gate]
) -> None:
    ada = await timed.account("ada")
    async with wired(timed, ada) as wire:
        await wire.send(frame(2, b"binary"))
        assert await wire.closed() == 1003
        clock.advance(600)
        for _ in range(SLICES):
            gates[0].beat_slice(clock.monotonic() - 75)
        assert await wire.ended() == b""


async def test_on_shutdown_what_is_in_flight_is_answered_first(tmp_path: Path) -> None:
    async with serving(tmp_path / "data") as server:
        ada = await server.account("ada")
        async with server.connect(ada) as a:
            room = await room_of(a)
        release = asyncio.Event()
        sockets = [wired(server, ada) for _ in range(2)]
        busy, idle = [await socket.__aenter__() for socket in sockets]
        started = asyncio.Event()
        loop = asyncio.get_running_loop()

        def hold_the_writer(tx: object) -> None:
            loop.call_soon_threadsafe(started.set)
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result(10)

        held = asyncio.ensure_future(server.house.db.write(hold_the_writer))
        await started.wait()
        posts = [
            text(
                op="post",
                id=f"p{n}",
                client_id=client_id(),
                room=room,
                content={"type": "text", "text": f"{n}"},
            )
            for n in range(5)
        ]
        await busy.send(*posts, text(op="ping", id="heard"))
        await busy.answer("heard")
        for subscriber in server.house.bus.everyone():
            subscriber.shutdown()  # type: ignore[attr-defined]
        assert await idle.closed() == 1012
        await busy.send(text(op="ping", id="too late"))
        release.set()
        await held
        heard = [await busy.answer(f"p{n}") for n in range(5)]
        assert [one["op"] for one in heard] == ["ack"] * 5
        assert await busy.closed() == 1012
        for socket in sockets:
            await socket.__aexit__(None, None, None)
