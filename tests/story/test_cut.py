"""The connection is cut at the worst moments."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.story.line import Fate, Frame, Judge, Line, Way
from tests.story.screen import PENDING, TOMBSTONE, Screen, show_the_same
from tests.story.stage import Stage


def at_the_next_post(line: Line, fate: Fate) -> Judge:
    """The next message meets this fate, and the line stays down after it."""

    def judge(way: Way, frame: Frame) -> Fate:
        if way == "up" and frame["op"] == "post" and line.is_up:
            line.is_up = False
            return fate
        return Fate.PASS

    return judge


async def say_into_the_void(screen: Screen, line: Line, fate: Fate, text: str) -> None:
    """Send a message in whose middle the connection goes."""
    line.judge = at_the_next_post(line, fate)
    await screen.say(text)
    await expect(screen.row(text).get_by_text(PENDING)).to_be_visible()


async def test_both_screens_end_equal_after_a_cut_in_mid_send_and_changes_meanwhile(stage: Stage) -> None:
    room = await stage.room("bela", "ada")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    line = stage.devices[0].line
    await ada.say("One", "Two")
    await bela.shows("One", "Two")
    await bela.say("Three")
    await ada.shows_sent("One", "Two", "Three")
    await say_into_the_void(ada, line, Fate.CUT_AFTER, "Four")
    await ada.say("Five")
    await ada.shows("One", "Two", "Three", "Four", "Five")
    await expect(ada.row("Five").get_by_text(PENDING)).to_have_css("opacity", "1")
    await expect(ada.connection).to_contain_text("Reconnecting")
    await bela.edit("Three", "Three, mended")
    await bela.delete("Two")
    await bela.shows("One", TOMBSTONE, "Three, mended", "Four")
    await stage.devices[0].find_network()
    for screen in (ada, bela):
        await screen.shows_sent("One", TOMBSTONE, "Three, mended", "Four", "Five")
    await show_the_same(ada, bela)
    await ada.is_connected()
    assert await stage.messages(room) == 5


@pytest.mark.parametrize("fate", [Fate.CUT_BEFORE, Fate.CUT_HALFWAY, Fate.CUT_AFTER])
async def test_a_message_cut_off_on_its_way_arrives_once(stage: Stage, fate: Fate) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("Before")
    await ada.shows_sent("Before")
    await say_into_the_void(ada, stage.devices[0].line, fate, "Only once")
    await stage.devices[0].find_network()
    await ada.shows_sent("Before", "Only once")
    await bela.shows("Before", "Only once")
    assert await stage.messages(room) == 2


async def test_what_others_said_while_the_line_was_down_comes_in_order(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.client("ada"), await stage.screen("bela", room)
    await ada.post(room, "1")
    await bela.shows("1")
    line = stage.devices[0].line
    line.go_down()
    for number in range(2, 12):
        await ada.post(room, str(number))
    await expect(bela.connection).to_contain_text("Reconnecting")
    await stage.devices[0].find_network()
    await bela.shows(*map(str, range(1, 12)))


async def test_the_page_says_when_it_tries_again_and_tries_at_once_when_told(stage: Stage) -> None:
    room = await stage.room("ada")
    ada = await stage.screen_by_hand("ada", f"/room/{room}")
    device = stage.devices[0]
    device.line.go_down()
    # It says so after a moment, and then to the end.
    await expect(ada.notice("No answer. Next try in")).to_be_visible()
    # Time stands still: only the button can bring the next try.
    await ada.page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=2))
    await expect(ada.notice("No answer. Next try in")).to_be_visible()
    device.line.come_up()
    await ada.page.get_by_role("button", name="Try now").click()
    await ada.is_connected()


async def test_a_line_that_swallows_everything_is_noticed(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    ada = await stage.screen_by_hand("ada", f"/room/{room}")
    device = stage.devices[0]
    device.line.stall()
    await bela.post(room, "Are you there?")
    await ada.page.clock.run_for(31_000)
    await ada.page.clock.run_for(6_000)
    await expect(ada.connection).to_contain_text("Connecting")
    device.line.move()
    await ada.page.clock.run_for(1_000)
    await ada.is_connected()
    await ada.shows("Are you there?")


async def test_an_edit_that_overtakes_its_message_stays(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.client("ada"), await stage.screen("bela", room)
    await ada.post(room, "Begin")
    await bela.shows("Begin")
    line = stage.devices[0].line

    def hold_the_first(way: Way, frame: Frame) -> Fate:
        fresh = frame["op"] == "message" and not frame["message"].get("edited_at")
        return Fate.HOLD if way == "down" and fresh else Fate.PASS

    line.judge = hold_the_first
    posted = await ada.post(room, "Draft")
    await ada.do("edit", message=posted["subject"], content={"type": "text", "text": "Final"})
    await bela.shows("Begin", "Final")
    assert line.holds == 1
    line.release()
    await ada.post(room, "End")
    line.release()
    await bela.shows("Begin", "Final", "End")
    await bela.page.reload()
    await bela.shows("Begin", "Final", "End")


async def test_a_deletion_that_overtakes_its_message_stays(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.client("ada"), await stage.screen("bela", room)
    line = stage.devices[0].line
    line.judge = lambda way, frame: (
        Fate.HOLD if frame["op"] == "message" and frame["message"].get("content") else Fate.PASS
    )
    posted = await ada.post(room, "Oops")
    await ada.do("delete", message=posted["subject"])
    await bela.shows(TOMBSTONE)
    line.release()
    line.judge = lambda way, frame: Fate.PASS
    await ada.post(room, "Better")
    await bela.shows(TOMBSTONE, "Better")
