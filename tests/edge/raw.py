"""A WebSocket client that can say what no decent library would."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.utils import apply_mask

from appliance.wire.frames import PROTOCOL
from tests.client import PATIENCE_S, Frame
from tests.server import Account, Server

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x11\x22\x33\x44"


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True
) -> bytes:
    """One frame, well formed or not."""
    head = bytearray(((0x80 if fin else 0) | reserved << 4 | opcode,))
    mask = 0x80 if masked else 0
    if len(payload) < 126:
        head.append(mask | len(payload))
    elif len(payload) < 65536:
        head += bytes((mask | 126,)) + len(payload).to_bytes(2, "big")
    else:
        head += bytes((mask | 127,)) + len(payload).to_bytes(8, "big")
    return bytes(head) + (MASK + apply_mask(payload, MASK) if masked else payload)


def text(**command: Any) -> bytes:
    """A command as a text frame."""
    return frame(TEXT, json.dumps(command).encode())


class Wire:
    """A TCP connection past the handshake."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, *data: bytes) -> None:
        """Send in one piece."""
        self.writer.write(b"".join(data))
        await self.writer.drain()

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: (opcode, payload)."""
        async with asyncio.timeout(PATIENCE_S):
            first, size = await self.reader.readexactly(2)
            if size > 125:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
            return first & 0x0F, await self.reader.readexactly(size)

    async def answer(self, request: str = "") -> Frame:
        """The next text frame, or the one that answers `request`."""
        while True:
            opcode, payload = await self.frame()
            if opcode != TEXT:
                continue
            found: Frame = json.loads(payload)
            if not request or found.get("id") == request:
                return found

    async def closed(self) -> int:
        """The close code, once the close frame has come; text before it is passed over."""
        while True:
            opcode, payload = await self.frame()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big")

    async def ended(self) -> bytes:
        """All that still comes until the connection is closed."""
        async with asyncio.timeout(PATIENCE_S):
            with suppress(ConnectionError):
                return await self.reader.read(-1)
            return b""

    async def hello(self) -> Frame:
        """Say hello, return the welcome."""
        await self.send(text(op="hello", id="hi", positions={}))
        return await self.answer("hi")


def upgrade(token: str = "", **changed: str) -> bytes:
    """An upgrade request; `changed` headers replace, and those that are empty are left out."""
    headers = {
        "Host": "127.0.0.1",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": PROTOCOL,
        "Authorization": f"Bearer {token}" if token else "",
    }
    path = changed.pop("path", "/api/socket")
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    return f"GET {path} HTTP/1.1\r\n{chr(10).join(line + chr(13) for line in lines)}\n\r\n".encode()


@asynccontextmanager
async def tcp(server: Server, receive_buffer: int = 0) -> AsyncIterator[Wire]:
    """A bare connection."""
    sock = socket.socket()
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", server.port))
    reader, writer = await asyncio.open_connection(sock=sock, limit=4096 if receive_buffer else 2**20)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def http_head(wire: Wire) -> tuple[int, dict[str, str]]:
    """Status and headers (lower case) of the answer to a request."""
    async with asyncio.timeout(PATIENCE_S):
        head = (await wire.reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    pairs = (line.partition(": ") for line in head[1:] if line)
    return int(head[0].split()[1]), {name.lower(): value for name, _, value in pairs}


@asynccontextmanager
async def wired(
    server: Server, account: Account, *, hello: bool = True, receive_buffer: int = 0
) -> AsyncIterator[Wire]:
    """A connection past the handshake, and past hello unless that is not wanted."""
    async with tcp(server, receive_buffer) as wire:
        await wire.send(upgrade(account.token))
        status, _ = await http_head(wire)
        assert status == 101
        if hello:
            assert (await wire.hello())["op"] == "welcome"
        yield wire
