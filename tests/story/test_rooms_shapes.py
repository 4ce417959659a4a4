"""Every dialog about rooms on every size of screen, and by keyboard alone."""

import pytest
from playwright.async_api import ViewportSize, expect

from tests.story.device import DESKTOP, PHONE
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.test_rooms_new import begin
from tests.story.test_shapes import NARROW, assert_fits

BEGINNINGS = ("Message a person", "New group", "New room", "New secret room", "Enter a code")
LONG = "Something-that-nobody-would-ever-call-a-room-but-that-one-could"


@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP], ids=["360", "390", "1440"])
async def test_every_dialog_about_rooms_fits(stage: Stage, viewport: ViewportSize) -> None:
    room = await stage.room("root", "bela", "chidi", name=LONG)
    screen = await stage.screen("root", viewport=viewport, reduced_motion="reduce")
    for what in BEGINNINGS:
        await begin(screen, what)
        await closes_well(screen)
    await screen.nothing_lies_over_it()
    await screen.page.goto(f"{screen.origin}/browse")
    await screen.button("Categories").click()
    await screen.button("Add a category").click()
    await closes_well(screen)
    await screen.nothing_lies_over_it()
    await screen.page.goto(f"{screen.origin}/room/{room}")
    await screen.button("Members").click()
    about = screen.page.get_by_role("region", name="About this room")
    await expect(about.get_by_role("region", name="Members")).to_contain_text("Bela")
    await assert_fits(screen.page)
    for button in (
        "Add people",
        "Alerts",
        "Edit",
        "Banned people",
        "Archive room",
        "Delete room",
        "Leave room",
    ):
        await about.get_by_role("button", name=button, exact=True).click()
        await closes_well(screen)
    for deed in ("Mute", "Ban", "Remove", "Make owner"):
        await screen.button("What to do with Bela").click()
        await screen.page.get_by_role("menuitem", name=deed, exact=True).click()
        await closes_well(screen)


async def closes_well(screen: Screen) -> None:
    """What is open fits the screen, and Esc closes it and nothing else."""
    dialog = screen.page.locator("dialog[open]")
    await expect(dialog.get_by_role("heading").first).to_be_visible()
    await assert_fits(screen.page)
    await screen.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_an_icon_is_chosen_by_keyboard(stage: Stage) -> None:
    screen = await stage.screen("ada")
    await begin(screen, "New room")
    await screen.field("Name").fill("Sky")
    await screen.page.keyboard.press("Shift+Tab")
    await screen.page.keyboard.press("Enter")
    await screen.page.keyboard.press("Tab")
    await screen.page.keyboard.press("Tab")
    await screen.page.keyboard.press("ArrowDown")
    await screen.page.keyboard.press("ArrowRight")
    await screen.page.keyboard.press("Enter")
    await screen.button("Make room").click()
    await expect(screen.room("Sky")).to_contain_text("🌻")
