"""Phone and desktop, light and dark."""

from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.story.device import DESKTOP, PHONE, phone
from tests.story.screen import Screen
from tests.story.stage import Stage

NARROW = ViewportSize(width=360, height=640)

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
WIDE = "```\n" + "let everything = on_one_line; " * 20 + "\n```"

PAGES = (
    ("/browse", "Discover"),
    ("/people", "People"),
    ("/mentions", "Mentions"),
    ("/search", "Search"),
    ("/settings", "Settings"),
    ("/settings/devices", "Devices"),
)

_TOO_WIDE = """() => {
  const page = document.documentElement
  const wider = [...document.querySelectorAll('body *')].filter((each) => {
    const box = each.getBoundingClientRect()
    const aside = 'pre, .unseen, [popover], [role=tablist], [role=table] > .head, [data-sideways]'
    const scrolls = each.closest(aside)
    return box.width > 0 && box.right > innerWidth + 1 && !scrolls
  })
  return { page: page.scrollWidth - innerWidth, wider: wider.map((each) => each.className).slice(0, 5) }
}"""

_RATIO = """(element) => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const paint = (color) => { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1) }
  const pixel = () => [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
  const behind = []
  for (let each = element; each; each = each.parentElement) {
    behind.unshift(getComputedStyle(each).backgroundColor)
  }
  paint('white')
  behind.forEach(paint)
  const back = pixel()
  paint(getComputedStyle(element).color)
  const light = (rgb) => rgb
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0)
  const [a, b] = [light(back), light(pixel())].sort((x, y) => y - x)
  return (a + 0.05) / (b + 0.05)
}"""


async def assert_fits(page: Page) -> None:
    """Nothing reaches over the edge, and the page does not scroll sideways."""
    found: dict[str, Any] = await page.evaluate(_TOO_WIDE)
    assert found["page"] <= 0, f"{page.url} scrolls sideways by {found['page']} px: {found['wider']}"
    assert not found["wider"], f"{page.url}: over the edge: {found['wider']}"


async def busy_room(stage: Stage) -> str:
    room = await stage.room("ada", "bela", topic="Beds, seeds, weather, and who waters what and when " * 2)
    bela = await stage.client("bela")
    first = await bela.post(room, "The tomatoes are *ripe*. Who wants some?")
    for text in (LONG_WORD, WIDE, "https://example.org/" + "a" * 300, "🍅", "> quoted\n\n- one\n- two"):
        await bela.post(room, text)
    await bela.post(room, "An answer", reply_to=first["subject"])
    return room


@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP], ids=["360", "390", "1440"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_page_fits(stage: Stage, viewport: ViewportSize, theme: str) -> None:
    room = await busy_room(stage)
    # Without motion everything stands where it will stay.
    options = {"viewport": viewport, "color_scheme": theme, "reduced_motion": "reduce"}
    screen = await stage.screen("ada", room, **options)
    await expect(screen.texts.last).to_have_text("An answer")
    await expect(screen.composer).to_be_in_viewport(ratio=1)
    await assert_fits(screen.page)
    await screen.button("Members").click()
    await expect(screen.page.get_by_role("region", name="Members")).to_contain_text("Bela")
    await assert_fits(screen.page)
    for path, heading in PAGES:
        await screen.page.goto(screen.origin + path)
        await expect(screen.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        await assert_fits(screen.page)
    stranger = await stage.stranger(**options)
    door = await stranger.open()
    await door.is_at_sign_in()
    await assert_fits(door.page)


async def test_on_a_phone_one_goes_from_the_list_into_a_room_and_back(stage: Stage) -> None:
    garden, kitchen = await stage.room("ada", "bela"), await stage.room("ada", name="Kitchen")
    device = await stage.device("ada", **phone())
    screen = await device.open()
    await screen.is_connected()
    await screen.enter("Garden")
    await expect(screen.room("Garden")).to_be_hidden()
    await expect(screen.composer).to_be_in_viewport(ratio=1)
    # A finger that taps twice means it once: a second step would leave the app.
    await screen.button("Back").dblclick()
    await expect(screen.room("Garden")).to_be_visible()
    await screen.enter("Kitchen")
    assert screen.page.url.endswith(kitchen)
    await screen.page.go_back()
    await expect(screen.room("Kitchen")).to_be_visible()
    await screen.page.go_forward()
    await expect(screen.page.get_by_role("region", name="Conversation: Kitchen")).to_be_visible()
    link = await device.open(f"/room/{garden}")
    await link.button("Back").click()
    await expect(link.room("Garden")).to_be_visible()


async def test_on_a_phone_the_button_sends_and_a_long_press_offers_actions(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    device = await stage.device("ada", **phone())
    screen = await device.open(f"/room/{room}")
    await screen.is_connected()
    await screen.composer.fill("From my thumb")
    await screen.button("Send").tap()
    await screen.shows_sent("From my thumb")
    await press_and_hold(screen, "From my thumb")
    sheet = screen.page.get_by_role("dialog", name="Message actions")
    await sheet.get_by_role("button", name="Edit").click()
    await screen.composer.fill("From my other thumb")
    await screen.button("Save").tap()
    await screen.shows_sent("From my other thumb")


async def press_and_hold(screen: Screen, text: str) -> None:
    """A finger that stays: playwright has only taps."""
    box = await screen.row(text).locator(".bubble").bounding_box()
    assert box is not None
    touch = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    session = await screen.page.context.new_cdp_session(screen.page)
    await session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
    await expect(screen.page.get_by_role("dialog", name="Message actions")).to_be_visible()
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def test_on_a_phone_the_lost_connection_is_told_inside_the_room(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    device = await stage.device("ada", **phone())
    screen = await device.open(f"/room/{room}")
    await screen.say_by_button("Before the tunnel")
    await screen.shows_sent("Before the tunnel")
    await device.lose_network()
    await expect(screen.page.get_by_role("main").get_by_text("No network.")).to_be_in_viewport()
    await device.find_network()
    await expect(screen.page.get_by_role("main").get_by_text("No network.")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_words_can_be_read_in_both_themes(stage: Stage, theme: str) -> None:
    room = await busy_room(stage)
    screen = await stage.screen("ada", room, color_scheme=theme)
    await screen.say("My own words")
    await expect(screen.texts.last).to_have_text("My own words")
    words = (
        screen.texts.first,
        screen.texts.last,
        screen.log.locator("time").first,
        screen.log.locator("article b").first,
        screen.log.locator(".quote span").first,
        screen.log.locator(".day").first,
        screen.page.locator("header p").first,
        screen.page.locator(".preview").first,
    )
    for each in words:
        ratio = await each.evaluate(_RATIO)
        assert ratio >= 4.5, f"{await each.inner_text()!r} has a contrast of only {ratio:.2f}"


async def test_by_keyboard_alone_one_finds_a_room_and_mends_a_message(stage: Stage) -> None:
    await stage.room("ada", name="Kitchen")
    room = await stage.room("ada", "bela")
    screen = await stage.screen("ada", room)
    await screen.page.keyboard.press("Control+k")
    await expect(screen.page.get_by_role("dialog", name="Jump to")).to_be_visible()
    await screen.page.keyboard.type("kit")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("region", name="Conversation: Kitchen")).to_be_visible()
    await expect(screen.composer).to_be_focused()
    await screen.page.keyboard.type("A misteak")
    await screen.page.keyboard.press("Enter")
    await screen.shows_sent("A misteak")
    await screen.page.keyboard.press("ArrowUp")
    await expect(screen.composer).to_have_value("A misteak")
    await screen.page.keyboard.press("Control+a")
    await screen.page.keyboard.type("A mistake")
    await screen.page.keyboard.press("Enter")
    await screen.shows_sent("A mistake")
    await screen.page.keyboard.press("ArrowUp")
    await screen.page.keyboard.press("Escape")
    await expect(screen.composer).to_have_value("")
