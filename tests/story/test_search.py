"""Looking for what was said: on the page, in a room, without a network."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.server import ROOMY
from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage, staged
from tests.story.test_guests import REFUSED, come_in, make_link

LABEL = "Search messages, people and rooms"
TYPE = """(field, letters) => {
  for (const letter of letters) {
    field.value += letter
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
}"""
"""Faster than any pause that counts, however busy the machine is."""

MARKED = """() => [...(CSS.highlights.get('found-here') ?? [])].map(String)"""


def field(screen: Screen) -> Locator:
    return screen.page.get_by_role("searchbox", name=LABEL)


def hits(screen: Screen) -> Locator:
    return screen.page.get_by_role("list", name="Messages").get_by_role("link")


def room_field(screen: Screen) -> Locator:
    return screen.field("Search in Garden")


async def opened(screen: Screen, words: str = "") -> None:
    """The page, by its keys, with these words typed."""
    await screen.page.keyboard.press("Control+Shift+F")
    await expect(field(screen)).to_be_focused()
    await screen.page.keyboard.type(words)


async def talked(stage: Stage, *texts: str) -> str:
    """A garden in which Bela said this."""
    garden = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    for text in texts:
        await bela.post(garden, text)
    return garden


async def test_words_lead_to_the_message_and_back_to_the_results(stage: Stage) -> None:
    texts = (*(f"Line {n}" for n in range(60)), "Ripe Tomätoes today")
    garden = await talked(stage, *texts, *(f"Row {n}" for n in range(60)))
    kitchen = await stage.room("bela", "ada", name="Kitchen")
    await (await stage.client("bela")).post(kitchen, "Tomato soup\nis ready")
    screen = await stage.screen("ada")
    await opened(screen, "tomat")
    await expect(hits(screen)).to_have_count(2)
    await expect(hits(screen).first).to_contain_text("in Kitchen")
    await expect(hits(screen).last.locator("mark")).to_have_text(["Tomätoes"])
    await expect(screen.page.get_by_role("status").filter(has_text="2 results")).to_be_attached()
    page = screen.page
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(hits(screen).last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(screen.row("Ripe Tomätoes today")).to_be_in_viewport()
    await page.wait_for_function(f"() => ({MARKED})().join() === 'Tomätoes'")
    await expect(screen.row("Ripe Tomätoes today")).to_be_focused()
    assert page.url.split("/m/")[0].endswith(garden)
    for beside in ("Line 59", "Row 0"):
        await expect(screen.row(beside)).to_be_in_viewport()
    await page.go_back()
    await expect(hits(screen).last).to_be_focused()
    await expect(field(screen)).to_have_value("tomat")
    assert await page.evaluate(MARKED) == []
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowUp")
    await expect(field(screen)).to_be_focused()
    await page.keyboard.press("End")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    await expect(field(screen)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(field(screen)).to_have_value("")
    await page.keyboard.press("Escape")
    await expect(field(screen)).to_have_count(0)


async def test_filters_are_tapped_in_and_away(stage: Stage) -> None:
    garden = await talked(stage, "Bread from the oven")
    screen = await stage.screen("ada", garden)
    await screen.say("Bread for everybody")
    await screen.shows_sent("Bread from the oven", "Bread for everybody")
    await opened(screen, "bread")
    await expect(hits(screen)).to_have_count(2)
    await screen.button("From…").click()
    await expect(field(screen)).to_have_value("bread from:")
    await screen.page.get_by_role("group", name="Filters").get_by_role("button", name="Bela").click()
    await expect(field(screen)).to_have_value("bread from:bela ")
    await expect(field(screen)).to_be_focused()
    await expect(hits(screen)).to_have_count(1)
    await screen.button("Remove: From Bela").click()
    await expect(field(screen)).to_have_value("bread")
    await expect(hits(screen)).to_have_count(2)
    await screen.button("Date…").click()
    await screen.button("Before").click()
    await expect(field(screen)).to_have_value("bread before:")
    await screen.button("On").click()
    await screen.field("Day").fill("2001-02-03")
    await expect(field(screen)).to_have_value("bread on:2001-02-03 ")
    await expect(screen.page.get_by_role("heading", name="Nothing found")).to_be_visible()
    await expect(screen.button("Remove: On 3 February 2001")).to_be_visible()
    await field(screen).fill("bread in:gard")
    await field(screen).press("Tab")
    await expect(field(screen)).to_have_value("bread in:Garden ")
    await expect(hits(screen)).to_have_count(2)
    await field(screen).fill("from:nobody")
    await expect(screen.button("Remove: Nobody called “nobody”")).to_be_visible()


async def test_people_and_rooms_are_found_by_their_names(stage: Stage) -> None:
    await talked(stage)
    await stage.room("bela", name="Gardening")
    screen = await stage.screen("ada")
    await opened(screen, "garde")
    found = screen.page.get_by_role("region", name="People and rooms")
    await expect(found.get_by_role("button")).to_have_count(2)
    await found.get_by_role("button", name="Gardening").click()
    await expect(screen.page.get_by_role("dialog").get_by_text("Gardening").first).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await field(screen).fill("bel")
    await found.get_by_role("button", name="Bela").click()
    await expect(screen.page.get_by_role("dialog", name="Bela")).to_be_visible()


async def test_the_switcher_hands_its_words_on_and_they_are_remembered(stage: Stage) -> None:
    garden = await talked(stage, "Ripe tomatoes")
    screen = await stage.screen("ada", garden)
    page = screen.page
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("ripe")
    await page.get_by_role("option", name="Search messages for “ripe”").click()
    await expect(field(screen)).to_have_value("ripe")
    await hits(screen).first.click()
    await screen.shows("Ripe tomatoes")
    await opened(screen)
    await screen.button("Clear the field").click()
    again = page.get_by_role("region", name="Recent").get_by_role("button", name="ripe", exact=True)
    await again.click()
    await expect(hits(screen)).to_have_count(1)
    assert "ripe" in await page.evaluate("() => JSON.stringify(localStorage)")
    stage.devices[0].expect_complaint("status of 401")
    await screen.sign_out()
    await screen.is_at_sign_in()
    assert "ripe" not in await page.evaluate("() => JSON.stringify({ ...localStorage, ...sessionStorage })")


async def test_in_a_room_one_goes_from_hit_to_hit(stage: Stage) -> None:
    rest = [f"Line {n}" for n in range(40)]
    garden = await talked(stage, "The first key", *rest, "A second key", "keyhole", "no hit at all")
    screen = await stage.screen("ada", garden)
    page = screen.page
    await screen.composer.focus()
    await page.keyboard.press("Control+f")
    await expect(room_field(screen)).to_be_focused()
    await page.keyboard.type("key")
    bar = page.get_by_role("search", name="Search in this room")
    await expect(bar.get_by_text("1 of 3")).to_be_visible()
    await page.wait_for_function(f"() => ({MARKED})().join() === 'keyhole'")
    assert await page.evaluate("() => [...CSS.highlights.get('found')].map(String)") == ["key"]
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(bar.get_by_text("3 of 3")).to_be_visible()
    await expect(screen.row("The first key")).to_be_in_viewport()
    await page.keyboard.press("Shift+Enter")
    await expect(bar.get_by_text("2 of 3")).to_be_visible()
    await expect(screen.row("A second key")).to_be_in_viewport()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("unicorn")
    await expect(bar.get_by_text("Nothing found")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(bar).to_be_hidden()
    await expect(screen.composer).to_be_focused()
    assert await page.evaluate(MARKED) == []


async def test_on_a_phone_the_arrow_leads_back_to_the_results(stage: Stage) -> None:
    await talked(stage, "Ripe tomatoes")
    device = await stage.device("ada", **phone())
    screen = await device.open()
    await screen.button("Search").tap()
    await field(screen).fill("ripe")
    await hits(screen).first.tap()
    await screen.shows("Ripe tomatoes")
    await screen.button("Room menu").tap()
    await screen.page.get_by_role("menuitem", name="Search in this room").tap()
    await room_field(screen).fill("ripe")
    await expect(screen.page.get_by_text("1 of 1")).to_be_visible()
    # The header behind it is out of the way of keys as well.
    await expect(screen.button("Room menu")).to_have_count(0)
    await screen.button("Close the search").locator("visible=true").tap()
    await expect(room_field(screen)).to_be_hidden()
    await expect(screen.button("Room menu")).to_be_focused()
    await screen.nothing_lies_over_it()
    await screen.button("Back").locator("visible=true").tap()
    await expect(hits(screen)).to_have_count(1)
    await screen.button("Back").locator("visible=true").tap()
    await expect(screen.room("Garden")).to_be_visible()


@pytest.mark.shell
async def test_without_a_network_it_searches_what_the_device_keeps_and_says_so(stage: Stage) -> None:
    garden = await talked(stage, "Crème brûlée", "Das Krankenhaus", "西瓜汁")
    screen = await stage.screen("ada", garden)
    await screen.shows("Crème brûlée", "Das Krankenhaus", "西瓜汁")
    device = stage.devices[0]
    await device.installed()
    await device.lose_network()
    await expect(screen.notice("No network.")).to_be_visible()
    await opened(screen, "creme")
    note = screen.page.get_by_text("This looked through what this device keeps.")
    await expect(note).to_be_visible()
    for words, found in (
        ("creme", "brûlée"),
        ("haus", "Krankenhaus"),
        ("瓜", "西瓜"),
        ("from:bela on:today das", "Das"),
    ):
        await field(screen).fill(words)
        await expect(hits(screen)).to_have_count(1)
        await expect(hits(screen)).to_contain_text(found)
    await device.find_network()
    await expect(note).to_be_hidden()
    await expect(hits(screen)).to_have_count(1)


async def test_who_asks_too_often_is_told_and_can_try_again(chromium: Browser, tmp_path: Path) -> None:
    limits = replace(ROOMY, searches_per_minute=1)
    async with staged(chromium, tmp_path / "data", limits) as stage:
        await talked(stage, "Ripe tomatoes")
        screen = await stage.screen("ada")
        stage.devices[0].expect_complaint("status of 429")
        await opened(screen)
        # At once: whoever pauses between two letters has asked twice.
        await field(screen).fill("ripe")
        await expect(hits(screen)).to_have_count(1)
        await field(screen).fill("ripe tom")
        main = screen.page.get_by_role("main")
        await expect(main.get_by_role("button", name="Try again")).to_be_visible()
        await expect(main.locator(".note.danger")).to_contain_text("seconds")
        # What was found before is still there.
        await expect(hits(screen)).to_have_count(1)


async def test_hits_of_blocked_people_are_folded_and_what_is_deleted_goes(stage: Stage) -> None:
    garden = await talked(stage, "Ripe tomatoes")
    bela = await stage.client("bela")
    second = await bela.post(garden, "Riper tomatoes")
    screen = await stage.screen("ada", garden)
    await opened(screen, "tomatoes")
    await expect(hits(screen)).to_have_count(2)
    third = await bela.post(garden, "Ripest tomatoes")
    await field(screen).fill("tomato")
    await expect(hits(screen)).to_have_count(3)
    await bela.do("edit", message=third["subject"], content={"type": "text", "text": "Green tomatoes"})
    await expect(hits(screen).first).to_contain_text("Green tomatoes")
    await bela.do("edit", message=third["subject"], content={"type": "text", "text": "Ripest plums"})
    await expect(hits(screen)).to_have_count(2)
    await bela.do("delete", message=second["subject"])
    await expect(hits(screen)).to_have_count(1)
    await (await stage.client("ada")).do("block", person=(await stage.account("bela")).id)
    await expect(hits(screen)).to_have_count(0)
    await screen.page.get_by_role("main").get_by_role("button", name="Show").click()
    await expect(hits(screen)).to_have_count(1)


async def test_typing_keeps_the_old_results_until_the_new_ones_come(stage: Stage) -> None:
    await talked(stage, "Ripe tomatoes", "Ripe cherries")
    screen = await stage.screen("ada")
    await opened(screen, "ripe")
    await expect(hits(screen)).to_have_count(2)
    asked: list[str] = []
    screen.page.on(
        "request", lambda each: asked.append(each.post_data or "") if "/api/search" in each.url else None
    )
    counts = await screen.page.evaluate_handle(
        """() => {
          const seen = new Set()
          const look = () => {
            seen.add(document.querySelectorAll('a.hit').length)
            requestAnimationFrame(look)
          }
          look()
          return seen
        }"""
    )
    await field(screen).evaluate(TYPE, " cherr")
    await expect(hits(screen)).to_have_count(1)
    assert await counts.evaluate("(seen) => [...seen]") == [2, 1]
    assert [json.loads(each)["query"] for each in asked] == ["ripe cherr"]


async def test_guests_search_their_room_and_nothing_else(stage: Stage) -> None:
    room = await stage.room("ada", "bela", kind="private")
    ada = await stage.screen("ada", room)
    await ada.say("Ripe tomatoes")
    link = await make_link(ada)
    device = await stage.stranger()
    device.expect_complaint(REFUSED)
    guest = await device.open(link)
    await come_in(guest, "Dora")
    await guest.composer.focus()
    await guest.page.keyboard.press("Control+Shift+F")
    await guest.page.keyboard.press("Control+f")
    await room_field(guest).fill("ripe")
    await expect(guest.page.get_by_role("search").get_by_text("1 of 1")).to_be_visible()
    await room_field(guest).fill("unicorn")
    await expect(guest.page.get_by_text("Nothing found")).to_be_visible()
    await expect(guest.button("Search everywhere")).to_have_count(0)
