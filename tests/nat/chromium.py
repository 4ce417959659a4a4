"""Chromium on a host of the lab."""

import json
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from appliance.dev.browser import chromium_path, launch
from tests.nat.caller import COOKIE, WATCH, Visit
from tests.nat.lab import HOUSE, inside

FLAGS = (
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--ignore-certificate-errors",
)


class Tab:
    """See `caller.Tab`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def run(self, function: str, given: Any = None) -> Any:
        return await self.page.evaluate(function, given)


@asynccontextmanager
async def chromium(host: str, visit: Visit, folder: Path) -> AsyncIterator[Tab]:
    """One that stands on this host, with the app open."""
    program = folder / f"chromium-of-{host}"
    program.write_text(f'#!/bin/sh\nexec {shlex.join((*inside(host), chromium_path()))} "$@"\n')
    program.chmod(0o755)
    async with async_playwright() as playwright:
        browser = await launch(playwright, *FLAGS, path=str(program))
        try:
            context = await browser.new_context(ignore_https_errors=True, service_workers="block")
            await context.add_init_script(f"({WATCH})({json.dumps(visit.refused)})")
            cookie: Any = {**COOKIE, "value": visit.token, "domain": HOUSE}
            await context.add_cookies([cookie])
            page = await context.new_page()
            await page.goto(f"https://{HOUSE}{visit.path}")
            yield Tab(page)
        finally:
            await browser.close()
