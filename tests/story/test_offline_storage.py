"""What the browser keeps, and how it is given back."""

import pytest
from playwright.async_api import expect

from tests.story.stage import Stage
from tests.story.traces import EMPTY, FILL, SMALL, assert_kept, rows, wait_until_kept

pytestmark = pytest.mark.shell

FULL = "This device has no room left for messages."


async def test_messages_are_removed_from_the_browser_room_by_room_and_all_at_once(stage: Stage) -> None:
    garden = await stage.room("ada", "bela")
    kitchen = await stage.room("ada", "bela", name="Kitchen")
    bela = await stage.client("bela")
    await bela.post(garden, "Lettuce in the third row")
    await bela.post(kitchen, "Soup is ready")
    ada = await stage.screen("ada", garden)
    device = stage.devices[0]
    await device.installed()
    await ada.composer.fill("half a sen")
    await wait_until_kept(ada.page, "messages", "Soup is ready")
    await wait_until_kept(ada.page, "drafts", "half a sen")
    await ada.page.goto(f"{ada.origin}/settings/storage")
    listed = ada.page.get_by_role("list", name="By room").get_by_role("listitem")
    await expect(listed).to_have_count(2)
    await expect(listed.filter(has_text="Kitchen")).to_contain_text("1 message · Not opened yet")
    await ada.button("Remove Kitchen from this browser").click()
    await expect(listed).to_have_count(1)
    assert [row["room"] for row in await rows(ada.page, "messages")] == [garden]
    await ada.button("Free space").click()
    await ada.page.get_by_role("alertdialog").get_by_role("button", name="Free space").click()
    await expect(listed).to_have_text("No messages are kept here yet.")
    await assert_kept(ada.page, "half a sen")
    await ada.enter("Garden")
    await ada.shows("Lettuce in the third row")
    await expect(ada.composer).to_have_value("half a sen")


async def test_where_the_disk_is_full_it_is_said_and_nothing_that_was_written_is_lost(stage: Stage) -> None:
    garden = await stage.room("ada", "bela")
    device = await stage.device("ada")
    disk = await device.context.new_cdp_session(await device.context.new_page())
    await disk.send("Storage.overrideQuotaForOrigin", {"origin": device.url, "quotaSize": SMALL})
    ada = await device.open(f"/room/{garden}")
    await ada.say("Before")
    await ada.shows_sent("Before")
    await ada.page.evaluate(FILL)
    await ada.composer.fill("After that")
    await ada.composer.press("Enter")
    await expect(ada.page.get_by_text(FULL)).to_be_visible()
    await expect(ada.composer).to_have_value("After that")
    await (await stage.client("bela")).post(garden, "One reads along")
    await ada.shows("Before", "One reads along")
    await ada.page.evaluate(EMPTY)
    await ada.composer.press("Enter")
    await ada.shows_sent("Before", "One reads along", "After that")
    await expect(ada.page.get_by_text(FULL)).to_have_count(0)
    assert await stage.messages(garden) == 3
