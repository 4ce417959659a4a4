"""Back closes what lies on top, every address has a way up, and no step leads nowhere."""

from playwright.async_api import Page, expect

from tests.story.device import MOVING, phone
from tests.story.screen import Screen
from tests.story.stage import Stage

_LAYERS = "() => history.state?.layers ?? 0"


async def has_layers(page: Page, count: int) -> None:
    """So many things lie over the page in the browser's history; waits for it."""
    await page.wait_for_function(f"() => (history.state?.layers ?? 0) === {count}")


async def at_list(screen: Screen) -> None:
    await expect(screen.page.get_by_role("list", name="Conversations")).to_be_visible()
    assert screen.page.url == f"{screen.origin}/"


async def test_back_closes_what_lies_on_top_before_it_leaves_the_page(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    await bela.post(room, "Ripe tomatoes")
    screen = await (await stage.device("ada", **phone())).open()
    page = screen.page
    await screen.enter("Garden")
    in_room = page.get_by_role("region", name="Conversation: Garden")
    await screen.button("Members").click()
    members = page.get_by_role("region", name="Members")
    await members.get_by_role("button", name="Bela").first.click()
    card = page.get_by_role("dialog", name="Bela")
    await expect(card).to_be_visible()
    await has_layers(page, 2)
    await page.go_back()
    await expect(card).to_be_hidden()
    await expect(members).to_be_visible()
    await page.go_back()
    await expect(members).to_be_hidden()
    await expect(in_room).to_be_visible()
    await page.go_forward()
    await expect(members).to_be_visible()
    await page.reload()
    await expect(members).to_be_visible()
    await page.go_back()
    await expect(members).to_be_hidden()
    await page.go_back()
    await at_list(screen)


async def test_what_was_closed_by_hand_leaves_no_step_that_leads_nowhere(stage: Stage) -> None:
    await stage.room("ada", "bela")
    await stage.room("ada", name="Kitchen")
    screen = await (await stage.device("ada", **phone())).open()
    page = screen.page
    await screen.enter("Garden")
    await screen.button("Members").click()
    await has_layers(page, 1)
    await screen.button("Close").click()
    await has_layers(page, 0)
    await page.go_back()
    await at_list(screen)
    await screen.button("New conversation").locator("visible=true").click()
    await has_layers(page, 1)
    await page.get_by_role("menuitem", name="New room").click()
    await expect(page.get_by_role("dialog", name="New room")).to_be_visible()
    await page.keyboard.press("Escape")
    await has_layers(page, 0)
    # A place that one goes to from a dialog stands right behind the page that it lay over.
    await page.keyboard.press("Control+k")
    await has_layers(page, 1)
    await page.get_by_role("option", name="Kitchen").click()
    await expect(page.get_by_role("region", name="Conversation: Kitchen")).to_be_visible()
    await page.go_back()
    await at_list(screen)


async def test_a_page_that_goes_takes_the_dialog_along_that_is_closing(stage: Stage) -> None:
    screen = await (await stage.device("ada", **MOVING)).open("/settings/devices")
    page = screen.page
    await page.get_by_role("main").get_by_role("button", name="browser 1").click()
    await has_layers(page, 1)
    await page.evaluate(
        """() => {
          document.querySelector('dialog header button').click()
          document.querySelector('a[href="/people"]').click()
        }"""
    )
    await expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_every_address_has_a_way_up(stage: Stage) -> None:
    room = await stage.room("root", "bela")
    said = await (await stage.client("bela")).post(room, "Ripe tomatoes")
    device = await stage.device("root", **phone())
    screen = await device.open(f"/room/{room}/m/{said['subject']}")
    await expect(screen.row("Ripe tomatoes")).to_be_in_viewport()
    await screen.button("Back").click()
    await at_list(screen)
    for address, above in (("/settings/look", "/settings"), ("/admin/audit", "/admin"), ("/browse", "/")):
        await screen.page.goto(screen.origin + address)
        await screen.button("Back").locator("visible=true").click()
        await screen.page.wait_for_url(screen.origin + above)
    await screen.page.goto(screen.origin + "/nowhere/at/all")
    await screen.says("There is no page at that address.")
    await at_list(screen)


async def test_a_list_is_found_where_it_was_left(stage: Stage) -> None:
    for number in range(24):
        await stage.room("ada", name=f"Room {number:02}")
    # Without the page coming in from its side: the place is measured at once.
    screen = await (await stage.device("ada", **phone(), reduced_motion="reduce")).open()
    rows = screen.page.get_by_role("list", name="Conversations")
    last = rows.get_by_role("link").last
    await last.scroll_into_view_if_needed()
    at = await last.bounding_box()
    await last.click()
    await expect(screen.composer).to_be_visible()
    await screen.button("Back").click()
    await expect(last).to_be_in_viewport()
    assert await last.bounding_box() == at
