"""People who are called by name."""

from playwright.async_api import expect

from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage


async def names(screen: Screen) -> list[str]:
    """Who is offered to be mentioned."""
    options = screen.page.get_by_role("listbox", name="People to mention").get_by_role("option")
    await expect(options.first).to_be_visible()
    return await options.locator("b").all_inner_texts()


async def test_a_name_is_chosen_with_the_keyboard_and_calls_who_is_meant(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "bob")
    elsewhere = await stage.room("bela", name="Kitchen")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", elsewhere)
    await ada.composer.press_sequentially("Ask @b")
    assert await names(ada) == ["Bela", "Bob"]
    await ada.composer.press("ArrowDown")
    await ada.composer.press("ArrowUp")
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("Ask @bela ")
    await ada.composer.press_sequentially("for the key")
    await ada.composer.press("Enter")
    await ada.shows("Ask @Bela for the key")
    await expect(bela.room("Garden")).to_contain_text("1 mention of you")
    await expect(
        bela.page.get_by_role("link", name="Mentions").locator("visible=true").first
    ).to_contain_text("1 new mention")
    await bela.page.get_by_role("link", name="Mentions").locator("visible=true").first.click()
    entry = bela.page.get_by_role("list", name="Messages that mention you").get_by_role("listitem")
    await expect(entry).to_contain_text("Ask @Bela for the key")
    await expect(entry).to_contain_text("New")
    await entry.get_by_role("link").click()
    await bela.shows("Ask @Bela for the key")
    await expect(bela.row("Ask @Bela for the key").locator(".mention.me")).to_have_text("@Bela")
    await expect(bela.page.get_by_text("1 new mention")).to_have_count(0)


async def test_escape_leaves_the_at_as_it_is_and_code_calls_nobody(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.client("bela")
    await bela.hello({})
    await ada.composer.press_sequentially("See @be")
    await names(ada)
    await ada.composer.press("Escape")
    await expect(ada.page.get_by_role("listbox")).to_have_count(0)
    await ada.composer.fill("`@bela` and ada@bela.example")
    await ada.composer.press("Enter")
    heard = await bela.until(lambda frame: frame["op"] == "message")
    assert heard["message"].get("mentions", []) == []
    await expect(ada.log.locator(".mention")).to_have_count(0)


async def test_the_whole_room_is_called_by_its_owner_and_by_nobody_else(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await bela.composer.press_sequentially("@")
    assert await names(bela) == ["Ada"]
    await bela.composer.fill("")
    await ada.composer.press_sequentially("@roo")
    await expect(ada.page.get_by_role("option")).to_contain_text("Everybody in the room")
    await ada.composer.press("Tab")
    await ada.composer.press_sequentially("cake is ready")
    await ada.composer.press("Enter")
    await bela.shows("@room cake is ready")
    await expect(bela.log.locator(".mention.me")).to_have_text("@room")


async def test_a_mention_shows_the_name_of_today(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.say("Thanks @bela")
    await ada.shows_sent("Thanks @Bela")
    async with stage.server.connect(await stage.account("bela")) as bela:
        await bela.do("change_profile", display="Bela the Gardener")
        await bela.post(room, "New name")
    await ada.shows("Thanks @Bela the Gardener", "New name")


async def test_an_edit_may_call_somebody_and_a_deletion_takes_it_back(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    elsewhere = await stage.room("bela", name="Kitchen")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", elsewhere)
    await ada.say("Who has it?")
    await expect(bela.room("Garden")).to_contain_text("1 unread message")
    await ada.edit("Who has it?", "Who has it, @bela?")
    await expect(bela.room("Garden")).to_contain_text("1 mention of you")
    await ada.delete("Who has it, @Bela?")
    await expect(bela.room("Garden")).not_to_contain_text("mention")
    await expect(bela.room("Garden")).not_to_contain_text("unread")


async def test_names_are_chosen_by_touch_too(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room, **phone())
    await ada.composer.tap()
    await ada.composer.press_sequentially("@be")
    await ada.page.get_by_role("option", name="Bela").tap()
    await expect(ada.composer).to_have_value("@bela ")
    await expect(ada.composer).to_be_focused()


async def test_a_press_on_a_mention_shows_who_that_is(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.say("Ask @bela")
    await ada.row("Ask @Bela").get_by_role("button", name="@Bela", exact=True).click()
    await expect(ada.page.get_by_role("dialog").filter(has_text="Bela")).to_be_visible()
