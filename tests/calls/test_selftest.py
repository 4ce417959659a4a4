"""The relay's self-test: a real client on the server's own ways, and what is said of each."""

import asyncio
import ctypes
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from appliance.config.calls import Calls
from appliance.dev.bench.calls import coturn
from appliance.edge.serving import GRACE_S
from appliance.features.calls.model import RelayTest
from appliance.features.calls.selftest import keeper, program, words
from appliance.features.calls.selftest.keeper import SelfTest
from appliance.features.calls.selftest.program import Broken, Outcome, Walk
from appliance.features.calls.turn.allocations import Allocation
from appliance.features.calls.worker import Relay
from tests.admin.test_admin import ask
from tests.calls.dialling import dial
from tests.calls.test_selftest_client import script
from tests.server import ROOMY, Server, serving

CERTIFICATES = Path(__file__).parents[1] / "auth"
CERTIFICATE, KEY = (CERTIFICATES / f"localhost.{kind}" for kind in ("crt", "key"))
GOOD, SILENT = Outcome("", "", 40), Outcome("no_answer", "", 0)
SECURE: dict[str, Any] = {"tls_certificate": CERTIFICATE, "tls_key": KEY}
SET_MDWE, GET_MDWE, REFUSE_EXEC_GAIN = 65, 66, 1


@pytest.fixture
async def relaying(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path / "data") as server:
        yield server


async def tried(server: Server) -> RelayTest:
    test: SelfTest = server.house.of_feature["relay_test"]
    return await test.run()


def states(found: RelayTest) -> dict[str, tuple[str, str]]:
    """By kind: state and code."""
    return {each.kind: (each.state, each.code) for each in found.ways}


def expired(folder: Path) -> dict[str, Any]:
    """A certificate for localhost that was good yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    certificate, secret = folder / "expired.crt", folder / "expired.key"
    certificate.write_bytes(made.public_bytes(encoding))
    secret.write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    return {"tls_certificate": certificate, "tls_key": secret}


def prctl(what: int, how: int) -> int:
    """Linux's; below 0 where it refuses."""
    found: int = ctypes.CDLL(None).prctl(what, how, 0, 0, 0)
    return found


async def test_every_way_is_tried_by_a_client_that_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    async with serving(tmp_path / "data", public_url="https://localhost", **SECURE) as server:
        found = await tried(server)
        assert states(found) == {"udp": ("ok", ""), "tcp": ("ok", ""), "tls": ("ok", "")}
        assert all(0 < each.ms < 10_000 for each in found.ways)
        assert (found.relay, found.host, found.running, found.code) == ("own", "", False, "")
        assert found.ran_at > 0
        relay: Relay = server.house.of_feature["relay"]
        assert relay.figures.packets > 0
        turn = relay._turn
        assert turn is not None
        turn.sweep()
        assert turn.allocations == 0
        people = await server.house.db.read(lambda db: db.value("SELECT count(*) FROM accounts"))
        assert people == 0
        scraped = server.house.metrics.render().decode()
        for each in found.ways:
            assert f'safevoice_relay_test_ok{{way="{each.name}"}} 1.0' in scraped
            assert f'safevoice_relay_test_seconds{{way="{each.name}"}} {each.ms / 1000}' in scraped
            assert f'safevoice_relay_test_timestamp_seconds{{way="{each.name}"}}' in scraped


async def test_its_keys_are_no_more_when_it_is_over(relaying: Server) -> None:
    relay: Relay = relaying.house.of_feature["relay"]
    with relay.lend() as key:
        given = key("anybody")
    [port] = {each.place[1] for each in relay.ways if each.kind == "udp"}
    async with dial(port, given.username, given.password) as phone:
        assert await phone.allocate() == 401


async def test_limits_of_one_person_are_not_what_it_fails_at(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", limits=replace(ROOMY, relay_allocations=1)) as server:
        assert states(await tried(server)) == {"udp": ("ok", ""), "tcp": ("ok", "")}


async def test_a_name_that_leads_nowhere_is_told_from_a_relay_that_does_not_work(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", public_url="https://nowhere.invalid") as server:
        found = await tried(server)
        assert states(found) == {"udp": ("here", "unknown_name"), "tcp": ("here", "unknown_name")}
        assert found.host == "nowhere.invalid"
        assert found.ways[0].url.startswith("turn:nowhere.invalid:")


async def test_the_relays_own_name_is_tried_and_not_the_sites(tmp_path: Path) -> None:
    site, calls = "https://nowhere.invalid", Calls(relay_host="127.0.0.1")
    async with serving(tmp_path / "data", public_url=site, calls=calls) as server:
        found = await tried(server)
        assert states(found) == {"udp": ("ok", ""), "tcp": ("ok", "")}
        assert (found.host, found.ways[0].url.startswith("turn:127.0.0.1:")) == ("127.0.0.1", True)


async def test_the_certificate_has_to_be_for_the_relays_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    for host, said in (("localhost", ("ok", "")), ("other.invalid", ("bad", "certificate_name"))):
        async with serving(tmp_path / host, calls=Calls(relay_host=host), **SECURE) as server:
            assert states(await tried(server))["tls"] == said


async def test_a_name_that_leads_to_another_machine_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def resolved(name: str) -> list[str]:
        asked.append(name)
        return ["198.51.100.1"]

    async def client(walks: list[Walk]) -> list[list[Outcome]]:
        return [[SILENT, GOOD] for _ in walks]

    monkeypatch.setattr(keeper, "resolved", resolved)
    calls = Calls(public_address="203.0.113.7")
    async with serving(tmp_path / "data", public_url="https://chat.example.org", calls=calls) as server:
        test = SelfTest(server.house, server.house.of_feature["relay"], client=client)
        found = await test.run()
        assert states(found) == {"udp": ("here", "elsewhere"), "tcp": ("here", "elsewhere")}
        assert {each.detail for each in found.ways} == {"198.51.100.1"}
    assert asked == ["chat.example.org"]


@pytest.mark.parametrize(
    ("trusted", "url", "code"),
    [(False, "", "certificate_untrusted"), (True, "https://other.invalid", "certificate_name")],
)
async def test_a_wrong_certificate_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool, url: str, code: str
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    async with serving(tmp_path / "data", public_url=url, **SECURE) as server:
        assert states(await tried(server))["tls"] == ("bad", code)


async def test_a_port_that_is_taken_is_told_without_trying(tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as taken:
        port = coturn.free_port()
        taken.bind(("127.0.0.1", port))
        async with serving(tmp_path / "data", calls=Calls(relay_listen=f"127.0.0.1:{port}")) as server:
            found = await tried(server)
            assert states(found) == {"tcp": ("ok", ""), "udp": ("bad", "port_taken")}
            assert server.house.metrics.relay_test_ok.values == {f"tcp:{port}": 1.0, f"udp:{port}": 0.0}
            assert not words.well(found)
            assert any("Another program has this port" in line for line in words.lines(found))


async def test_where_there_is_no_relay_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "PROGRAM", tmp_path / "not there")
    async with serving(tmp_path / "data", calls=Calls(relay="no")) as server:
        found = await tried(server)
        assert (found.relay, found.ways, found.code) == ("no", [], "")
        assert words.well(found)


async def test_addresses_that_no_packet_passes_between_are_no_way(
    relaying: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Allocation, "receive", lambda allocation, *packet: None)
    relay: Relay = relaying.house.of_feature["relay"]
    test = SelfTest(relaying.house, relay, client=partial(program.outcomes, try_s=1.5))
    assert states(await test.run()) == {"udp": ("bad", "no_connection"), "tcp": ("bad", "no_connection")}


@pytest.mark.parametrize(("secret", "said"), [("shared", ("ok", "")), ("another", ("bad", "keys_refused"))])
async def test_somebody_elses_relay_is_tried_too(tmp_path: Path, secret: str, said: tuple[str, str]) -> None:
    with coturn.running("shared") as theirs:
        urls = f"turn:127.0.0.1:{theirs.port}, turn:127.0.0.1:{theirs.port}?transport=tcp"
        calls = Calls(external_urls=urls, external_secret=secret)
        async with serving(tmp_path / "data", calls=calls) as server:
            found = await tried(server)
            assert states(found) == {"udp": said, "tcp": said}
            assert found.relay == "external"


async def test_a_certificate_that_is_over_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = expired(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(files["tls_certificate"]))
    async with serving(tmp_path / "data", **files) as server:
        assert states(await tried(server))["tls"] == ("bad", "certificate_expired")


async def test_whoever_hangs_up_is_told_from_whoever_says_nothing(tmp_path: Path) -> None:
    rude = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = rude.sockets[0].getsockname()[1]
    urls = f"turn:127.0.0.1:{port}?transport=tcp, turns:127.0.0.1:{port}?transport=tcp"
    async with (
        rude,
        serving(tmp_path / "data", calls=Calls(external_urls=urls, external_secret="x")) as server,
    ):
        assert states(await tried(server)) == {"tcp": ("bad", "not_turn"), "tls": ("bad", "not_turn")}


async def test_admins_see_it_and_try_it_again_so_many_times_an_hour(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", limits=replace(ROOMY, relay_tests_per_hour=1)) as server:
        root = await server.account("root", admin=True)
        status, found = await ask(server, root, "GET", "/api/admin/relay")
        assert (status, found["ran_at"], found["every_s"]) == (200, 0, 3600)
        assert {way["state"] for way in found["ways"]} == {"unknown"}
        status, found = await ask(server, root, "POST", "/api/admin/relay/test")
        assert (status, {way["state"] for way in found["ways"]}) == (200, {"ok"})
        status, refused = await ask(server, root, "POST", "/api/admin/relay/test")
        assert (status, refused["limit"]) == (429, "relay_tests_per_hour")
        _, again = await ask(server, root, "GET", "/api/admin/relay")
        assert again == found


async def test_it_works_where_no_memory_is_both_written_and_run(
    relaying: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the systemd unit that comes along."""
    if prctl(GET_MDWE, 0) < 0:
        pytest.skip("this kernel does not know how to forbid it (Linux 6.3)")
    locked = script(
        tmp_path,
        "import ctypes, os, sys\n"
        f"assert ctypes.CDLL(None).prctl({SET_MDWE}, {REFUSE_EXEC_GAIN}, 0, 0, 0) == 0\n"
        f"os.execv(sys.executable, [sys.executable, '-I', {str(program.PROGRAM)!r}])",
    )
    unlocked = program.outcomes
    monkeypatch.setattr(program, "outcomes", lambda walks: unlocked(walks, program=locked))
    found = await tried(relaying)
    assert found.detail == ""
    assert states(found) == {"udp": ("ok", ""), "tcp": ("ok", "")}


async def test_whoever_asks_meanwhile_hears_of_the_same_try(relaying: Server) -> None:
    test: SelfTest = relaying.house.of_feature["relay_test"]
    first, second = asyncio.create_task(test.run()), asyncio.create_task(test.run())
    await asyncio.sleep(0)
    assert test.now.running
    second.cancel()
    found = await first
    assert found.ways[0].state == "ok", "one who leaves does not end it for the others"
    assert not test.now.running


async def test_no_stop_waits_for_a_test_that_somebody_asked_for(tmp_path: Path) -> None:
    began = asyncio.Event()

    async def endless(walks: list[Walk]) -> list[list[Outcome]]:
        began.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with serving(tmp_path / "data") as server:
        root = await server.account("root", admin=True)
        server.house.of_feature["relay_test"]._client = endless
        asked = asyncio.create_task(ask(server, root, "POST", "/api/admin/relay/test"))
        await began.wait()
        stopping = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - stopping < GRACE_S / 2
    status, refused = await asked
    assert (status, refused["code"]) == (503, "restarting")


async def test_a_test_that_breaks_is_told_and_the_next_one_counts(
    relaying: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(walks: list[Walk]) -> list[list[Outcome]]:
        raise Broken("it ended with status -9")

    with monkeypatch.context() as patched:
        patched.setattr(program, "outcomes", broken)
        found = await tried(relaying)
        assert (found.code, found.detail, found.ran_at) == ("broken", "it ended with status -9", 0)
        assert not words.well(found)
        assert {each.state for each in found.ways} == {"unknown"}
    found = await tried(relaying)
    assert (found.code, found.detail) == ("", "")
    assert words.well(found)


# When


class Nights:
    """Sleeps that end when the test says so."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[float] = asyncio.Queue()
        self.over: asyncio.Queue[None] = asyncio.Queue()

    async def sleep(self, seconds: float) -> None:
        self.asked.put_nowait(seconds)
        await self.over.get()


async def test_it_runs_soon_after_the_start_and_then_each_hour_and_tells_each_turn_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([GOOD, SILENT, SILENT, GOOD])
    logged: list[str] = []

    async def outcomes(walks: list[Walk]) -> list[list[Outcome]]:
        answer = next(answers)
        return [[answer] for _ in walks]

    monkeypatch.setattr(program, "outcomes", outcomes)
    monkeypatch.setattr("appliance.kernel.logs.warning", lambda name, **_: logged.append(name))
    monkeypatch.setattr("appliance.kernel.logs.event", lambda name, **_: logged.append(name))
    async with serving(tmp_path / "data", calls=Calls(relay_listen="127.0.0.1:0")) as server:
        nights = Nights()
        relay: Relay = server.house.of_feature["relay"]
        relay.ways = [each for each in relay.ways if each.kind == "udp"]
        SelfTest(server.house, relay, sleep=nights.sleep).begin()
        assert await nights.asked.get() == 3.0
        for said in ([], ["relay.way_bad"], ["relay.way_bad"], ["relay.way_bad", "relay.way_good"]):
            nights.over.put_nowait(None)
            assert await nights.asked.get() == 3600.0
            assert [name for name in logged if name.startswith("relay.way")] == said


async def test_one_can_do_without_it(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", calls=Calls(relay_test="no")) as server:
        test: SelfTest = server.house.of_feature["relay_test"]
        test.begin()
        assert "relay_test" not in server.house.tasks.names
        assert test.now.every_s == 0
