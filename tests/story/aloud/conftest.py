"""Stories of what is said aloud: browsers with a microphone that beeps, and a server that relays."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from appliance.config.calls import Calls
from appliance.dev.browser import launch
from tests.story.stage import Stage, staged
from tests.story.talking import FLAGS, Exchange, free_port, talking


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hearing() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright, *FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(hearing: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    shell = request.node.get_closest_marker("shell") is not None
    # Others on this machine have a relay of their own.
    calls = Calls(relay_listen=f"127.0.0.1:{free_port()}", relay_tls_listen="")
    async with staged(hearing, tmp_path / "data", shell=shell, calls=calls) as ready:
        yield ready


@pytest_asyncio.fixture(loop_scope="session")
async def exchange(hearing: Browser, tmp_path: Path) -> AsyncIterator[Exchange]:
    async with talking(hearing, tmp_path / "data") as ready:
        yield ready
