"""Clients over TCP, with or without TLS (RFC 8656, 3.1; RFC 8489, 6.2.2)."""

import asyncio
import socket
import ssl
from collections import Counter
from typing import cast

from appliance.features.calls.stun.attributes import Address, StunError
from appliance.features.calls.stun.framing import Splitter
from appliance.features.calls.turn.allocations import Allocation
from appliance.features.calls.turn.doorkeeper import neighbourhood
from appliance.features.calls.turn.server import Turn
from appliance.kernel import logs
from appliance.kernel.porch import Porch

MOST_WAITING = 256 * 1024
"""Bytes that wait for a slow client; then its media is dropped, as it would be on the way of a datagram. Half
a second later it is worth nothing anyway."""

IDLE_S = 30.0
"""How long a connection may hold nothing."""

AT_ONCE = 32
"""Packets that are looked at in one turn of the loop: a read may bring ten thousand that only cost time."""

MOST_FOR_NOTHING = 100
"""Packets from a connection that holds nothing. An honest one needs five to hold something."""

BACKLOG = 1024


class Streams:
    """All connections, whichever port they came by. `per_address`: how many of one address (of IPv6 the
    network that one customer has), 0 for any number."""

    def __init__(self, turn: Turn, per_address: int, *, idle_s: float = IDLE_S) -> None:
        self.turn = turn
        self.idle_s = idle_s
        self.open: set[Stream] = set()
        self._per_address = per_address
        self._by_address: Counter[str] = Counter()
        self._listeners: list[asyncio.Server | Porch] = []

    async def listen(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Take connections; the port. Raises OSError."""
        if tls is not None:
            porch = Porch(
                lambda: Stream(self), tls, _whose, self._per_address, besides=self._by_address.__getitem__
            )
            self._listeners.append(porch)
            return await porch.listen(host, port)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = await asyncio.get_running_loop().create_server(
            lambda: Stream(self), host, port, family=family, backlog=BACKLOG
        )
        self._listeners.append(listener)
        found: int = listener.sockets[0].getsockname()[1]
        return found

    def adopt(self, transport: asyncio.BaseTransport, data: bytes) -> None:
        """Take over a connection that turned out to speak STUN; `data` is what it said so far."""
        stream = Stream(self)
        transport.set_protocol(stream)
        stream.connection_made(transport)
        stream.data_received(data)

    def close(self) -> None:
        """Take no more, and end those that are open."""
        for listener in self._listeners:
            listener.close()
        for stream in list(self.open):
            stream.hang_up()

    def admit(self, stream: "Stream") -> bool:
        """Count a connection; False where its address has too many."""
        self.open.add(stream)
        whose = neighbourhood(stream.address[0])
        self._by_address[whose] += 1
        return not self._per_address or self._by_address[whose] <= self._per_address

    def forget(self, stream: "Stream") -> None:
        """It is gone."""
        self.open.discard(stream)
        whose = neighbourhood(stream.address[0])
        self._by_address[whose] -= 1
        if self._by_address[whose] <= 0:
            del self._by_address[whose]


class Stream(asyncio.Protocol):
    """One connection; see `turn.allocations.Client`."""

    stream = True

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._turn = streams.turn
        self._splitter = Splitter()
        self._transport: asyncio.Transport
        self._idle: asyncio.TimerHandle | None = None
        self._rest: asyncio.Handle | None = None
        self._for_nothing = 0
        self.address: Address = ("", 0)
        self.allocation: Allocation | None = None

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self.address = _plain(peer) if peer else ("0.0.0.0", 0)  # noqa: S104  (says that nobody knows)
        if not self._streams.admit(self):
            self.hang_up()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._rest is not None:
            # What came before is not done yet.
            self._splitter.hold(data)
            return
        self._take(data)

    def _take(self, data: bytes) -> None:
        try:
            packets = self._splitter.feed(data, AT_ONCE)
            for packet in packets:
                if self._transport.is_closing():
                    return
                if self.allocation is None and self._is_for_nothing():
                    return
                self._turn.receive(packet, self)
        except StunError:
            self.hang_up()
        except Exception as error:
            logs.failure("relay.failed", error)
            self.hang_up()
        else:
            if len(packets) == AT_ONCE and not self._transport.is_closing():
                self._transport.pause_reading()
                self._rest = asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        self._rest = None
        if self._transport.is_closing():
            return
        self._take(b"")
        if self._rest is None:
            self._transport.resume_reading()

    def _is_for_nothing(self) -> bool:
        self._for_nothing += 1
        if self._for_nothing > MOST_FOR_NOTHING:
            self.hang_up()
        return self._for_nothing > MOST_FOR_NOTHING

    def connection_lost(self, exc: Exception | None) -> None:
        for waiting in (self._idle, self._rest):
            if waiting is not None:
                waiting.cancel()
        self._turn.lose(self)
        self._streams.forget(self)

    # The relay's client

    def send(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > MOST_WAITING:
            # Whoever asks and asks, and never reads, is not owed more.
            self.hang_up()
            return
        self._transport.write(data)

    def pass_on(self, data: bytes) -> None:
        transport = self._transport
        if transport.get_write_buffer_size() > MOST_WAITING:
            self._turn.figures.drop("full")
        elif not transport.is_closing():
            transport.write(data)

    def again(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._turn.receive(data, self)

    def hold(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def release(self) -> None:
        if not self._transport.is_closing():
            self._wait()

    def hang_up(self) -> None:
        """End it at once; nothing that waits for it is worth waiting for."""
        self._transport.abort()

    def _wait(self) -> None:
        self._idle = asyncio.get_running_loop().call_later(self._streams.idle_s, self.hang_up)


def _plain(peer: tuple[str, int]) -> Address:
    """A socket that takes both families shows IPv4 peers as ::ffff:a.b.c.d."""
    host = peer[0].partition("%")[0]
    return (host[7:] if host.startswith("::ffff:") and "." in host else host), peer[1]


def _whose(host: str) -> str:
    return neighbourhood(_plain((host, 0))[0])
