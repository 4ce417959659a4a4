"""A disk without space: refusals that say so, and nothing else breaks."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.client import client_id, connected
from tests.durability.process import ROOT, accounts_in, running
from tests.durability.small_disk import fill, on_small_disk
from tests.server import room_of

SIZE = "3m"


async def test_a_full_disk_refuses_writes_and_nothing_else_and_recovers_by_itself(tmp_path: Path) -> None:
    ada, bela = await accounts_in(tmp_path / "staged", "ada", "bela")
    small = on_small_disk(SIZE, tmp_path / "data", tmp_path / "staged")
    async with running(tmp_path / "data", before=small) as process:
        ballast = process.inside("ballast")
        async with connected(process.port, ada.token) as a, connected(process.port, bela.token) as b:
            room = await room_of(a, bela)
            before = [(await a.post(room, f"before {n}"))["subject"] for n in range(5)]
            await asyncio.to_thread(fill, ballast)
            waiting = {client_id(): f"meanwhile {n} " + "and so on " * 400 for n in range(6)}
            refused = await asyncio.gather(
                *(a.post(room, text, client_id=name) for name, text in waiting.items())
            )
            assert {answer.get("code") for answer in refused} == {"storage_full"}
            # The socket lives, a new one is welcome, and everything can be read.
            assert (await a.ask("ping"))["op"] == "pong"
            async with connected(process.port, bela.token, hello=False) as newcomer:
                assert (await newcomer.hello({room: 0}))["op"] == "welcome"
            history = await process.history(room, bela.token)
            assert [message["id"] for message in history] == before
            assert (await process.get("/healthz"))[0] == 200
            await b.ask("ping")
            assert len(b.events("message")) == 5
            # Space is back: the same outbox entries go through, once each and in order.
            ballast.unlink()
            acks = [await a.post(room, text, client_id=name) for name, text in waiting.items()]
            assert {ack["op"] for ack in acks} == {"ack"}
            again = [await a.post(room, text, client_id=name) for name, text in waiting.items()]
            assert [ack["subject"] for ack in again] == [ack["subject"] for ack in acks]
            history = await process.history(room, bela.token)
            assert [message["id"] for message in history] == before + [ack["subject"] for ack in acks]
            last = await b.until(lambda frame: frame.get("seq") == acks[-1]["seq"])
            assert last["op"] == "message"


async def test_a_disk_that_fills_up_message_by_message_keeps_each_that_was_acknowledged(
    tmp_path: Path,
) -> None:
    (ada,) = await accounts_in(tmp_path / "staged", "ada")
    small = on_small_disk(SIZE, tmp_path / "data", tmp_path / "staged")
    async with running(tmp_path / "data", before=small) as process:  # noqa: SIM117
        async with connected(process.port, ada.token) as a:
            room = await room_of(a)
            acked: list[str] = []
            codes: set[str] = set()
            while not codes:
                answers = await asyncio.gather(*(a.post(room, "x" * 8000) for _ in range(8)))
                acked += [answer["subject"] for answer in answers if answer["op"] == "ack"]
                codes |= {answer["code"] for answer in answers if answer["op"] == "error"}
            assert codes == {"storage_full"}
            assert len(acked) > 20
            history = await process.history(room, ada.token)
            assert [message["id"] for message in history] == acked


async def test_a_server_on_a_full_disk_stops_cleanly(tmp_path: Path) -> None:
    (ada,) = await accounts_in(tmp_path / "staged", "ada")
    small = on_small_disk(SIZE, tmp_path / "data", tmp_path / "staged")
    async with running(tmp_path / "data", before=small) as process:
        async with connected(process.port, ada.token) as a:
            room = await room_of(a)
            await asyncio.to_thread(fill, process.inside("ballast"))
            assert (await a.post(room, "x" * 8000))["code"] == "storage_full"
            process.terminate()
            assert await a.closed() == 1012
        assert await process.ended(5) == 0


async def test_a_unit_that_does_not_fit_at_commit_takes_no_other_of_its_batch_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    command = [*on_small_disk(SIZE, folder), sys.executable, "-m", "tests.durability.small_disk", str(folder)]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    # All three ran before COMMIT failed ...
    assert found["first"][0].startswith("BEGIN")
    assert found["failed in a statement"] == 0
    assert found["runs"] == [2, 2, 2]
    # ... and then each alone: the first and the third are there, told once, the second not at all.
    assert found["outcomes"] == ["1", "storage_full", "3"]
    assert found["values"] == [1, 3]
    assert found["heard"] == ["1", "3"]
    assert found["nothing fits"][1] == "storage_full"
    assert found["afterwards"] == 2
    assert found["whole"] == "ok"
