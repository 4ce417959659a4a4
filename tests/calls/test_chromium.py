"""Two Chromium pages that may only use the relay see and hear each other, by every way that there is."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from appliance.dev.browser import launch, until
from appliance.features.calls.worker import Relay
from tests.server import Server, serving

pytestmark = pytest.mark.media

CERTIFICATES = Path(__file__).parents[1] / "auth"
FLAGS = (
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    # All of this test happens on the loopback interface, which a browser leaves out otherwise.
    "--allow-loopback-in-peer-connection",
    "--ignore-certificate-errors",
)
FRAMES = 10

PREPARE = """async (server) => {
  // Without "max-bundle" sound and picture gather addresses each for itself until an answer has come, and the
  // first address that is there may be of the one that is not used then.
  const only = { iceServers: [server], iceTransportPolicy: "relay", bundlePolicy: "max-bundle" }
  const pc = window.pc = new RTCPeerConnection(only)
  window.relayed = new Promise((done) => {
    pc.onicecandidate = ({ candidate }) => { if (candidate) done() }
  })
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 360 } })
  for (const track of media.getTracks()) pc.addTrack(track, media)
}"""
OFFER = """async () => {
  await pc.setLocalDescription()
  await relayed
  return pc.localDescription.sdp
}"""
ANSWER = """async (sdp) => {
  await pc.setRemoteDescription({ type: "offer", sdp })
  await pc.setLocalDescription()
  await relayed
  return pc.localDescription.sdp
}"""
ACCEPT = """(sdp) => pc.setRemoteDescription({ type: "answer", sdp })"""
SEES = """async (frames) => {
  const stats = [...(await pc.getStats()).values()]
  const video = stats.find((each) => each.type === "inbound-rtp" && each.kind === "video")
  const audio = stats.find((each) => each.type === "inbound-rtp" && each.kind === "audio")
  return video?.framesDecoded >= frames && audio?.packetsReceived >= frames
}"""
HOW = """async () => {
  const stats = await pc.getStats()
  const transport = [...stats.values()].find((each) => each.type === "transport")
  const pair = stats.get(transport.selectedCandidatePairId)
  const [mine, theirs] = [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)]
  return [mine.candidateType, theirs.candidateType, mine.relayProtocol]
}"""


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright, *FLAGS)
        yield browser
        await browser.close()


async def page_of(server: Server, browser: Browser, name: str, way: str) -> Page:
    """A page that is about to call, with the keys of a device of its own and only this way."""
    account = await server.account(f"{name}-{way}")
    relay: Relay = server.house.of_feature["relay"]
    keys = relay.keys_for(account.id, account.device)
    [given] = keys.servers
    [url] = [url.format(host="127.0.0.1") for url in given.urls if way_of(url) == way]
    context = await browser.new_context(ignore_https_errors=True)
    page = await context.new_page()
    await page.goto(f"https://127.0.0.1:{server.port}/healthz")
    ice: dict[str, Any] = {"urls": [url], "username": given.username, "credential": given.credential}
    await page.evaluate(PREPARE, ice)
    return page


def way_of(url: str) -> str:
    return "tls" if url.startswith("turns:") else "tcp" if "transport=tcp" in url else "udp"


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
async def test_two_pages_that_may_only_use_the_relay_see_and_hear_each_other(
    tmp_path: Path, chromium: Browser, way: str
) -> None:
    certificate, key = (CERTIFICATES / f"localhost.{kind}" for kind in ("crt", "key"))
    async with serving(tmp_path / "data", tls_certificate=certificate, tls_key=key) as server:
        ada, ben = [await page_of(server, chromium, name, way) for name in ("ada", "ben")]
        answer = await ben.evaluate(ANSWER, await ada.evaluate(OFFER))
        await ada.evaluate(ACCEPT, answer)
        for page in (ada, ben):
            await until(page, SEES, FRAMES)
            assert await page.evaluate(HOW) == ["relay", "relay", way]
        relay: Relay = server.house.of_feature["relay"]
        assert relay.figures.packets > 0
        assert not {"malformed", "full", "quota"} & relay.figures.dropped.keys()
        for page in (ada, ben):
            await page.context.close()
