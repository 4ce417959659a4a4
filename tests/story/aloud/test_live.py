"""Hold to talk: heard as it is said, and a message where it was not; nobody is recorded out of sight."""

import pytest
from playwright.async_api import expect

from appliance.dev.browser import until
from tests.story.aloud.voices import (
    DEAF,
    EAGER,
    LOUDER,
    SILENCED,
    clock,
    facing,
    goes_on_alone,
    is_set_aside,
    notes,
    press,
    talk,
    talks_for,
)
from tests.story.stage import Stage


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
    await talks_for(ada, 1)
    await bela.page.bring_to_front()
    await bela.button("Stop listening").click()
    await expect(ada.page.get_by_text("Bela hears you")).to_have_count(0)
    await ada.page.mouse.up()
    await expect(notes(bela)).to_have_count(1)
    await expect(notes(ada)).to_have_count(1)


@pytest.mark.media
async def test_what_the_browser_of_the_other_does_not_let_be_heard_comes_as_a_message(stage: Stage) -> None:
    ada, bela, _ = await facing(stage)
    await bela.page.evaluate(SILENCED)
    await press(ada)
    await expect(ada.notice("Bela hears you")).to_be_visible()
    await talks_for(ada, 1)
    await ada.page.mouse.up()
    await expect(notes(bela)).to_have_count(1)


@pytest.mark.media
async def test_what_was_said_before_it_was_live_comes_as_a_message_too(stage: Stage) -> None:
    ada, bela, room = await facing(stage)
    await ada.page.evaluate(EAGER)
    await press(ada)
    await expect(ada.notice("Bela hears you")).to_be_visible()
    await talks_for(ada, 1)
    await ada.page.mouse.up()
    await expect(notes(bela)).to_have_count(1)
    assert await stage.messages(room) == 1


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
