"""`safevoice doctor` at a terminal, and that what it starts never outlives the server."""

import asyncio
from contextlib import closing
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket

import psutil

from tests.cli.test_cli import safevoice
from tests.durability.process import Process, running

PATIENCE_S = 20.0


async def test_it_says_what_works_and_what_does_not(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        said = await safevoice(tmp_path, "doctor")
        assert said.status == 0, said
        head, _, part, udp, tcp, *more = said.out.splitlines()
        assert (head.split()[0], part) == ("SafeVoice", "Calls")
        assert udp.startswith("  udp:")
        assert tcp.startswith("  tcp:")
        assert all("works" in line and line.endswith(" ms") for line in (udp, tcp))
        assert more[0].strip() == "public_url is not set: tried on this machine only."
        assert await server.stop() == 0
    said = await safevoice(tmp_path, "doctor")
    assert said.status == 1
    assert said.err.startswith("No SafeVoice runs on ")


async def test_it_ends_with_1_where_there_is_something_to_do(tmp_path: Path) -> None:
    with closing(socket(AF_INET, SOCK_DGRAM)) as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"turn:127.0.0.1:{nobody.getsockname()[1]}"
        async with running(tmp_path / "data", CALLS_EXTERNAL_URLS=url, CALLS_EXTERNAL_SECRET="x") as server:
            said = await safevoice(tmp_path, "doctor")
            assert said.status == 1
            assert "does not work: no_answer" in said.out
            assert await server.stop() == 0


async def test_neither_a_stop_nor_a_kill_of_the_server_leaves_the_client_behind(tmp_path: Path) -> None:
    with closing(socket(AF_INET, SOCK_DGRAM)) as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"turn:127.0.0.1:{nobody.getsockname()[1]}"
        for way in (Process.terminate, Process.kill):
            async with running(
                tmp_path / way.__name__, CALLS_EXTERNAL_URLS=url, CALLS_EXTERNAL_SECRET="x"
            ) as server:
                environ = {"SAFEVOICE_DATA": str(server.folder)}
                asked = asyncio.create_task(safevoice(tmp_path, "doctor", environ=environ))
                client = await child_of(server.pid)
                way(server)
                await server.ended()
                await gone(client)
                assert (await asked).status == 1


async def gone(process: psutil.Process) -> None:
    """Nobody may be there to take note of its end."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return
            await asyncio.sleep(0.02)


async def child_of(pid: int) -> psutil.Process:
    """The client, once it is there."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for child in psutil.Process(pid).children():
                if any("selftest/client.py" in word for word in child.cmdline()):
                    return child
            await asyncio.sleep(0.02)
