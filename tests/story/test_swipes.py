"""What fingers do on a phone."""

import re

from playwright.async_api import Route, expect

from tests.story.device import MOVING, PHONE, phone
from tests.story.fingers import Finger, middle, swipe
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.test_places import RESTS
from tests.story.test_shapes import press_and_hold

WIDTH = PHONE["width"]


AT_REST = """() => {
  const { x, width } = document.querySelector('main').getBoundingClientRect()
  return x === 0 && width === innerWidth
}"""
"""The page lies where it belongs."""


async def on_phone(stage: Stage, path: str = "/", **options: object) -> Screen:
    screen = await (await stage.device("ada", **phone(**(MOVING | options)))).open(path)
    await screen.is_connected()
    return screen


async def test_a_swipe_from_the_edge_goes_back_and_can_be_taken_back(stage: Stage) -> None:
    await stage.room("ada", "bela")
    screen = await on_phone(stage)
    page = screen.page
    await screen.enter("Garden")
    await page.wait_for_function(AT_REST)
    async with Finger(page).down(24, 300) as finger:
        await finger.moves(24, 300, 224, 310)
        # It follows the finger, with the list under it.
        await expect(screen.room("Garden")).to_be_visible()
        await page.wait_for_function(
            "() => Math.round(document.querySelector('main').getBoundingClientRect().x) === 200"
        )
        await finger.moves(224, 310, 40, 310)
    await expect(screen.room("Garden")).to_be_hidden()
    await page.wait_for_function(AT_REST)
    await expect(screen.composer).to_be_visible()
    # From the middle it is no way back, nor from the very edge, which is the system's.
    for start in (2, 200):
        await swipe(page, start, 300, start + 180, 300)
        await expect(screen.composer).to_be_visible()
    await swipe(page, 24, 300, 320, 310)
    await page.wait_for_url(f"{screen.origin}/")
    await expect(screen.room("Garden")).to_be_visible()
    await expect(page.locator(".peeking")).to_have_count(0)


async def test_a_swipe_over_the_members_closes_only_those(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    screen = await on_phone(stage, f"/room/{room}")
    await screen.button("Members").click()
    members = screen.page.get_by_role("region", name="Members")
    await expect(members).to_contain_text("Bela")
    await screen.page.wait_for_function("() => history.state.layers === 1")
    await swipe(screen.page, 24, 500, 330, 500)
    await expect(members).to_be_hidden()
    await expect(screen.composer).to_be_visible()


async def test_a_page_of_the_settings_is_left_for_the_settings(stage: Stage) -> None:
    screen = await on_phone(stage, "/settings/devices")
    await expect(screen.page.get_by_role("heading", name="Devices", exact=True)).to_be_visible()
    await swipe(screen.page, 24, 500, 330, 500)
    await screen.page.wait_for_url(f"{screen.origin}/settings")


async def test_a_message_swiped_along_the_line_is_answered(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    await bela.talk(room, 30)
    await bela.post(room, "Ripe tomatoes")
    screen = await on_phone(stage, f"/room/{room}")
    replying = screen.page.get_by_text("Replying to Bela")
    jump = screen.button("Jump to the newest message")
    await jump.tap()
    await expect(jump).to_be_hidden()
    x, y = await middle(screen.row("Ripe tomatoes").locator(".bubble"))
    # Not far enough: it springs back.
    await swipe(screen.page, x, y, x + 40, y + 4)
    await expect(screen.page.locator("article .sign")).to_have_count(0)
    await expect(replying).to_be_hidden()
    # Down is a scroll, whatever comes of it sideways later.
    await swipe(screen.page, x, y - 350, x + 60, y - 50)
    await expect(jump).to_be_visible()
    await expect(replying).to_be_hidden()
    # A tap into what still rolls only stops it.
    await screen.page.evaluate(RESTS)
    await jump.tap()
    await expect(jump).to_be_hidden()
    x, y = await middle(screen.row("Ripe tomatoes").locator(".bubble"))
    async with Finger(screen.page).down(x, y) as finger:
        await finger.moves(x, y, x + 80, y + 6)
        await expect(screen.page.locator("article .sign")).to_have_class(re.compile("past"))
    await expect(replying).to_be_visible()
    await expect(screen.composer).to_be_focused()


async def test_from_right_to_left_fingers_go_the_other_way(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await (await stage.client("bela")).post(room, "Ripe tomatoes")
    screen = await on_phone(stage, f"/room/{room}", reduced_motion="reduce")
    page = screen.page
    await page.evaluate("() => void (document.documentElement.dir = 'rtl')")
    x, y = await middle(screen.row("Ripe tomatoes").locator(".bubble"))
    await swipe(page, x, y, x + 80, y)
    await expect(page.get_by_text("Replying to Bela")).to_be_hidden()
    await swipe(page, x, y, x - 80, y)
    await expect(page.get_by_text("Replying to Bela")).to_be_visible()
    await swipe(page, 24, 300, 300, 300)
    await expect(screen.composer).to_be_visible()
    await swipe(page, WIDTH - 24, 300, 60, 300)
    await expect(screen.room("Garden")).to_be_visible()


async def test_a_sheet_goes_down_with_the_finger(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await (await stage.client("bela")).post(room, "Ripe tomatoes")
    screen = await on_phone(stage, f"/room/{room}")
    await press_and_hold(screen, "Ripe tomatoes")
    sheet = screen.page.get_by_role("dialog", name="Message actions")
    x, y = await middle(sheet.get_by_text("Ripe tomatoes"))
    async with Finger(screen.page).down(x, y) as finger:
        await finger.moves(x, y, x, y + 60)
        await finger.moves(x, y + 60, x, y + 10)
    await expect(sheet).to_be_visible()
    await swipe(screen.page, x, y, x, y + 260)
    await expect(sheet).to_be_hidden()
    await screen.page.wait_for_function("() => (history.state?.layers ?? 0) === 0")


async def test_a_long_press_on_a_room_offers_what_one_can_do(stage: Stage) -> None:
    await stage.room("ada", "bela")
    screen = await on_phone(stage)
    x, y = await middle(screen.room("Garden"))
    async with Finger(screen.page).down(x, y):
        await expect(screen.page.get_by_role("dialog", name="Garden")).to_be_visible()
    await expect(screen.page.get_by_role("button", name="Mark as unread")).to_be_visible()


async def test_a_sheet_that_is_closed_before_one_could_pull_at_it_is_gone_for_good(stage: Stage) -> None:
    screen = await stage.screen("ada", **phone())
    page = screen.page
    held: list[Route] = []
    await page.route("**/assets/sheet-*.js", lambda route: held.append(route))
    async with page.expect_request("**/assets/sheet-*.js") as asked:
        await screen.button("New conversation").locator("visible=true").click()
        await page.get_by_role("menuitem", name="New room").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await held[0].continue_()
    await page.evaluate("(part) => import(part).then(() => undefined)", (await asked.value).url)
