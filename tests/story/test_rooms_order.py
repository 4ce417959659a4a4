"""Keeping order in a room: moderators, mutes, bans, a new owner."""

from playwright.async_api import Locator, expect

from tests.story.screen import Screen
from tests.story.stage import Stage


def member(screen: Screen, name: str) -> Locator:
    """Their row among the members."""
    return screen.page.get_by_role("region", name="Members").get_by_role("listitem").filter(has_text=name)


async def do_to(screen: Screen, name: str, deed: str) -> None:
    """Choose from a member's menu."""
    await screen.page.bring_to_front()
    await screen.button(f"What to do with {name}").click()
    await screen.page.get_by_role("menuitem", name=deed, exact=True).click()


async def offered(screen: Screen, name: str) -> list[str]:
    """What their menu has."""
    await screen.page.bring_to_front()
    await screen.button(f"What to do with {name}").click()
    menu = screen.page.get_by_role("menu", name=f"What to do with {name}")
    found = [text.strip() for text in await menu.get_by_role("menuitem").all_inner_texts()]
    await screen.page.keyboard.press("Escape")
    return found


async def test_a_moderator_is_made_and_may_do_more_until_it_is_taken_back(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "chidi")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    for screen in (ada, bela):
        await screen.button("Members").click()
    assert await offered(bela, "Chidi") == ["Message"]
    await do_to(ada, "Bela", "Make moderator")
    for screen in (ada, bela):
        await expect(member(screen, "Bela")).to_contain_text("Moderator")
    assert await offered(bela, "Chidi") == ["Message", "Mute", "Remove", "Ban"]
    assert await offered(bela, "Ada") == ["Message"]
    await do_to(ada, "Bela", "Take moderator role away")
    for screen in (ada, bela):
        await expect(member(screen, "Bela")).not_to_contain_text("Moderator")
    assert await offered(bela, "Chidi") == ["Message"]


async def test_somebody_who_is_muted_reads_but_cannot_write_until_it_is_lifted(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.button("Members").click()
    await do_to(ada, "Bela", "Mute")
    dialog = ada.page.get_by_role("dialog", name="Mute Bela?")
    await dialog.get_by_label("For how long").select_option("1 day")
    await dialog.get_by_role("button", name="Mute").click()
    await expect(member(ada, "Bela")).to_contain_text("Muted")
    await expect(bela.composer).to_be_hidden()
    await ada.say("A quiet day")
    await bela.shows("A quiet day")
    await do_to(ada, "Bela", "Let write again")
    await expect(member(ada, "Bela")).not_to_contain_text("Muted")
    await bela.say("Thank you")
    await ada.shows("A quiet day", "Thank you")


async def test_who_is_banned_is_out_and_stays_out_until_the_ban_is_lifted(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.button("Members").click()
    await do_to(ada, "Bela", "Ban")
    dialog = ada.page.get_by_role("dialog", name="Ban Bela?")
    await dialog.get_by_label("Why").fill("Sold the same bicycle twice")
    await dialog.get_by_role("button", name="Ban", exact=True).click()
    await expect(member(ada, "Bela")).to_be_hidden()
    await bela.says("You were banned from Garden.")
    await expect(bela.room("Garden")).to_be_hidden()
    await bela.page.goto(bela.origin + "/browse")
    await bela.button("Join Garden").click()
    await bela.says("You are banned from this room for now.")
    await ada.button("Banned people").click()
    listed = ada.page.get_by_role("list", name="Banned people")
    await expect(listed).to_contain_text("Sold the same bicycle twice")
    await ada.button("Lift the ban of Bela").click()
    await expect(ada.page.get_by_role("dialog")).to_contain_text("Nobody is banned from this room.")
    await bela.button("Join Garden").click()
    await expect(bela.page.get_by_role("region", name="Conversation: Garden")).to_be_visible()


async def test_a_ban_can_take_along_what_somebody_wrote(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    ada = await stage.screen("ada", room)
    for number in range(3):
        await bela.post(room, f"Cheap pills, number {number}")
    await expect(ada.page.get_by_text("Cheap pills", exact=False)).not_to_have_count(0)
    await ada.button("Members").click()
    await do_to(ada, "Bela", "Ban")
    await ada.page.get_by_role("switch", name="Delete what they wrote here").check()
    dialog = ada.page.get_by_role("dialog", name="Ban Bela?")
    await dialog.get_by_role("button", name="Ban", exact=True).click()
    await expect(ada.page.get_by_text("Cheap pills")).to_have_count(0)
    await expect(ada.page.get_by_text("This message was deleted")).to_have_count(3)


async def test_a_room_gets_another_owner_and_somebody_is_taken_out(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "chidi", kind="private")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    for screen in (ada, bela):
        await screen.button("Members").click()
    await do_to(ada, "Bela", "Make owner")
    await ada.page.get_by_role("alertdialog").get_by_role("button", name="Make owner").click()
    for screen in (ada, bela):
        await expect(member(screen, "Bela")).to_contain_text("Owner")
        await expect(member(screen, "Ada")).to_contain_text("Moderator")
    await expect(ada.button("Delete room")).to_be_hidden()
    await do_to(bela, "Chidi", "Remove")
    await bela.page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    for screen in (ada, bela):
        await expect(member(screen, "Chidi")).to_be_hidden()
    await expect(bela.page.get_by_role("region", name="About this room")).to_contain_text("2 members")
