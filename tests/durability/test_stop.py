"""SIGTERM, and a second start on the same folder."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.client import Client, client_id, connected
from tests.durability.process import Process, accounts_in, running
from tests.server import room_of

CLIENTS = 6
UNDER_WAY = 8
UNHURRIED = {"LIMITS_SOCKET_FRAMES_PER_SECOND": "0", "LOG_FORMAT": "json"}


async def test_a_clean_stop_says_so_to_every_socket_and_keeps_all_it_acknowledged(tmp_path: Path) -> None:
    accounts = await accounts_in(tmp_path / "data", *(f"client{number}" for number in range(CLIENTS)))
    async with running(tmp_path / "data", **UNHURRIED) as process:
        async with connected(process.port, accounts[0].token) as owner:
            room = await room_of(owner, *accounts[1:])
        enough = asyncio.Event()
        promised: list[str] = []
        codes: list[int] = []

        async def talk(token: str) -> None:
            """Posts, always with some under way, until the server goes."""
            async with connected(process.port, token) as client:
                with suppress(ConnectionClosed, AssertionError):
                    while True:
                        for _ in range(UNDER_WAY):
                            name, content = client_id(), {"type": "text", "text": "and another"}
                            await client.say("post", id=name, client_id=name, room=room, content=content)
                        await client.until(lambda frame: frame.get("id") == name)  # noqa: B023
                        if len(acks(client)) > 5 * UNDER_WAY:
                            enough.set()
                codes.append(await client.closed())
                promised.extend(frame["subject"] for frame in acks(client))

        async def stop() -> int:
            await enough.wait()
            return await process.stop()

        silent = connected(process.port, accounts[0].token, hello=False)
        async with silent as waiting:
            status, *_ = await asyncio.gather(stop(), *(talk(account.token) for account in accounts))
            codes.append(await waiting.closed())
        assert status == 0
        assert codes == [1012] * (CLIENTS + 1)
        # Nothing is left for the next start to recover.
        assert not (tmp_path / "data" / "safevoice.db-wal").exists()
        assert not (tmp_path / "data" / "control.sock").exists()
        await process.start()
        kept = {message["id"] for message in await process.history(room, accounts[0].token)}
        assert len(promised) > 50
        assert set(promised) <= kept
        assert await process.stop() == 0
    events = [json.loads(line)["event"] for line in read(process) if line.startswith("{")]
    assert events.count("server.stopped") == 2


def acks(client: Client) -> list[dict[str, Any]]:
    return [frame for frame in client.heard if frame["op"] == "ack"]


def read(process: Process) -> list[str]:
    return process.log.read_text().splitlines()


async def test_a_second_start_on_the_folder_is_refused_and_names_the_first(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as first:
        second = Process(tmp_path / "data")
        second.log = tmp_path / "second.log"
        started = await second.launch()
        output, _ = await started.communicate()
        assert started.returncode == 1
        assert output == b""
        why = f"SafeVoice is already running as process {first.pid} on {tmp_path / 'data'}."
        assert second.log.read_text().removeprefix("safevoice: ") == f"{why}\n"
        # The first did not notice.
        assert (await first.get("/readyz"))[0] == 200
        assert await first.stop() == 0


async def test_after_a_kill_the_folder_is_free(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as process:
        process.kill()
        assert await process.ended() == -9
        await process.start()
        assert (await process.get("/readyz"))[0] == 200
        assert await process.stop() == 0
