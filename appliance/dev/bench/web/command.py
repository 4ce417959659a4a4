"""`safevoice dev bench web`: the acts, their budgets and the table."""

import argparse
import asyncio
import gzip
import json
import re
import signal
import statistics
import sys
import threading
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

from appliance.dev.bench.budget import KB, MB, Budget, Verdict, table
from appliance.dev.bench.floor import floor
from appliance.dev.bench.stage import Stage
from appliance.dev.bench.web.looker import BADGES, SLOW_CPU, Looker, looker, scrolled, switched, typed
from appliance.dev.bench.web.town import LONG, LOOKER, settle
from appliance.dev.browser import launch
from appliance.dev.flood.options import Options
from appliance.edge.pwa import STATIC

OPENINGS = 9
SWITCHES = 24
"""Whole rounds: the last one leads back to the first room."""
ROOMS = (LONG, "The Gate", "The Wall")
TEXT = "The kettle is on and somebody has taken the long ladder again. " * 3
SCROLL_PX = 24_000
SCROLL_PX_S = 3000
HOUR = Options(sockets=4, rooms_of=4, rate=60, warmup=0, duration=60, drain=2)
"""An hour of a message a second, in a minute."""
QUARTER_S = 15
READ_TOLD_S = 2

SIZE_OF_APP = "What a browser loads first"
OPEN = "Open the app in a room"
OPEN_SLOW = "The same on a bad phone: CPU 4x slower, 400 kbit/s, 400 ms"
SWITCH = "Switch to another room"
TYPE = "Type in a room of 100,000 messages"
SCROLL = "Scroll up with a CPU 4x slower"
HOUR_LONG = "An hour of messages in an open room"

BUDGETS: dict[str, tuple[Budget, ...]] = {
    SIZE_OF_APP: (Budget("JavaScript, gzip", "bytes", "KiB", 100, unit_size=KB),),
    OPEN: (
        Budget("newest message painted, median", "ms.p50", "ms", 300),
        Budget("slowest", "ms.most", "ms"),
        Budget("layout shift (CLS)", "jumped", "", 0),
    ),
    OPEN_SLOW: (
        Budget("newest message painted, median", "ms.p50", "ms", 1000),
        Budget("slowest", "ms.most", "ms"),
        Budget("layout shift (CLS)", "jumped", "", 0),
    ),
    SWITCH: (
        Budget("messages painted, median", "ms.p50", "ms"),
        Budget("p95", "ms.p95", "ms", 100),
        Budget("layout shift (CLS)", "jumped", "", 0),
    ),
    TYPE: (
        Budget("main thread a key, median", "work.p50", "ms"),
        Budget("main thread a key, p95", "work.p95", "ms", 16),
        Budget("key to screen, p95 (with the wait for a frame)", "shown.p95", "ms"),
    ),
    SCROLL: (
        Budget("frames that did not come", "dropped_percent", "%", 5),
        Budget("main thread a frame, p95", "work.p95", "ms", 16.7),
        Budget("frames that came", "frames", ""),
        Budget("longest task", "longest_task", "ms"),
    ),
    HOUR_LONG: (
        Budget("JavaScript heap after 15 minutes", "heap_first", "MB", unit_size=MB),
        Budget("grown by the end", "heap_grown", "MB", 1, unit_size=MB),
        Budget("nodes grown by the end", "nodes_grown", "", 1000),
    ),
}


class Acts:
    """`figures` by title, as the budgets name them."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self.figures: dict[str, dict[str, Any]] = {}
        self._browser = browser
        self._stage = stage
        cast: dict[str, list[str]] = json.loads((stage.folder / "cast.json").read_text())
        self._token = cast.pop(LOOKER)[0]
        (stage.folder / "cast.json").write_text(json.dumps(cast))
        self._long = f"/room/{next(iter(cast))}"

    async def play(self) -> None:
        self.figures[SIZE_OF_APP] = {"bytes": initial_bytes(STATIC)}
        url = self._stage.server.url.replace("127.0.0.1", "localhost")
        async with looker(self._browser, url, self._token) as someone:
            await someone.install(self._long, unread=True)
            await self._open(OPEN, someone)
            page, _ = await someone.page(self._long)
            await self._switch(page)
            await self._type(page)
            await page.close()
            await self._hour(someone)
        async with looker(self._browser, url, self._token) as someone:
            await someone.install(self._long)
            someone.slow = True
            await self._open(OPEN_SLOW, someone)
            # A finger at the end of a slow network has nothing to move.
            someone.slow = False
            await self._scroll(someone)

    async def _open(self, title: str, someone: Looker) -> None:
        say(title)
        taken = [await someone.reopened(self._long) for _ in range(OPENINGS)]
        self.figures[title] = {"ms": spread([ms for ms, _ in taken]), "jumped": max(j for _, j in taken)}

    async def _switch(self, page: Page) -> None:
        say(SWITCH)
        for title in (*ROOMS[1:], ROOMS[0]):
            await switched(self._browser, page, title)
        taken = [await switched(self._browser, page, ROOMS[(n + 1) % len(ROOMS)]) for n in range(SWITCHES)]
        self.figures[SWITCH] = {"ms": spread(taken), "jumped": await page.evaluate("() => window.jumped")}

    async def _type(self, page: Page) -> None:
        say(TYPE)
        keys = (await typed(self._browser, page, TEXT)).keys()
        assert len(keys) >= len(TEXT) * 0.9, f"only {len(keys)} of {len(TEXT)} keys in the trace"
        self.figures[TYPE] = {
            "work": spread([key.work_ms for key in keys]),
            "shown": spread([key.shown_ms for key in keys]),
        }

    async def _scroll(self, someone: Looker) -> None:
        say(SCROLL)
        page, wire = await someone.page(self._long)
        await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
        trace = await scrolled(self._browser, page, wire, SCROLL_PX, SCROLL_PX_S)
        frames = trace.frames("moves", "rests")
        self.figures[SCROLL] = {
            "dropped_percent": 100 * frames.dropped_share,
            "frames": frames.shown,
            "work": spread(frames.work_ms),
            "longest_task": trace.longest_task("moves", "rests"),
        }
        await page.close()

    async def _hour(self, someone: Looker) -> None:
        say(HOUR_LONG)
        page, wire = await someone.page(self._long)
        newest = page.get_by_role("button", name="Jump to the newest message")
        if await newest.is_visible():
            await newest.click()
        traffic = threading.Thread(target=self._stage.flood, args=(HOUR,))
        traffic.start()
        marks: list[dict[str, float]] = []
        for _ in range(round(HOUR.duration / QUARTER_S)):
            await asyncio.sleep(QUARTER_S)
            await wire.send("HeapProfiler.collectGarbage")
            await wire.send("Performance.enable")
            found = await wire.send("Performance.getMetrics")
            marks.append({each["name"]: each["value"] for each in found["metrics"]})
        await asyncio.to_thread(traffic.join)
        await expect(page.get_by_role("article").last).to_be_visible()
        # What follows begins with everything read, and that is told once a second.
        await expect(page.locator(BADGES)).to_have_text("")
        await asyncio.sleep(READ_TOLD_S)
        first, last = marks[0], marks[-1]
        self.figures[HOUR_LONG] = {
            "heap_first": first["JSHeapUsedSize"],
            "heap_grown": last["JSHeapUsedSize"] - first["JSHeapUsedSize"],
            "nodes_grown": last["Nodes"] - first["Nodes"],
        }
        await page.close()


def initial_bytes(folder: Path) -> int:
    """gzip bytes of all scripts that the page names, before anything else is loaded."""
    page = (folder / "index.html").read_text()
    names = set(re.findall(r'(?:src|href)="/([^"]+\.js)"', page))
    return sum(len(gzip.compress((folder / name).read_bytes(), 9)) for name in names)


def spread(values: list[float]) -> dict[str, float]:
    """{"p50", "p95", "most"}."""
    ordered = sorted(values)
    at = min(len(ordered) - 1, int(len(ordered) * 0.95))
    return {"p50": statistics.median(ordered), "p95": ordered[at], "most": ordered[-1]}


def say(line: str) -> None:
    """To people, at once; standard output is for the result."""
    print(line, file=sys.stderr, flush=True)


async def measure(stage: Stage) -> dict[str, dict[str, Any]]:
    """All acts in a browser of their own."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        acts = Acts(browser, stage)
        await acts.play()
        await browser.close()
    return acts.figures


def main(argv: list[str] | None = None) -> int:
    """Exit status 0 if every budget holds."""
    p = argparse.ArgumentParser(prog="safevoice dev bench web", description=__doc__)
    p.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    options = p.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    load = floor()["load"]
    with Stage(0, 0, people=settle) as stage:
        figures = asyncio.run(measure(stage))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    verdicts = [
        Verdict(title, one, one.measured(figures[title])) for title, some in BUDGETS.items() for one in some
    ]
    print(table(verdicts))
    missed = [verdict for verdict in verdicts if not verdict.kept]
    print(f"\n{len(missed)} of {sum(v.budget.bound is not None for v in verdicts)} budgets missed")
    if load > 1:
        print("Other processes were busy on this machine: the figures are worse than they should be.")
    return 1 if missed else 0
