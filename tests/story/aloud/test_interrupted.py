"""What somebody was saying as their page died: the next one offers it, and nothing of it is sent unasked."""

import asyncio

import pytest
from playwright.async_api import Locator, expect

from tests.story.aloud.voices import button, is_kept, notes, plays, press, talks_for
from tests.story.screen import Screen
from tests.story.stage import Stage

pytestmark = pytest.mark.media


def offer(screen: Screen) -> Locator:
    """What is offered of it, over the field."""
    return screen.page.get_by_role("listitem").filter(has_text="A recording was interrupted")


async def crash(screen: Screen) -> None:
    """From one moment to the next nothing of the page runs any more."""
    page = screen.page
    session = await page.context.new_cdp_session(page)
    async with page.expect_event("crash"):
        # Nobody is left to answer that.
        crashing = asyncio.ensure_future(session.send("Page.crash"))
    crashing.cancel()
    await page.close()


async def test_what_was_said_until_the_page_crashed_is_played_and_sent_by_the_next_one(stage: Stage) -> None:
    room = await stage.dm("ada", "bela")
    ada = await stage.screen("ada", room)
    await press(ada)
    await is_kept(ada, 2)
    await crash(ada)
    ada = await stage.devices[0].open(f"/room/{room}")
    await expect(offer(ada)).to_contain_text("0:0")
    await expect(offer(ada)).to_contain_text("Kept here until")
    assert await stage.messages(room) == 0
    await offer(ada).get_by_role("button", name="Play").click()
    await plays(ada)
    await offer(ada).get_by_role("button", name="Send recording").click()
    await expect(offer(ada)).to_have_count(0)
    await expect(notes(ada)).to_have_count(1)
    bela = await stage.screen("bela", room)
    await expect(notes(bela)).to_have_count(1)
    assert int(await notes(bela).get_attribute("aria-valuemax") or 0) >= 2
    await bela.button("Play").click()
    await plays(bela)
    # To its end.
    await expect(bela.button("Play")).to_be_visible()
    await ada.page.reload()
    await expect(notes(ada)).to_have_count(1)
    await expect(offer(ada)).to_have_count(0)
    assert await stage.messages(room) == 1


@pytest.mark.parametrize("there", ["before", "meanwhile"])
async def test_a_page_beside_it_offers_what_was_said_in_a_tab_that_was_closed_and_not_before(
    stage: Stage, there: str
) -> None:
    room = await stage.dm("ada", "bela")
    ada = await stage.screen("ada", room)
    if there == "before":
        beside = await stage.beside(room)
    await button(ada).focus()
    await ada.page.keyboard.press("Enter")
    await talks_for(ada, 1)
    if there == "meanwhile":
        beside = await stage.beside(room)
    await is_kept(ada, 2)
    await expect(offer(beside)).to_have_count(0)
    await ada.page.close()
    await expect(offer(beside)).to_be_visible()
    await offer(beside).get_by_role("button", name="Discard recording").click()
    await expect(offer(beside)).to_have_count(0)
    await beside.button("Undo").click()
    await expect(offer(beside)).to_be_visible()
    await offer(beside).get_by_role("button", name="Discard recording").focus()
    await beside.page.keyboard.press("Enter")
    await expect(offer(beside)).to_have_count(0)
    # Whoever uses keys is in the field again.
    await expect(beside.composer).to_be_focused()
    await beside.page.reload()
    await beside.is_connected()
    await expect(button(beside)).to_be_visible()
    await expect(offer(beside)).to_have_count(0)
    assert await stage.messages(room) == 0


async def test_a_page_loaded_anew_in_mid_sentence_finds_it(stage: Stage) -> None:
    room = await stage.dm("ada", "bela")
    ada = await stage.screen("ada", room)
    await press(ada)
    await is_kept(ada, 1)
    await ada.page.reload()
    await expect(offer(ada)).to_be_visible()
    # It is not under the finger of somebody who speaks, and nothing moves for that.
    before = await ada.composer.bounding_box()
    await press(ada)
    await talks_for(ada, 1)
    await expect(offer(ada)).to_be_hidden()
    assert await ada.composer.bounding_box() == before
    await ada.page.mouse.up()
    await expect(offer(ada)).to_be_visible()
    # Elsewhere it is in nobody's way.
    await ada.page.goto(f"{ada.origin}/room/{await stage.dm('ada', 'cleo')}")
    await ada.is_connected()
    await expect(button(ada)).to_be_visible()
    await expect(offer(ada)).to_have_count(0)


async def test_who_signs_out_is_told_before_it_is_lost_with_all_else(stage: Stage) -> None:
    room = await stage.dm("ada", "bela")
    ada = await stage.screen("ada", room)
    await press(ada)
    await is_kept(ada, 1)
    await ada.page.reload()
    await expect(offer(ada)).to_be_visible()
    await ada.sign_out()
    lost = ada.page.get_by_role("alertdialog", name="1 message is not sent yet")
    await lost.get_by_role("button", name="Stay signed in").click()
    await expect(lost).to_have_count(0)
    await ada.enter("Bela")
    await expect(offer(ada)).to_be_visible()
