"""Two real WebRTC stacks that may only use the relay: what one says, the other hears, by whichever way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from appliance.config.calls import Calls
from appliance.dev.bench.calls import coturn
from appliance.features.calls.worker import Relay
from tests.server import Server, serving

pytestmark = pytest.mark.media

WITHIN_S = 15


@pytest.fixture
async def relaying(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path / "data") as server:
        yield server


async def talk(server: Server, ways: tuple[str, str]) -> str:
    """What Ben hears of Ada, who says hello."""
    heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with AsyncExitStack() as stack:
        ada = await connection(server, "ada", ways[0], stack)
        ben = await connection(server, "ben", ways[1], stack)
        channel = ada.createDataChannel("chat")
        channel.on("open", lambda: channel.send("hello by way of the relay"))
        ben.on("datachannel", lambda theirs: theirs.on("message", heard.set_result))
        await ada.setLocalDescription(await ada.createOffer())
        await ben.setRemoteDescription(ada.localDescription)
        await ben.setLocalDescription(await ben.createAnswer())
        await ada.setRemoteDescription(ben.localDescription)
        assert "typ relay" in ada.localDescription.sdp
        assert "typ host" not in ada.localDescription.sdp
        return await asyncio.wait_for(heard, WITHIN_S)


async def connection(server: Server, name: str, way: str, stack: AsyncExitStack) -> Any:
    """A peer connection with the keys that a signed-in device is given, and no way but this one."""
    from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection
    from aiortc.rtcconfiguration import RTCIceTransportPolicy

    socket = await stack.enter_async_context(server.connect(await server.account(name)))
    await socket.ask("ask_relay")
    keys = next(frame for frame in socket.heard if frame["op"] == "relay_keys")
    urls = [url.format(host="127.0.0.1") for each in keys["servers"] for url in each["urls"]]
    url = next(url for url in urls if ("transport=tcp" in url) == (way == "tcp"))
    given = keys["servers"][0]
    server_of = RTCIceServer(urls=url, username=given["username"], credential=given["credential"])
    made = RTCPeerConnection(
        RTCConfiguration(iceServers=[server_of], iceTransportPolicy=RTCIceTransportPolicy.RELAY)
    )
    stack.push_async_callback(made.close)
    return made


@pytest.mark.parametrize("ways", [("udp", "udp"), ("tcp", "tcp"), ("udp", "tcp")], ids="-".join)
async def test_two_who_may_only_use_the_relay_hear_each_other(
    relaying: Server, ways: tuple[str, str]
) -> None:
    assert await talk(relaying, ways) == "hello by way of the relay"
    relay: Relay = relaying.house.of_feature["relay"]
    assert relay.figures.packets > 0
    assert relay.figures.dropped.get("malformed", 0) == 0
    assert relay.figures.refused.keys() <= {"401", "403"}


@pytest.mark.parametrize("way", ["udp", "tcp"])
async def test_somebody_elses_relay_takes_the_keys_that_we_give(tmp_path: Path, way: str) -> None:
    secret = "shared with them"
    with coturn.running(secret) as theirs:
        urls = f"turn:127.0.0.1:{theirs.port}, turn:127.0.0.1:{theirs.port}?transport=tcp"
        calls = Calls(external_urls=urls, external_secret=secret)
        async with serving(tmp_path / "data", calls=calls) as server:
            assert await talk(server, (way, way)) == "hello by way of the relay"
