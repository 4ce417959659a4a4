"""Guests: a link, a name, one room; and how they become members."""

from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Locator, expect

from tests.edge.browser import browser
from tests.story.office import ON_BOTH
from tests.story.screen import Screen
from tests.story.stage import Stage

REFUSED = r"status of 40[1349]"
PASSWORD = "copper-kettle-on-the-stove"


async def about_room(screen: Screen) -> Locator:
    """The panel of the room that is open, where its members stand."""
    await screen.page.bring_to_front()
    await screen.button("Members").click()
    return screen.page.get_by_role("region", name="About this room")


async def make_link(screen: Screen) -> str:
    """Make a guest link for the room that is open; returns its path."""
    panel = await about_room(screen)
    await panel.get_by_role("button", name="Guests", exact=True).click()
    dialog = screen.page.get_by_role("dialog", name="Guest links for Garden")
    await expect(dialog.get_by_text("No link lets guests in right now.")).to_be_visible()
    await dialog.get_by_role("button", name="Make a guest link").click()
    shown = screen.page.get_by_role("dialog", name="Guest link", exact=True)
    url = (await shown.locator("code").inner_text()).strip()
    await shown.get_by_role("button", name="Close").last.click()
    await expect(dialog.get_by_text("For 10 more guests.")).to_be_visible()
    await screen.page.keyboard.press("Escape")
    return urlsplit(url).path


async def come_in(screen: Screen, name: str) -> None:
    await screen.field("What shall we call you?").fill(name)
    await screen.button("Come in").click()


async def invitation(stage: Stage) -> str:
    async with browser(stage.server, (await stage.account("root")).token) as b:
        return str((await b.post("/api/invites", json={})).json()["url"])


@ON_BOTH
async def test_a_stranger_comes_in_by_a_link_talks_and_becomes_a_member(
    stage: Stage, shape: dict[str, Any]
) -> None:
    room = await stage.room("ada", "bela", kind="private")
    await stage.room("ada", name="Elsewhere")
    ada = await stage.screen("ada", room)
    link = await make_link(ada)

    device = await stage.stranger(**shape)
    device.expect_complaint(REFUSED)
    guest = await device.open(link)
    await expect(guest.page.get_by_role("heading", name="Come into Garden")).to_be_visible()
    await come_in(guest, "Bеla")  # with a Cyrillic letter, that nobody sees
    await expect(guest.page.get_by_role("alert")).to_have_text(
        "This name can be mistaken for somebody else's. Please add to it."
    )
    await come_in(guest, "Petra from the bakery")
    await expect(guest.page.get_by_role("region", name="Conversation: Garden")).to_be_visible()
    await guest.say_by_button("Is the garden open on Sunday?")
    await ada.shows("Is the garden open on Sunday?")
    await expect(ada.rows.get_by_text("Guest", exact=True)).to_be_visible()
    await expect(
        ada.page.get_by_role("region", name="About this room")
        .get_by_role("listitem")
        .filter(has_text="Petra from the bakery")
    ).to_contain_text("Guest")

    # The rest of the house is not theirs.
    for path in ("/people", "/browse", "/admin", "/"):
        await guest.page.goto(guest.origin + path)
        await expect(guest.room("Garden")).to_be_visible()
        await expect(guest.page.get_by_role("link", name="People")).to_have_count(0)
        await expect(guest.page.get_by_role("button", name="New conversation")).to_have_count(0)
    assert await guest.page.get_by_text("Elsewhere").count() == 0

    await guest.page.goto(guest.origin + "/settings")
    await guest.page.get_by_role("button", name="Become a member").click()
    dialog = guest.page.get_by_role("dialog", name="Become a member")
    await dialog.get_by_label("Name to sign in with").fill("petra")
    await dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    await dialog.get_by_label("Invitation code").fill("abcd-efgh-2345")
    await dialog.get_by_role("button", name="Become a member").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await dialog.get_by_label("Invitation code").fill(await invitation(stage))
    await dialog.get_by_role("button", name="Become a member").click()
    await guest.says("Welcome. You are a member now.")
    await expect(guest.page.get_by_role("link", name="People").first).to_be_visible()

    await guest.nothing_lies_over_it()
    await guest.page.goto(f"{guest.origin}/room/{room}")
    await guest.shows("Is the garden open on Sunday?")
    await guest.say_by_button("And now I live here")
    await ada.page.bring_to_front()
    await expect(ada.rows.last).to_contain_text("And now I live here")
    await expect(ada.rows.get_by_text("Guest", exact=True)).to_have_count(0)


async def test_a_link_that_is_taken_back_shows_its_guests_out(stage: Stage) -> None:
    room = await stage.room("ada")
    ada = await stage.screen("ada", room)
    link = await make_link(ada)
    device = await stage.stranger()
    device.expect_complaint(REFUSED)
    guest = await device.open(link)
    await come_in(guest, "Passer-by")
    await guest.say("Only looking")
    await ada.page.bring_to_front()
    await ada.page.get_by_role("button", name="Guests", exact=True).click()
    dialog = ada.page.get_by_role("dialog", name="Guest links for Garden")
    await expect(dialog).to_contain_text("1 guest is here by it: Passer-by")
    await dialog.get_by_role("button", name="Take it back").click()
    asked = ada.page.get_by_role("alertdialog", name="Take this link back?")
    await asked.get_by_role("switch", name="Show its guests out as well").check()
    await asked.get_by_role("button", name="Take it back").click()
    await ada.says("The link is taken back.")
    await guest.is_at_sign_in()
    await ada.shows("Only looking")
    late = await (await stage.stranger()).open(link)
    await expect(late.page.get_by_role("heading", name="This link opens nothing")).to_be_visible()


async def test_a_member_who_opens_a_guest_link_stays_a_member(stage: Stage) -> None:
    room = await stage.room("ada")
    link = await make_link(await stage.screen("ada", room))
    bela = await (await stage.device("bela")).open(link)
    await expect(bela.page.get_by_role("heading", name="You are in already")).to_be_visible()
    await bela.button("Go to my rooms").click()
    await bela.is_connected()
