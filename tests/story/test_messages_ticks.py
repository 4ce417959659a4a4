"""How far a message is, as its author sees it."""

from playwright.async_api import Locator, expect

from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage


def tick(screen: Screen, text: str) -> Locator:
    return screen.row(text).locator(".ticks")


async def settings_off(stage: Stage, name: str) -> None:
    """Somebody shows others no longer what they have read."""
    async with stage.server.connect(await stage.account(name)) as client:
        await client.do("set_preferences", receipts=False)


async def test_a_message_is_sent_then_delivered_then_read(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    elsewhere = await stage.room("bela", name="Kitchen")
    ada = await stage.screen("ada", room)
    await ada.say("Are you there?")
    await expect(tick(ada, "Are you there?")).to_have_text("Sent")
    # Another room is on screen there: it arrives, and nobody has seen it.
    bela = await stage.screen("bela", elsewhere)
    await expect(tick(ada, "Are you there?")).to_have_text("Delivered")
    await bela.enter("Garden")
    await bela.shows("Are you there?")
    await expect(tick(ada, "Are you there?")).to_have_text("Read")


async def test_what_comes_while_a_device_is_there_is_delivered_at_once(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    elsewhere = await stage.room("bela", name="Kitchen")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", elsewhere)
    await ada.say("One", "Two")
    for text in ("One", "Two"):
        await expect(tick(ada, text)).to_have_text("Delivered")
    await expect(bela.room("Garden")).to_contain_text("2 unread messages")


async def test_in_a_group_a_tick_stands_for_all_and_the_menu_says_who(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "cleo")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("Cake at four")
    await bela.shows("Cake at four")
    await expect(tick(ada, "Cake at four")).to_have_text("Read by 1 of 2")
    await ada.act("Cake at four", "More")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Read by").click()
    dialog = ada.page.get_by_role("dialog", name="Who has read it")
    await expect(
        dialog.get_by_role("region", name="Read").or_(dialog.locator("section").first)
    ).to_contain_text("Bela")
    await expect(dialog.locator("section").last).to_contain_text("Cleo")
    cleo = await stage.screen("cleo", room)
    await cleo.shows("Cake at four")
    await expect(dialog.locator("section")).to_have_count(1)
    await expect(tick(ada, "Cake at four")).to_have_text("Read by 2 of 2")


async def test_who_does_not_show_what_they_read_sees_none_of_others(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await settings_off(stage, "ada")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("Secretive")
    await bela.shows("Secretive")
    await bela.say("Open")
    await ada.shows("Secretive", "Open")
    await expect(tick(ada, "Secretive")).to_have_text("Sent")
    await expect(tick(bela, "Open")).to_have_text("Sent")
    await ada.act("Secretive", "More")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Read by").click()
    await expect(ada.page.get_by_role("dialog", name="Who has read it")).to_contain_text("You do not show")


async def test_on_a_phone_the_sheet_of_a_message_leads_there_too(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room, **phone()), await stage.screen("bela", room)
    await ada.say_by_button("By thumb")
    await bela.shows("By thumb")
    await expect(tick(ada, "By thumb")).to_have_text("Read")
    await ada.row("By thumb").focus()
    await ada.page.keyboard.press("Enter")
    await ada.page.get_by_role("dialog", name="Message actions").get_by_role("button", name="Read by").click()
    await expect(ada.page.get_by_role("dialog", name="Who has read it")).to_contain_text("Bela")
