"""What this machine itself costs, here and now: no server can do the same for less, and on a busy machine
that is the first thing to know about a missed budget."""

import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

PEERS = 100
ROUNDS = 100
EVERY_S = 0.005
FRAME = b"x" * 450
"""About as long as the event of a short message."""
SYNCS = 100
WRITE = b"x" * 24_576
"""What the write-ahead log takes for one message: six pages."""


@contextmanager
def _peers(count: int) -> Iterator[list[socket.socket]]:
    """Connections to a process that reads whatever comes."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=count))
        far = [stack.enter_context(socket.create_connection(listener.getsockname())) for _ in range(count)]
        near = [stack.enter_context(listener.accept()[0]) for _ in range(count)]
        for one in near:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        child = os.fork()
        if child == 0:
            _swallow(far)
        try:
            yield near
        finally:
            for one in near:
                one.shutdown(socket.SHUT_RDWR)
            os.waitpid(child, 0)


def _swallow(sockets: list[socket.socket]) -> None:
    import selectors

    with selectors.DefaultSelector() as ready:
        for one in sockets:
            ready.register(one, selectors.EVENT_READ)
        while ready.get_map():
            for key, _ in ready.select():
                assert isinstance(key.fileobj, socket.socket)
                if not key.fileobj.recv(65536):
                    ready.unregister(key.fileobj)
    os._exit(0)


def send_us() -> float:
    """CPU of handing one frame to one of a hundred loopback sockets, a hundred in a row."""
    with _peers(PEERS) as peers:
        began = time.thread_time()
        for _ in range(ROUNDS):
            for peer in peers:
                peer.send(FRAME)
            time.sleep(EVERY_S)
        return (time.thread_time() - began) * 1e6 / (ROUNDS * PEERS)


def sync_ms(folder: Path) -> float:
    """Time of one write and fdatasync, as a commit of one message does it; the median."""
    taken = []
    handle = os.open(folder / "sync", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for number in range(SYNCS):
            began = time.perf_counter()
            os.pwrite(handle, WRITE, number % 8 * len(WRITE))
            os.fdatasync(handle)
            taken.append(time.perf_counter() - began)
    finally:
        os.close(handle)
    return sorted(taken)[SYNCS // 2] * 1e3


def floor() -> dict[str, Any]:
    """All of it, and how many processes wanted to run in the last minute."""
    assert threading.active_count() == 1, "forking with threads is asking for trouble"
    with tempfile.TemporaryDirectory(prefix="safevoice-bench-") as folder:
        return {"send_us": send_us(), "sync_ms": sync_ms(Path(folder)), "load": os.getloadavg()[0]}
