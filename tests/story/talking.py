"""Two people and more in calls, in browsers that show a made-up camera and hear a made-up voice."""

import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, expect

from appliance.config.calls import Calls
from appliance.dev.browser import until
from tests.server import Server, serving
from tests.story.device import Device
from tests.story.screen import Screen
from tests.story.stage import Stage

FLAGS = (
    # The second camera is one that sees depth, which no call can send.
    "--use-fake-device-for-media-stream=device-count=3",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
    # All of it happens on the loopback interface, which a browser leaves out otherwise.
    "--allow-loopback-in-peer-connection",
    "--ignore-certificate-errors",
)
CERTIFICATES = Path(__file__).parents[1] / "auth"
FRAMES = 10

_WATCH = """
(way => {
  const way_of = (url) => url.startsWith('turns:') ? 'tls' : url.includes('transport=tcp') ? 'tcp' : 'udp'
  const only = (config) => !way ? config : { ...config, iceServers: config.iceServers.map(
    (server) => ({ ...server, urls: server.urls.filter((url) => way_of(url) === way) })) }
  window.links = []
  const Real = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Real {
    constructor(config) { super(only(config)); links.push(this) }
    setConfiguration(config) { super.setConfiguration(only(config)) }
    async getStats() {
      const found = await super.getStats()
      if (!window.narrow) return found
      const little = (row) => row.type === 'candidate-pair' ? { ...row, availableOutgoingBitrate: 6e4 } : row
      return new Map([...found].map(([id, row]) => [id, little(row)]))
    }
  }
})"""

_FLOWS = """async () => {
  const stats = [...(await links.at(-1).getStats()).values()]
  const of = (kind) => stats.filter((each) => each.type === 'inbound-rtp' && each.kind === kind)
  const sum = (rows, field) => rows.reduce((whole, each) => whole + (each[field] ?? 0), 0)
  const [video, audio] = [of('video'), of('audio')]
  return [sum(video, 'framesDecoded'), sum(audio, 'packetsReceived'), sum(audio, 'totalAudioEnergy')]
}"""
_GROWS = f"""async ([frames, packets, energy, least]) => {{
  if (!links.length) return false
  const [now, heard, loud] = await ({_FLOWS})()
  return now >= frames + least && heard >= packets + 5 && loud > energy
}}"""
_WAY = """async () => {
  const stats = await links.at(-1).getStats()
  const transport = [...stats.values()].find((each) => each.type === 'transport')
  const pair = stats.get(transport.selectedCandidatePairId)
  const [mine, theirs] = [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)]
  return [mine.candidateType, theirs.candidateType, mine.relayProtocol ?? '']
}"""


@dataclass
class Talker:
    """Somebody at a page of their own. In it, `links` are all peer connections that it ever had; with
    `narrow` the browser says of them that they carry next to nothing."""

    name: str
    device: Device
    screen: Screen

    @property
    def incoming(self) -> Locator:
        return self.screen.page.get_by_role("alertdialog")

    @property
    def controls(self) -> Locator:
        return self.screen.page.get_by_role("group", name="What to do in the call")

    def picture_of(self, name: str) -> Locator:
        return self.screen.page.get_by_label(f"Picture of {name}", exact=True)

    async def call(self, name: str, *, video: bool) -> None:
        await self.screen.page.bring_to_front()
        if not video:
            return await self.screen.button(f"Call {name}").click()
        await self.screen.button(f"Video call with {name}").click()
        await self.screen.button("Start video call").click()

    async def answer(self) -> None:
        await self.screen.page.bring_to_front()
        await self.incoming.get_by_role("button", name="Answer", exact=True).click()

    async def press(self, label: str) -> None:
        await self.controls.get_by_role("button", name=label, exact=True).click()

    async def is_live(self) -> None:
        await expect(self.screen.page.get_by_role("timer")).to_be_visible()

    async def flows(self) -> list[float]:
        """Frames decoded, packets of sound, and how much sound that was, on the newest link."""
        found: list[float] = await self.screen.page.evaluate(_FLOWS)
        return found

    async def gets_more(self, *, than: list[float] | None = None, pictures: bool = True) -> None:
        """Sound comes in that is no silence, and pictures; on a new link from the beginning."""
        least = FRAMES if pictures else 0
        await until(self.screen.page, _GROWS, [*(than or await self.flows()), least])

    async def looks(self, times: int) -> None:
        """So often they look at how well the link carries."""
        for _ in range(times):
            await self.screen.page.clock.run_for(2000)

    async def way(self) -> list[str]:
        """Of the selected pair: both ends' types, and by what this one reaches the relay."""
        found: list[str] = await self.screen.page.evaluate(_WAY)
        return found

    async def code(self) -> str:
        """What they would read aloud."""
        page = self.screen.page
        await page.get_by_role("button", name="Encrypted between your devices").click()
        shown = page.get_by_role("img", name="Code of this call")
        text = str(await shown.get_attribute("aria-label"))
        await page.keyboard.press("Escape")
        await expect(shown).to_be_hidden()
        return text.removeprefix("Code of this call: ")

    async def compares(self, *, same: bool) -> None:
        """They say what they heard the other read aloud."""
        say = self.screen.button("It is the same" if same else "It differs")
        if not await say.is_visible():
            await self.screen.button("Encrypted between your devices").click()
        await say.click()


def relaying() -> Calls:
    """A relay that is reached by UDP, TCP and TLS, with a certificate that nobody trusts by themselves."""
    certificate, key = (CERTIFICATES / f"localhost.{kind}" for kind in ("crt", "key"))
    listen, tls = (f"127.0.0.1:{free_port()}" for _ in range(2))
    return Calls(
        relay_listen=listen,
        relay_tls_listen=tls,
        relay_tls_certificate=certificate,
        relay_tls_key=key,
    )


class Exchange:
    """A stage on which people call, and whose server can go away and come back."""

    def __init__(self, browser: Browser, folder: Path, stack: AsyncExitStack) -> None:
        self._calls = relaying()
        self._folder = folder
        self._browser = browser
        self._stack = stack
        self._life = AsyncExitStack()
        self.stage: Stage

    async def open(self) -> None:
        self.stage = Stage(self._browser, await self._begin(), self._stack, shell=False)

    async def close(self) -> None:
        await self._life.aclose()

    async def _begin(self) -> Server:
        server: Server = await self._life.enter_async_context(serving(self._folder, calls=self._calls))
        return server

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        """The server has stopped; afterwards it is there again, with what it had on disk."""
        for device in self.stage.devices:
            device.line.was_cut = True
        await self._life.aclose()
        yield
        self.stage.server = await self._begin()
        for device in self.stage.devices:
            device.line.server_port = self.stage.server.port

    async def talker(
        self, name: str, room: str, *, way: str = "", hidden: bool = False, by_hand: bool = False
    ) -> Talker:
        """Somebody in their direct message; `way`: the only one to the relay that their browser takes;
        `by_hand`: their clock can be moved."""
        if hidden:
            async with self.stage.server.connect(await self.stage.account(name)) as client:
                await client.do("set_preferences", relay_calls=True)
        device = await self.stage.device(name)
        if by_hand:
            await device.context.clock.install()
        await device.context.add_init_script(f"{_WATCH}({json.dumps(way)})")
        screen = await device.open(f"/room/{room}")
        await screen.is_connected()
        return Talker(name.title(), device, screen)


@asynccontextmanager
async def talking(browser: Browser, folder: Path) -> AsyncIterator[Exchange]:
    """A stage whose server relays, by UDP, TCP and TLS; asserts at the end that all was quiet."""
    async with AsyncExitStack() as stack:
        exchange = Exchange(browser, folder, stack)
        stack.push_async_callback(exchange.close)
        await exchange.open()
        yield exchange
        exchange.stage.assert_quiet()


def free_port() -> int:
    """One that nobody listens on, neither by UDP nor by TCP."""
    while True:
        with closing(socket.socket(type=socket.SOCK_DGRAM)) as datagrams, closing(socket.socket()) as streams:
            datagrams.bind(("127.0.0.1", 0))
            port: int = datagrams.getsockname()[1]
            with suppress(OSError):
                streams.bind(("127.0.0.1", port))
                return port
