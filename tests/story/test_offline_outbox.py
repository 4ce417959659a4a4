"""What waits to be sent: seen, changed and taken back, and still sent once."""

import pytest
from playwright.async_api import Locator, expect

from tests.story.line import Fate, Frame, Line, Way
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.traces import wait_until_kept

pytestmark = pytest.mark.shell

PERHAPS = "It was tried once, so it may have arrived already."


def entry(screen: Screen, text: str) -> Locator:
    return screen.page.get_by_role("main").get_by_role("listitem").filter(has_text=text)


async def show_outbox(screen: Screen, line: str) -> None:
    """By the line that says how the connection stands."""
    await screen.page.get_by_role("link", name=line).locator("visible=true").first.click()
    await expect(screen.page.get_by_role("heading", name="On its way")).to_be_visible()


async def rewrite(screen: Screen, text: str, to: str) -> None:
    await entry(screen, text).get_by_role("button", name="Edit").click()
    await screen.field("New words").fill(to)
    await screen.button("Save").click()


def swallow_posts(line: Line) -> None:
    """The next message arrives, nobody hears of it, and the network is gone."""

    def judge(way: Way, frame: Frame) -> Fate:
        if way == "down" or frame["op"] != "post":
            return Fate.PASS
        line.is_up = False
        return Fate.CUT_AFTER

    line.judge = judge


async def test_what_waits_is_changed_discarded_and_taken_back_and_then_goes_out(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    device = stage.devices[0]
    await device.installed()
    await device.lose_network()
    await ada.say("Frist", "Second", "Third")
    await show_outbox(ada, "3 messages wait to be sent")
    await rewrite(ada, "Frist", "First")
    await expect(entry(ada, "First")).to_contain_text("Waiting since")
    await entry(ada, "Second").get_by_role("button", name="Discard").click()
    await expect(entry(ada, "Second")).to_have_count(0)
    await ada.button("Undo").click()
    await entry(ada, "Third").get_by_role("button", name="Discard").click()
    waiting = ada.page.get_by_role("list", name="On its way to Garden").get_by_role("listitem")
    await expect(waiting).to_have_count(2)
    await expect(waiting.first).to_contain_text("First")
    await device.find_network()
    await expect(ada.page.get_by_role("heading", name="Everything has gone out")).to_be_visible()
    await bela.shows_sent("First", "Second")
    posts = [frame["content"]["text"] for frame in device.line.sent if frame["op"] == "post"]
    assert posts == ["First", "Second"]


async def test_words_that_somebody_is_changing_stay_when_the_message_goes_out(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    device = stage.devices[0]
    await device.installed()
    await device.lose_network()
    await ada.say("Frist")
    await show_outbox(ada, "1 message waits to be sent")
    await entry(ada, "Frist").get_by_role("button", name="Edit").click()
    await ada.field("New words").fill("First")
    await device.find_network()
    await bela.shows("Frist")
    await expect(
        ada.page.get_by_role("listitem").filter(has_text="It has gone out meanwhile")
    ).to_be_visible()
    await expect(ada.field("New words")).to_have_value("First")
    await ada.button("Save").click()
    await bela.shows_sent("First")
    await expect(ada.page.get_by_role("heading", name="Everything has gone out")).to_be_visible()
    assert await stage.messages(room) == 1


async def said_without_an_answer(stage: Stage, words: str) -> tuple[Screen, Screen, str]:
    """Ada says it to Bela, it arrives, and nobody tells her so. Returns their screens and the room."""
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await stage.devices[0].installed()
    swallow_posts(stage.devices[0].line)
    await ada.say(words)
    await bela.shows(words)
    await show_outbox(ada, "1 message waits to be sent")
    return ada, bela, room


async def test_what_may_have_arrived_is_changed_by_an_edit_that_follows(stage: Stage) -> None:
    ada, bela, room = await said_without_an_answer(stage, "Frist")
    device = stage.devices[0]
    await expect(entry(ada, "Frist")).to_contain_text(PERHAPS)
    await rewrite(ada, "Frist", "First")
    await expect(entry(ada, "First")).to_contain_text("Goes out after the message")
    # The tab is killed, and another one finds the same.
    await ada.page.close()
    again = await device.open("/outbox")
    await expect(entry(again, "Frist")).to_contain_text(PERHAPS)
    await device.find_network()
    await bela.shows_sent("First")
    await expect(again.page.get_by_role("heading", name="Everything has gone out")).to_be_visible()
    assert await stage.messages(room) == 1


async def test_what_may_have_arrived_is_deleted_rather_than_forgotten(stage: Stage) -> None:
    ada, bela, _ = await said_without_an_answer(stage, "A slip")
    await entry(ada, "A slip").get_by_role("button", name="Discard").click()
    await ada.says("It is deleted as soon as it has arrived.")
    await stage.devices[0].find_network()
    await bela.shows("This message was deleted")


async def test_what_was_refused_is_told_although_the_connection_is_fine(stage: Stage) -> None:
    room = await stage.room("bela", "ada")
    bela = await stage.client("bela")
    ada = await stage.screen("ada", room)
    device = stage.devices[0]
    await device.installed()
    await device.lose_network()
    await ada.say("Too late")
    await wait_until_kept(ada.page, "outbox", "Too late")
    assert (await bela.do("archive_room", room=room, archived=True))["op"] == "ack"
    await device.find_network()
    await show_outbox(ada, "1 message was not sent")
    await expect(entry(ada, "Too late")).to_contain_text("Not sent: ")
    await entry(ada, "Too late").get_by_role("link", name="Show in conversation").click()
    await ada.shows("Too late")
    await ada.page.go_back()
    await entry(ada, "Too late").get_by_role("button", name="Discard").click()
    await expect(ada.page.get_by_role("heading", name="Everything has gone out")).to_be_visible()
