"""A newer version of the app: told in a pause, taken over in all tabs, and nothing is lost by it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from appliance.dev.browser import until
from appliance.edge import pwa, upgrade
from appliance.wire.frames import PROTOCOL
from tests.story.device import Device
from tests.story.editions import Editions, expect_next, fetched, next_edition
from tests.story.screen import Screen
from tests.story.stage import Stage, staged

READY = "A new version is ready"
UNSEEN_MS = 61_000


@pytest_asyncio.fixture(loop_scope="session")
async def stage(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    monkeypatch.setattr(pwa, "WebApp", Editions)
    shell = request.node.get_closest_marker("shell") is not None
    async with staged(chromium, tmp_path / "data", shell=shell) as ready:
        yield ready


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    return next_edition(tmp_path / "next")


async def publish(device: Device, edition: Path) -> None:
    """The server is updated, and so starts again. What of the old version was still to come is no more."""
    device.expect_complaint("404 .*/assets/")
    Editions.latest.publish(edition)
    device.line.cut()
    await fetched(device.context.pages[0])


@pytest.mark.shell
async def test_it_is_told_in_a_pause_and_what_one_just_typed_is_there_afterwards(
    stage: Stage, edition: Path
) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    device = stage.devices[0]
    await ada.say("Tuesday")
    await ada.shows_sent("Tuesday")
    await device.installed()
    other = await device.open()
    await ada.page.bring_to_front()
    await ada.composer.press_sequentially("half a sen")
    await publish(device, edition)
    await ada.is_connected()
    await expect(ada.page.get_by_text(READY)).to_be_visible()
    await expect(other.page.get_by_text(READY)).to_be_visible()
    await ada.composer.press_sequentially("tence")
    await ada.button("Update now").click()
    await expect_next(ada.page)
    await expect_next(other.page)
    await expect(ada.composer).to_have_value("half a sentence")
    await ada.shows("Tuesday")


@pytest.mark.shell
async def test_a_version_that_waits_stays_whole_while_pages_begin(stage: Stage, edition: Path) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    device = stage.devices[0]
    await device.installed()
    # As long as it is there, no reload takes the new version.
    await device.open()
    await publish(device, edition)
    await ada.page.bring_to_front()
    await ada.page.reload()
    await ada.is_connected()
    await expect(ada.page.get_by_text(READY)).to_be_visible()
    await ada.button("Update now").click()
    await expect_next(ada.page)
    device.line.go_down()
    await ada.page.reload()
    await expect_next(ada.page)
    await expect(ada.composer).to_be_visible()


@pytest.mark.shell
async def test_an_open_edit_and_what_waits_survive_an_update_without_a_network(
    stage: Stage, edition: Path
) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    device = stage.devices[0]
    await ada.say("Tuesday")
    await ada.shows_sent("Tuesday")
    await device.installed()
    await publish(device, edition)
    await expect(ada.page.get_by_text(READY)).to_be_visible()
    await device.lose_network()
    await ada.say("On its way")
    await ada.act("Tuesday", "Edit")
    await ada.composer.fill("Wednesd")
    await ada.button("Update now").click()
    await expect_next(ada.page)
    await ada.shows("Tuesday", "On its way")
    await expect(ada.composer).to_have_value("Wednesd")
    await ada.composer.press_sequentially("ay")
    await ada.composer.press("Enter")
    await device.find_network()
    await bela.shows_sent("Wednesday", "On its way")
    assert await stage.messages(room) == 2


@pytest.mark.shell
async def test_out_of_sight_it_is_taken_by_itself_unless_another_tab_is_looked_at(
    stage: Stage, edition: Path
) -> None:
    room = await stage.room("ada")
    device = await stage.device("ada")
    ada = await device.open(f"/room/{room}")
    await device.installed()
    await ada.page.reload()
    await ada.is_connected()
    other = await device.open()
    for page in (ada.page, other.page):
        await page.clock.install()
    await publish(device, edition)
    await expect(ada.page.get_by_text(READY)).to_be_visible()
    await expect(other.page.get_by_text(READY)).to_be_visible()
    await hide(ada)
    await expect(ada.page.locator('meta[content="next"]')).to_have_count(0)
    await hide(other)
    await expect_next(ada.page)
    await expect_next(other.page)


async def hide(screen: Screen) -> None:
    """Somebody turns to something else, for a good while."""
    await screen.turn_away()
    await screen.page.clock.fast_forward(UNSEEN_MS)


@pytest.mark.shell
async def test_a_tab_in_the_middle_of_something_stays_and_still_has_every_part_of_its_version(
    stage: Stage, edition: Path
) -> None:
    await stage.room("ada")
    device = await stage.device("ada")
    ada = await device.open()
    await device.installed()
    await ada.page.reload()
    await ada.is_connected()
    other = await device.open("/settings/profile")
    await other.field("Name").fill("Ada the")
    await ada.page.bring_to_front()
    await publish(device, edition)
    await ada.button("Update now").click()
    await expect_next(ada.page)
    await other.page.bring_to_front()
    await expect(other.field("Name")).to_have_value("Ada the")
    # Never loaded so far, and the server has it no more.
    await other.page.get_by_role("link", name="Storage").click()
    await expect(other.page.get_by_role("heading", name="Storage")).to_be_visible()
    await other.button("Update now").click()
    await expect_next(other.page)
    await expect(other.page.get_by_role("heading", name="Storage")).to_be_visible()
    await until(
        other.page,
        "() => caches.keys().then((names) => names.filter((name) => name.startsWith('shell-')).length === 1)",
    )


async def test_a_part_that_is_no_more_offers_the_new_version_where_nothing_is_kept(
    stage: Stage, edition: Path
) -> None:
    room = await stage.room("ada")
    ada = await stage.screen("ada", room)
    device = stage.devices[0]
    device.expect_complaint("404|Failed to fetch dynamically imported module|error loading dynamically")
    await ada.composer.press_sequentially("half a sen")
    Editions.latest.publish(edition)
    await ada.page.get_by_role("link", name="Settings").first.click()
    await expect(ada.page.get_by_text("That did not work").first).to_be_visible()
    await ada.button("Update now").click()
    await expect_next(ada.page)
    await expect(ada.page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    await ada.enter("Garden")
    await expect(ada.composer).to_have_value("half a sen")


async def test_a_page_that_the_server_understands_no_more_goes_over_to_the_version_that_it_does(
    stage: Stage, edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await stage.room("ada")
    ada = await stage.screen("ada", room)
    device = stage.devices[0]
    await ada.page.clock.install()
    await ada.composer.press_sequentially("half a sen")
    monkeypatch.setattr(upgrade, "PROTOCOL", "safevoice.v2")
    Editions.latest.publish(edition)
    # What of the old version was still to come, and is no more.
    device.expect_complaint("404 .*/assets/")
    # Browsers call it a handshake that went wrong.
    device.expect_complaint("Sec-WebSocket-Protocol")
    device.line.cut()
    await expect(ada.connection).to_contain_text("Reconnecting")
    # It does not look for one all the time.
    await ada.page.clock.fast_forward(UNSEEN_MS)
    await expect(ada.page.get_by_text(READY)).to_be_visible()
    monkeypatch.setattr(upgrade, "PROTOCOL", PROTOCOL)
    await ada.button("Update now").click()
    await expect_next(ada.page)
    await ada.is_connected()
    await expect(ada.composer).to_have_value("half a sen")
