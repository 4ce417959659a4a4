"""The keys, each of them."""

import re

from playwright.async_api import Page, expect

from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.test_places import RESTS


async def in_room(page: Page, title: str) -> None:
    await expect(page.get_by_role("region", name=f"Conversation: {title}")).to_be_visible()


async def test_keys_lead_from_room_to_room(stage: Stage) -> None:
    for name in ("Attic", "Kitchen"):
        await stage.room("ada", name=name)
    garden = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    screen = await stage.screen("ada")
    page, press = screen.page, screen.page.keyboard.press
    await screen.enter("Kitchen")
    await press("Alt+ArrowDown")
    await in_room(page, "Attic")
    await press("Alt+ArrowUp")
    await in_room(page, "Kitchen")
    await press("Alt+ArrowDown")
    await in_room(page, "Attic")
    await bela.post(garden, "Ripe tomatoes")
    await expect(screen.room("Garden").locator(".badge")).to_have_text("1")
    await press("Alt+Shift+ArrowDown")
    await in_room(page, "Garden")
    await press("Control+Shift+U")
    await page.wait_for_url("**/catchup")
    await press("Control+Shift+2")
    await expect(page.get_by_role("heading", name="Mentions", exact=True)).to_be_visible()
    await press("Control+Shift+E")
    await expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    await press("Control+,")
    await expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


async def test_escape_closes_the_top_and_then_leads_to_the_newest(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    await bela.talk(room, 40)
    screen = await stage.screen("ada", room)
    page, press = screen.page, screen.page.keyboard.press
    await expect(screen.composer).to_be_focused()
    await press("PageUp")
    await press("PageUp")
    jump = screen.button("Jump to the newest message")
    await expect(jump).to_be_visible()
    await press("Control+.")
    members = page.get_by_role("region", name="Members")
    await expect(members).to_be_visible()
    await press("Escape")
    await expect(members).to_be_hidden()
    await expect(jump).to_be_visible()
    await press("Escape")
    await expect(screen.row("Number 39")).to_be_in_viewport()
    await expect(jump).to_be_hidden()
    # From another room it is told that this one is read.
    await stage.room("ada", name="Kitchen")
    await screen.enter("Kitchen")
    await bela.post(room, "Psst")
    await expect(screen.room("Garden").locator(".badge")).to_have_text("1")
    await screen.enter("Garden")
    await press("Control+Shift+M")
    await expect(screen.room("Garden").locator(".badge")).to_have_count(0)


async def test_a_focused_message_takes_single_keys(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    screen = await stage.screen("ada", room)
    await screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, press = screen.page, screen.page.keyboard.press
    await bela.post(room, "Ripe tomatoes")
    await screen.say("Mine")
    await screen.shows_sent("Ripe tomatoes", "Mine")
    # A letter in the field is a letter.
    await page.keyboard.type("re?")
    await expect(screen.composer).to_have_value("re?")
    await screen.composer.fill("")
    await screen.row("Mine").focus()
    await press("ArrowUp")
    await expect(screen.row("Ripe tomatoes")).to_be_focused()
    await press("c")
    await screen.says("Copied")
    assert await page.evaluate("() => navigator.clipboard.readText()") == "Ripe tomatoes"
    await press("r")
    await expect(page.get_by_text("Replying to Bela")).to_be_visible()
    await press("Escape")
    await screen.row("Ripe tomatoes").focus()
    await press("e")
    await expect(screen.composer).to_have_value("e")
    await screen.composer.fill("")
    await screen.row("Mine").focus()
    await press("e")
    await expect(screen.composer).to_have_value("Mine")
    await press("Escape")
    await screen.row("Mine").focus()
    await press("Enter")
    await expect(page.get_by_role("dialog", name="Message actions")).to_be_visible()
    await press("Escape")
    await expect(screen.row("Mine")).to_be_focused()
    await press("Delete")
    await screen.says("Message deleted")


async def test_the_focus_moves_by_screens_and_ends(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    await bela.talk(room, 60)
    screen = await stage.screen("ada", room)
    press = screen.page.keyboard.press
    await screen.button("Jump to the newest message").click()
    await screen.row("Number 59").focus()
    await press("PageUp")
    await expect(screen.row("Number 59")).not_to_be_focused()
    focused = screen.log.locator("article:focus")
    await expect(focused).to_be_in_viewport(ratio=1)
    above = await focused.inner_text()
    await press("PageDown")
    await expect(focused).not_to_have_text(above)
    await press("Home")
    await expect(screen.row("Number 0")).to_be_focused()
    await press("End")
    await expect(screen.row("Number 59")).to_be_focused()
    # What is meant for nothing else goes on with the message.
    await press("x")
    await expect(screen.composer).to_be_focused()
    await expect(screen.composer).to_have_value("x")
    await press("F6")
    await expect(
        screen.page.get_by_role("navigation", name="Rooms and people").locator("a:focus")
    ).to_have_count(1)


async def test_the_keys_are_told_and_single_ones_can_be_switched_off(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    screen = await stage.screen("ada", room)
    page, press = screen.page, screen.page.keyboard.press
    await screen.say("Mine")
    await screen.row("Mine").focus()
    await press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(dialog).to_be_visible()
    for group in (
        "Everywhere",
        "From room to room",
        "In a room",
        "On a message",
        "While writing",
        "On the microphone button",
        "In a call",
    ):
        await expect(dialog.get_by_role("heading", name=group)).to_be_visible()
    await expect(dialog.get_by_text(re.compile("^Ctrl$")).first).to_be_visible()
    await dialog.get_by_role("switch", name="Keys without Ctrl or Alt").click()
    await press("Control+/")
    await expect(dialog).to_be_hidden()
    await screen.row("Mine").focus()
    await press("e")
    await expect(screen.composer).to_have_value("e")
    await press("?")
    await expect(screen.composer).to_have_value("e?")
    await press("Control+/")
    await expect(dialog).to_be_visible()


async def test_no_key_is_taken_from_whoever_composes_a_word(stage: Stage) -> None:
    await stage.room("ada", name="Kitchen")
    room = await stage.room("ada")
    screen: Screen = await stage.screen("ada", room)
    await screen.composer.focus()
    taken = await screen.page.evaluate(
        """() => {
          const event = new KeyboardEvent('keydown', {
            key: 'ArrowDown', altKey: true, isComposing: true, bubbles: true, cancelable: true,
          })
          document.activeElement.dispatchEvent(event)
          return event.defaultPrevented
        }"""
    )
    assert taken is False
    await in_room(screen.page, "Garden")


async def test_an_enter_that_ends_a_word_sends_nothing(stage: Stage) -> None:
    room = await stage.room("ada")
    screen = await stage.screen("ada", room)
    await screen.composer.fill("にほ")
    # Safari tells of it only by the code, since the word is over by then.
    await screen.composer.evaluate(
        """(field) => void field.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true })
        )"""
    )
    await expect(screen.composer).to_have_value("にほ")


async def test_an_escape_that_is_held_closes_the_top_and_nothing_else(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    await bela.talk(room, 40)
    screen = await stage.screen("ada", room)
    page = screen.page
    await expect(screen.composer).to_be_focused()
    await page.keyboard.press("PageUp")
    await page.keyboard.press("PageUp")
    await expect(screen.button("Jump to the newest message")).to_be_visible()
    where = await page.evaluate(RESTS)
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.down("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    for _ in range(3):
        await page.keyboard.down("Escape")
    await page.keyboard.up("Escape")
    assert await page.evaluate(RESTS) == where
