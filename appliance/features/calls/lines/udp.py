"""Clients over UDP: one socket for all of them."""

import asyncio
import socket
from contextlib import suppress
from typing import Any

from appliance.features.calls.stun.attributes import Address
from appliance.features.calls.turn.allocations import Allocation
from appliance.features.calls.turn.server import Turn
from appliance.kernel import logs

MOST = 2048
"""Bytes of a datagram that are read; what is longer is cut, and then no packet any more. asyncio's own
datagram transport sets aside 256 KiB for each, which costs more than all else that happens to it."""

AT_ONCE = 32
"""Datagrams that are read in one turn of the loop, before it is somebody else's."""

BUFFER = 4 << 20
"""Bytes that wait in the kernel while the loop is busy. Whoever may administer the network gets as many;
others what net.core.rmem_max allows."""

_BUFFERS = ((33, socket.SO_RCVBUF), (32, socket.SO_SNDBUF))
"""SO_RCVBUFFORCE and SO_SNDBUFFORCE of Linux, which Python does not name, and what everybody may ask for."""


class Datagrams:
    """One UDP socket, and its clients as long as they hold an allocation."""

    def __init__(self, turn: Turn, sock: socket.socket) -> None:
        self._turn = turn
        self._sock = sock
        self._send = sock.sendto
        self._loop = asyncio.get_running_loop()
        self.clients: dict[Any, _Client] = {}

    def open(self) -> None:
        """Read from now on."""
        self._loop.add_reader(self._sock, self._read)

    def close(self) -> None:
        """Read no more."""
        # First: a number that the system has given to another file since must not be watched.
        self._loop.remove_reader(self._sock)
        self._sock.close()

    @property
    def port(self) -> int:
        found: int = self._sock.getsockname()[1]
        return found

    def _read(self) -> None:
        receive, clients, turn = self._sock.recvfrom, self.clients, self._turn
        for _ in range(AT_ONCE):
            try:
                data, address = receive(MOST)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                # Somebody whom we answered is not there any more (ICMP); that is not the next one's fault.
                continue
            try:
                turn.receive(data, clients.get(address) or _Client(self, address))
            except Exception as error:
                # One packet must not keep the others of this turn from being read.
                logs.failure("relay.failed", error)

    def receive(self, data: bytes, sockaddr: Any) -> None:
        """As if it had come now."""
        self._turn.receive(data, self.clients.get(sockaddr) or _Client(self, sockaddr))

    def write(self, data: bytes, sockaddr: Any) -> None:
        """Send a datagram, or lose it where it cannot leave now."""
        try:
            self._send(data, sockaddr)
        except (BlockingIOError, InterruptedError):
            self._turn.figures.drop("full")
        except OSError:
            self._turn.figures.drop("unreachable")


class _Client:
    """See `turn.allocations.Client`."""

    __slots__ = ("_datagrams", "_sockaddr", "address", "allocation")
    stream = False

    def __init__(self, datagrams: Datagrams, sockaddr: Any) -> None:
        self._datagrams = datagrams
        self._sockaddr = sockaddr
        self.address: Address = (sockaddr[0].partition("%")[0], sockaddr[1])
        self.allocation: Allocation | None = None

    def send(self, data: bytes) -> None:
        self._datagrams.write(data, self._sockaddr)

    def pass_on(self, data: bytes) -> None:
        self._datagrams.write(data, self._sockaddr)

    def again(self, data: bytes) -> None:
        # It may hold something by now, and then another object is this client.
        self._datagrams.receive(data, self._sockaddr)

    def hold(self) -> None:
        self._datagrams.clients[self._sockaddr] = self

    def release(self) -> None:
        self._datagrams.clients.pop(self._sockaddr, None)


def bound(host: str, port: int) -> socket.socket:
    """A UDP socket that listens; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6:
            # IPv4 has a socket of its own, so that no address comes as one inside the other.
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        for forced, option in _BUFFERS:
            with suppress(PermissionError):
                sock.setsockopt(socket.SOL_SOCKET, forced, BUFFER)
                continue
            sock.setsockopt(socket.SOL_SOCKET, option, BUFFER)
        sock.setblocking(False)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock
