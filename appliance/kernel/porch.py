"""A port for TLS on which nobody costs much before they have shaken hands.

asyncio's own listening makes a TLS connection of whatever is accepted, at some 50 KB each, and tells nobody
of it before the handshake is done. Here a connection counts for its address from `accept` on; it is a file
descriptor and a timer until it has said something, and only so many shake hands at the same time. From then
on it is what `loop.create_server(ssl=…)` would have made of it, and costs the same.
"""

import asyncio
import errno
import socket
import ssl
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from appliance.kernel import logs

PATIENCE_S = 10.0
"""How long a connection may take until it has shaken hands."""
HURRY_S = 2.0
"""The same for one whose place others wait for. An honest one needs two packets there and back."""
HANDSHAKES = 128
"""At the same time: with 50 KB each, what all of them take is bounded."""
MOST_WAITING = 4096
"""Connections that have said nothing yet, or wait for their turn; beyond, the oldest go."""
AT_ONCE = 64
"""Connections that are accepted in one turn of the loop."""
NO_ROOM_S = 1.0
BACKLOG = 4096
HANDSHAKE = b"\x16"
"""What TLS begins with (RFC 8446, 5.1)."""


class _Counted(socket.socket):
    """A connection that says when it is over, whatever became of it. asyncio closes the socket then; uvloop,
    which closes the descriptor by itself, detaches it."""

    gone: Callable[[], None] | None = None

    def close(self) -> None:
        super().close()
        self._is_over()

    def detach(self) -> int:
        descriptor = super().detach()
        self._is_over()
        return descriptor

    def _is_over(self) -> None:
        gone, self.gone = self.gone, None
        if gone is not None:
            gone()


@dataclass(eq=False, slots=True)
class _Guest:
    """A connection that has not shaken hands yet; `whose`: whom it counts for, empty for nobody."""

    sock: socket.socket
    whose: str
    timer: asyncio.TimerHandle | None = None
    slow: bool = False


class Porch:
    """`whose(host)`: whom a connection counts for, empty for nobody; `most`: how many of theirs may not be
    through yet, 0 for any number; `besides(whose)`: how many more of theirs count; `most_open`: how many of
    theirs there may be in all, through or not, 0 for any number. Looks like an `asyncio.Server` to whoever
    closes it."""

    def __init__(
        self,
        factory: Callable[[], asyncio.BaseProtocol],
        context: ssl.SSLContext,
        whose: Callable[[str], str],
        most: int,
        *,
        besides: Callable[[str], int] = lambda whose: 0,
        most_open: int = 0,
        patience_s: float = PATIENCE_S,
        hurry_s: float = HURRY_S,
    ) -> None:
        self.sockets: list[socket.socket] = []
        self._loop = asyncio.get_running_loop()
        self._factory = factory
        self._context = context
        self._whose = whose
        self._most = most
        self._besides = besides
        self._most_open = most_open
        self._open_by_whom: Counter[str] = Counter()
        self._patience_s = patience_s
        self._hurry_s = hurry_s
        self._by_whom: Counter[str] = Counter()
        self._silent: dict[_Guest, None] = {}
        self._queue: deque[_Guest] = deque()
        self._shaking: dict[_Guest, asyncio.Task[None]] = {}

    # Listening

    async def listen(self, host: str, port: int) -> int:
        """Take connections at every address that the host means; the port. Raises OSError."""
        found = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        try:
            for family, _, _, _, place in dict.fromkeys(found):
                self._bind(family, place)
        except OSError:
            self.close()
            raise
        if not self.sockets:
            raise OSError(errno.EADDRNOTAVAIL, "there is no such address here")
        bound: int = self.sockets[0].getsockname()[1]
        return bound

    def _bind(self, family: int, place: Any) -> None:
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            # A machine without IPv6, which the name means all the same.
            return
        self.sockets.append(sock)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(place)
        sock.listen(BACKLOG)
        self._loop.add_reader(sock, self._accept, sock)

    def close(self) -> None:
        """Take no more, and leave who is not through yet."""
        while self.sockets:
            sock = self.sockets.pop()
            self._loop.remove_reader(sock)
            sock.close()
        for guest in (*self._silent, *self._queue, *self._shaking):
            self._turn_away(guest)

    async def wait_closed(self) -> None:
        """There is nothing to wait for."""

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(AT_ONCE):
            try:
                sock, peer = listener.accept()
            except (BlockingIOError, ConnectionAbortedError, InterruptedError):
                return
            except OSError as error:
                # No file descriptor is free: they wait in the kernel, instead of keeping us busy.
                logs.failure("porch.full", error)
                self._loop.remove_reader(listener)
                self._loop.call_later(NO_ROOM_S, self._accept_again, listener)
                return
            self._receive(sock, self._whose(peer[0]))

    def _accept_again(self, listener: socket.socket) -> None:
        if listener.fileno() >= 0:
            self._loop.add_reader(listener, self._accept, listener)

    # Waiting

    def _receive(self, sock: socket.socket, whose: str) -> None:
        waiting = self._by_whom[whose] + self._besides(whose)
        if whose and (
            (self._most and waiting >= self._most)
            or (self._most_open and self._open_by_whom[whose] >= self._most_open)
        ):
            sock.close()
            return
        if whose and self._most_open:
            sock = self._counted(sock, whose)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        guest = _Guest(sock, whose)
        if whose:
            self._by_whom[whose] += 1
        guest.timer = self._loop.call_later(self._patience_s, self._turn_away, guest)
        self._silent[guest] = None
        self._loop.add_reader(sock, self._spoke, guest)
        if len(self._silent) + len(self._queue) > MOST_WAITING:
            self._turn_away(next(iter(self._silent), guest))

    def _counted(self, sock: socket.socket, whose: str) -> socket.socket:
        counted = _Counted(sock.family, sock.type, sock.proto, fileno=sock.detach())
        counted.gone = partial(_uncount, self._open_by_whom, whose)
        self._open_by_whom[whose] += 1
        return counted

    def _spoke(self, guest: _Guest) -> None:
        try:
            first = guest.sock.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            first = b""
        if first != HANDSHAKE:
            self._turn_away(guest)
            return
        self._loop.remove_reader(guest.sock)
        del self._silent[guest]
        self._queue.append(guest)
        self._call_in()

    def _turn_away(self, guest: _Guest) -> None:
        if guest in self._shaking:
            # Its transport has the socket now, and ends by itself when nothing comes any more.
            with suppress(OSError):
                guest.sock.shutdown(socket.SHUT_RDWR)
            return
        if guest in self._silent:
            self._loop.remove_reader(guest.sock)
            del self._silent[guest]
        else:
            self._queue.remove(guest)
        self._forget(guest)
        guest.sock.close()

    def _forget(self, guest: _Guest) -> None:
        if guest.timer is not None:
            guest.timer.cancel()
        if guest.whose:
            _uncount(self._by_whom, guest.whose)

    # Shaking hands

    def _call_in(self) -> None:
        while self._queue and len(self._shaking) < HANDSHAKES:
            guest = self._queue.popleft()
            self._shaking[guest] = task = self._loop.create_task(self._shake_hands(guest))
            task.add_done_callback(partial(self._is_done, guest))
        if self._queue:
            slow = next((guest for guest in self._shaking if guest.slow), None)
            if slow is not None:
                self._turn_away(slow)

    async def _shake_hands(self, guest: _Guest) -> None:
        hurry = self._loop.call_later(self._hurry_s, self._is_slow, guest)
        try:
            await self._loop.connect_accepted_socket(
                self._factory, guest.sock, ssl=self._context, ssl_handshake_timeout=self._patience_s
            )
        except OSError:
            # Whatever it said, it was no handshake of ours; ssl's own errors are among these. The transport
            # closes the socket: whoever did that before it would have it close somebody else's later.
            return
        finally:
            hurry.cancel()

    def _is_slow(self, guest: _Guest) -> None:
        guest.slow = True
        if self._queue:
            self._turn_away(guest)

    def _is_done(self, guest: _Guest, task: asyncio.Task[None]) -> None:
        del self._shaking[guest]
        if not task.cancelled() and (failure := task.exception()) is not None:
            logs.failure("porch.failed", failure)
        self._forget(guest)
        self._call_in()


def _uncount(counter: Counter[str], whose: str) -> None:
    counter[whose] -= 1
    if counter[whose] <= 0:
        del counter[whose]
