"""Keys for the relay: given on the socket, to a device, and dead with it."""

import asyncio
import re
from functools import partial
from pathlib import Path

import pytest

from appliance.config.calls import Calls
from appliance.features.calls.standing import Standing
from appliance.features.calls.turn.credentials import GOOD_FOR_MS, password_of, read
from appliance.features.calls.worker import Relay
from appliance.kernel.clock import HandClock
from appliance.kernel.errors import Refusal
from tests.calls.dialling import dial
from tests.client import Client
from tests.edge.browser import browser
from tests.server import Server, serving

TIMES = 20


async def keys_of(socket: Client) -> dict[str, object]:
    """The keys that a device is told."""
    assert (await socket.ask("ask_relay"))["op"] == "ack"
    frame: dict[str, object] = next(frame for frame in socket.heard if frame["op"] == "relay_keys")
    return frame


async def test_a_device_is_told_how_to_reach_the_relay_and_for_how_long(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        relay: Relay = server.house.of_feature["relay"]
        async with server.connect(ada) as socket:
            keys = await keys_of(socket)
        assert relay._standing.of(ada.device, lambda: None) is True, "nobody has to look it up"
        assert keys["expires_at"] == clock.now_ms() + GOOD_FOR_MS
        assert isinstance(keys["servers"], list)
        [given] = keys["servers"]
        assert read(given["username"]) == (ada.id, ada.device, keys["expires_at"])
        assert [re.sub(r"\d+", "PORT", url) for url in given["urls"]] == [
            "turn:{host}:PORT",
            "turn:{host}:PORT?transport=tcp",
        ]


@pytest.mark.parametrize(
    ("host", "said"), [("turn.example.org", "turn.example.org"), ("2001:db8::7", "[2001:db8::7]")]
)
async def test_a_relay_with_a_name_of_its_own_is_looked_for_by_that(
    tmp_path: Path, host: str, said: str
) -> None:
    calls = Calls(relay_host=host)
    async with serving(tmp_path / "data", public_url="https://chat.example.org", calls=calls) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as socket:
            keys = await keys_of(socket)
        assert isinstance(keys["servers"], list)
        [given] = keys["servers"]
        assert [re.sub(r":\d+(\?|$)", r":PORT\1", url) for url in given["urls"]] == [
            f"turn:{said}:PORT",
            f"turn:{said}:PORT?transport=tcp",
        ]


async def test_only_who_asked_is_told(server: Server) -> None:
    ada, ben = await server.account("ada"), await server.account("ben")
    async with server.connect(ada) as one, server.connect(ada) as same, server.connect(ben) as other:
        await keys_of(one)
        for silent in (same, other):
            await silent.ask("ping")
            assert not any(frame["op"] == "relay_keys" for frame in silent.heard)


async def test_keys_outlive_a_restart_and_die_with_the_device(tmp_path: Path) -> None:
    async with serving(tmp_path / "data") as server:
        ada = await server.account("ada")
        async with server.connect(ada) as socket:
            given = (await keys_of(socket))["servers"]
    assert isinstance(given, list)
    name, password = given[0]["username"], given[0]["credential"]
    async with serving(tmp_path / "data") as server:
        relay: Relay = server.house.of_feature["relay"]
        port = int(relay.urls[0].split(":")[2])
        async with dial(port, name, password) as phone, dial(port, name, password) as other:
            assert await phone.allocate() == 0
            async with browser(server, ada.token) as b:
                assert (await b.post("/api/sign-out")).status_code == 204
            assert await phone.refresh() == 401
            assert await other.allocate() == 401
        assert server.house.metrics.relay_allocations.read() == 0
    async with serving(tmp_path / "data") as server:
        relay = server.house.of_feature["relay"]
        async with dial(int(relay.urls[0].split(":")[2]), name, password) as late:
            assert await late.allocate() == 401


async def test_a_device_whose_person_becomes_a_moderator_keeps_its_call(server: Server) -> None:
    ada, root = await server.account("ada"), await server.account("root", admin=True)
    async with server.connect(ada) as socket:
        given = (await keys_of(socket))["servers"]
        assert isinstance(given, list)
        port = int(given[0]["urls"][0].split(":")[2])
        async with dial(port, given[0]["username"], given[0]["credential"]) as phone:
            assert await phone.allocate() == 0
            async with browser(server, root.token) as b:
                answer = await b.post(f"/api/accounts/{ada.id}/role", json={"role": "moderator"})
            assert answer.status_code == 204
            await socket.closed()
            assert await phone.refresh() == 0


async def test_somebody_elses_server_gets_keys_from_its_own_secret(tmp_path: Path) -> None:
    urls = "turn:turn.example.org:3478, turns:turn.example.org:443?transport=tcp"
    calls = Calls(external_urls=urls, external_secret="shared with them")
    async with serving(tmp_path / "data", calls=calls) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as socket:
            given = (await keys_of(socket))["servers"]
        assert isinstance(given, list)
        assert ada.id not in given[0]["username"]
        assert ada.device not in given[0]["username"]
        assert given[0]["urls"] == urls.split(", ")
        assert given[0]["credential"] == password_of("shared with them", given[0]["username"])
        assert server.house.metrics.relay_allocations.read() == 0


async def test_without_a_relay_there_are_no_keys(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", calls=Calls(relay="no")) as server:
        ada = await server.account("ada")
        async with server.connect(ada) as socket:
            assert (await keys_of(socket))["servers"] == []


# Standing


async def test_a_device_is_looked_up_once_and_all_that_waits_goes_on() -> None:
    looked: list[str] = []
    heard: list[str] = []
    found = asyncio.Event()

    async def look(device: str) -> bool:
        looked.append(device)
        await found.wait()
        return device == "ada"

    standing = Standing(look)
    for number in ("first", "second", "third"):
        assert standing.of("ada", partial(heard.append, number)) is None
    assert standing.of("eve", lambda: heard.append("eve")) is None
    found.set()
    for _ in range(TIMES):
        await asyncio.sleep(0)
    assert (looked, heard) == (["ada", "eve"], ["first", "second", "third", "eve"])
    assert standing.of("ada", heard.clear) is True
    assert standing.of("eve", heard.clear) is False
    standing.end("ada")
    assert standing.of("ada", heard.clear) is False


async def test_who_is_signed_out_while_they_are_looked_up_is_gone() -> None:
    read = asyncio.Event()
    told: list[bool | None] = []

    async def look(device: str) -> bool:
        await read.wait()
        return True

    standing = Standing(look)
    assert standing.of("ada", lambda: told.append(standing.of("ada", told.clear))) is None
    await asyncio.sleep(0)
    standing.end("ada")
    read.set()
    for _ in range(TIMES):
        await asyncio.sleep(0)
    assert told == [False]
    assert standing.of("ada", told.clear) is False


@pytest.mark.parametrize("error", [Refusal("storage_busy"), RuntimeError("what nobody thought of")])
async def test_a_look_that_failed_is_done_again(error: Exception) -> None:
    looked: list[str] = []

    async def look(device: str) -> bool:
        looked.append(device)
        if len(looked) == 1:
            raise error
        return True

    standing = Standing(look)
    heard: list[str] = []
    for _ in range(2):
        assert standing.of("ada", partial(heard.append, "known")) is None
        for _ in range(TIMES):
            await asyncio.sleep(0)
    assert (looked, heard) == (["ada", "ada"], ["known"])
    assert standing.of("ada", heard.clear) is True


async def test_not_everybody_is_looked_up_at_the_same_time() -> None:
    async def look(device: str) -> bool:
        await asyncio.Event().wait()
        return True

    standing = Standing(look)
    answers = [standing.of(str(number), lambda: None) for number in range(1100)]
    assert answers.count(None) == 1000
    assert answers[-1] is False
    standing.close()
