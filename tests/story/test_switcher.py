"""From anywhere to anywhere by a few letters."""

import pytest
from playwright.async_api import Locator, expect

from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage

_OPENING = """async () => {
  const began = performance.now()
  document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }))
  while (!document.querySelector('[role=option]')) await new Promise(requestAnimationFrame)
  return performance.now() - began
}"""


async def opened(screen: Screen) -> Locator:
    """By its keys; returns the dialog."""
    await screen.page.keyboard.press("Control+k")
    dialog = screen.page.get_by_role("dialog", name="Jump to")
    await expect(dialog.get_by_role("combobox")).to_be_focused()
    return dialog


async def test_a_few_letters_find_rooms_people_and_actions(stage: Stage) -> None:
    await stage.account("bela")
    for name in ("Garden", "Kitchen", "Café Über"):
        await stage.room("ada", name=name)
    screen = await stage.screen("ada")
    dialog = await opened(screen)
    options = dialog.get_by_role("option")
    await screen.page.keyboard.type("gdn")
    await expect(options.first).to_contain_text("Garden")
    await expect(options.first.locator("mark")).to_have_text(["G", "d", "n"])
    await screen.page.keyboard.press("Control+a")
    await screen.page.keyboard.type("cafe ub")
    await expect(options.first).to_contain_text("Café Über")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("region", name="Conversation: Café Über")).to_be_visible()
    # Somebody whom this browser has never met: the server is asked, and Enter begins a conversation.
    dialog = await opened(screen)
    await screen.page.keyboard.type("bel")
    person = dialog.get_by_role("group", name="People").get_by_role("option", name="Bela")
    await expect(person).to_have_attribute("aria-selected", "true")
    await screen.page.keyboard.press("Shift+Enter")
    card = screen.page.get_by_role("dialog", name="Bela")
    await expect(card).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await opened(screen)
    await screen.page.keyboard.type("bel")
    await expect(person).to_be_visible()
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("region", name="Conversation: Bela")).to_be_visible()
    await opened(screen)
    await screen.page.keyboard.type("nr")
    await expect(options.first).to_contain_text("New room")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("dialog", name="New room")).to_be_visible()


async def test_nothing_typed_shows_what_is_unread_and_where_one_was(stage: Stage) -> None:
    garden = await stage.room("ada", "bela")
    for name in ("Kitchen", "Attic"):
        await stage.room("ada", name=name)
    bela = await stage.client("bela")
    screen = await stage.screen("ada")
    await screen.enter("Attic")
    await screen.enter("Kitchen")
    await bela.post(garden, "Ripe tomatoes")
    await expect(screen.room("Garden").locator(".badge")).to_have_text("1")
    dialog = await opened(screen)
    unread = dialog.get_by_role("group", name="Unread").get_by_role("option")
    await expect(unread).to_have_count(1)
    await expect(unread.locator(".badge")).to_have_text("1")
    recent = dialog.get_by_role("group", name="Recent").get_by_role("option")
    await expect(recent).to_have_count(1)
    await expect(recent.first).to_contain_text("Attic")
    await screen.page.keyboard.press("ArrowDown")
    field = dialog.get_by_role("combobox")
    chosen = await field.get_attribute("aria-activedescendant")
    assert await recent.first.get_attribute("id") == chosen
    await screen.page.keyboard.press("ArrowUp")
    await screen.page.keyboard.press("ArrowUp")
    await expect(dialog.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    await screen.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(screen.composer).to_be_focused()
    assert await screen.page.evaluate(_OPENING) < 300, "below 100 ms on a quiet machine"


async def test_it_offers_what_one_may_do_and_nothing_else(stage: Stage) -> None:
    await stage.room("ada", "root")
    for name, found in (("ada", False), ("root", True)):
        screen = await stage.screen(name)
        dialog = await opened(screen)
        await screen.page.keyboard.type("admin audit")
        option = dialog.get_by_role("option", name="Admin: Audit")
        await expect(option).to_have_count(int(found))
        await screen.page.keyboard.press("Control+a")
        await screen.page.keyboard.type("dark")
        await dialog.get_by_role("option", name="Theme: Dark").click()
        await expect(screen.page.locator("html")).to_have_attribute("data-theme", "dark")
        await opened(screen)
        await screen.page.keyboard.type("sign out")
        await screen.page.keyboard.press("Enter")
        await expect(screen.page.get_by_role("alertdialog", name="Sign out")).to_be_visible()


@pytest.mark.shell
async def test_it_works_on_a_phone_and_without_a_network(stage: Stage) -> None:
    await stage.room("ada", "bela")
    device = await stage.device("ada", **phone())
    screen = await device.open()
    await screen.is_connected()
    await device.installed()
    await device.lose_network()
    await screen.page.keyboard.press("Control+k")
    dialog = screen.page.get_by_role("dialog", name="Jump to")
    await dialog.get_by_role("combobox").fill("grdn")
    where = "(field) => Math.round(field.getBoundingClientRect().top)"
    top = await dialog.get_by_role("combobox").evaluate(where)
    await dialog.get_by_role("combobox").fill("zzz")
    await expect(dialog.get_by_text("Nothing by that name.")).to_be_visible()
    assert await dialog.get_by_role("combobox").evaluate(where) == top
    await dialog.get_by_role("combobox").fill("gard")
    await dialog.get_by_role("option", name="Garden").tap()
    await expect(screen.composer).to_be_visible()
