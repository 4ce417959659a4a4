"""Two people, two browsers."""

import pytest
from playwright.async_api import expect

from tests.story.screen import TOMBSTONE, Said, show_the_same
from tests.story.stage import Stage

MARKDOWN = """**bold** *italic* ~~gone~~ `code` [a link](https://example.org/)

> quoted words

- milk
- bread

```
let x = 1 < 2
```"""

ELEMENTS = {
    "strong": "bold",
    "em": "italic",
    "s": "gone",
    "p code": "code",
    "blockquote": "quoted words",
    "pre code": "let x = 1 < 2",
    "a": "a link",
}

HTML = "<img src=x onerror=\"document.title='taken'\"> <script>alert(1)</script>"


async def test_what_one_says_the_other_reads_and_the_other_way_round(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("Hello")
    await bela.shows("Hello")
    await bela.say("Hello yourself", "How are you?")
    await ada.say("Fine")
    for screen in (ada, bela):
        await screen.shows_sent("Hello", "Hello yourself", "How are you?", "Fine")
    assert [said.author for said in await show_the_same(ada, bela)] == ["Ada", "Bela", "Bela", "Ada"]


async def test_a_newcomer_joins_from_the_directory_and_writes_to_somebody_alone(stage: Stage) -> None:
    room = await stage.room("ada", name="Garden")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela")
    await bela.button("Discover rooms").click()
    await bela.button("Join Garden").click()
    await bela.say("May I join you?")
    await ada.shows("May I join you?")
    await ada.button("New conversation").first.click()
    await ada.page.get_by_role("menuitem", name="Message a person").click()
    await ada.field("Search people by name").fill("bel")
    await ada.button("Message Bela @bela").click()
    await expect(ada.page.get_by_role("region", name="Conversation: Bela")).to_be_visible()
    await ada.say("Just between us")
    await bela.enter("Ada")
    await bela.shows_sent("Just between us")


async def test_one_sees_that_the_other_is_typing_until_the_words_are_there(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.composer.press_sequentially("Hel")
    await expect(bela.page.get_by_text("Ada is typing")).to_be_visible()
    await ada.composer.press("Enter")
    await bela.shows("Hel")
    await expect(bela.page.get_by_text("Ada is typing")).to_be_hidden()


async def test_an_edit_and_a_deletion_reach_the_other_screen(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("At fife", "Never mind")
    await ada.shows_sent("At fife", "Never mind")
    await ada.edit("At fife", "At five")
    await ada.delete("Never mind")
    for screen in (ada, bela):
        await screen.shows_sent("At five", TOMBSTONE)
        await expect(screen.page.get_by_text("edited")).to_be_visible()
    assert await show_the_same(ada, bela) == [Said("Ada", "At five", True), Said("Ada", TOMBSTONE, False)]


async def test_a_deletion_can_be_taken_back_for_a_moment(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("A slip")
    await ada.shows_sent("A slip")
    await ada.act("A slip", "Delete")
    await ada.shows(TOMBSTONE)
    await ada.button("Undo").click()
    await ada.shows_sent("A slip")
    await ada.say("Still here")
    await bela.shows("A slip", "Still here")


async def test_whoever_goes_away_has_decided_to_delete(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("First", "Second", "Third")
    await ada.shows_sent("First", "Second", "Third")
    await ada.act("First", "Delete")
    await ada.shows(TOMBSTONE, "Second", "Third")
    await ada.page.reload()
    await bela.shows(TOMBSTONE, "Second", "Third")
    await ada.shows(TOMBSTONE, "Second", "Third")

    await ada.act("Second", "Delete")
    await ada.shows(TOMBSTONE, TOMBSTONE, "Third")
    await ada.page.close()
    await bela.shows(TOMBSTONE, TOMBSTONE, "Third")


async def test_a_deletion_without_a_network_outlives_the_page(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("A slip")
    await bela.shows("A slip")
    ada_device = stage.devices[0]
    ada_device.line.go_down()
    await ada.act("A slip", "Delete")
    await ada.shows(TOMBSTONE)
    await ada.page.goto("about:blank")
    ada_device.line.come_up()
    ada = await ada_device.open(f"/room/{room}")
    await ada.shows(TOMBSTONE)
    await bela.shows(TOMBSTONE)
    assert not await ada.page.evaluate("() => localStorage.getItem('safevoice.my.deletions')")


async def test_a_reply_shows_what_it_answers_and_leads_there(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("Who has the ladder?", "And the saw?")
    await bela.shows("Who has the ladder?", "And the saw?")
    await bela.reply("Who has the ladder?", "I do")
    await ada.shows_sent("Who has the ladder?", "And the saw?", "I do")
    quote = ada.quote("Ada")
    await expect(quote).to_contain_text("Who has the ladder?")
    await quote.click()
    await ada.points_at("Who has the ladder?")
    await ada.delete("Who has the ladder?")
    for screen in (ada, bela):
        await expect(screen.quote("Ada")).to_contain_text(TOMBSTONE)


async def test_unread_messages_are_counted_until_they_are_looked_at(stage: Stage) -> None:
    garden, kitchen = await stage.room("ada", "bela"), await stage.room("ada", "bela", name="Kitchen")
    ada, bela = await stage.client("ada"), await stage.screen("bela", kitchen)
    await ada.post(garden, "One")
    await ada.post(garden, "Two")
    await expect(bela.room("Garden")).to_contain_text("2 unread messages")
    await expect(bela.room("Garden")).to_contain_text("Two")
    await expect(bela.page).to_have_title("(2) Kitchen")
    await bela.enter("Garden")
    await expect(bela.log.get_by_text("New", exact=True)).to_be_visible()
    await expect(bela.room("Garden")).not_to_contain_text("unread")
    await expect(bela.page).to_have_title("Garden")


async def test_markdown_becomes_elements_and_html_stays_text(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.client("ada"), await stage.screen("bela", room)
    await ada.post(room, MARKDOWN)
    await ada.post(room, HTML)
    for selector, text in ELEMENTS.items():
        await expect(bela.texts.first.locator(selector)).to_have_text(text)
    await expect(bela.texts.first.locator("li")).to_have_text(["milk", "bread"])
    await expect(bela.texts.first.locator("a")).to_have_attribute("rel", "noopener noreferrer nofollow")
    await expect(bela.texts.last).to_have_text(HTML)
    await expect(bela.log.locator("img, script")).to_have_count(0)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
async def test_a_link_that_would_run_something_is_no_link(stage: Stage, address: str) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.client("ada"), await stage.screen("bela", room)
    await ada.post(room, f"[press me]({address})")
    await expect(bela.texts).to_contain_text(["press me"])
    await expect(bela.log.get_by_role("link")).to_have_count(0)
