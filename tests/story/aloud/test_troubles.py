"""What goes wrong while one speaks, or while it rings: nothing is lost, and nothing rings on."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from appliance.dev.browser import until
from tests.story.aloud.voices import (
    DEAF,
    STREAMS,
    arrives,
    is_set_aside,
    notes,
    plays,
    press,
    talk,
    talks_for,
    tap,
)
from tests.story.stage import Stage
from tests.story.talking import Exchange, Talker
from tests.story.traces import EMPTY, FILL, SMALL

pytestmark = pytest.mark.media

UNPLUGGED = """() => {
  const [track] = streams.at(-1).getTracks()
  track.stop()
  track.dispatchEvent(new Event('ended'))
}"""
"""What a microphone says that is pulled out."""

FULL = "This device has no room for the recording."

TOO_LARGE = "<html><head><title>413 Request Entity Too Large</title></head></html>"
"""What proxies say: not what the server would."""


async def test_a_device_without_room_keeps_what_was_said_until_there_is_some(stage: Stage) -> None:
    room = await stage.dm("ada", "bela")
    device = await stage.device("ada")
    disk = await device.context.new_cdp_session(await device.context.new_page())
    await disk.send("Storage.overrideQuotaForOrigin", {"origin": device.url, "quotaSize": SMALL})
    ada = await device.open(f"/room/{room}")
    await tap(ada)
    await ada.page.evaluate(FILL)
    await press(ada)
    await talks_for(ada, 2)
    await ada.page.mouse.up()
    await expect(ada.notice(FULL)).to_be_visible()
    kept = ada.page.get_by_role("listitem").filter(has_text="A recording was interrupted")
    await expect(kept).to_contain_text("Send it before this page is closed")
    await kept.get_by_role("button", name="Play").click()
    await plays(ada)
    await kept.get_by_role("button", name="Send recording").click()
    await expect(ada.page.locator(".toasts").get_by_text(FULL)).to_be_visible()
    await expect(kept).to_have_attribute("aria-busy", "false")
    await ada.page.evaluate(EMPTY)
    await kept.get_by_role("button", name="Send recording").click()
    await expect(kept).to_have_count(0)
    await arrives(ada)
    assert await stage.messages(room) == 1


async def test_what_is_said_as_the_network_goes_arrives_with_all_of_it_when_it_is_back(stage: Stage) -> None:
    room = await stage.dm("ada", "bela")
    ada = await stage.screen("ada", room)
    await press(ada)
    await talks_for(ada, 1)
    await stage.devices[0].lose_network()
    await talks_for(ada, 3)
    await ada.page.mouse.up()
    await expect(notes(ada)).to_have_count(1)
    await stage.devices[0].find_network()
    await arrives(ada)
    bela = await stage.screen("bela", room)
    assert int(await notes(bela).get_attribute("aria-valuemax") or 0) >= 3
    assert await stage.messages(room) == 1


async def test_a_microphone_that_is_pulled_out_ends_it_and_what_was_said_is_there(stage: Stage) -> None:
    ada = await stage.screen("ada", await stage.dm("ada", "bela"))
    await ada.page.evaluate(STREAMS)
    await press(ada)
    await talks_for(ada, 2)
    await ada.page.evaluate(UNPLUGGED)
    await is_set_aside(ada)
    await expect(ada.notice("The microphone is gone.")).to_be_visible()
    await ada.page.mouse.up()
    await until(ada.page, DEAF)
    await expect(notes(ada)).to_have_count(1)


async def test_what_a_proxy_finds_too_large_says_so_and_holds_up_nothing_behind_it(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    stage.devices[0].expect_complaint("413")
    tries: list[str] = []

    async def refuse(route: Route) -> None:
        tries.append(route.request.method)
        await route.fulfill(status=413, content_type="text/html", body=TOO_LARGE)

    await ada.page.route("**/api/media", refuse)
    await talk(ada)
    await expect(ada.log.get_by_role("alert")).to_contain_text("This is larger than the server takes")
    await ada.say("Can you hear me?")
    await expect(bela.log.get_by_text("Can you hear me?")).to_be_visible()
    assert tries == ["POST"]
    await ada.page.unroute("**/api/media")
    await ada.log.get_by_role("alert").get_by_role("button", name="Retry").click()
    await arrives(ada)
    await expect(notes(bela)).to_have_count(1)


async def test_what_a_proxy_cannot_pass_on_waits_and_says_why(stage: Stage) -> None:
    ada = await stage.screen("ada", await stage.dm("ada", "bela"))
    stage.devices[0].expect_complaint("502")
    tries: list[str] = []

    async def fail(route: Route) -> None:
        tries.append(route.request.method)
        if len(tries) < 3:
            await route.fulfill(status=502, content_type="text/html", body=TOO_LARGE)
        else:
            await route.continue_()

    await ada.page.route("**/api/media", fail)
    await talk(ada)
    await expect(ada.log.get_by_text("The server cannot be reached right now")).to_be_visible()
    await arrives(ada)
    assert len(tries) == 3


async def both(exchange: Exchange, *, by_hand: bool = False) -> tuple[Talker, Talker]:
    room = await exchange.stage.dm("ada", "bela")
    ada = await exchange.talker("ada", room, by_hand=by_hand)
    return ada, await exchange.talker("bela", room, by_hand=by_hand)


async def test_what_rings_where_the_network_goes_rings_no_longer_than_elsewhere(exchange: Exchange) -> None:
    ada, bela = await both(exchange, by_hand=True)
    await ada.call("Bela", video=False)
    await expect(bela.incoming).to_be_visible()
    for each in (ada, bela):
        await each.device.lose_network()
        await each.screen.page.clock.run_for(51_000)
    await expect(bela.incoming).to_have_count(0)
    await expect(ada.screen.notice("No answer")).to_be_visible()


async def test_of_two_devices_that_answer_at_the_same_moment_one_has_it(exchange: Exchange) -> None:
    ada, bela = await both(exchange)
    other = await exchange.talker("bela", await exchange.stage.dm("ada", "bela"))
    await ada.call("Bela", video=False)
    for each in (bela, other):
        await expect(each.incoming).to_be_visible()

    async def answers(page: Page) -> None:
        take = page.get_by_role("alertdialog").get_by_role("button", name="Answer", exact=True)
        await take.evaluate("(each) => each.click()")

    await asyncio.gather(answers(bela.screen.page), answers(other.screen.page))
    await ada.is_live()
    for each in (bela, other):
        await expect(each.incoming).to_have_count(0)
    there = "You are in a call with Ada on another screen."
    for one, another in ((bela, other), (other, bela)):
        talks = one.screen.page.get_by_role("timer")
        await expect(talks.or_(one.screen.button(there))).to_be_visible()
        if await talks.count():
            await expect(another.screen.button(there)).to_be_visible()
            await one.gets_more(pictures=False)
    await ada.gets_more(pictures=False)


async def test_what_rings_as_the_server_is_gone_is_answered_when_it_is_back(exchange: Exchange) -> None:
    ada, bela = await both(exchange)
    await ada.call("Bela", video=False)
    await expect(bela.incoming).to_be_visible()
    async with exchange.down():
        await expect(bela.incoming).to_be_visible()
        await expect(ada.controls).to_be_visible()
    for each in (ada, bela):
        await each.screen.is_connected()
    await bela.answer()
    for each in (ada, bela):
        await each.is_live()
        await each.gets_more(pictures=False)
