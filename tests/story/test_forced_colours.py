"""In a palette of one's own, which the system forces on all pages, what colour tells elsewhere is told."""

import io
from collections.abc import Awaitable, Callable

from PIL import Image, ImageChops
from playwright.async_api import Locator, Page, expect

from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.test_keyboard_paths import tab_through
from tests.story.test_language import GO

FORCED = {"forced_colors": "active"}

_LINES = """(selector) => {
  const plain = 'rgba(0, 0, 0, 0)'
  const seen = (style, side) => {
    const [kind, width, colour] = ['Style', 'Width', 'Color'].map((what) => style[`border${side}${what}`])
    return kind !== 'none' && parseFloat(width) > 0 && colour !== style.backgroundColor && colour !== plain
  }
  const ringed = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  // Its own, or that of the box that it fills.
  const lined = (element) => {
    for (let each = element, n = 0; each && n < 4; each = each.parentElement, n++) {
      const style = getComputedStyle(each)
      const all = ['Top', 'Right', 'Bottom', 'Left']
      if (ringed(style) || all.every((side) => seen(style, side))) return true
    }
    return false
  }
  return [...document.querySelectorAll(selector)]
    .filter((each) => each.checkVisibility() && each.clientWidth > 1 && !lined(each))
    .map((each) => each.outerHTML.slice(0, 90))
}"""
"""What has no line around it."""

BOXES = """input:not([type=checkbox], [type=radio], [type=file], [type=range], [type=color]), textarea,
select, dialog[open], :popover-open, main, [role=switch], .button"""


async def pixels(what: Locator) -> Image.Image:
    return Image.open(io.BytesIO(await what.screenshot(animations="disabled"))).convert("RGB")


async def changed(what: Locator, deed: Callable[[], Awaitable[None]]) -> int:
    """How many pixels of it are others after the deed."""
    before = await pixels(what)
    await deed()
    after = await pixels(what)
    assert before.size == after.size
    differ = ImageChops.difference(before, after).convert("L").point(lambda value: 255 if value > 60 else 0)
    return differ.histogram()[255]


async def has_lines(page: Page) -> None:
    assert await page.evaluate(_LINES, BOXES) == []


async def ground(what: Locator) -> str:
    colour: str = await what.evaluate("(element) => getComputedStyle(element).backgroundColor")
    return colour


async def in_two_rooms(stage: Stage) -> Screen:
    room = await stage.room("ada", "bela")
    await stage.room("ada", "bela", name="Kitchen")
    await (await stage.client("bela")).post(room, "Ripe tomatoes")
    screen = await stage.screen("ada", room, **FORCED)
    await screen.say("Green ones")
    await screen.shows_sent("Ripe tomatoes", "Green ones")
    return screen


async def test_fields_dialogs_menus_and_panes_have_lines_around_them(stage: Stage) -> None:
    screen = await in_two_rooms(stage)
    page = screen.page
    await has_lines(page)
    await screen.button("Room menu").click()
    await expect(page.get_by_role("menuitem").first).to_be_visible()
    await has_lines(page)
    await page.get_by_role("menuitem", name="Notifications").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await has_lines(page)
    await page.keyboard.press("Escape")
    for path in ("/settings/profile", "/settings/look", "/browse"):
        await page.evaluate(GO, path)
        await expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        await has_lines(page)


async def test_the_focus_is_seen_on_everything_that_takes_it(stage: Stage) -> None:
    screen = await in_two_rooms(stage)
    await screen.page.get_by_role("link", name="Skip to the conversation").focus()
    names = await tab_through(screen.page, 18)
    assert {"Search", "Mentions", "Members", "Message"} <= set(names)


async def test_what_is_chosen_differs_from_what_is_not(stage: Stage) -> None:
    screen = await in_two_rooms(stage)
    page = screen.page
    assert await ground(screen.room("Garden")) != await ground(screen.room("Kitchen"))
    await page.evaluate(GO, "/settings/notifications")
    switch = page.get_by_role("main").get_by_role("switch").first
    assert await changed(switch, switch.click) > 60
    await page.evaluate(GO, "/settings/look")
    dark = page.get_by_role("radio", name="Dark", exact=True)
    label = page.locator("label").filter(has=dark)
    assert await changed(label, dark.check) > 200
    await page.keyboard.press("Control+k")
    options = page.get_by_role("dialog").get_by_role("option")
    await expect(options.nth(1)).to_be_visible()
    assert await ground(options.first) != await ground(options.nth(1))
