"""What calls somebody who is looking elsewhere."""

import asyncio
import re

from playwright.async_api import Locator, expect

from tests.story.screen import Screen
from tests.story.stage import Stage


def alerts(screen: Screen) -> Locator:
    return screen.page.get_by_role("status", name="New messages")


async def test_a_message_in_another_room_shows_for_a_moment_and_leads_there(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    elsewhere = await stage.room("ada", name="Kitchen")
    ada, bela = await stage.screen("ada", elsewhere), await stage.client("bela")
    await expect(ada.page).to_have_title("Kitchen")
    await bela.post(room, "Is **anybody** there?")
    await expect(alerts(ada)).to_contain_text("Garden")
    await expect(alerts(ada)).to_contain_text("Bela: Is anybody there?")
    await expect(ada.page).to_have_title("(1) Kitchen")
    await bela.post(room, "Hello?")
    await expect(alerts(ada)).to_contain_text("2 messages")
    await expect(ada.page).to_have_title("(2) Kitchen")
    await alerts(ada).get_by_role("button").first.click()
    await ada.shows("Is anybody there?", "Hello?")
    await expect(alerts(ada).get_by_role("button")).to_have_count(0)
    await expect(ada.page).to_have_title("Garden")


async def test_the_room_on_screen_and_my_own_messages_call_nobody(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    kitchen = await stage.room("ada", name="Kitchen")
    ada, bela, me = await stage.screen("ada", room), await stage.client("bela"), await stage.client("ada")
    await me.post(kitchen, "From my other device")
    await bela.post(room, "Right here")
    await ada.shows("Right here")
    await expect(alerts(ada).get_by_role("button")).to_have_count(0)
    await expect(ada.page).to_have_title("Garden")


async def test_a_muted_room_is_counted_and_calls_nobody(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    quiet = await stage.room("ada", "bela", name="Noise")
    elsewhere = await stage.room("ada", name="Kitchen")
    async with stage.server.connect(await stage.account("ada")) as client:
        await client.do("set_attention", room=quiet, level="nothing")
        await client.do("set_attention", room=room, level="mentions")
    ada, bela = await stage.screen("ada", elsewhere), await stage.client("bela")
    await bela.post(quiet, "Noise")
    await bela.post(room, "Nothing for you")
    await expect(ada.room("Noise")).to_contain_text("1 unread message")
    await expect(ada.room("Garden")).to_contain_text("1 unread message")
    await expect(ada.page).to_have_title("Kitchen")
    await bela.post(room, "For you, @ada", mentions=[(await stage.account("ada")).id])
    await expect(alerts(ada)).to_contain_text("For you, @Ada")
    await expect(alerts(ada)).not_to_contain_text("Noise")
    await expect(ada.page).to_have_title("(1) Kitchen")


async def test_who_wants_none_sees_none(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada"), await stage.client("bela")
    await ada.page.goto(ada.origin + "/settings/notifications")
    await ada.page.get_by_role("switch", name="Show new messages").uncheck()
    await bela.post(room, "Quietly")
    await expect(ada.page).to_have_title(re.compile(r"^\(1\)"))
    await expect(alerts(ada).get_by_role("button")).to_have_count(0)


async def test_one_of_two_tabs_plays_the_sound(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    elsewhere = await stage.room("ada", name="Kitchen")
    ada, bela = await stage.screen("ada", elsewhere), await stage.client("bela")
    device = stage.devices[0]
    await device.context.add_init_script(
        """window.AudioContext = class {
          currentTime = 0
          destination = {}
          resume() { window.rang = (window.rang ?? 0) + 1; return Promise.resolve() }
          createOscillator() { return { frequency: {}, connect: (next) => next, start() {}, stop() {} } }
          createGain() {
            const nothing = () => {}
            const gain = { setValueAtTime: nothing, linearRampToValueAtTime: nothing }
            gain.exponentialRampToValueAtTime = nothing
            return { gain, connect: (next) => next }
          }
        }"""
    )
    await ada.page.close()
    tabs = [await device.open(f"/room/{elsewhere}") for _ in range(2)]
    for tab in tabs:
        await tab.is_connected()
        await tab.page.bring_to_front()
        # A press is what lets a page be heard, once it listens for one.
        await expect(tab.page).to_have_title("Kitchen")
        await tab.page.mouse.click(700, 300)
    await bela.post(room, "Ding")
    for tab in tabs:
        await expect(tab.room("Garden")).to_contain_text("1 unread message")
    heard = [asyncio.create_task(tab.page.wait_for_function("() => window.rang === 1")) for tab in tabs]
    await asyncio.wait(heard, return_when=asyncio.FIRST_COMPLETED)
    assert sorted([await tab.page.evaluate("() => window.rang ?? 0") for tab in tabs]) == [0, 1]
    for waiting in heard:
        waiting.cancel()
    await asyncio.gather(*heard, return_exceptions=True)
