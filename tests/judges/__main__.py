"""All judges, on the demo community; prints a table. The exit status says whether all of them are content."""

import argparse
import asyncio
import socket
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from appliance.dev.browser import launch
from appliance.dev.node import ensure_packages
from appliance.dev.screenshots.studio import SIZES
from tests.judges import lighthouse, markup, observatory
from tests.judges.findings import Record
from tests.judges.house import House, opened
from tests.judges.states import MEMBER, STATES, State
from tests.judges.visit import visit

HERE = Path(__file__).parent
AT_ONCE = 2
PATIENCE_MS = 15_000

Judge = Callable[[], Awaitable[None]]


class Session:
    """One server and one record for all judges."""

    def __init__(self, house: House, folder: Path) -> None:
        self.record = Record()
        self._house = house
        self._folder = folder
        self._pages = folder / "pages"
        self._pages.mkdir()

    async def states(self, browser: Browser, wanted: list[str]) -> None:
        """Every state in its shapes, some at once, each visitor in one browser after another page."""
        todo = [
            (each, shape) for each in STATES if not wanted or each.name in wanted for shape in each.shapes
        ]
        todo.reverse()
        await asyncio.gather(*(self._take(browser, todo) for _ in range(AT_ONCE)))
        looked = self.record.looked
        states = f"{looked['states']} states and shapes"
        self.record.row("states", states)
        self.record.row("axe", f"{looked['axe']} looks, light and dark")
        self.record.row("contrast", f"{looked['contrast']} words and icons, from the pixels")
        self.record.row("targets", "44 px for thumbs, 24 px for pointers")
        self.record.row("reflow", "320 px wide, and with wide text")
        self.record.row("motion", "with reduced motion")
        self.record.row("console", "content policy, trusted types, errors")

    async def _take(self, browser: Browser, todo: list[tuple[State, str]]) -> None:
        browsers: dict[tuple[str, str], BrowserContext] = {}
        while todo:
            state, shape = todo.pop()
            if (state.who, shape) not in browsers:
                context = await self._house.visitor(
                    browser, state.who, service_workers="block", **SIZES[shape]
                )
                context.set_default_timeout(PATIENCE_MS)
                browsers[state.who, shape] = context
            await visit(browsers[state.who, shape], self._house, state, shape, self.record, self._pages)
        for context in browsers.values():
            await context.close()

    async def html(self) -> None:
        found = await markup.faults(self._pages)
        for where, what in found:
            self.record.find("html", where, what)
        self.record.row("html", f"{len(list(self._pages.iterdir()))} documents as built")

    async def observatory(self) -> None:
        grade, score, failed = await observatory.judge()
        self.record.find("observatory", "https", *failed)
        if grade != observatory.NEEDED:
            self.record.find("observatory", "https", f"grade {grade}")
        self.record.row("observatory", "https://localhost", f"{grade}, {score} points")

    async def lighthouse(self, browser: Browser, port: int) -> None:
        """`port`: where that browser is led. The door first: the cookie that opens the room stays."""
        await self._lighthouse("sign-in", self._house.home, port)
        session = await browser.new_browser_cdp_session()
        await session.send("Storage.setCookies", {"cookies": [self._house.cookie(MEMBER)]})
        await self._lighthouse("room", self._house.home + self._house.room, port)

    async def _lighthouse(self, name: str, url: str, port: int) -> None:
        score = await lighthouse.judge(url, port, self._folder)
        short = [
            f"{category} {score.points[category]}, needs {needed}"
            for category, needed in lighthouse.NEEDED.items()
            if score.points[category] < needed
        ]
        if short:
            self.record.find("lighthouse", name, *short, *score.lost)
        for lost in [] if short else score.lost:
            self.record.row("lighthouse", name, f"less than wanted: {lost}")
        told = ", ".join(f"{category} {points}" for category, points in score.points.items())
        self.record.row("lighthouse", name, told)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def judge(wanted: list[str], judges: list[str]) -> Record:
    """Let them look: the states two at a time, then what needs no browser, then Lighthouse, alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with opened(folder) as house, async_playwright() as playwright:
            session = Session(house, folder)
            if not judges or "states" in judges:
                async with await launch(playwright) as browser:
                    await session.states(browser, wanted)
                await session.html()
            if not judges or "observatory" in judges:
                await session.observatory()
            if not judges or "lighthouse" in judges:
                # One of its own: a browser that has shown hundreds of pages is slower.
                port = free_port()
                async with await launch(playwright, f"--remote-debugging-port={port}") as browser:
                    await session.lighthouse(browser, port)
    return session.record


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="tests.judges", description=__doc__)
    parser.add_argument("states", nargs="*", help="names of states; all by default")
    parser.add_argument(
        "--only", action="append", choices=["states", "observatory", "lighthouse"], default=[]
    )
    options = parser.parse_args()
    expect.set_options(timeout=PATIENCE_MS)
    began = time.monotonic()
    ensure_packages(HERE)
    record = asyncio.run(judge(options.states, options.only))
    print(record.told())
    verdict = f"{len(record.findings)} found" if record.findings else "all content"
    print(f"\n   judges: {verdict}, {time.monotonic() - began:.0f} s")
    return 1 if record.findings else 0


if __name__ == "__main__":
    sys.exit(main())
