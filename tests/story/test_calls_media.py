"""Two browsers call each other: what is said arrives, by whatever way, and whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from appliance.dev.browser import launch, until
from tests.story.screen import Screen
from tests.story.talking import FLAGS, Exchange, Talker, talking

pytestmark = pytest.mark.media

SCREEN_SOUNDS = """() => {
  const real = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getDisplayMedia = async (asked) => {
    const [stream, context] = [await real({ video: asked.video }), new AudioContext()]
    const [tone, end] = [context.createOscillator(), context.createMediaStreamDestination()]
    tone.connect(end)
    tone.start()
    if (asked.audio) stream.addTrack(end.stream.getAudioTracks()[0])
    return stream
  }
}"""
"""What is shown has a sound, to whoever asks for that: here the browser itself has none to give."""
HEARS_TWO = """async () => {
  const stats = [...(await links.at(-1).getStats()).values()]
  return stats.filter((each) => each.type === 'inbound-rtp' && each.totalAudioEnergy > 0).length === 2
}"""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright, *FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def exchange(chromium: Browser, tmp_path: Path) -> AsyncIterator[Exchange]:
    async with talking(chromium, tmp_path / "data") as ready:
        yield ready


async def both(
    exchange: Exchange, *, way: str = "", hidden: bool = False, by_hand: bool = False
) -> tuple[Talker, Talker]:
    """Ada and Bela, each in their direct message; `by_hand`: Ada's clock can be moved."""
    room = await exchange.stage.dm("ada", "bela")
    ada = await exchange.talker("ada", room, way=way, hidden=hidden, by_hand=by_hand)
    return ada, await exchange.talker("bela", room, way=way, hidden=hidden)


async def in_call(
    exchange: Exchange, *, video: bool = True, hidden: bool = False, by_hand: bool = False
) -> tuple[Talker, Talker]:
    ada, bela = await both(exchange, hidden=hidden, by_hand=by_hand)
    await ada.call("Bela", video=video)
    await bela.answer()
    for each in (ada, bela):
        await each.is_live()
        await each.gets_more(than=[0, 0, 0], pictures=video)
        assert ("relay" in await each.way()) is hidden
    return ada, bela


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
async def test_two_who_hide_their_addresses_see_and_hear_each_other(exchange: Exchange, way: str) -> None:
    ada, bela = await both(exchange, way=way, hidden=True)
    await ada.call("Bela", video=True)
    await bela.answer()
    for each, other in ((ada, "Bela"), (bela, "Ada")):
        await each.is_live()
        await expect(each.picture_of(other)).to_be_visible()
        await each.gets_more(than=[0, 0, 0])
        assert await each.way() == ["relay", "relay", way]
    assert await ada.code() == await bela.code()


async def test_a_call_rings_on_all_devices_and_is_taken_on_one(exchange: Exchange) -> None:
    room = await exchange.stage.dm("ada", "bela")
    ada = await exchange.talker("ada", room)
    desk = await exchange.talker("bela", room)
    sofa = await exchange.talker("bela", room)
    await ada.call("Bela", video=False)
    for each in (desk, sofa):
        await expect(each.incoming).to_be_visible()
    await sofa.answer()
    await expect(desk.incoming).to_be_hidden()
    for each in (ada, sofa):
        await each.is_live()
        await each.gets_more(than=[0, 0, 0], pictures=False)
    assert await desk.screen.page.evaluate("() => links.length") == 0
    await sofa.press("Hang up")
    await expect(ada.screen.page.get_by_text("Call ended after").first).to_be_visible()


async def test_camera_screen_and_messages_come_and_go_in_a_call(exchange: Exchange) -> None:
    ada, bela = await in_call(exchange)
    await ada.press("Camera off")
    await expect(bela.picture_of("Ada")).to_be_hidden()
    await ada.press("Camera on")
    await expect(bela.picture_of("Ada")).to_be_visible()
    await ada.screen.page.evaluate(SCREEN_SOUNDS)
    await ada.press("Share screen")
    await expect(bela.screen.page.get_by_label("Screen of Ada", exact=True)).to_be_visible()
    await bela.gets_more()
    await until(bela.screen.page, HEARS_TWO)
    await ada.screen.say("This is the one")
    await bela.screen.shows_sent("This is the one")
    await bela.screen.say("I see it")
    await ada.screen.shows_sent("This is the one", "I see it")
    await ada.press("Stop sharing")
    await expect(bela.screen.page.get_by_label("Screen of Ada", exact=True)).to_be_hidden()
    await bela.gets_more()
    assert await ada.screen.page.evaluate("() => links.length") == 1


async def test_whoever_loads_the_page_anew_is_in_the_call_again(exchange: Exchange) -> None:
    ada, bela = await in_call(exchange)
    await ada.press("Mute")
    await ada.screen.page.reload()
    await ada.is_live()
    await ada.gets_more(than=[0, 0, 0])
    await expect(ada.controls.get_by_role("button", name="Unmute")).to_be_visible()
    await ada.press("Unmute")
    await bela.gets_more()
    for each in (ada, bela):
        await each.is_live()


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_call_outlives_a_restart_of_the_server(exchange: Exchange, hidden: bool) -> None:
    ada, bela = await in_call(exchange, hidden=hidden)
    async with exchange.down():
        if not hidden:
            for each in (ada, bela):
                await each.gets_more()
    for each in (ada, bela):
        await each.gets_more()
        assert await each.screen.page.evaluate("() => links.length") == 1
    await ada.press("Hang up")
    await expect(bela.screen.page.get_by_text("Call ended after").first).to_be_visible()


async def test_who_hangs_up_is_heard_also_while_the_server_is_away(exchange: Exchange) -> None:
    ada, bela = await in_call(exchange, video=False)
    async with exchange.down():
        await ada.press("Hang up")
        await expect(bela.screen.page.get_by_text("Call ended after").first).to_be_visible()
    for each in (ada, bela):
        await each.screen.is_connected()
        await expect(each.screen.log.get_by_text("Call", exact=True)).to_be_visible()


async def test_two_who_call_each_other_at_once_are_in_one_call(exchange: Exchange) -> None:
    ada, bela = await both(exchange)
    presses = [ada.screen.button("Call Bela"), bela.screen.button("Call Ada")]
    for press in presses:
        await expect(press).to_be_visible()
    await asyncio.gather(*(press.click() for press in presses))
    for each in (ada, bela):
        await each.is_live()
        await each.gets_more(than=[0, 0, 0], pictures=False)
        await expect(each.incoming).to_be_hidden()
        assert await each.screen.page.evaluate("() => links.length") == 1


async def test_a_doubled_tab_is_not_in_the_call_of_the_first(exchange: Exchange) -> None:
    ada, bela = await in_call(exchange, video=False)
    async with ada.screen.page.expect_popup() as opened:
        # Browsers copy what a tab has in its session storage.
        await ada.screen.page.evaluate("() => void window.open(location.href)")
    second = Screen(await opened.value)
    await second.is_connected()
    sign = second.button("You are in a call with Bela on another screen.")
    await expect(sign).to_be_visible()
    assert await second.page.evaluate("() => links.length") == 0
    await ada.gets_more(pictures=False)
    await bela.press("Hang up")
    await expect(sign).to_be_hidden()


async def test_other_devices_one_that_is_pulled_out_and_another_network_are_no_break(
    exchange: Exchange,
) -> None:
    ada, bela = await in_call(exchange)
    page = ada.screen.page
    sent = """() => links[0].getSenders().flatMap(({ track }) => track ? [track.label] : [])"""
    assert await page.evaluate(sent) == ["Fake Default Audio Input", "fake_device_0"]
    await ada.press("More of the call")
    await page.get_by_role("menuitem", name="Devices").click()
    for at, (kind, other) in enumerate((("Microphone", "Fake Audio Input 2"), ("Camera", "fake_device_2"))):
        await page.get_by_role("combobox", name=kind).select_option(other)
        await page.wait_for_function(f"([at, other]) => ({sent})()[at] === other", arg=[at, other])
    await ada.screen.button("Done").click()
    await bela.gets_more()
    pull = """() => links[0].getSenders().find(({ track }) => track?.kind === 'video')?.track"""
    await page.evaluate(f"() => void (window.old = ({pull})()).dispatchEvent(new Event('ended'))")
    await page.wait_for_function(f"() => ![undefined, old].includes(({pull})())")
    await bela.gets_more()
    way = "() => /a=ice-ufrag:.*/.exec(links[0].currentLocalDescription.sdp)[0]"
    before = await page.evaluate(way)
    await page.evaluate("() => void dispatchEvent(new Event('online'))")
    await page.wait_for_function(f"(before) => ({way})() !== before", arg=before)
    for each in (ada, bela):
        await each.gets_more()
        assert await each.screen.page.evaluate("() => links.length") == 1


async def test_on_a_weak_link_pictures_rest_and_come_back(exchange: Exchange) -> None:
    ada, bela = await in_call(exchange, by_hand=True)
    await ada.screen.page.evaluate("() => void (window.narrow = true)")
    await ada.looks(4)
    await expect(ada.screen.notice("Weak connection: pictures rest")).to_be_visible()
    await expect(bela.screen.notice("Ada has a weak connection.")).to_be_visible()
    await expect(bela.picture_of("Ada")).to_be_hidden()
    await bela.gets_more(pictures=False)
    await ada.screen.page.evaluate("() => void (window.narrow = false)")
    await ada.looks(6)
    await expect(bela.picture_of("Ada")).to_be_visible()
    await bela.gets_more()


async def test_who_is_signed_out_is_in_no_call(exchange: Exchange) -> None:
    ada, bela = await in_call(exchange, video=False)
    await exchange.stage.revoke(ada.device)
    await ada.screen.is_at_sign_in()
    await expect(bela.screen.page.get_by_text("Call ended after").first).to_be_visible()
    assert await ada.screen.page.evaluate("() => links[0].connectionState") == "closed"


async def test_verified_is_what_both_said_and_falls_with_the_certificates(exchange: Exchange) -> None:
    ada, bela = await in_call(exchange, video=False)
    code = await ada.code()
    assert await bela.code() == code
    await ada.compares(same=True)
    await expect(ada.screen.button("You compared. Waiting for Bela.")).to_be_visible()
    await bela.compares(same=False)
    await expect(bela.screen.button("The code differs")).to_be_visible()
    await expect(ada.screen.page.get_by_role("alert")).to_contain_text("Somebody may be listening")
    await bela.screen.button("Compare once more").click()
    for each in (bela, ada):
        await expect(each.screen.button("Verified")).to_be_hidden()
        await each.compares(same=True)
    for each in (ada, bela):
        await expect(each.screen.button("Verified")).to_be_visible()
    await bela.screen.page.reload()
    await bela.is_live()
    await expect(ada.screen.notice("The code has changed")).to_be_visible()
    assert await ada.code() not in ("", code)
    assert await ada.code() == await bela.code()


async def test_one_sees_and_hears_oneself_before_anybody_else_does(exchange: Exchange) -> None:
    ada, bela = await both(exchange)
    await ada.screen.button("Video call with Bela").click()
    mirror = ada.screen.page.get_by_label("How Bela will see you")
    await expect(mirror).to_have_js_property("videoWidth", 1280)
    meter = ada.screen.page.get_by_role("meter")
    await expect(meter).not_to_have_attribute("aria-valuenow", "0")
    await ada.screen.button("Cancel").click()
    await expect(mirror).to_be_hidden()
    await expect(bela.incoming).to_be_hidden()
    assert await ada.screen.page.evaluate("() => links.length") == 0
    await ada.call("Bela", video=True)
    await bela.screen.page.bring_to_front()
    await bela.incoming.get_by_role("button", name="Check camera and microphone").click()
    mirror = bela.screen.page.get_by_label("How Ada will see you")
    await expect(mirror).to_have_js_property("videoWidth", 1280)
    await expect(bela.screen.page.get_by_role("meter")).not_to_have_attribute("aria-valuenow", "0")
    assert await bela.screen.page.evaluate("() => links.length") == 0
    await bela.screen.button("Done").click()
    await bela.answer()
    for each in (ada, bela):
        await each.is_live()
        await each.gets_more(than=[0, 0, 0])
