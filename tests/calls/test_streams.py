"""Connections: what speaks STUN on the https port, who is let go of, and what a stop waits for."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from os import urandom
from pathlib import Path

import pytest

from appliance.config.calls import Calls
from appliance.config.limits import Limits
from appliance.features.calls.lines.streams import AT_ONCE, MOST_FOR_NOTHING, MOST_WAITING, Stream, Streams
from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.message import Kind, Method, build, parse
from appliance.features.calls.turn.server import Rules, Turn
from appliance.features.calls.worker import Relay
from appliance.kernel.clock import SystemClock
from tests.calls.phones import SECRET, Exchange
from tests.server import Server, serving

CERTIFICATES = Path(__file__).parents[1] / "auth"
BINDING = build(Method.BINDING, Kind.REQUEST, bytes(12), [])
PATIENCE_S = 10.0


def unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@pytest.fixture
async def secure(tmp_path: Path) -> AsyncIterator[Server]:
    certificate, key = (CERTIFICATES / f"localhost.{kind}" for kind in ("crt", "key"))
    async with serving(tmp_path / "data", tls_certificate=certificate, tls_key=key) as server:
        yield server


async def test_the_https_port_answers_stun_and_http_each_in_its_own_way(secure: Server) -> None:
    for _ in range(2):
        reader, writer = await asyncio.open_connection("127.0.0.1", secure.port, ssl=unverified())
        # However it is cut on the way
        for byte in BINDING:
            writer.write(bytes((byte,)))
            await writer.drain()
        answer = parse(await asyncio.wait_for(reader.readexactly(32), PATIENCE_S))
        assert answer.kind is Kind.SUCCESS
        assert answer.address(stun.XOR_MAPPED_ADDRESS) == writer.get_extra_info("sockname")
        web, asking = await asyncio.open_connection("127.0.0.1", secure.port, ssl=unverified())
        asking.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (await asyncio.wait_for(web.readline(), PATIENCE_S)).startswith(b"HTTP/1.1 200")
        asking.close()
        writer.close()


async def test_without_tls_the_web_port_takes_no_stun(server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(BINDING)
    assert (await asyncio.wait_for(reader.readline(), PATIENCE_S)).startswith(b"HTTP/1.1 400")
    writer.close()


async def test_what_neither_speaks_http_nor_stun_over_tls_is_hung_up_on(secure: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", secure.port, ssl=unverified())
    writer.write(b"\x16\x03\x01\x02\0\1\0\1\xfc\3\3")
    with suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
    writer.close()


def bound_at(server: Server, scheme: str) -> int:
    """The port of the first way with this scheme."""
    relay: Relay = server.house.of_feature["relay"]
    url = next(url for url in relay.urls if url.startswith(f"{scheme}:"))
    return int(url.split(":")[2].partition("?")[0])


async def test_behind_a_proxy_tls_has_a_port_and_a_certificate_of_its_own(tmp_path: Path) -> None:
    certificate, key = (CERTIFICATES / f"localhost.{kind}" for kind in ("crt", "key"))
    calls = Calls(relay_tls_listen="127.0.0.1:0", relay_tls_certificate=certificate, relay_tls_key=key)
    async with serving(tmp_path / "data", calls=calls) as server:
        port = bound_at(server, "turns")
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=unverified())
        writer.write(BINDING)
        assert parse(await asyncio.wait_for(reader.readexactly(32), PATIENCE_S)).kind is Kind.SUCCESS
        writer.close()


async def test_a_certificate_that_is_none_costs_only_that_way(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("nothing of use")
    calls = Calls(relay_tls_listen="127.0.0.1:0", relay_tls_certificate=broken, relay_tls_key=broken)
    async with serving(tmp_path / "data", calls=calls) as server:
        relay: Relay = server.house.of_feature["relay"]
        assert [url.partition(":")[0] for url in relay.urls] == ["turn", "turn"]


async def test_a_port_that_is_taken_costs_only_that_way(tmp_path: Path) -> None:
    async with serving(tmp_path / "one") as first:
        taken = bound_at(first, "turn")
        calls = Calls(relay_listen=f"127.0.0.1:{taken}")
        async with serving(tmp_path / "two", calls=calls) as second:
            relay: Relay = second.house.of_feature["relay"]
            assert [url.partition("?")[2] for url in relay.urls] in ([], ["transport=tcp"])


async def test_a_stop_does_not_wait_for_who_is_on_the_line(tmp_path: Path) -> None:
    certificate, key = (CERTIFICATES / f"localhost.{kind}" for kind in ("crt", "key"))
    async with serving(tmp_path / "data", tls_certificate=certificate, tls_key=key) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=unverified())
        writer.write(BINDING)
        await asyncio.wait_for(reader.readexactly(32), PATIENCE_S)
        began = time.monotonic()
    assert time.monotonic() - began < 4
    with suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
    writer.close()


async def test_one_address_has_only_so_many_connections(tmp_path: Path) -> None:
    limits = Limits(sockets_per_address=3, argon2_memory_mib=19)
    async with serving(tmp_path / "data", limits=limits) as server:
        relay: Relay = server.house.of_feature["relay"]
        port = int(relay.urls[1].split(":")[2].split("?")[0])
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        for reader, writer in opened[:3]:
            writer.write(BINDING)
            await asyncio.wait_for(reader.readexactly(32), PATIENCE_S)
        with suppress(ConnectionError):
            assert await asyncio.wait_for(opened[3][0].read(), PATIENCE_S) == b""
        opened[0][1].close()
        await opened[0][1].wait_closed()
        for reader, writer in (opened[1], opened[2]):
            # What was closed before is seen before this is answered twice.
            writer.write(BINDING)
            await asyncio.wait_for(reader.readexactly(32), PATIENCE_S)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(BINDING)
        assert await asyncio.wait_for(reader.readexactly(32), PATIENCE_S)
        for _, each in (*opened, (reader, writer)):
            each.close()


@pytest.mark.parametrize("which", ["https", "turns"])
async def test_who_does_not_even_shake_hands_counts_for_their_address_too(tmp_path: Path, which: str) -> None:
    certificate, key = (CERTIFICATES / f"localhost.{kind}" for kind in ("crt", "key"))
    async with serving(
        tmp_path / "data",
        limits=Limits(sockets_per_address=3, argon2_memory_mib=19),
        calls=Calls(relay_tls_listen="127.0.0.1:0"),
        tls_certificate=certificate,
        tls_key=key,
    ) as server:
        port = server.port if which == "https" else bound_at(server, "turns")
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        with suppress(ConnectionError):
            assert await asyncio.wait_for(silent[3][0].read(), PATIENCE_S) == b""
        silent[0][1].close()
        reader, writer = await let_in(port)
        writer.write(BINDING)
        assert parse(await asyncio.wait_for(reader.readexactly(32), PATIENCE_S)).kind is Kind.SUCCESS
        for _, each in (*silent, (reader, writer)):
            each.close()


async def let_in(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Come again until it is seen there that somebody else went."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port, ssl=unverified())


async def test_a_connection_that_holds_nothing_is_let_go_of() -> None:
    streams = Streams(Turn(SystemClock(), Rules(secret=SECRET)), 0, idle_s=0.05)
    port = await streams.listen("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
    assert streams.open == set()
    writer.close()
    streams.close()


class Pipe(asyncio.Transport):
    """A transport whose other side does not read."""

    def __init__(self, host: str = "::ffff:203.0.113.7") -> None:
        super().__init__({"peername": (host, 4000, 0, 0)})
        self.waiting = 0
        self.closed = False
        self.paused = False
        self.ended = asyncio.Event()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.waiting += len(data)

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def abort(self) -> None:
        self.closed = True
        self.ended.set()


async def test_a_connection_is_kept_for_as_long_as_it_holds_something() -> None:
    streams = Streams(Turn(SystemClock(), Rules(secret=SECRET)), 0, idle_s=0.05)
    holding, idle = Pipe(), Pipe()
    stream = Stream(streams)
    stream.connection_made(holding)
    stream.hold()
    Stream(streams).connection_made(idle)
    await asyncio.wait_for(idle.ended.wait(), PATIENCE_S)
    assert not holding.closed
    stream.release()
    await asyncio.wait_for(holding.ended.wait(), PATIENCE_S)


async def test_a_slow_client_loses_media_and_one_that_only_asks_its_connection() -> None:
    turn = Turn(SystemClock(), Rules(secret=SECRET))
    stream, pipe = Stream(Streams(turn, 0)), Pipe()
    stream.connection_made(pipe)
    assert stream.address == ("203.0.113.7", 4000)
    packet = urandom(1000)
    for _ in range(1000):
        stream.pass_on(packet)
    assert MOST_WAITING <= pipe.waiting < MOST_WAITING + 1001
    assert turn.figures.dropped["full"] == 1000 - pipe.waiting // 1000
    assert not pipe.closed
    stream.data_received(BINDING)
    assert pipe.closed
    stream.connection_lost(None)


async def test_what_came_at_once_is_looked_at_in_many_turns_and_in_order() -> None:
    """A quarter of a megabyte of small packets would keep everybody waiting for a tenth of a second."""
    exchange = Exchange()
    phone = exchange.phone(stream=True)
    phone.allocate()
    stream, pipe = Stream(Streams(exchange.turn, 0)), Pipe()
    stream.connection_made(pipe)
    stream.allocation = phone.allocation
    stream.data_received(BINDING * 40 + BINDING[:10])
    assert pipe.waiting == AT_ONCE * 32
    assert pipe.paused
    # What was on its way already when reading was stopped.
    stream.data_received(BINDING[10:] + BINDING * 59)
    assert pipe.waiting == AT_ONCE * 32
    turns = 0
    while pipe.paused:
        await asyncio.sleep(0)
        turns += 1
    assert turns == 100 // AT_ONCE
    assert pipe.waiting == 100 * 32


async def test_a_connection_that_holds_nothing_is_not_listened_to_for_long() -> None:
    stream, pipe = Stream(Streams(Turn(SystemClock(), Rules(secret=SECRET)), 0)), Pipe()
    stream.connection_made(pipe)
    for _ in range(MOST_FOR_NOTHING):
        stream.data_received(BINDING)
    assert pipe.waiting == MOST_FOR_NOTHING * 32
    assert not pipe.closed
    stream.data_received(BINDING * 2)
    assert pipe.closed
    assert pipe.waiting == MOST_FOR_NOTHING * 32


async def test_one_customers_network_counts_as_one_address() -> None:
    streams = Streams(Turn(SystemClock(), Rules(secret=SECRET)), 2)
    pipes = [Pipe(host) for host in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1")]
    for pipe in pipes:
        Stream(streams).connection_made(pipe)
    assert [pipe.closed for pipe in pipes] == [False, False, True, False]
    streams.close()


async def test_nothing_is_done_for_a_connection_that_is_gone() -> None:
    turn = Turn(SystemClock(), Rules(secret=SECRET))
    streams = Streams(turn, 0)
    stream, pipe = Stream(streams), Pipe()
    stream.connection_made(pipe)
    stream.hang_up()
    stream.send(b"answer")
    stream.pass_on(b"media")
    stream.again(BINDING)
    stream.data_received(BINDING)
    assert pipe.waiting == 0
    stream.connection_lost(None)
    assert stream.allocation is None
    assert not streams.open
