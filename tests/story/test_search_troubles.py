"""Looking for what was said while something is in the way: a slow server, none, errors, what went away."""

import asyncio
import json
from typing import Any

from playwright.async_api import Page, Route, expect

from tests.story.device import phone
from tests.story.stage import Stage
from tests.story.test_search import MARKED, field, hits, opened, room_field, talked

SEARCH = "**/api/search"
SOME_FRAMES = """async () => {
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
}"""


async def held(page: Page) -> asyncio.Event:
    """Questions wait until this is set."""
    free = asyncio.Event()

    async def hold(route: Route) -> None:
        await free.wait()
        await route.continue_()

    await page.route(SEARCH, hold)
    return free


async def answered(page: Page, **changes: Any) -> None:
    """The server's answers, with something else in them."""

    async def change(route: Route) -> None:
        response = await route.fetch()
        await route.fulfill(response=response, json=await response.json() | changes)

    await page.route(SEARCH, change)


async def test_places_come_with_each_letter_and_a_slow_server_is_not_waited_for(stage: Stage) -> None:
    garden = await talked(stage, "Gardenias are in flower")
    await stage.dm("ada", "cleo")
    screen = await stage.screen("ada", garden)
    await screen.shows("Gardenias are in flower")
    free = await held(screen.page)
    await opened(screen, "gard")
    found = screen.page.get_by_role("region", name="People and rooms")
    await expect(found.get_by_role("button", name="Garden 2 members")).to_be_visible()
    note = screen.page.get_by_text("Waiting for the server.")
    await expect(note).to_be_visible()
    await expect(hits(screen)).to_contain_text("Gardenias")
    free.set()
    await expect(note).to_be_hidden()
    await expect(hits(screen)).to_contain_text("Gardenias")
    await field(screen).fill("cleo")
    # Where one wrote to somebody before, their name leads there.
    await found.get_by_role("button", name="Cleo").click()
    await expect(screen.page.get_by_role("region", name="Conversation: Cleo")).to_be_visible()


async def test_pages_without_a_hit_wait_for_somebody_who_means_it(stage: Stage) -> None:
    await talked(stage, *(f"Ripe tomatoes {n}" for n in range(25)))
    screen = await stage.screen("ada")
    asked = 0
    third = asyncio.Event()

    async def empty(route: Route) -> None:
        nonlocal asked
        asked += 1
        page = {"hits": [], "people": [], "understood": [], "more": True, "cursor": str(asked)}
        await route.fulfill(json=page)
        if asked % 3 == 0:
            third.set()

    await opened(screen, "ripe")
    await expect(hits(screen)).to_have_count(20)
    await screen.page.route(SEARCH, empty)
    more = screen.button("Show more")
    await more.scroll_into_view_if_needed()
    for pages in (3, 6):
        await third.wait()
        third.clear()
        await expect(more).to_have_attribute("aria-busy", "false")
        # What comes into sight is told a frame later.
        await screen.page.evaluate(SOME_FRAMES)
        assert asked == pages
        await more.click()


async def test_a_part_cannot_be_tapped_away_from_what_is_typed_since(stage: Stage) -> None:
    await talked(stage, "Ripe tomatoes")
    screen = await stage.screen("ada")
    await opened(screen, "ripe from:bela")
    part = screen.button("Remove: From Bela")
    await expect(part).to_be_enabled()
    free = await held(screen.page)
    await screen.page.keyboard.type(" tomatoes")
    await expect(part).to_be_disabled()
    free.set()
    await part.click()
    await expect(field(screen)).to_have_value("ripe tomatoes")


async def test_a_connection_that_breaks_while_it_searches_leaves_what_the_device_keeps(stage: Stage) -> None:
    garden = await talked(stage, "Ripe tomatoes")
    screen = await stage.screen("ada", garden)
    await screen.shows("Ripe tomatoes")
    device = stage.devices[0]
    free = await held(screen.page)
    await opened(screen, "ripe")
    await device.lose_network()
    free.set()
    note = screen.page.get_by_text("This looked through what this device keeps.")
    await expect(note).to_be_visible()
    await hits(screen).click()
    await screen.page.wait_for_function(f"() => ({MARKED})().join() === 'Ripe'")
    await screen.page.go_back()
    await expect(note).to_be_visible()
    await device.find_network()
    await expect(note).to_be_hidden()
    await expect(hits(screen)).to_have_count(1)


async def test_an_error_is_said_and_tried_again(stage: Stage) -> None:
    await talked(stage, "Ripe tomatoes")
    screen = await stage.screen("ada")
    stage.devices[0].expect_complaint("status of 500")
    refusal = json.dumps({"code": "internal", "text": "Something went wrong here."})
    await screen.page.route(SEARCH, lambda route: route.fulfill(status=500, body=refusal))
    await opened(screen, "ripe")
    await expect(screen.page.get_by_role("heading", name="That could not be looked up")).to_be_visible()
    await screen.page.unroute(SEARCH)
    await screen.button("Try again").click()
    await expect(hits(screen)).to_have_count(1)


async def test_it_says_what_is_not_findable_yet(stage: Stage) -> None:
    await talked(stage, "Ripe tomatoes")
    screen = await stage.screen("ada")
    await answered(screen.page, indexed_since=1_700_000_000_000)
    await opened(screen, "ripe")
    await expect(
        screen.page.get_by_text("What was said before 14 November 2023 may be missing")
    ).to_be_visible()
    await expect(hits(screen)).to_have_count(1)


async def test_a_hit_that_was_deleted_meanwhile_says_so(stage: Stage) -> None:
    garden = await talked(stage, "Ripe tomatoes", *(f"Line {n}" for n in range(5)))
    screen = await stage.screen("ada")
    await opened(screen, "ripe")
    await expect(hits(screen)).to_have_count(1)
    # It is gone before the news of it could come.
    device = stage.devices[0]
    await device.lose_network()
    bela = await stage.client("bela")
    message = (await hits(screen).get_attribute("data-hit")) or ""
    assert (await bela.do("delete", message=message))["op"] == "ack"
    await device.find_network()
    await expect(hits(screen)).to_have_count(0)
    await screen.page.goto(f"{device.url}/room/{garden}/m/{message}")
    await expect(screen.log.get_by_text("This message was deleted")).to_be_in_viewport()


async def test_a_room_that_one_is_taken_out_of_goes_from_everything_that_was_found(stage: Stage) -> None:
    await talked(stage, "Ripe tomatoes")
    bela = await stage.client("bela")
    kitchen = await stage.room("bela", "ada", name="Kitchen", kind="private")
    await bela.post(kitchen, "Ripe kitchen tomatoes")
    screen = await stage.screen("ada")
    await opened(screen, "kitchen")
    found = screen.page.get_by_role("region", name="People and rooms")
    await expect(found.get_by_role("button", name="Kitchen")).to_be_visible()
    await expect(hits(screen)).to_have_count(1)
    await bela.do("remove_member", room=kitchen, person=(await stage.account("ada")).id)
    await expect(hits(screen)).to_have_count(0)
    await expect(found).to_have_count(0)
    await field(screen).fill("in:kitchen ripe")
    await expect(screen.button("Remove: No room called “kitchen”")).to_be_visible()
    await expect(screen.page.get_by_role("heading", name="Nothing found")).to_be_visible()


async def test_every_script_and_any_length_can_be_looked_for(stage: Stage) -> None:
    garden = await talked(
        stage, "more 🍵 please", "قالوا مرحبا بالجميع", f"{'long ' * 300}needle{' hay' * 300}"
    )
    screen = await stage.screen("ada", garden)
    await opened(screen, "🍵")
    await expect(hits(screen).locator("mark")).to_have_text(["🍵"])
    await field(screen).fill("مرحبا")
    await expect(hits(screen).locator("mark")).to_have_text(["مرحبا"])
    await expect(hits(screen).locator(".snippet")).to_have_css("direction", "rtl")
    await field(screen).fill("needle")
    await expect(hits(screen).locator("mark")).to_be_in_viewport()
    await field(screen).fill(("tea OR " * 71 + "needle")[:500])
    await expect(hits(screen)).to_have_count(0)
    await field(screen).fill("x" * 500)
    await expect(screen.page.get_by_role("heading", name="Nothing found")).to_be_visible()
    for width in (320, 1280):
        await screen.page.set_viewport_size({"width": width, "height": 800})
        assert await screen.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


async def test_best_first_puts_whole_words_before_their_beginnings(stage: Stage) -> None:
    await talked(stage, "a tomato", "tomatoes, tomatoes")
    screen = await stage.screen("ada")
    await opened(screen, "tomato")
    await expect(hits(screen).first).to_contain_text("tomatoes")
    await screen.page.locator("label").filter(has_text="Best").click()
    await expect(hits(screen).first).to_contain_text("a tomato")
    await screen.page.get_by_role("radio", name="Best").press("ArrowLeft")
    await expect(hits(screen).first).to_contain_text("tomatoes")


async def test_another_tab_knows_what_was_looked_for_here(stage: Stage) -> None:
    await talked(stage, "Ripe tomatoes")
    screen = await stage.screen("ada")
    other = await stage.devices[0].open("/search")
    await opened(screen, "ripe")
    await field(screen).press("Enter")
    await other.page.reload()
    recent = other.page.get_by_role("region", name="Recent")
    await recent.get_by_role("button", name="ripe", exact=True).click()
    await expect(hits(other)).to_have_count(1)
    await screen.button("Clear the field").click()
    await screen.button("Clear recent searches").click()
    await other.page.reload()
    await expect(recent).to_have_count(0)


async def test_a_thumb_reaches_everything_on_a_phone(stage: Stage) -> None:
    garden = await talked(stage, "Ripe tomatoes", *(f"Line {n}" for n in range(30)))
    device = await stage.device("ada", **phone())
    screen = await device.open()
    await screen.button("Search").tap()
    await field(screen).fill("gard")
    places = screen.page.get_by_role("region", name="People and rooms")
    await places.get_by_role("button", name="Garden").tap()
    await expect(screen.page.get_by_role("region", name="Conversation: Garden")).to_be_visible()
    await screen.button("Back").locator("visible=true").tap()
    await field(screen).fill("ripe")
    await screen.button("From…").tap()
    await screen.page.get_by_role("group", name="Filters").get_by_role("button", name="Bela").tap()
    await expect(field(screen)).to_have_value("ripe from:bela ")
    await hits(screen).first.tap()
    await screen.page.wait_for_function(f"() => ({MARKED})().join() === 'Ripe'")
    assert screen.page.url.split("/m/")[0].endswith(garden)
    await screen.button("Room menu").tap()
    await screen.page.get_by_role("menuitem", name="Search in this room").tap()
    await room_field(screen).fill("line")
    await expect(screen.page.get_by_text("1 of 20+")).to_be_visible()
    await screen.button("Older result").tap()
    await expect(screen.page.get_by_text("2 of 20+")).to_be_visible()
