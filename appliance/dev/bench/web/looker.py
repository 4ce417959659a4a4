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
HZ = 60
FINGER_MARGIN = 80
"""So far from the edges of the list a finger comes down and leaves, in px."""
FINGER_RESTS = 8
"""Frames."""

BADGES = 'nav a[aria-current="page"] .badges'
"""What the list tells of the room on screen."""

# The frame that follows a callback of requestAnimationFrame shows what stood in the page then.
_WATCH = """(() => {
  const last = () => [...document.querySelectorAll('.placed [data-key]')].at(-1)
  const shown = () => last()?.checkVisibility({ visibilityProperty: true })
  const look = () => (shown() ? performance.mark('newest') : requestAnimationFrame(look))
  requestAnimationFrame(look)
  window.jumped = 0
  // A count of what is unread that loses a digit is narrower, and nothing else moves.
  const isCount = ({ node }) => node?.matches?.('.badges')
  const counts = ({ sources }) => sources.length > 0 && sources.every(isCount)
  const jumps = (shift) => !shift.hadRecentInput && !counts(shift)
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (jumps(shift)) window.jumped += shift.value
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

# How far the list has gone up; what comes in above takes it down again by as much.
_CLIMB = """() => {
  window.climbed = 0
  const last = new WeakMap()
  addEventListener('scroll', ({ target }) => {
    const before = last.get(target) ?? target.scrollTop
    window.climbed += Math.max(0, before - target.scrollTop)
    last.set(target, target.scrollTop)
  }, { capture: true, passive: true })
}"""


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

    async def install(self, path: str, *, unread: bool = False) -> None:
        """A first visit: the app and this room are on disk after it, and all that was said there is read."""
        page, _ = await self.page(path)
        await page.evaluate("async () => void (await navigator.serviceWorker.ready)")
        newest = page.get_by_role("button", name="Jump to the newest message")
        if unread:
            await newest.click()
        await expect(newest).to_be_hidden()
        await expect(page.locator(BADGES)).to_have_text("")
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
    """Up through the history by a finger, one stroke after the other; px, and px a second while it is down.
    Marks: `moves` and `rests`. Raises ValueError where the page did not follow the finger."""
    box = await page.get_by_role("log").bounding_box()
    assert box
    x, top = box["x"] + box["width"] / 2, box["y"] + FINGER_MARGIN
    stroke = int(box["height"] - 2 * FINGER_MARGIN)
    await page.evaluate(_CLIMB)
    async with recorded(browser, page) as trace:
        await page.evaluate("() => void performance.mark('moves')")
        for _ in range(distance // stroke):
            await _stroke(wire, x, top, stroke, speed)
        await page.evaluate("() => void performance.mark('rests')")
    climbed = await page.evaluate("() => window.climbed")
    if climbed < distance / 2:
        raise ValueError(f"the page moved by {climbed} px where a finger moved by {distance}")
    return trace


async def _stroke(wire: CDPSession, x: float, top: float, length: int, speed: int) -> None:
    """A finger comes down, moves once a frame whatever the page does meanwhile, and rests before it leaves:
    else each stroke would throw the page further than the one before."""
    loop = asyncio.get_running_loop()
    began, steps = loop.time(), round(length / speed * HZ)

    def touch(kind: str, *points: dict[str, float]) -> asyncio.Future[object]:
        event = {"type": kind, "touchPoints": points}
        return asyncio.ensure_future(wire.send("Input.dispatchTouchEvent", event))

    sent = [touch("touchStart", {"x": x, "y": top})]
    for step in range(1, steps + FINGER_RESTS + 1):
        await asyncio.sleep(began + step / HZ - loop.time())
        sent.append(touch("touchMove", {"x": x, "y": top + length * min(step / steps, 1)}))
    await asyncio.gather(*sent, touch("touchEnd"))


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
