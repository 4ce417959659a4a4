"""The port for TLS: whoever has not shaken hands costs little, counts, and holds up nobody."""

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import uvloop

from appliance.config import Config
from appliance.edge import doorstep
from appliance.kernel import porch as module
from appliance.kernel.porch import Porch

CERTIFICATES = Path(__file__).parents[1] / "auth"
PATIENCE_S = 10.0
BEGUN = b"\x16\x03\x01\x02\0\1\0\1\xfc\3\3"
"""The first bytes of a hello that never goes on."""


class Echo(asyncio.Protocol):
    """Says what it hears. `made`: how many there were."""

    made = 0

    def connection_made(self, transport: Any) -> None:
        type(self).made += 1
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


Opener = Callable[..., Any]


@asynccontextmanager
async def porch(most: int = 0, **options: Any) -> AsyncIterator[tuple[Porch, Any]]:
    """A port, and `come(said)`: somebody who connects and says that; nothing: whoever shakes hands."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / "localhost.crt", CERTIFICATES / "localhost.key")
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    Echo.made = 0
    here = Porch(Echo, context, options.pop("whose", str), most, **options)
    port = await here.listen("127.0.0.1", 0)
    async with AsyncExitStack() as stack:
        stack.callback(here.close)

        async def come(said: bytes | None = None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            tls = anybody if said is None else None
            async with asyncio.timeout(PATIENCE_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
            stack.callback(writer.close)
            if said:
                writer.write(said)
            return reader, writer

        yield here, come


async def hung_up_on(reader: asyncio.StreamReader) -> bool:
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read() == b""
    return True


async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"hello")
    async with asyncio.timeout(PATIENCE_S):
        return await reader.readexactly(5)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110  (the loop's own turns are what is waited for)
            await asyncio.sleep(0)


async def test_whoever_shakes_hands_is_through_and_counts_no_more() -> None:
    async with porch(1) as (here, come):
        for _ in range(3):
            assert await heard(*await come()) == b"hello"
            await until(lambda: not here._by_whom)
        assert Echo.made == 3


async def test_a_connection_counts_from_the_moment_it_is_taken() -> None:
    async with porch(3) as (here, come):
        silent = [await come(b"") for _ in range(3)]
        assert await hung_up_on((await come(b""))[0])
        assert here._by_whom == {"127.0.0.1": 3}
        silent[0][1].close()
        await until(lambda: here._by_whom["127.0.0.1"] == 2)
        assert await heard(*await come()) == b"hello"


async def test_what_else_one_has_counts_as_well_and_who_speaks_for_many_does_not_count() -> None:
    async with porch(3, besides=lambda whose: 2) as (_, come):
        await come(b"")
        assert await hung_up_on((await come(b""))[0])
    async with porch(1, whose=lambda host: "") as (_, come):
        for _ in range(3):
            await come(b"")
        assert await heard(*await come()) == b"hello"


async def test_one_has_only_so_many_in_all_until_they_are_over() -> None:
    async with porch(3, most_open=2) as (here, come):
        first, second = await come(), await come()
        assert await heard(*first) == await heard(*second) == b"hello"
        assert await hung_up_on((await come(b""))[0])
        first[1].close()
        await until(lambda: here._open_by_whom["127.0.0.1"] == 1)
        silent = await come(b"")
        await until(lambda: here._open_by_whom["127.0.0.1"] == 2)
        silent[1].close()
        second[1].close()
        await until(lambda: not here._open_by_whom)
        assert await heard(*await come()) == b"hello"


def test_with_the_loop_that_the_server_runs_on_it_counts_as_well() -> None:
    uvloop.run(test_whoever_fails_to_shake_hands_is_over_too())
    uvloop.run(test_one_has_only_so_many_in_all_until_they_are_over())
    uvloop.run(test_a_connection_counts_from_the_moment_it_is_taken())
    uvloop.run(test_what_is_no_tls_is_hung_up_on_at_once())
    uvloop.run(test_whoever_shakes_hands_is_through_and_counts_no_more())


async def test_whoever_fails_to_shake_hands_is_over_too() -> None:
    async with porch(3, most_open=3, patience_s=0.2) as (here, come):
        for said in (b"\x16\x03\x01\x00\x05hello", BEGUN, b"", b"GET"):
            assert await hung_up_on((await come(said))[0])
        gone = await come(BEGUN)
        gone[1].transport.abort()
        await until(lambda: not here._open_by_whom and not here._by_whom)


async def test_nothing_is_made_for_who_says_nothing_and_they_are_not_waited_for_for_long() -> None:
    async with porch(patience_s=0.05) as (here, come):
        silent = await come(b"")
        assert await hung_up_on(silent[0])
        begun = await come(BEGUN)
        assert await hung_up_on(begun[0])
        await until(lambda: not here._by_whom and not here._shaking)
    assert Echo.made == 0


async def test_what_is_no_tls_is_hung_up_on_at_once() -> None:
    async with porch() as (here, come):
        assert await hung_up_on((await come(b"GET / HTTP/1.1\r\n\r\n"))[0])
        assert await hung_up_on((await come(b"\x16\x03\x01\x00\x05hello"))[0])
        await until(lambda: not here._by_whom)


async def test_only_so_many_shake_hands_at_once_and_who_is_slow_gives_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "HANDSHAKES", 2)
    async with porch(hurry_s=0.2) as (here, come):
        slow = [await come(BEGUN) for _ in range(2)]
        await until(lambda: len(here._shaking) == 2)
        coming = [asyncio.ensure_future(come()) for _ in range(3)]
        await until(lambda: len(here._queue) == 3)
        assert len(here._shaking) == 2
        for each in coming:
            assert await heard(*await each) == b"hello"
        assert await hung_up_on(slow[0][0])
        # And whoever has been slow for long already goes as soon as somebody waits.
        await until(lambda: not here._shaking)
        later = [await come(BEGUN) for _ in range(2)]
        await until(lambda: sum(guest.slow for guest in here._shaking) == 2)
        assert await heard(*await come()) == b"hello"
        assert await hung_up_on(later[0][0])


async def test_nobody_is_hurried_where_nobody_waits() -> None:
    async with porch(hurry_s=0.0) as (here, come):
        await come(BEGUN)
        await until(lambda: any(guest.slow for guest in here._shaking))
        assert await heard(*await come()) == b"hello"
        assert len(here._shaking) == 1


async def test_of_too_many_who_say_nothing_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    async with porch() as (here, come):
        first, *_ = [await come(b"") for _ in range(3)]
        assert await hung_up_on(first[0])
        assert len(here._silent) == 2
        assert await heard(*await come()) == b"hello"


async def test_where_no_file_can_be_opened_it_waits_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NO_ROOM_S", 0.01)
    async with porch() as (here, come):
        (listener,) = here.sockets
        tries: list[int] = []

        class Short:
            """A listener of a process that has all the files it may have, for now."""

            def fileno(self) -> int:
                return listener.fileno()

            def accept(self) -> tuple[socket.socket, Any]:
                tries.append(1)
                if len(tries) < 3:
                    raise OSError(errno.EMFILE, "Too many open files")
                return listener.accept()

        here._accept(Short())  # type: ignore[arg-type]  # all that it uses of one
        assert await heard(*await come()) == b"hello"
        assert len(tries) >= 3


async def test_a_stop_waits_for_nobody_who_is_not_through() -> None:
    async with porch() as (here, come):
        silent, begun = await come(b""), await come(BEGUN)
        await until(lambda: len(here._silent) == len(here._shaking) == 1)
        here.close()
        assert await hung_up_on(silent[0])
        assert await hung_up_on(begun[0])
        await until(lambda: not here._by_whom)


async def test_a_port_that_somebody_has_is_refused() -> None:
    async with porch() as (here, _):
        with pytest.raises(OSError, match="in use"):
            await Porch(Echo, here._context, str, 0).listen("127.0.0.1", here.sockets[0].getsockname()[1])


@pytest.mark.parametrize(
    ("host", "whose"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("10.0.0.1", ""),
    ],
)
def test_whom_a_connection_counts_for(host: str, whose: str) -> None:
    config = Config(data=Path(), trusted_proxies=(ip_network("10.0.0.0/8"),))
    assert doorstep.whose(host, config) == whose
