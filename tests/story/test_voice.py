"""Voice messages: held, let go, sent once, listened to."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, async_playwright, expect

from appliance.dev.browser import launch
from tests.media.sounds import say, webm
from tests.story.screen import Screen
from tests.story.stage import Stage, staged

FAKE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hearing() -> AsyncIterator[Browser]:
    """A Chromium with a microphone that beeps."""
    async with async_playwright() as playwright:
        browser = await launch(playwright, *FAKE)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(hearing: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    shell = request.node.get_closest_marker("shell") is not None
    async with staged(hearing, tmp_path / "data", shell=shell) as ready:
        yield ready


def button(screen: Screen) -> Locator:
    """What is held to talk."""
    return screen.page.get_by_role("button", name="Hold to talk")


def clock(screen: Screen) -> Locator:
    """How long somebody has been talking."""
    return screen.page.locator("form.composer time")


def notes(screen: Screen) -> Locator:
    """Voice messages on screen."""
    return screen.log.locator(".voice .track")


async def press(screen: Screen) -> Any:
    """Hold the button; returns where it is."""
    await screen.page.bring_to_front()
    box = await button(screen).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await screen.page.mouse.move(x, y)
    await screen.page.mouse.down()
    return x, y


async def talk(screen: Screen) -> None:
    """Hold the button for a second, and let go."""
    await press(screen)
    await expect(clock(screen)).to_have_text("0:01")
    await screen.page.mouse.up()


@pytest.mark.media
async def test_what_is_said_while_one_holds_is_sent_played_and_known_to_have_been_heard(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await talk(ada)
    await expect(notes(bela)).to_have_count(1)
    await expect(bela.log.get_by_text("Not listened to yet")).to_have_count(1)
    await expect(ada.log.get_by_text("Listened to", exact=True)).to_have_count(0)
    await bela.page.bring_to_front()
    await bela.button("Play").click()
    await expect(bela.button("Pause")).to_be_visible()
    await expect(bela.log.get_by_text("Not listened to yet")).to_have_count(0)
    await expect(ada.log.get_by_text("Listened to", exact=True)).to_have_count(1)
    # To its end, where it can be played again.
    await expect(bela.button("Play")).to_be_visible()
    assert await stage.messages(room) == 1
