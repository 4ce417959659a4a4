"""Voice messages: held, let go, sent once, listened to."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, async_playwright, expect

from appliance.dev.browser import launch, until
from tests.media.sounds import say, webm
from tests.story.screen import Screen
from tests.story.stage import Stage, staged
from tests.story.talking import FLAGS

WATCH = """() => {
  window.links = []
  const Real = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Real {
    constructor(config) { super(config); links.push(this) }
  }
}"""
LOUDER = """async () => {
  for (const link of links) {
    for (const each of (await link.getStats()).values()) {
      if (each.type === 'inbound-rtp' && each.packetsReceived > 10 && each.totalAudioEnergy > 0) return true
    }
  }
  return false
}"""
"""Sound came in that is not silence."""

STREAMS = """() => {
  window.streams = []
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (asked) => {
    const stream = await real(asked)
    streams.push(stream)
    return stream
  }
}"""
DEAF = """() => streams.length > 0 &&
  streams.flatMap((each) => each.getTracks()).every((track) => track.readyState === 'ended')"""
"""No microphone is open."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hearing() -> AsyncIterator[Browser]:
    """A Chromium with a microphone that beeps."""
    async with async_playwright() as playwright:
        browser = await launch(playwright, *FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(hearing: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    shell = request.node.get_closest_marker("shell") is not None
    async with staged(hearing, tmp_path / "data", shell=shell) as ready:
        yield ready


def button(screen: Screen) -> Locator:
    """What is held to talk."""
    return screen.page.get_by_role("button", name="Hold to talk")


def clock(screen: Screen) -> Locator:
    """How long somebody has been talking."""
    return screen.page.locator("form.composer time")


def notes(screen: Screen) -> Locator:
    """Voice messages on screen."""
    return screen.log.locator(".voice .track")


async def press(screen: Screen) -> Any:
    """Hold the button; returns where it is."""
    await screen.page.bring_to_front()
    box = await button(screen).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await screen.page.mouse.move(x, y)
    await screen.page.mouse.down()
    return x, y


async def talk(screen: Screen) -> None:
    """Hold the button for a second, and let go."""
    await press(screen)
    await expect(clock(screen)).to_have_text("0:01")
    await screen.page.mouse.up()


@pytest.mark.media
async def test_what_is_said_while_one_holds_is_sent_played_and_known_to_have_been_heard(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await talk(ada)
    await expect(notes(bela)).to_have_count(1)
    await expect(bela.log.get_by_text("Not listened to yet")).to_have_count(1)
    await expect(ada.log.get_by_text("Listened to", exact=True)).to_have_count(0)
    await bela.page.bring_to_front()
    await bela.button("Play").click()
    await expect(bela.button("Pause")).to_be_visible()
    await expect(bela.log.get_by_text("Not listened to yet")).to_have_count(0)
    await expect(ada.log.get_by_text("Listened to", exact=True)).to_have_count(1)
    # To its end, where it can be played again.
    await expect(bela.button("Play")).to_be_visible()
    assert await stage.messages(room) == 1


@pytest.mark.media
async def test_what_is_said_without_a_network_goes_out_once_after_a_reload(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    # The part that records is loaded with the first press.
    await tap(ada)
    device = stage.devices[0]
    await device.lose_network()
    await talk(ada)
    await expect(notes(ada)).to_have_count(1)
    # It plays from the device meanwhile.
    await ada.button("Play").click()
    await expect(ada.button("Pause")).to_be_visible()
    await device.find_network()
    await ada.page.reload()
    await expect(notes(ada)).to_have_count(1)
    await expect(notes(bela)).to_have_count(1)
    await expect(ada.page.get_by_text("Waiting to send")).to_have_count(0)
    assert await stage.messages(room) == 1


@pytest.mark.media
async def test_what_was_let_go_as_the_page_was_closed_is_sent_by_the_next_one(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    # The page is gone before its recorder has come to an end.
    await ada.page.evaluate("() => { MediaRecorder.prototype.stop = () => undefined }")
    await press(ada)
    await expect(clock(ada)).to_have_text("0:02")
    await ada.page.mouse.up()
    await ada.page.reload()
    await expect(notes(ada)).to_have_count(1)
    await expect(notes(bela)).to_have_count(1)
    await ada.page.reload()
    await expect(notes(ada)).to_have_count(1)
    await ada.button("Play").click()
    await expect(ada.button("Pause")).to_be_visible()
    assert await stage.messages(room) == 1


@pytest.mark.media
async def test_what_slid_away_or_was_too_short_is_not_sent(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await tap(ada)
    await expect(ada.notice("Press and hold while you talk, and let go to send.")).to_be_visible()
    x, y = await press(ada)
    await expect(clock(ada)).to_have_text("0:01")
    await ada.page.mouse.move(x - 200, y)
    await expect(ada.notice("Let go to cancel")).to_be_visible()
    await ada.page.mouse.up()
    await expect(ada.notice("Recording discarded")).to_be_visible()
    await expect(clock(ada)).to_have_count(0)
    assert await stage.messages(room) == 0


@pytest.mark.media
async def test_slid_up_it_goes_on_by_itself_and_keys_do_all_of_it(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    x, y = await press(ada)
    await expect(clock(ada)).to_have_text("0:00")
    await ada.page.mouse.move(x, y - 120, steps=3)
    await ada.page.mouse.up()
    await expect(ada.button("Discard recording")).to_be_visible()
    await expect(clock(ada)).to_have_text("0:01")
    await ada.button("Send").click()
    await expect(notes(ada)).to_have_count(1)
    # Space is held, Enter begins and ends, Escape discards.
    await button(ada).focus()
    await ada.page.keyboard.down(" ")
    await expect(clock(ada)).to_have_text("0:01")
    await ada.page.keyboard.up(" ")
    await expect(notes(ada)).to_have_count(2)
    await ada.page.keyboard.press("Enter")
    await expect(clock(ada)).to_have_text("0:01")
    await ada.page.keyboard.press("Enter")
    await expect(notes(ada)).to_have_count(3)
    await ada.page.keyboard.press("Enter")
    await expect(clock(ada)).to_have_text("0:01")
    await ada.page.keyboard.press("Escape")
    await expect(ada.notice("Recording discarded")).to_be_visible()
    assert await stage.messages(room) == 3


@pytest.mark.media
async def test_one_goes_to_a_place_in_it_by_hand_and_by_keys_and_one_plays_at_a_time(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await talk(ada)
    await expect(notes(ada)).to_have_count(1)
    await talk(ada)
    await expect(notes(ada)).to_have_count(2)
    first, second = notes(ada).nth(0), notes(ada).nth(1)
    await first.focus()
    await ada.page.keyboard.press("End")
    await expect(first).to_have_attribute("aria-valuenow", "1")
    await ada.page.keyboard.press("Home")
    await expect(first).to_have_attribute("aria-valuenow", "0")
    box = await second.bounding_box()
    assert box is not None
    await second.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    await expect(second).to_have_attribute("aria-valuenow", "1")
    await expect(first).to_have_attribute("aria-valuenow", "0")
    await ada.button("Speed 1x").click()
    await ada.button("Speed 1.5x").click()
    await ada.page.reload()
    await ada.button("Play").first.click()
    await expect(ada.button("Speed 2x")).to_be_visible()


async def test_who_lets_no_microphone_be_used_is_told_where_it_happened(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    for error, words in (
        ("NotAllowedError", "SafeVoice may not use the microphone. Allow it in the settings of this site."),
        ("NotFoundError", "No microphone was found."),
        ("NotReadableError", "Something else is using the microphone."),
    ):
        await ada.page.evaluate(
            "(name) => { navigator.mediaDevices.getUserMedia = async () => {"
            " throw new DOMException('', name) } }",
            error,
        )
        await press(ada)
        await expect(ada.notice(words)).to_be_visible()
        await ada.page.mouse.up()
    assert await stage.messages(room) == 0


async def test_a_voice_message_is_named_in_lists_and_quotes_and_is_not_edited(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    account = await stage.account("bela")
    message, _ = await say(stage.server, account, bela, room, webm())
    await bela.do("post", room=room, content={"type": "text", "text": "About that"}, reply_to=message)
    screen = await stage.screen("bela", room)
    await expect(screen.quote("Bela")).to_contain_text("Voice message")
    await screen.rows.first.hover()
    tools = screen.page.get_by_role("toolbar", name="Message actions")
    await expect(tools.get_by_role("button", name="Reply")).to_be_visible()
    await expect(tools.get_by_role("button", name="Edit")).to_have_count(0)
    await bela.do("delete", message=message)
    await screen.shows("This message was deleted", "About that")
    # What is no sound cannot be played, and says so.
    await say(stage.server, account, bela, room, webm(b"no sound"))
    await screen.button("Play").click()
    await expect(screen.log.get_by_text("This cannot be played right now.")).to_be_visible()


async def tap(screen: Screen) -> None:
    """Press the button and let go at once."""
    await press(screen)
    await expect(clock(screen)).to_have_count(1)
    await screen.page.mouse.up()
    await expect(clock(screen)).to_have_count(0)


async def facing(stage: Stage) -> tuple[Screen, Screen, str]:
    """Ada and Bela, each with their conversation in front of them; Bela's page may make a sound."""
    room = await stage.dm("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await bela.composer.click()
    await bela.page.evaluate(WATCH)
    return ada, bela, room


@pytest.mark.media
async def test_who_is_there_and_listens_hears_it_live_and_nothing_is_kept(stage: Stage) -> None:
    ada, bela, room = await facing(stage)
    await press(ada)
    await expect(ada.notice("Bela hears you")).to_be_visible()
    await expect(bela.notice("Ada is talking")).to_be_visible()
    await until(bela.page, LOUDER)
    await ada.page.mouse.up()
    await expect(bela.page.get_by_text("Ada is talking")).to_have_count(0)
    await expect(clock(ada)).to_have_count(0)
    # And the other way round, as often as they like.
    await press(bela)
    await expect(bela.notice("Ada hears you")).to_be_visible()
    await expect(ada.notice("Bela is talking")).to_be_visible()
    await bela.page.mouse.up()
    await expect(ada.page.get_by_text("Bela is talking")).to_have_count(0)
    assert await stage.messages(room) == 0


@pytest.mark.media
async def test_what_breaks_off_in_the_middle_comes_as_a_message_with_all_of_it(stage: Stage) -> None:
    ada, bela, _ = await facing(stage)
    await press(ada)
    await expect(ada.notice("Bela hears you")).to_be_visible()
    await expect(clock(ada)).to_have_text("0:01")
    await bela.page.bring_to_front()
    await bela.button("Stop listening").click()
    await expect(ada.page.get_by_text("Bela hears you")).to_have_count(0)
    await ada.page.mouse.up()
    await expect(notes(bela)).to_have_count(1)
    await expect(notes(ada)).to_have_count(1)


@pytest.mark.media
@pytest.mark.parametrize("why", ["elsewhere", "not willing"])
async def test_who_is_elsewhere_or_does_not_want_it_gets_a_message(stage: Stage, why: str) -> None:
    ada, bela, _ = await facing(stage)
    if why == "elsewhere":
        await bela.page.goto(f"{bela.origin}/")
    else:
        await bela.page.goto(f"{bela.origin}/settings/calls")
        await bela.page.get_by_role("switch", name="Let others talk to me live").click()
        await bela.enter("Ada")
    await bela.is_connected()
    await talk(ada)
    await bela.enter("Ada")
    await expect(notes(bela)).to_have_count(1)
    await expect(bela.page.get_by_text("Ada is talking")).to_have_count(0)


async def goes_on_alone(screen: Screen) -> None:
    """Somebody talks for a second, and need not hold the button."""
    await screen.page.bring_to_front()
    await screen.page.evaluate(STREAMS)
    await button(screen).focus()
    await screen.page.keyboard.press("Enter")
    await expect(clock(screen)).to_have_text("0:01")


async def is_set_aside(screen: Screen) -> None:
    """What was said stands there as not sent."""
    await expect(notes(screen)).to_have_count(1)
    await expect(screen.log.get_by_text("Not sent")).to_be_visible()
    await expect(clock(screen)).to_have_count(0)


@pytest.mark.media
async def test_nobody_is_recorded_on_another_page_and_what_was_said_is_sent_or_not_by_hand(
    stage: Stage,
) -> None:
    room, _ = await stage.dm("ada", "bela"), await stage.dm("ada", "cleo")
    ada = await stage.screen("ada", room)
    await goes_on_alone(ada)
    await ada.enter("Cleo")
    await until(ada.page, DEAF)
    await expect(clock(ada)).to_have_count(0)
    await ada.enter("Bela")
    await is_set_aside(ada)
    await ada.page.reload()
    await is_set_aside(ada)
    assert await stage.messages(room) == 0
    await ada.button("Retry").click()
    await expect(ada.log.get_by_text("Not sent")).to_have_count(0)
    await expect(notes(await stage.screen("bela", room))).to_have_count(1)


@pytest.mark.media
async def test_a_call_takes_the_microphone_and_afterwards_they_talk_live_as_before(stage: Stage) -> None:
    ada, bela, room = await facing(stage)
    await bela.page.goto(f"{bela.origin}/")
    await bela.is_connected()
    await goes_on_alone(ada)
    await ada.button("Call Bela").click()
    await is_set_aside(ada)
    await ada.button("Cancel").click()
    await expect(ada.page.get_by_role("dialog")).to_have_count(0)
    await until(ada.page, DEAF)
    await bela.enter("Ada")
    await bela.composer.click()
    await press(ada)
    await expect(ada.notice("Bela hears you")).to_be_visible()
    await ada.page.mouse.up()
    await expect(clock(ada)).to_have_count(0)
    assert await stage.messages(room) == 1
