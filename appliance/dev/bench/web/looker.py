"""One person's browser with the app in it, and what is asked of it while it is timed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, ViewportSize, expect

from appliance.dev.bench.web.trace import Trace, recorded

SLOW_CPU = 4
SLOW_BITS_PER_S = 400_000
SLOW_LATENCY_MS = 400
PATIENCE_S = 30
SIZE = ViewportSize(width=1440, height=900)

# The frame that follows a callback of requestAnimationFrame shows what stood in the page then.
_WATCH = """(() => {
  const last = () => [...document.querySelectorAll('.placed [data-key]')].at(-1)
  const shown = () => last()?.checkVisibility({ visibilityProperty: true })
  const look = () => (shown() ? performance.mark('newest') : requestAnimationFrame(look))
  requestAnimationFrame(look)
  window.jumped = 0
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.jumped += shift.value
  }).observe({ type: 'layout-shift', buffered: true })
})()"""

_SWITCH = """(title) => new Promise((resolve) => {
  const named = (each) => each.innerText.split('\\n').includes(title)
  const link = [...document.querySelectorAll('nav li a')].find(named)
  const there = () => {
    const room = document.querySelector(`section[aria-label$=${JSON.stringify(': ' + title)}]`)
    return room?.querySelector('.placed [data-key]')?.checkVisibility({ visibilityProperty: true })
  }
  const look = () => {
    if (!there()) return requestAnimationFrame(look)
    performance.mark('there')
    requestAnimationFrame(() => resolve())
  }
  performance.mark('chosen')
  link.click()
  requestAnimationFrame(look)
})"""


@dataclass
class Looker:
    """A context that has the app installed and everything that was looked at on disk."""

    browser: Browser
    context: BrowserContext
    url: str
    slow: bool = False

    async def page(self, path: str = "") -> tuple[Page, CDPSession]:
        """A new tab; blank without a path."""
        page = await self.context.new_page()
        await page.add_init_script(_WATCH)
        wire = await self.context.new_cdp_session(page)
        if self.slow:
            await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
            await wire.send("Network.enable")
            bytes_per_s = SLOW_BITS_PER_S / 8
            await wire.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": SLOW_LATENCY_MS,
                    "downloadThroughput": bytes_per_s,
                    "uploadThroughput": bytes_per_s,
                },
            )
        if path:
            await self.go(page, path)
        return page, wire

    async def go(self, page: Page, path: str) -> None:
        """Load a page of the app and wait until messages stand there."""
        await page.goto(self.url + path)
        await page.wait_for_function("() => performance.getEntriesByName('newest').length > 0")

    async def reopened(self, path: str) -> tuple[float, float]:
        """In ms: from the start of the navigation to the newest message painted; and how far the layout
        jumped (CLS) until the connection stood."""
        page, _ = await self.page()
        async with recorded(self.browser, page) as trace:
            await self.go(page, path)
            await _settled(page)
        jumped = await page.evaluate("() => window.jumped")
        await page.close()
        return trace.first_frame_after("newest"), float(jumped)

    async def install(self, paths: list[str]) -> None:
        """A first visit: the app and these pages are on disk after it."""
        page, _ = await self.page(paths[0])
        await page.evaluate("async () => void (await navigator.serviceWorker.ready)")
        for path in paths:
            await self.go(page, path)
            newest = page.get_by_role("button", name="Jump to the newest message")
            if await newest.is_visible():
                await newest.click()
                await expect(newest).to_be_hidden()
            await _settled(page)
        await page.close()


async def switched(browser: Browser, page: Page, title: str) -> float:
    """In ms: from the click on a room in the list to its messages painted."""
    async with recorded(browser, page) as trace, asyncio.timeout(PATIENCE_S):
        await page.evaluate(_SWITCH, title)
        await _settled(page)
    return trace.between("chosen", "there")


async def typed(browser: Browser, page: Page, text: str) -> Trace:
    """A press for each character, as fast as a quick typist."""
    field = page.get_by_role("textbox", name="Message", exact=True)
    await field.focus()
    async with recorded(browser, page) as trace:
        await page.keyboard.type(text, delay=60)
        await _settled(page)
    await field.fill("")
    return trace


async def scrolled(browser: Browser, page: Page, wire: CDPSession, distance: int, speed: int) -> Trace:
    """Up through the history by a finger; px, and px a second. Marks: `moves` and `rests`."""
    box = await page.get_by_role("log").bounding_box()
    assert box
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    async with recorded(browser, page) as trace:
        await page.evaluate("() => void performance.mark('moves')")
        await wire.send(
            "Input.synthesizeScrollGesture",
            {**middle, "yDistance": distance, "speed": speed, "gestureSourceType": "touch"},
        )
        await page.evaluate("() => void performance.mark('rests')")
    return trace


async def _settled(page: Page) -> None:
    """Two more frames: what was marked has been drawn."""
    await page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


@asynccontextmanager
async def looker(browser: Browser, url: str, token: str, *, slow: bool = False) -> AsyncIterator[Looker]:
    """Somebody with a session, in a fresh context."""
    context = await browser.new_context(viewport=SIZE, locale="en-GB", has_touch=True)
    await context.add_cookies([{"name": "safevoice", "value": token, "url": url, "httpOnly": True}])
    try:
        yield Looker(browser, context, url, slow)
    finally:
        await context.close()
