"""Whoever is sent a file takes it, or is hung up on; and has only so many at the same time."""

import asyncio
import socket
from contextlib import suppress

import pytest

from appliance.edge import http
from appliance.features.media import files
from tests.media.sounds import fetch, say, upload, webm
from tests.server import Account, Server, room_of

PATIENCE_S = 10.0
A_SECOND = 3_200_000
"""Bytes that a slow reader takes: all of it in two and a half."""
LARGE = webm(bytes(8_000_000))
"""More than fits between both, on the way."""


async def asked(
    server: Server, who: Account, media: str, more: str = "", *, buffer: int = 4096
) -> socket.socket:
    """A connection that asked for the file, and takes nothing of it by itself."""
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    slow.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(slow, ("127.0.0.1", server.port))
    head = f"GET /api/media/{media} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{more}"
    await loop.sock_sendall(slow, f"{head}Authorization: Bearer {who.token}\r\n\r\n".encode())
    return slow


async def end_of(slow: socket.socket) -> int:
    """What came of it until it was hung up on, in bytes."""
    got, loop = 0, asyncio.get_running_loop()
    with suppress(ConnectionError):
        while part := await asyncio.wait_for(loop.sock_recv(slow, 1 << 20), PATIENCE_S):
            got += len(part)
    slow.close()
    return got


async def until_read_by(server: Server, who: Account, count: int) -> None:
    held: files.Files = server.house.of_feature["media"]
    async with asyncio.timeout(PATIENCE_S):
        while held._reading[who.id] != count:  # noqa: ASYNC110  (nobody is told of it)
            await asyncio.sleep(0.001)


async def test_who_takes_nothing_is_hung_up_on_and_holds_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TAKEN_WITHIN_S", 0.2)
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        _, media = await say(server, ada, a, await room_of(a), LARGE)
    slow = await asked(server, ada, media)
    await until_read_by(server, ada, 1)
    await until_read_by(server, ada, 0)
    assert await end_of(slow) < len(LARGE)
    assert len((await fetch(server, ada, media)).content) == len(LARGE)


async def test_who_reads_slowly_but_reads_gets_all_of_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TAKEN_WITHIN_S", 1.0)
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        _, media = await say(server, ada, a, await room_of(a), LARGE)
    slow, got = await asked(server, ada, media, "Connection: close\r\n", buffer=65_536), 0
    began, loop = asyncio.get_running_loop().time(), asyncio.get_running_loop()
    while part := await asyncio.wait_for(loop.sock_recv(slow, 1 << 20), PATIENCE_S):
        got += len(part)
        await asyncio.sleep(max(0.0, began + got / A_SECOND - loop.time()))
    slow.close()
    assert got > len(LARGE)
    assert loop.time() - began > http.TAKEN_WITHIN_S


async def test_one_person_is_sent_only_so_many_files_at_the_same_time(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a:
        _, media = await say(server, ada, a, await room_of(a, bela), LARGE)
    slow = [await asked(server, ada, media) for _ in range(files.MOST_READ)]
    await until_read_by(server, ada, files.MOST_READ)
    refused = await fetch(server, ada, media)
    assert (refused.status_code, refused.json()["limit"]) == (429, "downloads_at_once")
    assert (await fetch(server, bela, media)).status_code == 200
    slow.pop().close()
    await until_read_by(server, ada, files.MOST_READ - 1)
    assert (await fetch(server, ada, media)).status_code == 200
    for each in slow:
        each.close()
    await until_read_by(server, ada, 0)
    # What is refused, or is only asked about, holds no place either.
    for headers in ({"range": "bytes=99999999-"}, {"if-none-match": "*"}):
        await fetch(server, ada, media, **headers)
    assert (await upload(server, ada, b"nothing of use")).status_code == 415
    await until_read_by(server, ada, 0)
