"""The flood's own WebSocket client, against the `websockets` library as the other side."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from appliance.dev.flood.framer import (
    BrokenFrame,
    Joiner,
    Op,
    check_upgrade,
    close_frame,
    frame,
    split,
    upgrade,
)
from appliance.wire.frames import PROTOCOL

SIZES = [0, 1, 125, 126, 127, 65535, 65536, 200_000]


class Wire:
    """A raw connection to a WebSocket server, driven by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._rest = b""
        self._frames: list[tuple[int, bytes]] = []
        self._joiner = Joiner()

    async def message(self) -> tuple[Op, bytes]:
        while True:
            while not self._frames:
                self._rest += await self.reader.read(65536)
                self._frames, used = split(self._rest)
                self._rest = self._rest[used:]
            whole = self._joiner.take(*self._frames.pop(0))
            if whole:
                return whole


@contextlib.asynccontextmanager
async def connected(port: int) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request, accept = upgrade(f"127.0.0.1:{port}", "/api/socket", PROTOCOL, "token")
    writer.write(request)
    check_upgrade(await reader.readuntil(b"\r\n\r\n"), accept)
    yield Wire(reader, writer)
    writer.close()
    await writer.wait_closed()


@pytest.fixture
async def echo() -> AsyncIterator[int]:
    async def answer(socket: ServerConnection) -> None:
        async for message in socket:
            if message == "in pieces":
                await socket.send(["in ", "three ", "pieces"])
            else:
                await socket.send(message)

    async with serve(
        answer, "127.0.0.1", 0, subprotocols=[Subprotocol(PROTOCOL)], max_size=None, compression=None
    ) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("size", SIZES)
async def test_a_text_of_every_length_form_comes_back_whole(echo: int, size: int) -> None:
    async with connected(echo) as wire:
        text = b"x" * size
        wire.writer.write(frame(text))
        assert await wire.message() == (Op.TEXT, text)


async def test_a_message_in_pieces_is_joined(echo: int) -> None:
    async with connected(echo) as wire:
        wire.writer.write(frame(b"in pieces"))
        assert await wire.message() == (Op.TEXT, b"in three pieces")


async def test_a_ping_is_answered_with_its_payload(echo: int) -> None:
    async with connected(echo) as wire:
        wire.writer.write(frame(b"are you there", Op.PING))
        assert await wire.message() == (Op.PONG, b"are you there")


async def test_a_close_is_answered_with_its_code(echo: int) -> None:
    async with connected(echo) as wire:
        wire.writer.write(close_frame(1000, "done"))
        op, payload = await wire.message()
        assert op is Op.CLOSE
        assert int.from_bytes(payload[:2], "big") == 1000


@pytest.mark.parametrize("cut", range(12))
def test_half_a_frame_is_left_for_later(cut: int) -> None:
    whole = b"\x81\x03abc" + b"\x81\x05hello"
    frames, used = split(whole[:cut])
    assert used == (5 if cut >= 5 else 0)
    assert frames == ([(0x81, b"abc")] if cut >= 5 else [])


@pytest.mark.parametrize(
    ("frames", "why"),
    [
        ([(0x80, b"x")], "continuation of nothing"),
        ([(0x01, b"x"), (0x81, b"y")], "new message inside another"),
        ([(0xC1, b"x")], "reserved bits"),
    ],
)
def test_what_no_server_may_send_is_refused(frames: list[tuple[int, bytes]], why: str) -> None:
    joiner = Joiner()
    *fine, broken = frames
    for first, payload in fine:
        assert joiner.take(first, payload) is None
    with pytest.raises(BrokenFrame, match=why):
        joiner.take(*broken)


def test_a_masked_frame_from_a_server_is_refused() -> None:
    with pytest.raises(BrokenFrame, match="mask"):
        split(frame(b"hello"))


def test_an_answer_to_somebody_else_is_refused() -> None:
    _, accept = upgrade("here", "/", PROTOCOL, "token")
    with pytest.raises(BrokenFrame, match="another request"):
        check_upgrade(b"HTTP/1.1 101 Switching\r\nSec-WebSocket-Accept: wrong\r\n\r\n", accept)
    with pytest.raises(BrokenFrame, match="no upgrade"):
        check_upgrade(b"HTTP/1.1 403 Forbidden\r\n\r\n", accept)
