"""Nothing moves that nobody moved."""

from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.story.device import DESKTOP, PHONE
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.stillness import cut, film, nothing_jumped, steps, watched
from tests.story.test_messages_ticks import tick

# Chromium's own phone counts nothing for half a second after it changed its viewport.
SIZES = pytest.mark.parametrize(
    "size", [{"viewport": PHONE, "has_touch": True}, {"viewport": DESKTOP}], ids=["phone", "desk"]
)


async def talked(stage: Stage, count: int = 40) -> str:
    """A room of Ada and Bela, with runs of each; Ada has read all of it."""
    room = await stage.room("ada", "bela")
    ada, bela = await stage.client("ada"), await stage.client("bela")
    for number in range(count):
        who = ada if number % 7 > 3 else bela
        said = await who.post(room, f"Number {number} " + "and so on " * (number % 7 * 4))
    assert (await ada.ask("read", room=room, seq=said["seq"]))["op"] == "ack"
    return room


async def at_rest(page: Page) -> None:
    """The newest message is in its place."""
    await expect(page.locator("[role=log].placed article").last).to_be_visible()


async def opened(stage: Stage, path: str, size: dict[str, Any]) -> Screen:
    device = await stage.device("ada", **size)
    await watched(device.context)
    screen = await device.open(path)
    await screen.is_connected()
    return screen


@SIZES
async def test_nothing_jumps_from_the_first_visit_to_the_next(stage: Stage, size: dict[str, Any]) -> None:
    room = await talked(stage)
    kitchen = await stage.room("ada", "bela", name="Kitchen")
    bela = await stage.client("bela")
    await bela.post(kitchen, "Bread at six")
    screen = await opened(stage, "/", size)
    page = screen.page
    await expect(screen.room("Kitchen")).to_contain_text("1 unread message")
    await nothing_jumped(page, "on a first visit")
    await bela.post(kitchen, "And butter")
    await expect(screen.room("Kitchen")).to_contain_text("2 unread messages")
    await nothing_jumped(page, "when a count rises")
    await screen.room("Garden").click()
    await at_rest(page)
    await nothing_jumped(page, "on the way into a room")
    await screen.composer.fill("A draft\nof three\nlines")
    await nothing_jumped(page, "while one writes", writing=True)
    if await screen.button("Back").is_visible():
        await screen.button("Back").click()
        await expect(screen.room("Kitchen")).to_be_visible()
        await nothing_jumped(page, "on the way back", writing=True)
    await screen.room("Kitchen").click()
    await at_rest(page)
    await nothing_jumped(page, "on the way to another room")
    await page.goto(page.url.replace(kitchen, room))
    await at_rest(page)
    await expect(screen.composer).to_have_value("A draft\nof three\nlines")
    await screen.is_connected()
    await nothing_jumped(page, "on a visit to a room with a draft")
    await page.goto(page.url.replace(f"/room/{room}", "/"))
    await screen.is_connected()
    for number in range(3):
        await bela.post(room, f"While you were out, {number}")
    await expect(screen.room("Garden")).to_contain_text("3 unread messages")
    await page.goto(f"{page.url}catchup")
    await expect(page.get_by_role("main").get_by_role("article")).to_contain_text("While you were out, 2")
    await nothing_jumped(page, "on the way to the catch-up")
    # Were something to move, it would be seen.
    await page.evaluate("() => void (document.querySelector('.app').style.paddingTop = '99px')")
    with pytest.raises(AssertionError, match="when the page is pushed"):
        await nothing_jumped(page, "when the page is pushed")


@SIZES
async def test_nothing_jumps_while_two_talk(stage: Stage, size: dict[str, Any]) -> None:
    room = await talked(stage)
    bela = await stage.client("bela")
    screen = await opened(stage, f"/room/{room}", size)
    page = screen.page
    await at_rest(page)
    await screen.composer.click()
    await nothing_jumped(page, "when one begins to write", writing=True)
    await screen.say_by_button("Are you there?")
    await screen.composer.press_sequentially("One")
    await screen.composer.press("Shift+Enter")
    await screen.composer.press_sequentially("and two")
    await screen.button("Send").click()
    await expect(tick(screen, "Are you there?")).to_have_text("Sent")
    await nothing_jumped(page, "when one sends", writing=True)
    await bela.say("typing", room=room)
    await expect(page.locator(".typing")).to_contain_text("Bela")
    await film(page)
    sql = "SELECT max(seq) FROM messages WHERE room = :room"
    last = await stage.server.house.db.read(lambda db: db.value(sql, room=room))
    await bela.ask("read", room=room, seq=last)
    await expect(tick(screen, "Are you there?")).to_have_text("Read")
    await stands(page, "when it is read")
    await bela.post(room, "Yes, I am")
    await expect(screen.texts.last).to_have_text("Yes, I am")
    await nothing_jumped(page, "when the answer comes")


@SIZES
async def test_nothing_jumps_as_the_connection_comes_and_goes(stage: Stage, size: dict[str, Any]) -> None:
    room = await talked(stage)
    screen = await opened(stage, f"/room/{room}", size)
    page, device = screen.page, stage.devices[0]
    await at_rest(page)
    await film(page)
    device.line.go_down()
    await expect(screen.notice("No answer. Next try in")).to_be_visible()
    await stands(page, "when the connection is lost")
    await screen.say_by_button("Keep this for later")
    await expect(screen.log.get_by_text("Waiting to send")).to_be_visible()
    await expect(screen.notice("1 message waits to be sent")).to_be_visible()
    await nothing_jumped(page, "when something waits", writing=True)
    await film(page)
    device.line.come_up()
    await page.evaluate("() => void dispatchEvent(new Event('online'))")
    await screen.is_connected()
    await expect(tick(screen, "Keep this for later")).to_have_text("Sent")
    await expect(screen.log.get_by_text("Waiting to send")).to_have_count(0)
    await expect(page.get_by_text("No answer. Next try in").locator("visible=true")).to_have_count(0)
    await stands(page, "when it is found")


@SIZES
async def test_nothing_jumps_when_the_first_steps_come(stage: Stage, size: dict[str, Any]) -> None:
    room = await talked(stage, 3)
    screen = await opened(stage, "/", size)
    page = screen.page
    await page.evaluate("() => localStorage.setItem('safevoice.my.steps', 'new')")
    await page.reload()
    await expect(page.get_by_role("region", name="Lovely that you are here, Ada")).to_be_visible()
    await expect(screen.room("Garden")).to_be_visible()
    await nothing_jumped(page, "when the first steps come")
    await page.goto(f"{page.url}room/{room}")
    await expect(page.get_by_role("group", name="Words to begin with")).to_be_visible()
    await at_rest(page)
    await nothing_jumped(page, "with words to begin with")
    # On a phone the marks come over the keyboard, with the press that brings it.
    await screen.composer.focus()
    if size.get("has_touch"):
        await expect(page.get_by_role("toolbar", name="Format")).to_be_visible()
    await page.evaluate("() => window.allShifts()")
    await screen.composer.fill("Hello")
    await nothing_jumped(page, "as one writes", writing=True)


async def test_the_newest_message_stays_above_a_keyboard(stage: Stage) -> None:
    screen = await opened(stage, f"/room/{await talked(stage)}", {"viewport": PHONE, "has_touch": True})
    page, newest = screen.page, screen.rows.last
    await at_rest(page)
    before = await newest.bounding_box()
    # Androids make the page smaller.
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"] - 330})
    await expect(newest).to_be_in_viewport(ratio=1)
    await expect(screen.composer).to_be_in_viewport(ratio=1)
    await page.set_viewport_size(PHONE)
    await expect(newest).to_be_in_viewport(ratio=1)
    after = await newest.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) <= 1


@SIZES
async def test_history_comes_from_above_and_all_of_it_moves_as_one(
    stage: Stage, size: dict[str, Any]
) -> None:
    room = await talked(stage, 200)
    device = await stage.device("ada", **size)
    await watched(device.context)
    screen = await device.open(f"/room/{room}")
    page = screen.page
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await at_rest(page)
    await screen.is_connected()
    await page.route("**/messages?*before*", hold)
    await screen.log.hover()
    # Off the newest message, to which the list is held while it still measures.
    while not await screen.button("Jump to the newest message").is_visible():
        await page.mouse.wheel(0, -100)
        await page.evaluate("() => new Promise(requestAnimationFrame)")
    await film(page)
    for _ in range(30):
        await page.mouse.wheel(0, -400)
        await page.evaluate("() => new Promise(requestAnimationFrame)")
    await page.wait_for_function("() => document.querySelector('[role=log]').scrollTop === 0")
    moved = [step for step in steps(await cut(page)) if step not in ([], [0])]
    assert moved
    assert not [step for step in moved if step[0] < 0 or step[-1] - step[0] > 1], moved
    # The browser takes rows that are measured while one scrolls for jumps: the film knows better.
    await page.evaluate("() => window.allShifts()")
    # The next page was asked for, and one looks at where it will begin.
    assert held
    first = await page.locator("[data-key]").first.get_attribute("data-key")
    await film(page)
    for route in held:
        await route.continue_()
    await page.unroute("**/messages?*before*")
    await expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")
    await expect(page.locator("[data-key]").first).not_to_have_attribute("data-key", first or "")
    await stands(page, "when the next page comes")


async def stands(page: Page, when: str) -> None:
    """Each message in sight has stood still since the film began, and so has all else."""
    moved = [step for step in steps(await cut(page)) if max(map(abs, step), default=0) > 1]
    assert not moved, f"{when}: {moved}"
    await nothing_jumped(page, when)
