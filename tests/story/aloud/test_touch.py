"""Hold to talk as phones have it: fingers that hold, slide, come in twos, and are taken away."""

import pytest
from playwright.async_api import expect

from appliance.dev.browser import until
from tests.story.aloud.voices import (
    ASKED,
    DEAF,
    HIDDEN,
    MENU,
    STREAMS,
    arrives,
    button,
    clock,
    is_set_aside,
    notes,
    talks_for,
)
from tests.story.device import phone
from tests.story.fingers import Finger, middle
from tests.story.screen import Screen
from tests.story.stage import Stage

pytestmark = pytest.mark.media

Place = tuple[float, float]


async def begins(stage: Stage) -> tuple[Screen, Finger, Place, str]:
    """Ada's phone, her finger on the button, and her voice recorded."""
    room = await stage.dm("ada", "bela")
    ada = await stage.screen("ada", room, **phone())
    await ada.page.evaluate(STREAMS)
    finger = Finger(ada.page)
    await finger.start()
    at = await middle(button(ada))
    await finger.touch("touchStart", at)
    await talks_for(ada, 1)
    return ada, finger, at, room


async def test_what_a_finger_held_goes_out_when_it_lets_go_and_nothing_else_comes_of_a_long_press(
    stage: Stage,
) -> None:
    ada, finger, _, room = await begins(stage)
    # As long as phones take for a long press, and longer.
    await talks_for(ada, 2)
    assert await button(ada).evaluate(MENU) is False
    await finger.touch("touchEnd")
    await arrives(ada)
    await expect(clock(ada)).to_have_count(0)
    assert await button(ada).evaluate(MENU) is False
    assert await ada.page.evaluate("() => String(getSelection())") == ""
    assert await stage.messages(room) == 1


async def test_a_finger_that_slides_away_discards_and_one_that_comes_back_does_not(stage: Stage) -> None:
    ada, finger, (x, y), room = await begins(stage)
    await finger.moves(x, y, x - 200, y)
    await expect(ada.notice("Let go to cancel")).to_be_visible()
    await finger.moves(x - 200, y, x - 20, y)
    await expect(ada.notice("Slide to cancel")).to_be_visible()
    await finger.moves(x - 20, y, x - 200, y)
    await finger.touch("touchEnd")
    await expect(ada.notice("Recording discarded")).to_be_visible()
    await expect(clock(ada)).to_have_count(0)
    await until(ada.page, DEAF)
    assert await stage.messages(room) == 0


async def test_a_finger_that_slides_up_may_go_and_the_page_does_not_scroll_with_it(stage: Stage) -> None:
    room = await stage.dm("ada", "bela")
    bela = await stage.client("bela")
    for n in range(30):
        await bela.do("post", room=room, content={"type": "text", "text": f"Line {n}"})
    ada, finger, (x, y), _ = await begins(stage)
    rests = "() => [...document.querySelectorAll('*')].map((each) => each.scrollTop).filter(Boolean)"
    before = await ada.page.evaluate(rests)
    await finger.moves(x, y, x, y - 300)
    await finger.touch("touchEnd")
    await expect(ada.button("Discard recording")).to_be_visible()
    assert await ada.page.evaluate(rests) == before
    await ada.button("Send").tap()
    await arrives(ada)
    await until(ada.page, DEAF)
    assert await stage.messages(room) == 31


async def test_a_second_finger_changes_nothing_wherever_it_is_put(stage: Stage) -> None:
    ada, finger, (x, y), room = await begins(stage)
    for other in ((x, y), (x - 150, y - 300)):
        await finger.touch("touchStart", (x, y), other)
        await finger.touch("touchMove", (x, y), (other[0] - 150, other[1] - 20))
        # The second one lifts.
        await finger.touch("touchMove", (x, y))
        await expect(ada.notice("Slide to cancel")).to_be_visible()
    await expect(ada.button("Discard recording")).to_have_count(0)
    await finger.touch("touchEnd")
    await arrives(ada)
    assert await stage.messages(room) == 1


async def test_what_the_system_takes_the_finger_from_goes_on_and_waits_for_a_hand(stage: Stage) -> None:
    ada, finger, _, room = await begins(stage)
    await finger.touch("touchCancel")
    await expect(ada.button("Discard recording")).to_be_visible()
    await talks_for(ada, 2)
    await ada.button("Discard recording").tap()
    await expect(clock(ada)).to_have_count(0)
    assert await stage.messages(room) == 0


async def test_who_leaves_the_app_in_mid_sentence_is_not_recorded_there_and_finds_what_they_said(
    stage: Stage,
) -> None:
    ada, finger, _, room = await begins(stage)
    await ada.page.evaluate(HIDDEN)
    await until(ada.page, DEAF)
    await is_set_aside(ada)
    await finger.touch("touchCancel")
    assert await stage.messages(room) == 0
    await ada.button("Retry").tap()
    await expect(notes(await stage.screen("bela", room))).to_have_count(1)


async def test_a_call_that_comes_lets_one_finish_and_one_that_is_taken_sets_it_aside(stage: Stage) -> None:
    ada, finger, at, room = await begins(stage)
    bela = await stage.client("bela")
    ringing = ada.page.get_by_role("alertdialog")
    first = (await bela.do("ring", room=room, video=False, seat="a-page-of-bela-s"))["subject"]
    await expect(ringing).to_be_visible()
    await finger.touch("touchEnd")
    await expect(notes(ada)).to_have_count(1)
    await bela.do("hang_up", call=first)
    await expect(ringing).to_have_count(0)
    await finger.touch("touchStart", at)
    await talks_for(ada, 1)
    second = (await bela.do("ring", room=room, video=False, seat="a-page-of-bela-s"))["subject"]
    await ringing.get_by_role("button", name="Answer", exact=True).evaluate("(each) => each.click()")
    await expect(ada.log.get_by_text("Not sent")).to_be_attached()
    await expect(clock(ada)).to_have_count(0)
    await finger.touch("touchEnd")
    await bela.do("hang_up", call=second)
    await until(ada.page, DEAF)


@pytest.mark.parametrize("how", ["touchEnd", "touchCancel"])
async def test_who_had_to_let_go_to_allow_the_microphone_is_not_recorded(stage: Stage, how: str) -> None:
    room = await stage.dm("ada", "bela")
    ada = await stage.screen("ada", room, **phone())
    await ada.page.evaluate(STREAMS)
    await ada.page.evaluate(ASKED)
    finger = Finger(ada.page)
    await finger.start()
    at = await middle(button(ada))
    await finger.touch("touchStart", at)
    await until(ada.page, "() => questions > 0")
    await finger.touch(how)
    await ada.page.evaluate("() => allow()")
    await expect(ada.notice("Hold while you talk, and let go to send.")).to_be_visible()
    await until(ada.page, DEAF)
    await expect(clock(ada)).to_have_count(0)
    # And then it is as ever.
    await finger.touch("touchStart", at)
    await talks_for(ada, 1)
    await finger.touch("touchEnd")
    await expect(notes(ada)).to_have_count(1)


async def test_keys_lose_the_button_to_the_browsers_question_and_nobody_is_recorded(stage: Stage) -> None:
    ada = await stage.screen("ada", await stage.dm("ada", "bela"))
    await ada.page.evaluate(STREAMS)
    await ada.page.evaluate(ASKED)
    await button(ada).focus()
    await ada.page.keyboard.down(" ")
    await until(ada.page, "() => questions > 0")
    await button(ada).evaluate("(each) => each.blur()")
    await ada.page.evaluate("() => allow()")
    await expect(ada.notice("Hold the space bar while you talk")).to_be_visible()
    await until(ada.page, DEAF)
