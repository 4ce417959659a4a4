"""The server says no: each refusal is shown where it happened, with a way out."""

import shutil
from dataclasses import replace
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.server import ROOMY, serving
from tests.story.screen import PENDING
from tests.story.stage import Stage, staged
from tests.story.traces import assert_forgotten, assert_kept

LONG = "A sentence that a stricter server finds too long, because it takes only sixty-four bytes."


async def fill_the_disk(stage: Stage, *, full: bool) -> None:
    """Let SQLite run out of pages, as on a full disk, or give it room again."""
    writer = stage.server.house.db._writer
    assert writer is not None
    await writer.execute(f"PRAGMA max_page_count = {1 if full else 1_000_000}")


async def test_a_refused_message_says_why_and_can_be_retried_or_discarded(
    stage: Stage, tmp_path: Path
) -> None:
    room = await stage.room("ada")
    ada = await stage.screen("ada", room)
    device = stage.devices[0]
    await device.lose_network()
    await ada.say(LONG, "Short")
    shutil.copytree(tmp_path / "data", tmp_path / "stricter")
    async with serving(tmp_path / "stricter", limits=replace(ROOMY, text_bytes=64)) as stricter:
        device.line.server_port = stricter.port
        await device.find_network()
        failed = ada.row(LONG)
        await expect(failed.get_by_role("alert")).to_contain_text("Not sent: This text is too long.")
        await expect(ada.row("Short").get_by_text(PENDING)).to_be_hidden()
        await ada.page.reload()
        await expect(failed.get_by_role("alert")).to_be_visible()
        await failed.get_by_role("button", name="Retry").click()
        await expect(failed.get_by_role("alert")).to_contain_text("Not sent: This text is too long.")
        await failed.get_by_role("button", name="Discard").click()
        await ada.shows_sent("Short")
        await ada.page.reload()
        await ada.shows_sent("Short")


async def test_who_is_too_fast_sees_it_and_nothing_is_lost(chromium: Browser, tmp_path: Path) -> None:
    # The third has to wait also where typing three takes a while.
    limits = replace(ROOMY, messages_per_minute=20, message_burst=2)
    async with staged(chromium, tmp_path / "data", limits) as stage:
        room = await stage.room("ada")
        ada = await stage.screen("ada", room)
        await ada.say("One", "Two", "Three")
        await expect(ada.row("Three").get_by_text("That was too fast.")).to_be_visible()
        await ada.shows_sent("One", "Two", "Three")


async def test_a_full_disk_is_told_and_the_message_goes_when_there_is_room(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.screen("bela", room)
    ada = await stage.screen_by_hand("ada", f"/room/{room}")
    await ada.say("There is room")
    await bela.shows("There is room")
    await fill_the_disk(stage, full=True)
    long = "More than fits into what is left. " * 200
    await ada.say(long)
    await expect(ada.log.get_by_text("The server's disk is full.")).to_be_visible()
    await bela.shows("There is room")
    await fill_the_disk(stage, full=False)
    await ada.page.clock.run_for(31_000)
    await expect(ada.rows.last.locator(".ticks:not(.pending)")).to_be_visible()
    await expect(bela.texts.last).to_have_text(long)
    assert await stage.messages(room) == 2


async def test_removed_in_mid_conversation(stage: Stage) -> None:
    room = await stage.room("ada", "bela", kind="private")
    ada, bela = await stage.client("ada"), await stage.screen("bela", room)
    await ada.post(room, "A secret recipe")
    await bela.shows("A secret recipe")
    await assert_kept(bela.page, "secret recipe")
    await bela.composer.fill("I was about to sa")
    # What is fetched ahead may be asked for in that moment.
    stage.devices[0].expect_complaint(r"404 .*/messages\?limit=20")
    await ada.do("remove_member", room=room, person=(await stage.account("bela")).id)
    await bela.says("You were removed from Garden.")
    await expect(bela.room("Garden")).to_be_hidden()
    await expect(bela.composer).to_be_hidden()
    await assert_forgotten(bela.page, "secret recipe")
    await bela.page.goto(f"{bela.origin}/room/{room}")
    await expect(bela.page.get_by_role("heading", name="This room is not here")).to_be_visible()


async def test_removed_while_away_with_something_to_send(stage: Stage) -> None:
    room = await stage.room("ada", "bela", kind="private")
    ada, bela = await stage.client("ada"), await stage.screen("bela", room)
    await ada.post(room, "A secret recipe")
    await bela.shows("A secret recipe")
    device = stage.devices[0]
    device.line.go_down()
    await bela.say("Tell me more")
    await ada.do("remove_member", room=room, person=(await stage.account("bela")).id)
    await device.find_network()
    await bela.says("You were removed from Garden.")
    await expect(bela.room("Garden")).to_be_hidden()
    await assert_forgotten(bela.page, "secret recipe")
    assert await stage.messages(room) == 1


async def test_a_revoked_device_shows_sign_in_at_once_and_keeps_nothing(stage: Stage) -> None:
    room = await stage.room("ada", "bela", name="Cellar")
    ada = await stage.screen("ada", room)
    await ada.say("For my eyes")
    await ada.shows_sent("For my eyes")
    # To be written when there is nobody any more to write it for.
    await ada.composer.fill("Half a sen")
    await stage.revoke(stage.devices[0])
    await ada.is_at_sign_in()
    await expect(ada.page.get_by_text("This device was signed out from another one.")).to_be_visible()
    await expect(ada.page.get_by_role("alert").filter(has_text="did not work")).to_have_count(0)
    await assert_forgotten(ada.page, "For my eyes", "Cellar", "Half a sen")


async def test_a_room_that_one_is_not_in_is_not_there(stage: Stage) -> None:
    room = await stage.room("ada", kind="private")
    dana = await stage.screen("dana")
    await dana.page.goto(f"{dana.origin}/room/{room}")
    await expect(dana.page.get_by_role("heading", name="This room is not here")).to_be_visible()
