"""The Chromium of tests, pictures and benchmarks: Debian's, never one that is downloaded."""

import asyncio
import os
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Playwright

# The one without any window of its own first: a page costs it 1.0 s of CPU where the full one takes 2.6 s.
PLACES = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome")


PATIENCE_S = 30.0

_UNTIL = """async (arg) => {
  const asked = %s
  while (!(await asked(arg))) await new Promise((done) => setTimeout(done, 20))
}"""


def chromium_path() -> str:
    """Raises SystemExit where there is none."""
    found = next((place for place in PLACES if Path(place).exists()), None)
    if not found:
        raise SystemExit("No Chromium here. On Debian: apt-get install chromium-headless-shell")
    return found


async def launch(playwright: Playwright, *args: str, path: str = "") -> Browser:
    """A browser that is running; `args` are flags of Chromium; `path`: a program that starts it in another
    way."""
    # Inside containers and for root its own sandbox cannot be made.
    alone = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return await playwright.chromium.launch(executable_path=path or chromium_path(), args=[*alone, *args])


async def until(page: Page, asked: str, arg: Any = None) -> None:
    """Wait until the function's promise is one of yes. To `wait_for_function` any promise is a yes."""
    async with asyncio.timeout(PATIENCE_S):
        await page.evaluate(_UNTIL % asked, arg)
