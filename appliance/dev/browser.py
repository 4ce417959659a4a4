"""The Chromium of tests, pictures and benchmarks: Debian's, never one that is downloaded."""

import os
from pathlib import Path

from playwright.async_api import Browser, Playwright

# The one without any window of its own first: a page costs it 1.0 s of CPU where the full one takes 2.6 s.
PLACES = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome")


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
