"""One socket for everybody: a turn of the loop reads so many datagrams, and remembers who holds something."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.config import Config
from appliance.config.calls import Calls, hosts, places, urls
from appliance.features.calls.hosts import MADE_UP, known_hosts, named_hosts
from appliance.features.calls.lines.udp import AT_ONCE, MOST, Datagrams, bound
from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.message import Kind, Method, build, parse
from appliance.features.calls.turn.allocations import Client
from appliance.features.calls.turn.credentials import issue
from appliance.features.calls.turn.server import Rules, Turn
from appliance.features.calls.worker import relay as relay_worker
from appliance.kernel.clock import SystemClock
from appliance.kernel.options import Wrong
from tests.calls.dialling import dial
from tests.calls.phones import SECRET
from tests.server import serving

PATIENCE_S = 20.0
BINDING = build(Method.BINDING, Kind.REQUEST, bytes(12), [])


class Counting(Turn):
    """A relay that counts what it is given, and breaks at what it is told to break at."""

    def __init__(self) -> None:
        super().__init__(SystemClock(), Rules(secret=SECRET))
        self.given: list[bytes] = []

    def receive(self, data: bytes, client: Client) -> None:
        self.given.append(data)
        if data == b"break":
            raise ValueError("as a fault of ours would")
        super().receive(data, client)


@contextmanager
def listening(turn: Turn, host: str = "127.0.0.1") -> Iterator[Datagrams]:
    datagrams = Datagrams(turn, bound(host, 0))
    try:
        yield datagrams
    finally:
        datagrams.close()


def sender(datagrams: Datagrams, host: str = "127.0.0.1") -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect((host, datagrams.port))
    sock.settimeout(10)
    return sock


async def test_a_turn_of_the_loop_reads_only_so_many() -> None:
    turn = Counting()
    with listening(turn) as datagrams, closing(sender(datagrams)) as sock:
        for _ in range(2 * AT_ONCE + 5):
            sock.send(b"x")
        read = []
        for _ in range(4):
            datagrams._read()
            read.append(len(turn.given))
    assert read == [AT_ONCE, 2 * AT_ONCE, 2 * AT_ONCE + 5, 2 * AT_ONCE + 5]


async def test_what_breaks_at_one_packet_does_not_keep_the_others_from_being_read() -> None:
    turn = Counting()
    with listening(turn) as datagrams, closing(sender(datagrams)) as sock:
        for data in (b"break", BINDING, b"", b"break", BINDING):
            sock.send(data)
        datagrams._read()
        assert [parse(sock.recv(100)).kind for _ in range(2)] == [Kind.SUCCESS] * 2
    assert len(turn.given) == 5


async def test_a_datagram_that_is_too_long_is_no_packet() -> None:
    turn = Counting()
    with listening(turn) as datagrams, closing(sender(datagrams)) as sock:
        sock.send(build(Method.BINDING, Kind.REQUEST, bytes(12), [(stun.DATA, bytes(MOST))]))
        datagrams._read()
    assert turn.figures.dropped == {"malformed": 1}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_over_both_families_one_is_told_what_one_looks_like(host: str) -> None:
    turn = Counting()
    try:
        with listening(turn, host) as datagrams, closing(sender(datagrams, host)) as sock:
            sock.send(BINDING)
            datagrams._read()
            answer = parse(sock.recv(100))
            assert answer.address(stun.XOR_MAPPED_ADDRESS) == sock.getsockname()[:2]
    except OSError:
        if ":" not in host:
            raise
        pytest.skip("no IPv6 on this machine")


async def test_only_who_holds_something_is_remembered() -> None:
    clock = SystemClock()
    turn = Turn(clock, Rules(secret=SECRET))
    key = issue(SECRET, "ada", "phone", clock.now_ms())
    with listening(turn) as datagrams:
        datagrams.open()
        async with dial(datagrams.port, key.username, key.password) as phone:
            await phone.ask(Method.BINDING)
            assert await phone.refresh() == 437
            assert datagrams.clients == {}
            assert await phone.allocate() == 0
            assert len(datagrams.clients) == 1
            await phone.ask(Method.REFRESH, (stun.LIFETIME, stun.number32(0)))
            assert datagrams.clients == {}


async def test_after_the_end_the_port_is_free_and_nothing_is_read() -> None:
    datagrams = Datagrams(Counting(), bound("127.0.0.1", 0))
    datagrams.open()
    port = datagrams.port
    datagrams.close()
    with closing(bound("127.0.0.1", port)) as again:
        assert again.getsockname()[1] == port
        await asyncio.sleep(0)


# Where, and what it is called


@pytest.mark.parametrize(
    ("listen", "found"),
    [
        ("", []),
        (":3478", [("0.0.0.0", 3478), ("::", 3478)]),
        ("127.0.0.1:0", [("127.0.0.1", 0)]),
        ("[2001:db8::1]:443", [("2001:db8::1", 443)]),
        ("203.0.113.7:1, [2001:db8::1]:2", [("203.0.113.7", 1), ("2001:db8::1", 2)]),
    ],
)
def test_where_to_listen_is_read(listen: str, found: list[tuple[str, int]]) -> None:
    assert places(listen) == found


@pytest.mark.parametrize("listen", ["3478", "localhost:3478", ":99999", "::1:3478", "1.2.3:1", ":", ":1,"])
def test_where_nobody_can_listen_is_refused(listen: str) -> None:
    with pytest.raises(Wrong):
        places(listen)


def test_addresses_and_other_servers_are_read_or_refused() -> None:
    assert hosts("203.0.113.7, 2001:db8::7") == ["203.0.113.7", "2001:db8::7"]
    for wrong in ("example.org", "203.0.113.7, 203.0.113.8", "203.0.113"):
        with pytest.raises(Wrong):
            hosts(wrong)
    given = "turn:a.example:3478?transport=tcp, turns:[2001:db8::7]:443, turn:203.0.113.7"
    assert urls(given) == given.split(", ")
    for wrong in (
        "stun:a.example",
        "turn:a.example/path",
        "https://a.example",
        "turn:a.example?transport=sctp",
    ):
        with pytest.raises(Wrong):
            urls(wrong)


async def test_what_is_configured_is_what_relayed_addresses_look_like() -> None:
    config = Config(data=Path(), calls=Calls(public_address="203.0.113.7, 2001:db8::7"))
    assert known_hosts(config) == ["203.0.113.7", "2001:db8::7"]
    assert await named_hosts(replace(config, public_url="https://203.0.113.9")) == []
    only_six = Calls(public_address="2001:db8::7")
    assert known_hosts(Config(data=Path(), calls=only_six)) == [MADE_UP, "2001:db8::7"]


async def test_the_relays_own_name_says_what_this_machine_is_called() -> None:
    config = Config(data=Path(), public_url="https://203.0.113.9", calls=Calls(relay_host="203.0.113.7"))
    assert await named_hosts(config) == ["203.0.113.7"]


async def test_a_name_that_leads_home_or_nowhere_is_of_no_use() -> None:
    for url in ("http://localhost:8080", "https://nowhere.invalid", ""):
        assert await named_hosts(Config(data=Path(), public_url=url)) == []
    found = known_hosts(Config(data=Path()))
    assert not any(host.startswith(("127.", "0.", "::")) for host in found)
    assert ":" not in found[0]


async def test_a_name_that_means_nothing_yet_is_looked_up_again_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([[], [], ["203.0.113.9"]])

    async def named(config: Config) -> list[str]:
        return next(answers, [])

    renamed = asyncio.Event()

    def rename(turn: Turn, hosts: list[str]) -> None:
        if hosts == ["203.0.113.9"]:
            renamed.set()

    monkeypatch.setattr(relay_worker, "named_hosts", named)
    monkeypatch.setattr(relay_worker, "LOOK_AGAIN_S", 0.0)
    monkeypatch.setattr(Turn, "rename", rename)
    async with serving(tmp_path / "data", public_url="https://chat.example.org"):
        async with asyncio.timeout(PATIENCE_S):
            await renamed.wait()


async def test_a_name_that_is_an_address_is_taken_as_it_is() -> None:
    assert await named_hosts(Config(data=Path(), public_url="https://203.0.113.9")) == ["203.0.113.9"]
    assert await named_hosts(Config(data=Path(), public_url="https://[2001:db8::9]")) == [
        MADE_UP,
        "2001:db8::9",
    ]
