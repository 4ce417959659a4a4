"""One person's browser in the lab: signed in, with keys that it asked for itself, and in a call."""

import shlex
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Page, Playwright

from appliance.dev.browser import chromium_path, launch
from tests.nat.lab import HOUSE, inside
from tests.server import Account

FLAGS = (
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--ignore-certificate-errors",
)
MORE = 20
"""Frames and packets of sound that have to come once all is counted."""

WATCH = """(() => {
  const now = () => performance.timeOrigin + performance.now()
  window.seen = []
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given)
      const call = { pc: this, made: now(), connected: 0 }
      seen.push(call)
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') call.connected ||= now()
      })
    }
  }
})()"""
ASK = """(refused) => new Promise((done, fail) => {
  const socket = new WebSocket(`wss://${location.host}/api/socket`, 'safevoice.v1')
  const say = (op) => socket.send(JSON.stringify({ op, id: op }))
  socket.onopen = () => say('hello')
  socket.onclose = socket.onerror = () => fail(new Error('the socket closed'))
  socket.onmessage = ({ data }) => {
    const heard = JSON.parse(data)
    if (heard.op === 'welcome') say('ask_relay')
    if (heard.op !== 'relay_keys') return
    window.servers = heard.servers.map(({ urls, username, credential }) => ({
      urls: urls.map((url) => url.replace('{host}', location.hostname)),
      username,
      credential: refused ? 'not what it was given' : credential,
    }))
    socket.onclose = null
    socket.close()
    done()
  }
})"""
LISTEN = """async () => {
  const wanted = { audio: true, video: { width: 640, height: 360 } }
  window.media = await navigator.mediaDevices.getUserMedia(wanted)
  window.start = () => {
    const pc = window.pc = new RTCPeerConnection({ iceServers: servers })
    pc.onicecandidate = ({ candidate }) => candidate && tell(JSON.stringify({ candidate }))
    for (const track of media.getTracks()) pc.addTrack(track, media)
    return pc
  }
  let knows
  const known = new Promise((done) => { knows = done })
  window.hear = async (said) => {
    const { description, candidate } = JSON.parse(said)
    if (candidate) return void known.then(() => window.pc.addIceCandidate(candidate))
    const pc = window.pc ?? start()
    await pc.setRemoteDescription(description)
    knows()
    if (description.type !== 'offer') return
    await pc.setLocalDescription()
    await tell(JSON.stringify({ description: pc.localDescription }))
  }
}"""
CALL = """async () => {
  const pc = start()
  await pc.setLocalDescription()
  await tell(JSON.stringify({ description: pc.localDescription }))
}"""
SETTLED = "() => ['connected', 'failed'].includes(seen.at(-1)?.pc.connectionState)"
COUNT = """async () => {
  const stats = [...(await seen.at(-1).pc.getStats()).values()].filter(({ type }) => type === 'inbound-rtp')
  const of = (kind, what) => stats.find((each) => each.kind === kind)?.[what] ?? 0
  return { frames: of('video', 'framesDecoded'), sounds: of('audio', 'packetsReceived') }
}"""
GROWN = f"""async ({{ frames, sounds }}) => {{
  const now = await ({COUNT})()
  return now.frames >= frames && now.sounds >= sounds
}}"""
PAIR = """async () => {
  const { pc, made, connected } = seen.at(-1)
  const stats = await pc.getStats()
  const transport = [...stats.values()].find(({ type }) => type === 'transport')
  const pair = stats.get(transport?.selectedCandidatePairId)
  const [mine, theirs] = [stats.get(pair?.localCandidateId), stats.get(pair?.remoteCandidateId)]
  return {
    state: pc.connectionState, made, connected,
    mine: mine?.candidateType ?? '', theirs: theirs?.candidateType ?? '',
    protocol: mine?.relayProtocol ?? mine?.protocol ?? '',
  }
}"""


class Outcome(NamedTuple):
    """One end of a call. `made` and `connected`: milliseconds since the Unix epoch, 0 for never."""

    state: str
    made: float
    connected: float
    mine: str
    theirs: str
    protocol: str


class Caller:
    """Call it by signals that the test passes on."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def settled(self) -> Outcome:
        """Wait until it is known whether they connect."""
        await self.page.wait_for_function(SETTLED, timeout=60_000)
        return Outcome(**await self.page.evaluate(PAIR))

    async def sees_and_hears(self) -> None:
        """Wait until more pictures and sound came than had come by now."""
        counted: dict[str, int] = await self.page.evaluate(COUNT)
        await self.page.wait_for_function(GROWN, arg={name: n + MORE for name, n in counted.items()})

    async def gets_ready(self, tell: Callable[[str], Awaitable[None]], *, refused: bool) -> None:
        """Ask for keys, and take what comes from the other side; `tell` brings signals there."""
        await self.page.evaluate(ASK, refused)
        await self.page.expose_function("tell", tell)
        await self.page.evaluate(LISTEN)

    async def hear(self, said: str) -> None:
        """A signal from the other side."""
        await self.page.evaluate("(said) => hear(said)", said)

    async def call(self) -> None:
        """Begin."""
        await self.page.evaluate(CALL)


@asynccontextmanager
async def caller(playwright: Playwright, name: str, account: Account, folder: Path) -> AsyncIterator[Caller]:
    """Somebody's browser on the host of that name, with the app open."""
    program = folder / f"chromium-of-{name}"
    program.write_text(f'#!/bin/sh\nexec {shlex.join((*inside(name), chromium_path()))} "$@"\n')
    program.chmod(0o755)
    browser = await launch(playwright, *FLAGS, path=str(program))
    try:
        context = await browser.new_context(ignore_https_errors=True, service_workers="block")
        context.set_default_timeout(30_000)
        await context.add_init_script(WATCH)
        cookie: Any = {
            **{"name": "__Host-safevoice", "value": account.token, "url": f"https://{HOUSE}"},
            **{"httpOnly": True, "secure": True, "sameSite": "Strict"},
        }
        await context.add_cookies([cookie])
        page = await context.new_page()
        await page.goto(f"https://{HOUSE}/")
        yield Caller(page)
    finally:
        await browser.close()
