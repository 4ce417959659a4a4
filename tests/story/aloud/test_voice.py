"""Voice messages: held, let go, sent once, listened to."""

import re

import pytest
from playwright.async_api import expect

from tests.media.sounds import say, webm
from tests.story.aloud.voices import (
    arrives,
    button,
    clock,
    is_kept,
    is_recorded,
    notes,
    plays,
    press,
    talk,
    talks_for,
    tap,
)
from tests.story.stage import Stage


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
    await plays(bela)
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
    await plays(ada)
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
    await is_kept(ada, 1)
    await ada.page.mouse.up()
    await ada.page.reload()
    await expect(notes(ada)).to_have_count(1)
    await expect(notes(bela)).to_have_count(1)
    await ada.page.reload()
    await expect(notes(ada)).to_have_count(1)
    await ada.button("Play").click()
    await plays(ada)
    assert await stage.messages(room) == 1


@pytest.mark.media
async def test_what_was_let_go_as_the_page_was_closed_is_sent_by_one_beside_it(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    beside = await stage.beside(room)
    await ada.page.evaluate("() => { MediaRecorder.prototype.stop = () => undefined }")
    await press(ada)
    await is_kept(ada, 1)
    await ada.page.mouse.up()
    await ada.page.close()
    for each in (bela, beside):
        await expect(notes(each)).to_have_count(1)
    await arrives(beside)
    assert await stage.messages(room) == 1


@pytest.mark.media
async def test_what_slid_away_or_was_too_short_is_not_sent(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await tap(ada)
    await expect(ada.notice("Press and hold while you talk, and let go to send.")).to_be_visible()
    x, y = await press(ada)
    await talks_for(ada, 1)
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
    await is_recorded(ada)
    await ada.page.mouse.move(x, y - 120, steps=3)
    await ada.page.mouse.up()
    await expect(ada.button("Discard recording")).to_be_visible()
    await talks_for(ada, 1)
    await ada.button("Send").click()
    await expect(notes(ada)).to_have_count(1)
    # Space is held, Enter begins and ends, Escape discards.
    await button(ada).focus()
    await ada.page.keyboard.down(" ")
    await talks_for(ada, 1)
    await ada.page.keyboard.up(" ")
    await expect(notes(ada)).to_have_count(2)
    await ada.page.keyboard.press("Enter")
    await talks_for(ada, 1)
    await ada.page.keyboard.press("Enter")
    await expect(notes(ada)).to_have_count(3)
    await ada.page.keyboard.press("Enter")
    await talks_for(ada, 1)
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
    # However long the recording became on a busy machine.
    await expect(first).to_have_attribute("aria-valuenow", await first.get_attribute("aria-valuemax") or "")
    await ada.page.keyboard.press("Home")
    await expect(first).to_have_attribute("aria-valuenow", "0")
    # To readers a place is a time.
    await expect(first).to_have_attribute("aria-valuetext", re.compile(r"^0:00 of 0:0\d$"))
    box = await second.bounding_box()
    assert box is not None
    await second.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    await expect(second).to_have_attribute("aria-valuenow", await second.get_attribute("aria-valuemax") or "")
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
