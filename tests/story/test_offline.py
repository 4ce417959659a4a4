"""Without a network: what was there, what is written, and what must not be there any more."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.server import ROOMY
from tests.story.screen import PENDING, TOMBSTONE
from tests.story.stage import Stage, staged
from tests.story.traces import assert_forgotten, assert_kept, wait_until_kept

pytestmark = pytest.mark.shell

REPLAYED = 10
"""Rows of a log that the server replays in the stories of a long absence."""


async def test_it_starts_offline_and_sends_later_what_was_written_in_order(stage: Stage) -> None:
    garden = await stage.room("ada", "bela")
    await stage.room("ada", name="Kitchen")
    bela = await stage.client("bela")
    await bela.post(garden, "Good morning")
    ada = await stage.screen("ada", garden)
    device = stage.devices[0]
    await ada.shows("Good morning")
    await device.installed()
    await device.lose_network()
    await ada.page.reload()
    await ada.shows("Good morning")
    await expect(ada.room("Kitchen")).to_be_visible()
    await expect(ada.notice("No network. What you write is kept and sent later.")).to_be_visible()
    await ada.say("First", "Second", "Third")
    await expect(ada.notice("3 messages wait to be sent")).to_be_visible()
    await ada.page.close()
    again = await device.open(f"/room/{garden}")
    await again.shows("Good morning", "First", "Second", "Third")
    await expect(again.log.get_by_text(PENDING)).to_have_count(3)
    await bela.post(garden, "Where is everybody?")
    await device.find_network()
    await again.shows_sent("Good morning", "Where is everybody?", "First", "Second", "Third")
    await again.is_connected()
    assert await stage.messages(garden) == 5
    assert [frame["content"]["text"] for frame in device.line.sent if frame["op"] == "post"] == [
        "First",
        "Second",
        "Third",
    ]


async def test_a_room_seen_only_in_the_list_opens_offline_too(stage: Stage) -> None:
    await stage.room("ada", "bela")
    kitchen = await stage.room("bela", "ada", "chidi", name="Kitchen")
    bela, chidi = await stage.client("bela"), await stage.client("chidi")
    await chidi.post(kitchen, "Soup is ready")
    await bela.post(kitchen, "Coming")
    ada = await stage.screen("ada")
    await expect(ada.room("Kitchen")).to_contain_text("Coming")
    await stage.devices[0].installed()
    await wait_until_kept(ada.page, "messages", "Soup is ready")
    await stage.devices[0].lose_network()
    for again in (False, True):
        if again:
            await ada.page.goto(ada.origin)
        await ada.enter("Kitchen")
        await ada.shows("Soup is ready", "Coming")
        assert [said.author for said in await ada.transcript()] == ["Chidi", "Bela"]


async def test_one_reads_on_without_a_network_where_one_was_far_up(chromium: Browser, tmp_path: Path) -> None:
    limits = replace(ROOMY, replay_rows=REPLAYED)
    async with staged(chromium, tmp_path / "data", limits, shell=True) as stage:
        room = await stage.room("bela", "ada")
        bela = await stage.client("bela")
        await bela.talk(room, 90, "Talk")
        ada = await stage.screen("ada", room)
        device = stage.devices[0]
        # It begins where the unread ones do, which is far from the newest.
        await expect(ada.row("Talk 0")).to_be_in_viewport()
        await device.installed()
        await wait_until_kept(ada.page, "logs", '"span"')
        await device.lose_network()
        await ada.page.reload()
        # What was on screen has been read, and it goes on behind that.
        await expect(ada.texts.first).to_be_visible()
        assert int((await ada.transcript())[0].text.removeprefix("Talk ")) < 30


async def test_one_can_write_in_a_room_whose_messages_did_not_load(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada"), await stage.client("bela")
    await expect(ada.room("Garden")).to_be_visible()
    device = stage.devices[0]
    await device.installed()
    await device.lose_network()
    await bela.post(room, "Said meanwhile")
    await ada.enter("Garden")
    await ada.say("Into the dark")
    await ada.shows("Into the dark")
    await expect(ada.row("Into the dark").get_by_text(PENDING)).to_be_visible()
    await device.find_network()
    await ada.shows_sent("Said meanwhile", "Into the dark")


async def test_a_draft_and_an_edit_written_offline_survive_a_restart(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    device = stage.devices[0]
    await ada.say("Tuesday")
    await ada.shows_sent("Tuesday")
    await device.installed()
    await device.lose_network()
    await ada.edit("Tuesday", "Wednesday")
    await ada.shows("Wednesday")
    await ada.composer.press_sequentially("half a sen")
    await wait_until_kept(ada.page, "drafts", "half a sen")
    await ada.page.reload()
    await ada.shows("Wednesday")
    await expect(ada.composer).to_have_value("half a sen")
    await device.find_network()
    await ada.shows_sent("Wednesday")
    await bela.shows("Wednesday")


async def test_what_was_deleted_during_a_long_absence_is_nowhere_on_disk(
    chromium: Browser, tmp_path: Path
) -> None:
    limits = replace(ROOMY, replay_rows=REPLAYED)
    async with staged(chromium, tmp_path / "data", limits, shell=True) as stage:
        room = await stage.room("bela", "ada")
        bela = await stage.client("bela")
        secret = await bela.post(room, "The key is under the flowerpot")
        slip = await bela.post(room, "The safe word is rhubarb")
        quote = await bela.post(room, "Thanks", reply_to=secret["subject"])
        assert quote["op"] == "ack"
        ada = await stage.screen("ada", room)
        await ada.shows("The key is under the flowerpot", "The safe word is rhubarb", "Thanks")
        device = stage.devices[0]
        await device.installed()
        await assert_kept(ada.page, "flowerpot", "rhubarb")
        await device.lose_network()
        await bela.do("delete", message=secret["subject"])
        await bela.do(
            "edit", message=slip["subject"], content={"type": "text", "text": "The safe word is changed"}
        )
        await bela.talk(room, 60, "Talk")
        await device.find_network()
        # It begins where the unread ones do.
        await expect(ada.row("Talk 0")).to_be_in_viewport()
        await ada.button("Jump to the newest message").click()
        await expect(ada.texts.last).to_have_text("Talk 59")
        await wait_until_kept(ada.page, "messages", "Talk 59")
        # Else it would begin where she has not read yet.
        await wait_until_kept(ada.page, "rooms", '"unread":0')
        await device.lose_network()
        await ada.page.reload()
        await expect(ada.texts.last).to_have_text("Talk 59")
        await assert_forgotten(ada.page, "flowerpot", "rhubarb")


async def test_what_is_deleted_while_one_looks_is_nowhere_on_disk(stage: Stage) -> None:
    room = await stage.room("bela", "ada")
    bela = await stage.client("bela")
    secret = await bela.post(room, "The key is under the flowerpot")
    ada = await stage.screen("ada", room)
    await ada.shows("The key is under the flowerpot")
    await bela.do("delete", message=secret["subject"])
    await ada.shows(TOMBSTONE)
    await ada.page.reload()
    await ada.shows(TOMBSTONE)
    await assert_forgotten(ada.page, "flowerpot")
