"""Fingers on the glass of a phone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Locator, Page


class Finger:
    """On the glass. Playwright has only taps."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def start(self) -> None:
        self.session = await self.page.context.new_cdp_session(self.page)

    async def touch(self, what: str, *points: tuple[float, float]) -> None:
        """All that are on the glass now; which finger is which goes by their order."""
        found = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        await self.session.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": found})

    @asynccontextmanager
    async def down(self, x: float, y: float) -> AsyncIterator["Finger"]:
        """Touches there, and lifts at the end."""
        await self.start()
        await self.touch("touchStart", (x, y))
        yield self
        await self.touch("touchEnd")

    async def moves(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """In steps, as a screen tells of it."""
        for step in range(1, 9):
            await self.touch("touchMove", (x + (to_x - x) * step / 8, y + (to_y - y) * step / 8))


async def middle(what: Locator) -> tuple[float, float]:
    box = await what.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def swipe(page: Page, x: float, y: float, to_x: float, to_y: float) -> None:
    async with Finger(page).down(x, y) as finger:
        await finger.moves(x, y, to_x, to_y)
