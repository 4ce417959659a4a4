"""Files on a disk that fills up while they come in, and connections that break off while they go out."""

import asyncio
import json
import socket
import struct
from pathlib import Path
from typing import Any

from tests.client import connected
from tests.durability.process import Process, accounts_in, running
from tests.durability.small_disk import fill, on_small_disk
from tests.media.sounds import voice, webm
from tests.server import Account, room_of

PATIENCE_S = 30.0


class Sender:
    """Somebody who uploads so many bytes, in parts, and as browsers do keeps the connection."""

    def __init__(self, process: Process, who: Account, size: int) -> None:
        self._process = process
        self._head = (
            f"POST /api/media HTTP/1.1\r\nHost: 127.0.0.1:{process.port}\r\n"
            f"Authorization: Bearer {who.token}\r\nContent-Length: {size}\r\n\r\n"
        )

    async def begin(self, part: bytes) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._process.port)
        self._writer.write(self._head.encode())
        await self.go_on(part)

    async def go_on(self, part: bytes) -> None:
        self._writer.write(part)
        await self._writer.drain()

    async def answer(self) -> tuple[int, dict[str, Any]]:
        """The status, and what the JSON says."""
        async with asyncio.timeout(PATIENCE_S):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
            body = await self._reader.readexactly(length)
        self._writer.close()
        return int(head.split()[1]), json.loads(body)


async def test_a_disk_that_fills_up_while_a_file_comes_refuses_it_leaves_nothing_and_recovers(
    tmp_path: Path,
) -> None:
    (ada,) = await accounts_in(tmp_path / "staged", "ada")
    # With room for files, which leave 64 MiB of it to the database.
    small = on_small_disk("90m", tmp_path / "data", tmp_path / "staged")
    whole = webm(bytes(4_000_000))
    async with running(tmp_path / "data", before=small) as process:
        media = process.inside("media")
        sender = Sender(process, ada, len(whole))
        await sender.begin(whole[:1_000_000])
        async with asyncio.timeout(PATIENCE_S):
            # Nothing tells that a part of it is on the disk.
            while not [each for each in media.glob("new/*") if each.stat().st_size > 500_000]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        ballast = process.inside("ballast")
        await asyncio.to_thread(fill, ballast)
        await sender.go_on(whole[1_000_000:])
        status, refused = await sender.answer()
        assert (status, refused["code"]) == (507, "storage_full")
        assert [each for each in media.glob("**/*") if each.is_file()] == []
        again = Sender(process, ada, len(whole))
        await again.begin(whole)
        assert (await again.answer())[0] == 507
        ballast.unlink()
        last = Sender(process, ada, len(whole))
        await last.begin(whole)
        assert (await last.answer())[0] == 201
        assert len(list(media.glob("??/*"))) == 1


async def test_whoever_breaks_off_while_a_file_goes_out_is_no_failure(tmp_path: Path) -> None:
    (ada,) = await accounts_in(tmp_path / "data", "ada")
    whole = webm(bytes(4_000_000))
    async with running(tmp_path / "data") as process:
        sender = Sender(process, ada, len(whole))
        await sender.begin(whole)
        uploaded = (await sender.answer())[1]["media"]
        async with connected(process.port, ada.token) as a:
            room = await room_of(a)
            assert (await a.do("post", room=room, content=voice(uploaded)))["op"] == "ack"
        asked = (
            f"GET /api/media/{uploaded} HTTP/1.1\r\nHost: 127.0.0.1:{process.port}\r\n"
            f"Authorization: Bearer {ada.token}\r\n\r\n"
        )
        for _ in range(60):
            await asyncio.to_thread(break_off, process.port, asked.encode())
        assert (await process.get("/healthz"))[0] == 200
        assert "failed" not in process.log.read_text()
        assert process.log.read_text().count("Traceback") == 0


def break_off(port: int, asked: bytes) -> None:
    """Ask, take a little, and go without a word (RST)."""
    with socket.create_connection(("127.0.0.1", port)) as phone:
        phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        phone.sendall(asked * 3)
        phone.recv(1000)
