"""Dialogs that come after something else (a file, a password, an answer), or whose way back is gone: the
focus is never lost."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Locator, expect

from appliance.config import Community
from tests.story.screen import Screen
from tests.story.stage import Stage, staged
from tests.story.test_focus_returns import dialog, there_and_back
from tests.story.test_guests import come_in, make_link
from tests.story.test_language import GO
from tests.story.test_signing_in import PASSWORD, at_the_door, enter, go_to_security, keeper, row
from tests.story.test_support import ask, deed, moderator, ticket


@pytest_asyncio.fixture(loop_scope="session")
async def stage(chromium: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    community = Community(credits="yes", start_credits=30)
    async with staged(chromium, tmp_path / "data", sign_up="open", community=community) as ready:
        await ready.account("root")
        yield ready


async def press(where: Locator, key: str = "Enter") -> None:
    await where.focus()
    await where.press(key)


async def back_to(screen: Screen, opener: Locator) -> None:
    """Escape closes what is on top, and leads there."""
    await screen.page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    # What is still on its way out is not opened again.
    await expect(screen.page.locator("dialog:not([open])")).to_have_count(0)


async def at_security(stage: Stage) -> Screen:
    """Ada, who came by a password."""
    await stage.member("ada", PASSWORD)
    _, screen = await at_the_door(stage)
    await keeper(screen)
    await enter(screen, "ada")
    await go_to_security(screen)
    return screen


async def pick_a_picture(screen: Screen, button: Locator) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(picture, "PNG")
    async with screen.page.expect_file_chooser() as coming:
        await press(button)
    await (await coming.value).set_files(
        {"name": "sea.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    await expect(dialog(screen.page, "Move and zoom").locator(":focus")).to_have_count(1)


async def test_a_picture_that_is_not_cut_leads_back_to_where_it_was_picked(stage: Stage) -> None:
    screen = await stage.screen("ada", await stage.room("ada"))
    await screen.page.evaluate(GO, "/settings/profile")
    button = screen.button("Add a picture")
    await pick_a_picture(screen, button)
    await back_to(screen, button)
    await screen.page.go_back()
    await screen.button("Members").click()
    edit = screen.page.get_by_role("region", name="About this room").get_by_role("button", name="Edit")
    await press(edit)
    inside = dialog(screen.page, "Edit Garden").get_by_role("button", name="Choose a picture")
    await pick_a_picture(screen, inside)
    await back_to(screen, inside)
    await back_to(screen, edit)


async def test_an_authenticator_app_and_its_codes_lead_back_to_their_rows(stage: Stage) -> None:
    screen = await at_security(stage)
    app = row(screen, "Authenticator app")
    await press(app)
    shown = dialog(screen.page, "Authenticator app")
    await expect(shown).to_be_visible()
    await back_to(screen, app)
    await app.press("Enter")
    secret = (await shown.locator("code").inner_text()).replace(" ", "")
    await shown.get_by_role("textbox").fill(pyotp.TOTP(secret).now())
    # One dialog gave way to another.
    await expect(dialog(screen.page, "Your recovery codes").locator(":focus")).to_have_count(1)
    await back_to(screen, app)
    await app.press("Enter")
    await expect(dialog(screen.page, "Two-step sign-in is on").locator(":focus")).to_have_count(1)
    await back_to(screen, app)


async def test_recovery_codes_lead_back_also_where_what_asked_for_them_is_gone(stage: Stage) -> None:
    screen = await at_security(stage)
    codes = dialog(screen.page, "Your recovery codes")
    # The advice goes when it is followed.
    await press(screen.page.get_by_role("main").get_by_role("button", name="Make recovery codes").first)
    await expect(codes).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await expect(screen.page.locator("main:focus, main :focus")).to_have_count(1)
    again = row(screen, "Make new codes")
    await press(again)
    asked = dialog(screen.page, "Make new codes?")
    await press(asked.get_by_role("button", name="Make new codes"))
    await expect(codes).to_be_visible()
    await back_to(screen, again)


async def test_whoever_shows_that_it_is_them_is_led_back_through_both(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    device, screen = await at_the_door(stage)
    device.expect_complaint("status of 403")
    await enter(screen, "ada")
    await go_to_security(screen)
    app = row(screen, "Authenticator app")
    stage.server.house.of_feature["confirmed"]._kept.clear()
    await press(app)
    asked = dialog(screen.page, "Is it you?")
    await asked.get_by_label("Your password").fill(PASSWORD)
    await asked.get_by_label("Your password").press("Enter")
    await expect(dialog(screen.page, "Authenticator app").locator(":focus")).to_have_count(1)
    await back_to(screen, app)


async def test_a_passkey_leads_back_to_its_row_and_on_where_that_is_gone(stage: Stage) -> None:
    screen = await at_security(stage)
    add = row(screen, "Add a passkey")
    await press(add)
    await screen.says("Your passkey is ready.")
    await expect(add).to_be_focused()
    key = row(screen, "Chrome on")
    await press(key)
    shown = screen.page.locator("dialog:modal")
    await expect(shown.locator(":focus")).to_have_count(1)
    await back_to(screen, key)
    await key.press("Enter")
    remove = shown.get_by_role("button", name="Remove")
    await press(remove)
    await expect(screen.page.get_by_role("alertdialog").locator(":focus")).to_have_count(1)
    await back_to(screen, remove)
    await remove.press("Enter")
    await press(screen.page.get_by_role("alertdialog").get_by_role("button", name="Remove"))
    await expect(shown).to_have_count(0)
    await expect(key).to_have_count(0)
    await expect(screen.page.locator("main:focus, main :focus")).to_have_count(1)


async def test_a_gift_leads_back_to_the_message_and_to_the_person(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await (await stage.client("bela")).post(room, "Ripe tomatoes")
    screen = await stage.screen("ada", room)
    await there_and_back(screen, "main", "Give Bela credits", ["row:Bela", "Give credits"])
    opener = screen.log.get_by_role("button", name="About Bela")
    await press(opener)
    more = dialog(screen.page, "Bela").get_by_role("button", name="More about Bela")
    await press(more)
    await screen.page.get_by_role("menuitem", name="Give credits").press("Enter")
    await expect(dialog(screen.page, "Give Bela credits").locator(":focus")).to_have_count(1)
    await back_to(screen, more)
    await back_to(screen, opener)
    root = await stage.screen("root")
    await root.page.evaluate(GO, f"/admin/members/{(await stage.account('ada')).id}")
    await there_and_back(root, "main", "Credits for Ada", ["Grant credits"])


async def test_support_leads_back_to_the_question_and_to_what_one_may_do(stage: Stage) -> None:
    ada = await stage.screen("ada")
    await ada.page.evaluate(GO, "/support")
    await there_and_back(ada, "main", "Ask the team", ["Ask the team"])
    await ask(ada)
    maud = await moderator(stage)
    await maud.page.evaluate(GO, "/support")
    await ticket(maud).get_by_role("button", name="Take it").click()
    await maud.button("About this room").click()
    give = deed(maud, "Give to somebody")
    await press(give)
    await expect(dialog(maud.page, "Who shall look after it?").locator(":focus")).to_have_count(1)
    await back_to(maud, give)


async def test_a_guest_link_leads_back_to_the_links_and_they_to_the_room(stage: Stage) -> None:
    screen = await stage.screen("ada", await stage.room("ada"))
    await screen.button("Members").click()
    opener = screen.page.get_by_role("region", name="About this room").get_by_role("button", name="Guests")
    await press(opener)
    links = dialog(screen.page, "Guest links for Garden")
    make = links.get_by_role("button", name="Make a guest link")
    await press(make)
    await expect(dialog(screen.page, "Guest link").locator(":focus")).to_have_count(1)
    await back_to(screen, make)
    await press(links.get_by_role("button", name="Take it back"))
    await expect(screen.page.get_by_role("alertdialog").locator(":focus")).to_have_count(1)
    await screen.page.keyboard.press("Escape")
    await expect(links.locator(":focus")).to_have_count(1)
    await back_to(screen, opener)


async def test_a_guest_who_does_not_become_a_member_after_all_is_where_they_were(stage: Stage) -> None:
    link = await make_link(await stage.screen("ada", await stage.room("ada")))
    guest = await (await stage.stranger()).open(link)
    await come_in(guest, "Petra")
    await guest.is_connected()
    await guest.page.evaluate(GO, "/settings")
    become = guest.page.get_by_role("button", name=re.compile("^Become a member"))
    await press(become)
    await expect(dialog(guest.page, "Become a member").locator(":focus")).to_have_count(1)
    await back_to(guest, become)
