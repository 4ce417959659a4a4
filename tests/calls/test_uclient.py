"""coturn's own test client, by every way in: nothing is lost, and nobody gets what is not theirs."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance import app
from appliance.config.calls import Calls
from appliance.dev.bench.calls import coturn
from appliance.features.calls.worker import SECRET, Relay
from tests.calls.coturn import Outcome, uclient
from tests.durability.process import accounts_in, running
from tests.server import Account, Server, serving

pytestmark = pytest.mark.media

CERTIFICATES = Path(__file__).parents[1] / "auth"
PACKETS = 50
FLAGS = {"udp": [], "tcp": ["-t"], "tls": ["-t", "-S"], "https": ["-t", "-S"]}


@pytest.fixture
async def relaying(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(
        tmp_path / "data",
        tls_certificate=CERTIFICATES / "localhost.crt",
        tls_key=CERTIFICATES / "localhost.key",
        calls=Calls(relay_tls_listen="127.0.0.1:0"),
    ) as server:
        yield server


def ports(server: Server) -> dict[str, int]:
    """By way: udp, tcp, tls, https."""
    relay: Relay = server.house.of_feature["relay"]
    found = [
        int(url.removeprefix("turns:").removeprefix("turn:").split(":")[1].split("?")[0])
        for url in relay.urls
    ]
    return dict(zip(FLAGS, found, strict=True))


async def name_and_secret(server: Server) -> tuple[str, str]:
    """What a signed-in device's key is made of."""
    ada = await server.account("ada")
    found = await server.house.db.read(
        lambda db: db.value("SELECT value FROM settings WHERE name = :name", name=SECRET)
    )
    return f"{ada.id}.{ada.device}", str(found)


@pytest.mark.parametrize("indications", [False, True], ids=["channels", "indications"])
async def test_nothing_is_lost_whichever_way_one_comes(tmp_path: Path, indications: bool) -> None:
    """By the server as people start it, with its own event loop."""
    people = await accounts_in(tmp_path / "data", *FLAGS)
    port, tls_port = coturn.free_port(), coturn.free_port()
    options = {
        "TLS_CERTIFICATE": str(CERTIFICATES / "localhost.crt"),
        "TLS_KEY": str(CERTIFICATES / "localhost.key"),
        "CALLS_RELAY_LISTEN": f"127.0.0.1:{port}",
        "CALLS_RELAY_TLS_LISTEN": f"127.0.0.1:{tls_port}",
    }
    async with running(tmp_path / "data", **options) as server:
        found = {"udp": port, "tcp": port, "tls": tls_port, "https": server.port}
        with closing(sqlite3.connect(tmp_path / "data" / app.DATABASE)) as db:
            [[secret]] = db.execute("SELECT value FROM settings WHERE name = ?", (SECRET,)).fetchall()

        async def call(way: str, person: Account) -> Outcome:
            flags = [*FLAGS[way], *(["-s"] if indications else [])]
            name = f"{person.id}.{person.device}"
            return await uclient(found[way], *flags, secret=secret, name=name, packets=PACKETS)

        outcomes = dict(zip(FLAGS, await asyncio.gather(*map(call, FLAGS, people)), strict=True))
        assert await server.stop() == 0
    for way, outcome in outcomes.items():
        assert (outcome.status, outcome.received, outcome.lost) == (0, 2 * PACKETS, 0), (way, outcome.said)
    assert "relay" not in server.log.read_text(), "nothing went wrong there"


async def test_with_the_port_for_rtcp_beside_it_nothing_is_lost_either(relaying: Server) -> None:
    name, secret = await name_and_secret(relaying)
    outcome = await uclient(ports(relaying)["udp"], secret=secret, name=name, packets=PACKETS, rtcp=True)
    assert outcome.status == 0, outcome.said
    assert outcome.received > 0
    assert outcome.lost == 0


async def test_a_wrong_secret_is_refused(relaying: Server) -> None:
    name, _ = await name_and_secret(relaying)
    outcome = await uclient(ports(relaying)["udp"], secret="guessed", name=name)
    assert outcome.status != 0
    assert outcome.received == 0
    assert "Cannot complete Allocation" in outcome.said


async def test_a_device_that_nobody_is_signed_in_on_is_refused(relaying: Server) -> None:
    _, secret = await name_and_secret(relaying)
    outcome = await uclient(ports(relaying)["udp"], secret=secret, name="ada.phone")
    assert outcome.status != 0
    assert outcome.received == 0


async def test_a_peer_outside_is_refused(relaying: Server) -> None:
    name, secret = await name_and_secret(relaying)
    outcome = await uclient(ports(relaying)["udp"], "-e", "127.0.0.1", secret=secret, name=name, peer=True)
    assert outcome.status != 0
    assert outcome.received == 0
    relay: Relay = relaying.house.of_feature["relay"]
    assert relay.figures.refused["403"] > 0
    assert relay.figures.packets == 0
