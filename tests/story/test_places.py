"""Where one was in a room, and on what day: kept, and shown."""

import re

from playwright.async_api import Locator, Page, expect

from tests.story.screen import Screen
from tests.story.stage import Stage

_TOP = """() => {
  const list = document.querySelector('[role=log]:has([data-key])')
  if (!list) return null
  const top = list.getBoundingClientRect().top
  const row = [...list.querySelectorAll('[data-key]')]
    .filter((each) => each.getBoundingClientRect().bottom > top)
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0]
  return row && [row.querySelector('.bubble').innerText, Math.round(row.getBoundingClientRect().top - top)]
}"""

RESTS = f"""async () => {{
  const frame = () => new Promise(requestAnimationFrame)
  for (let same = 0, last = ''; same < 12; await frame()) {{
    const now = JSON.stringify(({_TOP})())
    same = now === last ? same + 1 : 0
    last = now
  }}
  return ({_TOP})()
}}"""
"""Where it stands once rows that came on screen have been measured."""

_PUSHED = """() => {
  document.querySelector('[role=log]').scrollTop += 8
  return parseFloat(document.querySelector('.chip').style.translate.split(' ')[1]) < -4
}"""
_NEXT_DAY = """() => {
  document.querySelector('[role=log]').scrollTop += 8
  return document.querySelector('.chip').innerText === 'Today'
}"""
"""Scrolls a little in each frame until it is so."""

_IS_ABOVE = "(it) => it.getBoundingClientRect().bottom < 0"

_OLDER = "UPDATE messages SET at = at - :ms WHERE room = :room AND seq <= :seq"


async def long_room(stage: Stage, count: int = 80) -> str:
    room = await stage.room("ada", "bela")
    ada = await stage.client("ada")
    for number in range(count):
        await ada.post(room, f"Number {number} " + "and so on " * (number % 7 * 3))
    return room


async def scroll_up(screen: Screen, by: int) -> None:
    await screen.log.hover()
    await screen.page.evaluate(RESTS)
    jump = screen.button("Jump to the newest message")
    await screen.page.mouse.wheel(0, -by)
    # What is still finding its first place does not listen yet.
    while not await jump.is_visible():
        await screen.page.mouse.wheel(0, -by)
        await screen.page.evaluate(RESTS)


async def scroll_to(page: Page, beginning: Locator) -> None:
    """As far up as it goes, also where older messages come meanwhile: one stays at what one reads then."""
    await page.mouse.wheel(0, -100_000)
    await page.evaluate(RESTS)
    while not await beginning.count() or await beginning.evaluate(_IS_ABOVE):
        await page.mouse.wheel(0, -100_000)
        await page.evaluate(RESTS)


async def stands_at(page: Page, where: object) -> None:
    """The same message at the same pixel; waits for it."""
    await page.wait_for_function(
        f"(where) => JSON.stringify(({_TOP})()) === JSON.stringify(where)", arg=where
    )


async def test_a_room_is_found_where_one_stopped_reading(stage: Stage) -> None:
    room = await long_room(stage)
    await stage.room("ada", name="Kitchen")
    screen = await stage.screen("ada", room)
    page = screen.page
    await expect(
        screen.row("Number 79 and so on and so on and so on and so on and so on and so on")
    ).to_be_visible()
    await scroll_up(screen, 1737)
    where = await page.evaluate(RESTS)
    await screen.enter("Kitchen")
    await screen.enter("Garden")
    await stands_at(page, where)
    await page.reload()
    await stands_at(page, where)
    # Something new goes before what was not finished.
    await screen.enter("Kitchen")
    bela = await stage.client("bela")
    await bela.post(room, "Ripe tomatoes")
    await expect(screen.room("Garden").locator(".badge")).to_have_text("1")
    await screen.enter("Garden")
    await expect(screen.row("Ripe tomatoes")).to_be_in_viewport()


async def test_the_day_of_what_is_on_top_stays_there_while_one_scrolls(stage: Stage) -> None:
    room = await long_room(stage)
    day = 24 * 3600_000
    await stage.server.house.db.write(lambda tx: tx.run(_OLDER, ms=day, room=room, seq=40))
    screen = await stage.screen("ada", room)
    page = screen.page
    chip = screen.page.locator(".chip")
    await expect(chip).to_have_css("opacity", "0")
    await scroll_up(screen, 400)
    await expect(chip).to_have_text("Today")
    await expect(chip).to_have_css("opacity", "1")
    beginning = page.get_by_role("heading", name="The beginning of Garden")
    await scroll_to(page, beginning)
    await expect(beginning).to_be_in_viewport()
    await expect(chip).to_have_css("opacity", "0")
    await page.mouse.wheel(0, 900)
    await expect(chip).to_have_text("Yesterday")
    # It makes way for the next day as that comes up.
    await page.wait_for_function(_PUSHED)
    await page.wait_for_function(_NEXT_DAY)


async def test_whoever_reads_above_is_told_how_many_came(stage: Stage) -> None:
    room = await long_room(stage)
    bela = await stage.client("bela")
    screen = await stage.screen("ada", room)
    page = screen.page
    jump = screen.button("Jump to the newest message")
    await expect(screen.log).to_have_class(re.compile("placed"))
    await page.evaluate(RESTS)
    await scroll_up(screen, 1500)
    where = await page.evaluate(RESTS)
    await bela.post(room, "Ripe tomatoes")
    await bela.post(room, "And plums")
    await expect(jump).to_have_text("2 new messages")
    assert await page.evaluate(RESTS) == where
    await jump.click()
    await expect(screen.row("And plums")).to_be_in_viewport()
    await expect(screen.log.get_by_text("New", exact=True)).to_have_count(1)
