"""Support: who asks speaks with the team, whoever of them that is."""

from typing import Any

from playwright.async_api import Locator, expect

from tests.story.office import ON_BOTH
from tests.story.screen import Said, Screen
from tests.story.stage import Stage

SUBJECT = "No sound in calls"
CONVERSATION = f"Conversation: {SUBJECT}"


async def ask(screen: Screen, about: str = SUBJECT) -> None:
    """Begin a conversation with the team, from the support page."""
    await screen.page.goto(screen.origin + "/support")
    await screen.button("Ask the team").first.click()
    dialog = screen.page.get_by_role("dialog", name="Ask the team")
    await expect(dialog.get_by_role("button", name="Begin")).to_be_disabled()
    await dialog.get_by_label("What is it about?").fill(about)
    await dialog.get_by_role("button", name="Begin").click()
    await expect(screen.page.get_by_role("region", name=f"Conversation: {about}")).to_be_visible()


async def moderator(stage: Stage, name: str = "maud", **options: Any) -> Screen:
    stage.knows(**{name: await stage.server.account(name, role="moderator")})
    return await stage.screen(name, **options)


def ticket(screen: Screen, about: str = SUBJECT) -> Locator:
    return screen.page.get_by_role("article", name=about)


def deed(screen: Screen, name: str) -> Locator:
    """What one may do with the conversation, in the panel beside it."""
    panel = screen.page.get_by_role("region", name="About this room")
    return panel.get_by_role("button", name=name, exact=True)


@ON_BOTH
async def test_who_asks_hears_from_support_whoever_of_the_team_answers(
    stage: Stage, shape: dict[str, Any]
) -> None:
    maud = await moderator(stage, **shape)
    root = await stage.screen("root")
    ada = await stage.screen("ada", **shape)
    await ask(ada)
    await ada.say_by_button("I hear nobody")

    await maud.page.bring_to_front()
    await maud.page.get_by_role("link", name="1 person waits for help").click()
    await expect(ticket(maud)).to_contain_text("Has just asked")
    await expect(ticket(maud)).to_contain_text("Ada: I hear nobody")
    await expect(ticket(maud)).to_contain_text("Nobody looks after it")
    await ticket(maud).get_by_role("button", name="Take it").click()
    await expect(maud.page.get_by_role("region", name=CONVERSATION)).to_be_visible()
    await maud.shows("I hear nobody")
    await maud.composer.press_sequentially("Try")
    await expect(ada.page.get_by_text("Support is typing")).to_be_visible()
    await maud.say_by_button("Try the other microphone")
    await maud.shows_sent("I hear nobody", "Try the other microphone")

    await ada.page.bring_to_front()
    await ada.shows("I hear nobody", "Try the other microphone")
    assert (await ada.transcript())[-1] == Said("Support", "Try the other microphone", False)

    # Handed on, and the asker notices nothing.
    await maud.page.bring_to_front()
    await maud.button("About this room").click()
    await deed(maud, "Give to somebody").click()
    dialog = maud.page.get_by_role("dialog", name="Who shall look after it?")
    await dialog.get_by_role("radio", name="Root").check()
    await dialog.get_by_role("button", name="Give", exact=True).click()
    await maud.says("Root looks after it now.")
    await root.enter(SUBJECT)
    await root.say("Did it help?")
    await ada.page.bring_to_front()
    await ada.shows("I hear nobody", "Try the other microphone", "Did it help?")
    said = await ada.transcript()
    assert [each.author for each in said[1:]] == ["Support", "Support"]
    content = await ada.page.content()
    assert "Maud" not in content
    assert "Root" not in content


async def test_what_is_done_is_closed_and_opened_again_by_either_side(stage: Stage) -> None:
    maud, ada = await moderator(stage), await stage.screen("ada")
    await ask(ada)
    await ada.say("I hear nobody")
    await maud.page.goto(maud.origin + "/support")
    await ticket(maud).get_by_role("button", name="Take it").click()
    await maud.say("Solved?")
    await maud.button("About this room").click()
    await deed(maud, "Close conversation").click()
    await ada.page.bring_to_front()
    await expect(ada.page.get_by_text("This conversation is closed.")).to_be_visible()
    await expect(ada.composer).to_have_count(0)
    await ada.button("Open again").click()
    await ada.say("Not yet")
    await maud.page.bring_to_front()
    await maud.shows("I hear nobody", "Solved?", "Not yet")

    await ada.page.bring_to_front()
    await ada.button("About this room").click()
    await deed(ada, "Close conversation").click()
    await expect(ada.page.get_by_text("This conversation is closed.")).to_be_visible()
    await maud.page.goto(maud.origin + "/support")
    await expect(maud.page.get_by_role("heading", name="Nobody needs anything")).to_be_visible()
    await maud.page.get_by_role("tab", name="Closed").click()
    await ticket(maud).get_by_role("button", name="Open again").click()
    await maud.page.get_by_role("tab", name="Open").click()
    await expect(ticket(maud)).to_contain_text("You look after it")


async def test_the_queue_is_live_and_one_can_put_back_what_one_took(stage: Stage) -> None:
    maud = await moderator(stage)
    await maud.page.goto(maud.origin + "/support")
    await expect(maud.page.get_by_role("heading", name="Nobody needs anything")).to_be_visible()
    ada = await stage.client("ada")
    room = str((await ada.do("ask_for_help", about="First"))["subject"])
    await expect(ticket(maud, "First")).to_contain_text("Nothing asked yet")
    later = str((await ada.do("ask_for_help", about="Second"))["subject"])
    await ada.post(later, "Hello?")
    await ada.post(room, "Hello, too?")
    articles = maud.page.get_by_role("list", name="Open").get_by_role("article")
    await expect(articles).to_have_count(2)
    await expect(articles.first).to_contain_text("Second")
    await ticket(maud, "First").get_by_role("button", name="Take it").click()
    await maud.button("About this room").click()
    await deed(maud, "Put back").click()
    await expect(ticket(maud, "First")).to_contain_text("Nobody looks after it")
    await expect(maud.room("First")).to_have_count(0)
