"""One Chromium for all stories of a worker; a server, people and browsers of its own for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from appliance.dev.browser import launch
from tests.story.stage import Stage, note, staged

expect.set_options(timeout=8000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All stories share one event loop, because the browser lives on it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Before the stage is left: what went wrong is told by it while everything still stands."""
    note(failed=report.failed)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    shell = request.node.get_closest_marker("shell") is not None
    async with staged(chromium, tmp_path / "data", shell=shell) as ready:
        yield ready
