"""Who somebody is: pictures, cards, names of one's own, blocks."""

import re

from playwright.async_api import FilePayload, Locator, expect

from tests.people.drawing import encoded, flag
from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage


def card(screen: Screen, name: str) -> Locator:
    return screen.page.get_by_role("dialog", name=name, exact=True)


async def show(screen: Screen, path: str, heading: str) -> None:
    await screen.page.goto(screen.origin + path)
    await expect(screen.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


async def call(screen: Screen, name: str, nickname: str) -> None:
    """Give somebody a name of one's own, on the card that is open."""
    await card(screen, name).get_by_role("button", name="Nickname").click()
    await screen.field("Nickname").fill(nickname)
    await screen.button("Save").click()


async def more(screen: Screen, name: str, entry: str) -> None:
    await card(screen, name).get_by_role("button", name=f"More about {name}").click()
    await screen.page.get_by_role("menuitem", name=entry).click()


async def pick(screen: Screen, data: bytes) -> None:
    """Choose a file as one's picture."""
    file = FilePayload(name="me.png", mimeType="image/png", buffer=data)
    await screen.page.locator("input[type=file]").set_input_files(file)


async def test_a_picture_is_cut_sent_and_seen_by_others_at_once(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.say("Look at me")
    await bela.shows("Look at me")
    await show(ada, "/settings/profile", "Profile")
    await pick(ada, encoded(flag(900, 600), "PNG"))
    dialog = ada.page.get_by_role("dialog", name="Move and zoom")
    await dialog.get_by_role("button", name="Use picture").click()
    await expect(dialog).to_have_count(0)
    mine = ada.page.get_by_role("main").locator(".face img.come").last
    await expect(mine).to_have_attribute("src", re.compile(r"^/api/pictures/[0-9a-v]{26}$"))
    theirs = bela.row("Look at me").locator(".avatar img.come")
    await expect(theirs).to_have_attribute("src", re.compile(r"^/api/pictures/[0-9a-v]{26}(\?small=1)?$"))
    await ada.button("Remove").click()
    await expect(mine).to_have_count(0)
    await expect(theirs).to_have_count(0)


async def test_what_is_no_picture_is_said_to_be_none(stage: Stage) -> None:
    ada = await stage.screen("ada")
    await show(ada, "/settings/profile", "Profile")
    await pick(ada, b"no picture at all")
    dialog = ada.page.get_by_role("dialog", name="Move and zoom")
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await expect(dialog.get_by_role("button", name="Use picture")).to_be_disabled()


async def test_a_profile_is_saved_and_shows_on_the_card(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room, **phone())
    await ada.say("Hello")
    await show(ada, "/settings/profile", "Profile")
    await ada.field("Name").fill("Ada Lindqvist")
    await ada.button("🎧 Concentrating").click()
    await ada.field("About you").fill("Bees, and whatever they visit")
    await ada.button("Save").click()
    await ada.says("Saved")
    await expect(ada.button("Save")).to_be_disabled()
    # On a phone: from the author's name in the conversation.
    await bela.log.get_by_role("button", name="Ada Lindqvist").first.click()
    shown = card(bela, "Ada Lindqvist")
    await expect(shown).to_contain_text("🎧 Concentrating")
    await expect(shown).to_contain_text("until")
    await expect(shown).to_contain_text("Bees, and whatever they visit")
    await expect(shown.get_by_role("region", name="Rooms you share")).to_contain_text("Garden")
    await shown.get_by_role("button", name="Message", exact=True).click()
    await expect(bela.page.get_by_role("region", name="Conversation: Ada Lindqvist")).to_be_visible()
    await expect(shown).to_have_count(0)


async def test_ones_own_card_leads_to_the_profile(stage: Stage) -> None:
    ada = await stage.screen("ada")
    await show(ada, "/people", "People")
    await ada.page.get_by_role("main").get_by_role("button", name=re.compile("^Ada You")).click()
    await card(ada, "Ada").get_by_role("button", name="Edit profile").click()
    await expect(ada.page.get_by_role("heading", name="Profile", exact=True)).to_be_visible()


async def test_the_list_of_people_asks_once(stage: Stage) -> None:
    await stage.account("bela")
    ada = await stage.screen("ada")
    asked: list[str] = []
    ada.page.on(
        "request", lambda request: asked.append(request.url) if "/api/people?" in request.url else None
    )
    await show(ada, "/people", "People")
    await expect(ada.page.get_by_role("main").get_by_role("button", name=re.compile("^Bela"))).to_be_visible()
    # Whatever the answer may have caused has been asked for once this one is answered.
    for _ in range(3):
        await ada.page.evaluate("() => fetch('/api/community').then((answer) => answer.text())")
    assert len(asked) == 1


async def test_people_are_found_by_name_and_by_the_names_one_gave_them(stage: Stage) -> None:
    for name in ("bela", "chidi", "dana"):
        await stage.account(name)
    ada = await stage.screen("ada")
    await show(ada, "/people", "People")
    found = ada.page.get_by_role("main").get_by_role("listitem")
    await expect(found).to_have_count(4)
    field = ada.page.get_by_role("searchbox", name="Find somebody")
    await field.fill("che")
    await expect(ada.page.get_by_role("heading", name="Nobody of that name")).to_be_visible()
    await field.fill("chi")
    await expect(found).to_have_count(1)
    await found.get_by_role("button", name=re.compile("^Chidi")).click()
    await call(ada, "Chidi", "Neighbour upstairs")
    await expect(card(ada, "Neighbour upstairs")).to_contain_text("Chidi · @chidi")
    await ada.page.keyboard.press("Escape")
    await field.fill("upst")
    await expect(found).to_have_count(1)
    await expect(found).to_contain_text("Neighbour upstairs")


async def test_a_name_of_my_own_is_on_all_my_devices_and_nobody_elses(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "chidi")
    ada, tablet = await stage.screen("ada", room), await stage.screen("ada", room)
    bela, chidi = await stage.screen("bela", room), await stage.screen("chidi", room)
    await bela.say("Good morning")
    await ada.shows("Good morning")
    await ada.log.get_by_role("button", name="Bela").first.click()
    await call(ada, "Bela", "Belle")
    for screen in (ada, tablet):
        await expect(screen.log.get_by_role("article", name=re.compile("^Belle"))).to_be_visible()
    await expect(chidi.log.get_by_role("article", name=re.compile("^Bela"))).to_be_visible()
    # Also where the server is out of reach, and after a reload.
    await tablet.page.reload()
    await expect(tablet.log.get_by_role("article", name=re.compile("^Belle"))).to_be_visible()
    await tablet.page.bring_to_front()
    await tablet.log.get_by_role("button", name="Belle").first.click()
    await card(tablet, "Belle").get_by_role("button", name="Nickname").click()
    await tablet.button("Remove").click()
    await expect(ada.log.get_by_role("article", name=re.compile("^Bela"))).to_be_visible()


async def test_whom_one_blocks_is_folded_away_on_all_devices_until_one_thinks_better(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, tablet = await stage.screen("ada", room), await stage.screen("ada", room)
    bela = await stage.screen("bela", room)
    await bela.say("Something unkind")
    await ada.shows("Something unkind")
    await tablet.shows("Something unkind")
    await ada.page.bring_to_front()
    await ada.log.get_by_role("button", name="Bela").first.click()
    await more(ada, "Bela", "Block Bela")
    await expect(card(ada, "Bela")).to_contain_text("You blocked Bela")
    await ada.page.keyboard.press("Escape")
    for screen in (ada, tablet):
        await screen.shows()
        await expect(screen.log.get_by_text("Message from somebody you blocked")).to_be_visible()
    await bela.say("And another")
    await bela.shows("Something unkind", "And another")
    await tablet.shows()
    await show(ada, "/settings/privacy", "Privacy")
    await ada.button("Unblock Bela").click()
    await expect(ada.page.get_by_text("You blocked nobody.")).to_be_visible()
    await tablet.shows("Something unkind", "And another")


async def test_what_one_chooses_is_chosen_on_all_devices(stage: Stage) -> None:
    ada, tablet = await stage.screen("ada"), await stage.screen("ada", **phone())
    for screen in (ada, tablet):
        await show(screen, "/settings/privacy", "Privacy")
    await ada.page.get_by_role("switch", name="Be invisible").click()
    await expect(tablet.page.get_by_role("switch", name="Be invisible")).to_be_checked()
    await tablet.page.get_by_role("switch", name="What I have read").click()
    await expect(ada.page.get_by_role("switch", name="What I have read")).not_to_be_checked()


async def test_a_card_opens_without_a_network_with_what_is_known(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await bela.say("Hello")
    await ada.shows("Hello")
    await ada.log.get_by_role("button", name="Bela").first.click()
    await expect(card(ada, "Bela")).to_contain_text("Here since")
    await ada.page.keyboard.press("Escape")
    await stage.devices[0].lose_network()
    await ada.log.get_by_role("button", name="Bela").first.click()
    await expect(card(ada, "Bela")).to_contain_text("@bela")


async def test_without_a_network_the_list_has_whom_one_has_met(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await stage.account("chidi")
    bela = await stage.client("bela")
    await bela.post(room, "Hello")
    ada = await stage.screen("ada", room)
    await ada.shows("Hello")
    await ada.page.get_by_role("link", name="People").first.click()
    main = ada.page.get_by_role("main")
    await expect(main.get_by_role("listitem")).to_have_count(3)
    await ada.enter("Garden")
    await stage.devices[0].lose_network()
    await ada.page.get_by_role("link", name="People").first.click()
    await expect(main.get_by_text("whom this device has met")).to_be_visible()
    await expect(main.get_by_role("listitem")).to_have_count(3)
    await ada.field("Find somebody").fill("bel")
    await expect(main.get_by_role("listitem")).to_have_count(1)
    await ada.field("Find somebody").fill("")
    await stage.devices[0].find_network()
    await expect(main.get_by_role("listitem")).to_have_count(3)
    await expect(main.get_by_text("whom this device has met")).to_have_count(0)
