"""The network between one browser and the server: a loopback proxy that can be cut, or meddle with frames.

A browser's own "offline" switch only stalls an open WebSocket, so a lost connection is made here, where
frames are seen one by one (RFC 6455, 5.2).
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Literal

Way = Literal["up", "down"]
"""`up`: from the browser to the server."""

Frame = dict[str, Any]

SOCKET = b"GET /api/socket "
CHUNK = 65536
TEXT = 1


class Fate(Enum):
    """What happens to a frame on its way."""

    PASS = auto()
    HOLD = auto()
    """Kept until `release`."""
    CUT_BEFORE = auto()
    """The connection is cut, and the frame never arrives."""
    CUT_HALFWAY = auto()
    """Half of the frame's bytes arrive, then the connection is cut."""
    CUT_AFTER = auto()
    """The frame arrives, and nothing ever comes back."""


Judge = Callable[[Way, Frame], Fate]


def let_pass(way: Way, frame: Frame) -> Fate:
    """How a line is when nobody meddles with it."""
    return Fate.PASS


@dataclass(frozen=True)
class Raw:
    """A frame as bytes, and its text where it has one."""

    data: bytes
    text: str | None

    @property
    def frame(self) -> Frame | None:
        return None if self.text is None else json.loads(self.text)


@dataclass(eq=False)
class Ends:
    """One connection: the browser's end and the server's."""

    browser: asyncio.StreamWriter
    server: asyncio.StreamWriter

    def cut(self) -> None:
        for writer in (self.browser, self.server):
            if not writer.transport.is_closing():
                writer.transport.abort()


class Line:
    """`sent`: every command that got through to the server, in order; `judge`: what befalls a frame.
    `server_port`: where new connections lead."""

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        self._open: set[Ends] = set()
        self._held: list[tuple[asyncio.StreamWriter, bytes]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server
        self._moving = asyncio.Event()
        self._moving.set()
        self.is_up = True
        self.was_cut = False
        self.judge: Judge = let_pass
        self.sent: list[Frame] = []

    async def open(self) -> None:
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    @property
    def port(self) -> int:
        port: int = self._listener.sockets[0].getsockname()[1]
        return port

    def cut(self) -> None:
        """Break every connection; the next one is let through."""
        self.was_cut = True
        self._held.clear()
        for ends in list(self._open):
            ends.cut()

    def go_down(self) -> None:
        """Break every connection and refuse new ones."""
        self.is_up = False
        self.cut()

    def come_up(self) -> None:
        """Take connections again, and leave frames alone."""
        self.is_up = True
        self.judge = let_pass

    def lose_frames(self) -> None:
        """Requests get through, sockets do not."""
        self.come_up()
        self.judge = lambda way, frame: Fate.CUT_BEFORE

    def stall(self) -> None:
        """Nothing moves any more, and nobody is told."""
        self.was_cut = True
        self._moving.clear()

    def move(self) -> None:
        """After `stall`: broken, as such lines are when they come back."""
        self.cut()
        self._moving.set()

    def release(self) -> None:
        """What was held goes on its way, in the order in which it came."""
        held, self._held = self._held, []
        for writer, data in held:
            writer.write(data)

    @property
    def holds(self) -> int:
        """How many frames are held."""
        return len(self._held)

    async def close(self) -> None:
        self._listener.close()
        self.cut()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    # Carrying

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _carry(self, reader: asyncio.StreamReader, browser: asyncio.StreamWriter) -> None:
        if not self.is_up:
            browser.transport.abort()
            return
        ends: Ends | None = None
        try:
            # Browsers open connections that they may never use; the server need not hear of those.
            head = await reader.readuntil(b"\r\n\r\n")
            if not self.is_up:
                return browser.transport.abort()
            answers, server = await asyncio.open_connection("127.0.0.1", self.server_port)
            ends = Ends(browser, server)
            self._open.add(ends)
            server.write(head)
            pump = self._pump_frames if head.startswith(SOCKET) else self._pump_bytes
            await asyncio.gather(pump("up", reader, server, ends), pump("down", answers, browser, ends))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            for writer in (browser, *([ends.server] if ends else [])):
                writer.close()
            if ends:
                self._open.discard(ends)

    async def _pump_bytes(
        self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: Ends
    ) -> None:
        while data := await reader.read(CHUNK):
            await self._moving.wait()
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _pump_frames(
        self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: Ends
    ) -> None:
        if way == "down":
            writer.write(await reader.readuntil(b"\r\n\r\n"))
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                raw = await _read_frame(reader)
                await self._moving.wait()
                await self._pass_on(way, raw, writer, ends)
        writer.close()

    async def _pass_on(self, way: Way, raw: Raw, writer: asyncio.StreamWriter, ends: Ends) -> None:
        frame = raw.frame
        fate = Fate.PASS if frame is None else self.judge(way, frame)
        if fate is Fate.HOLD:
            self._held.append((writer, raw.data))
            return
        arrives = fate in (Fate.PASS, Fate.CUT_AFTER)
        if way == "up" and frame is not None and arrives:
            self.sent.append(frame)
        if arrives:
            writer.write(raw.data)
        elif fate is Fate.CUT_HALFWAY:
            writer.write(raw.data[: len(raw.data) // 2])
        if fate is not Fate.PASS:
            self.was_cut = True
            # Closed rather than aborted, so that what was written still gets there.
            writer.close()
            (ends.browser if way == "up" else ends.server).transport.abort()


async def _read_frame(reader: asyncio.StreamReader) -> Raw:
    head = await reader.readexactly(2)
    length = head[1] & 0x7F
    more = b""
    if length >= 126:
        more = await reader.readexactly(2 if length == 126 else 8)
        length = int.from_bytes(more, "big")
    mask = await reader.readexactly(4) if head[1] & 0x80 else b""
    body = await reader.readexactly(length)
    text = None
    if head[0] & 0x0F == TEXT:
        plain = bytes(byte ^ mask[i % 4] for i, byte in enumerate(body)) if mask else body
        text = plain.decode()
    return Raw(head + more + mask + body, text)


@asynccontextmanager
async def line_to(server_port: int) -> AsyncIterator[Line]:
    """A line to the server on this port of the loopback address."""
    line = Line(server_port)
    await line.open()
    try:
        yield line
    finally:
        await line.close()
