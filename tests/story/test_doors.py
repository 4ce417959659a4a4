"""Coming in: the first visit, an invitation, signing in and out."""

from urllib.parse import urlsplit

from playwright.async_api import expect

from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.traces import assert_forgotten, assert_kept

PASSWORD = "copper-kettle-on-the-stove"
REFUSED = r"status of 40[13]"


async def set_up(screen: Screen, code: str) -> None:
    await screen.field("Code from the terminal").fill(code)
    await screen.field("Community name").fill("Elm Street")
    await screen.field("Name that others see").fill("Ada Lindqvist")
    await screen.field("Name to sign in with").fill("ada")
    await screen.field("Password").fill(PASSWORD)
    await screen.button("Open the doors").click()


async def make_room(screen: Screen, name: str) -> None:
    await screen.button("New conversation").first.click()
    await screen.page.get_by_role("menuitem", name="New room").click()
    await screen.field("Name").fill(name)
    await screen.button("Make room").click()
    await expect(screen.page.get_by_role("region", name=f"Conversation: {name}")).to_be_visible()


async def invitation(screen: Screen) -> str:
    """Make a link on the admin pages; returns its path."""
    await screen.page.goto(screen.origin + "/admin/invites")
    await screen.button("Make a link").click()
    await screen.button("Make the link").click()
    link = screen.page.get_by_role("dialog", name="Your link is ready").locator("code")
    return urlsplit((await link.inner_text()).strip()).path


async def test_the_first_visitor_needs_the_terminals_code_and_then_owns_the_place(stage: Stage) -> None:
    device = await stage.stranger()
    device.expect_complaint(REFUSED)
    screen = await device.open()
    await expect(screen.page.get_by_role("heading", name="Make a home for your people")).to_be_visible()
    await set_up(screen, "not-the-code")
    await expect(screen.page.get_by_text("This is not the code that the terminal shows.")).to_be_visible()
    await expect(screen.field("Community name")).to_have_value("Elm Street")
    await screen.field("Code from the terminal").fill(stage.server.house.of_feature["set_up_code"].value)
    await screen.button("Open the doors").click()
    await expect(screen.page.get_by_role("heading", name="Good to have you here, Ada")).to_be_visible()
    await expect(screen.page.get_by_role("heading", name="Elm Street")).to_be_visible()
    await make_room(screen, "Garden")
    await screen.say("First!")
    await screen.shows_sent("First!")


async def test_an_invited_friend_registers_by_the_link_and_finds_the_conversation(stage: Stage) -> None:
    room = await stage.room("ada", name="Garden")
    ada = await stage.client("ada")
    await ada.post(room, "The tomatoes are ripe")
    admin = await stage.screen("root")
    device = await stage.stranger()
    link = await invitation(admin)
    friend = await device.open(link)
    await friend.field("Name that others see").fill("Béla Novák")
    await friend.field("Name to sign in with").fill("bela")
    await friend.field("Password").fill(PASSWORD)
    await friend.button("Join").click()
    await friend.button("Discover rooms").click()
    await friend.button("Join Garden").click()
    await friend.shows("The tomatoes are ripe")
    await friend.say("Who wants some?")
    await friend.shows_sent("The tomatoes are ripe", "Who wants some?")
    late = await (await stage.stranger()).open(link)
    await expect(late.page.get_by_text("This invitation is used up or has expired.")).to_be_visible()


async def test_signing_out_leaves_nothing_and_signing_in_brings_it_back(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    device = await stage.stranger()
    device.expect_complaint(REFUSED)
    screen = await device.open()
    await screen.is_at_sign_in()
    for password in ("wrong-password", PASSWORD):
        await screen.field("Name to sign in with").fill("Ada")
        await screen.field("Password").fill(password)
        await screen.button("Sign in").click()
        if password != PASSWORD:
            await expect(screen.page.get_by_text("Name or password is not right.")).to_be_visible()
    await screen.is_connected()
    await make_room(screen, "Garden")
    await screen.say("Remember the milk")
    await screen.shows_sent("Remember the milk")
    await assert_kept(screen.page, "Remember the milk")
    await screen.sign_out()
    await expect(screen.page.get_by_text("Nothing of yours is left in this browser.")).to_be_visible()
    await assert_forgotten(screen.page, "Remember the milk", "Garden")
    await screen.field("Name to sign in with").fill("ada")
    await screen.field("Password").fill(PASSWORD)
    await screen.button("Sign in").click()
    await screen.enter("Garden")
    await screen.shows_sent("Remember the milk")
