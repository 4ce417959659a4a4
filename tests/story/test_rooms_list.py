"""The list of rooms: what it says of them, and what one can do there."""

import re

from playwright.async_api import expect

from tests.story.screen import Screen
from tests.story.stage import Stage


async def choose(screen: Screen, title: str, what: str) -> None:
    """From the menu under the right button."""
    await screen.page.bring_to_front()
    await screen.room(title).click(button="right")
    await screen.page.get_by_role("menuitem", name=what).click()


async def test_a_room_is_put_aside_as_unread_and_taken_back_on_all_screens(stage: Stage) -> None:
    await stage.room("ada", "bela")
    laptop, other = await stage.screen("ada"), await stage.screen("ada")
    await choose(laptop, "Garden", "Mark as unread")
    for screen in (laptop, other):
        await expect(screen.room("Garden")).to_contain_text("Marked as unread")
    await choose(other, "Garden", "Mark as read")
    for screen in (laptop, other):
        await expect(screen.room("Garden")).not_to_contain_text("Marked as unread")


async def test_a_muted_room_counts_quietly_until_it_is_unmuted(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada"), await stage.client("bela")
    await choose(ada, "Garden", "Mute")
    dialog = ada.page.get_by_role("dialog", name="Notifications of Garden")
    await dialog.get_by_label("Mute").select_option("8 hours")
    await dialog.get_by_role("button", name="Save").click()
    await bela.post(room, "Psst")
    await expect(ada.room("Garden").locator(".badge")).to_have_class(re.compile(r"\bquiet\b"))
    await choose(ada, "Garden", "Unmute")
    await expect(ada.room("Garden").locator(".badge")).to_have_class(re.compile(r"\bcount\b"))


async def test_the_menu_opens_by_keyboard_and_leaves_the_room(stage: Stage) -> None:
    await stage.room("ada", "bela")
    ada = await stage.screen("ada")
    await ada.room("Garden").focus()
    await ada.page.keyboard.press("Shift+F10")
    await expect(ada.page.get_by_role("menuitem", name="Mark as unread")).to_be_focused()
    await ada.page.keyboard.press("ArrowUp")
    await ada.page.keyboard.press("Enter")
    await ada.page.get_by_role("alertdialog").get_by_role("button", name="Leave").click()
    await expect(ada.room("Garden")).to_be_hidden()
