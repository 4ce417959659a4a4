"""When nothing more happens on a page: what it asked for is there, and what was to come later has come."""

import asyncio
from datetime import datetime

from playwright.async_api import Page, Request

from appliance.dev.browser import PATIENCE_S

CALM_S = 0.25
"""Without a request for this long nothing of a chain of them is likely to come."""
AFTER_MS = 2_500
"""Longer than anything waits that is put off until the browser is idle."""
MOST_ROUNDS = 40
FRAME_MS = 400
"""Within this the cameras of the gallery send one."""


class Traffic:
    """What a page asks for over HTTP."""

    def __init__(self, page: Page) -> None:
        self.begun = 0
        self._open: set[Request] = set()
        self._ended = asyncio.Event()
        page.on("request", self._begins)
        page.on("requestfinished", self._ends)
        page.on("requestfailed", self._ends)

    async def calm(self) -> None:
        """Wait until nothing is under way, and nothing began for a moment."""
        begun = -1
        while begun != self.begun or self._open:
            while self._open:
                self._ended.clear()
                await self._ended.wait()
            begun = self.begun
            await asyncio.sleep(CALM_S)

    def _begins(self, request: Request) -> None:
        self.begun += 1
        self._open.add(request)

    def _ends(self, request: Request) -> None:
        self._open.discard(request)
        self._ended.set()


async def come_to_rest(page: Page, traffic: Traffic, at: datetime) -> None:
    """Let time pass until `at` and stop it there: hints have come and gone, however long it took to get here.
    The page's clock must run until then."""
    await traffic.calm()
    await page.clock.pause_at(at)
    for _ in range(MOST_ROUNDS):
        begun = traffic.begun
        await page.clock.run_for(AFTER_MS)
        await traffic.calm()
        if begun == traffic.begun:
            break
    else:
        raise TimeoutError("The page does not come to rest.")
    await page.evaluate(DRAWN)


async def see_frames(page: Page) -> None:
    """Each video shows a frame that came from now on. When night falls while the machine is busy, the browser
    may have let go of the last one, and a camera that does not move sends no other."""
    if not await page.evaluate(_AWAIT_FRAMES):
        return
    await page.clock.run_for(FRAME_MS)
    async with asyncio.timeout(PATIENCE_S):
        await page.evaluate("() => window.framesCame")


_AWAIT_FRAMES = """() => {
  const shown = [...document.querySelectorAll('video')].filter((video) => video.checkVisibility())
  const next = (video) => new Promise((done) => void video.requestVideoFrameCallback(() => done()))
  window.framesCame = Promise.all(shown.map(next)).then(() => undefined)
  return shown.length > 0
}"""

DRAWN = """async () => {
  await document.fonts.ready
  const near = [...document.images].filter((image) => image.checkVisibility() && image.complete)
  await Promise.all(near.map((image) => image.decode().catch(() => undefined)))
}"""
