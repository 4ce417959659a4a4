"""What somebody has begun to write is not lost, and what they answer stands above it."""

import asyncio

from playwright.async_api import expect

from tests.story.device import phone
from tests.story.screen import PENDING, Screen
from tests.story.stage import Stage
from tests.story.traces import wait_until_kept


async def test_up_changes_the_last_message_only_where_nothing_is_written(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.say("Onne")
    await ada.composer.fill("Half a\nthought")
    await ada.composer.press("ArrowUp")
    await expect(ada.page.get_by_text("Editing your message")).to_have_count(0)
    await ada.composer.fill("")
    await ada.composer.press("ArrowUp")
    await expect(ada.page.get_by_text("Editing your message")).to_be_visible()
    await ada.composer.press("Backspace")
    await ada.composer.press("Escape")
    await expect(ada.composer).to_have_value("")
    await ada.shows("Onne")
    await ada.edit("Onne", "One")
    await ada.shows("One")


async def test_an_edit_and_the_draft_below_it_are_there_after_a_crash(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.say("The first plan")
    await ada.shows_sent("The first plan")
    await ada.composer.press_sequentially("And then")
    await ada.act("The first plan", "Edit")
    await ada.composer.press_sequentially(" is better")
    await wait_until_kept(ada.page, "drafts", "The first plan is better")
    await crash(ada)
    again = await stage.devices[0].open(f"/room/{room}")
    await expect(again.composer).to_have_value("The first plan is better")
    await expect(again.page.get_by_text("Editing your message")).to_be_visible()
    await again.composer.press("Escape")
    await expect(again.composer).to_have_value("And then")
    await again.composer.press_sequentially(" some")
    await wait_until_kept(again.page, "drafts", "And then some")
    await again.page.reload()
    await expect(again.composer).to_have_value("And then some")
    await expect(again.page.get_by_text("Editing your message")).to_have_count(0)


async def crash(screen: Screen) -> None:
    """The browser loses the tab, and nobody is told before."""
    session = await screen.page.context.new_cdp_session(screen.page)
    async with screen.page.expect_event("crash"):
        # Nobody is left to answer.
        asked = asyncio.ensure_future(session.send("Page.crash"))
    asked.cancel()


async def test_a_tab_that_writes_without_a_pause_keeps_what_it_wrote(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.page.clock.install()
    for _ in range(12):
        await ada.composer.press("x")
        await ada.page.clock.run_for(100)
    await wait_until_kept(ada.page, "drafts", "xxxxxxxx")


async def test_what_is_sent_in_the_moment_in_which_the_page_goes_is_sent(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.composer.fill("And good night @bela")
    # Known by now, so that she is meant.
    await expect(ada.page.get_by_role("option", name="Bela")).to_be_visible()
    async with ada.page.expect_navigation():
        # In one turn: nothing of it can have reached the disk in between.
        await ada.button("Send").evaluate("(send) => { send.click(); location.reload() }")
    # By her name: she is meant, and was told.
    await bela.shows("And good night @Bela")
    await expect(ada.rows).to_have_count(1)
    await expect(ada.log.get_by_text(PENDING)).to_have_count(0)
    await expect(ada.composer).to_have_value("")
    assert await stage.messages(room) == 1


async def test_what_is_sent_in_the_moment_in_which_a_page_goes_is_sent_by_one_beside_it(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    beside = await stage.beside(room)
    await ada.composer.fill("And good night")
    # As a draft it is in both.
    await expect(beside.composer).to_have_value("And good night")
    async with ada.page.expect_navigation(url="about:blank"):
        await ada.button("Send").evaluate("(send) => { send.click(); location.href = 'about:blank' }")
    await bela.shows_sent("And good night")
    await beside.shows_sent("And good night")
    await expect(beside.composer).to_have_value("")
    assert await stage.messages(room) == 1


async def test_selected_words_are_quoted_in_the_answer(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    async with stage.server.connect(await stage.account("bela")) as bela:
        await bela.post(room, "See the **green** door")
    ada = await stage.screen("ada", room)
    await ada.shows("See the green door")
    await ada.row("See the green door").locator(".markdown").click(click_count=3)
    await ada.button("Quote").click()
    await expect(ada.page.get_by_text("Replying to Bela")).to_be_visible()
    await expect(ada.composer).to_have_value("> See the **green** door\n\n")
    await expect(ada.composer).to_be_focused()
    await ada.page.keyboard.type("This one?")
    await ada.page.keyboard.press("Enter")
    await expect(ada.quote("Bela")).to_be_visible()
    await expect(ada.log.locator("blockquote")).to_have_text("See the green door")


async def test_on_a_phone_the_menu_quotes(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    async with stage.server.connect(await stage.account("bela")) as bela:
        await bela.post(room, "Green or\nred?")
    ada = await stage.screen("ada", room, **phone())
    await ada.rows.first.focus()
    await ada.page.keyboard.press("Enter")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Quote").tap()
    await expect(ada.composer).to_have_value("> Green or\n> red?\n\n")
    await expect(ada.page.get_by_text("Replying to Bela")).to_be_visible()


async def test_the_end_of_the_room_for_words_is_told_in_letters(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.composer.fill("ä" * 4000)
    await expect(ada.page.get_by_text("Room for about 90 more letters").first).to_be_visible()
    await ada.composer.fill("ä" * 4096 + "🌻")
    await expect(ada.page.get_by_text("1 letter too long")).to_be_visible()
    await expect(ada.button("Send")).to_be_disabled()
    await ada.composer.press("End")
    await ada.composer.press("Backspace")
    await expect(ada.button("Send")).to_be_enabled()
