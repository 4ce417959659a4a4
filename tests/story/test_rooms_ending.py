"""The end of a room, and how it is taken back."""

from playwright.async_api import expect

from tests.story.screen import Screen
from tests.story.stage import Stage


async def ask(screen: Screen, what: str) -> None:
    """Press it at the end of all about the room, and again in the question that follows."""
    await screen.page.get_by_role("region", name="About this room").get_by_role("button", name=what).click()
    dialog = screen.page.get_by_role("alertdialog")
    await dialog.get_by_role("button", name=what.split()[0]).click()
    await expect(dialog).to_be_hidden()


async def test_an_archived_room_is_folded_away_to_read_until_it_is_opened_again(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela")
    await ada.say("The last word")
    await ada.button("Members").click()
    await ask(ada, "Archive room")
    await expect(bela.room("Garden")).to_be_hidden()
    await bela.page.get_by_role("button", name="Archived").click()
    await bela.page.get_by_role("list", name="Archived").get_by_role("link", name="Garden").click()
    await bela.shows("The last word")
    await expect(bela.composer).to_be_hidden()
    await ask(ada, "Open again")
    await bela.say("Never say last")
    await expect(bela.room("Garden")).to_be_visible()
    await ada.shows("The last word", "Never say last")


async def test_a_deletion_is_taken_back_at_once(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("Do not lose this")
    await bela.shows("Do not lose this")
    await ada.button("Members").click()
    await ask(ada, "Delete room")
    await bela.says("Garden was deleted.")
    await expect(bela.room("Garden")).to_be_hidden()
    await ada.button("Undo").click()
    await ada.shows_sent("Do not lose this")
    await bela.enter("Garden")
    await bela.shows("Do not lose this")


async def test_a_deleted_room_is_brought_back_within_the_day(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela")
    await ada.say("Still here tomorrow")
    await ada.button("Members").click()
    await ask(ada, "Delete room")
    await expect(ada.room("Garden")).to_be_hidden()
    await ada.page.reload()
    await ada.page.get_by_role("button", name="Recently deleted").click()
    await ada.page.get_by_role("list", name="Recently deleted").get_by_role("link", name="Garden").click()
    await expect(ada.page.get_by_role("heading", name="This room is deleted")).to_be_visible()
    await expect(ada.composer).to_be_hidden()
    await ada.button("Bring it back").click()
    await ada.shows_sent("Still here tomorrow")
    await bela.enter("Garden")
    await bela.shows("Still here tomorrow")


async def test_an_owner_who_leaves_is_told_who_comes_after_them(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "chidi")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await bela.button("Members").click()
    await ada.button("Room menu").click()
    await ada.page.get_by_role("menuitem", name="Leave room").click()
    question = ada.page.get_by_role("alertdialog", name="Leave Garden?")
    await expect(question).to_contain_text("whoever has been here longest will own it")
    await question.get_by_role("button", name="Leave").click()
    await expect(ada.room("Garden")).to_be_hidden()
    members = bela.page.get_by_role("region", name="Members").get_by_role("listitem")
    owners = members.filter(has=bela.page.get_by_text("Owner", exact=True))
    await expect(owners).to_have_count(1)
    await expect(owners).to_contain_text("Bela")
