"""Signing in with more than a password, and coming back without one. Chromium plays the passkeys' keeper."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyotp
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.signin.people import done
from tests.story.device import Device
from tests.story.screen import Screen
from tests.story.stage import Stage, staged

PASSWORD = "copper-kettle-on-the-stove"
ANOTHER = "seven-geese-went-south"
REFUSED = r"status of 40[1349]"

ALONE = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"
"""The browser does not offer passkeys by itself: Chromium's own keeper would answer at once."""


@pytest_asyncio.fixture(loop_scope="session")
async def stage(chromium: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(chromium, tmp_path / "data", sign_up="open") as ready:
        await ready.server.account("root", admin=True)
        yield ready


async def keeper(screen: Screen, **more: Any) -> Any:
    """Give the tab a keeper of passkeys that always knows its owner; returns the way to speak with it."""
    cdp = await screen.page.context.new_cdp_session(screen.page)
    await cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options | more})
    return cdp


async def at_the_door(stage: Stage, *, offers: bool = False) -> tuple[Device, Screen]:
    """A stranger in front of the sign-in page."""
    device = await stage.stranger()
    device.expect_complaint(REFUSED)
    screen = Screen(await device.context.new_page())
    if not offers:
        await screen.page.add_init_script(ALONE)
    await screen.page.goto(device.url)
    return device, screen


async def enter(screen: Screen, name: str, password: str = PASSWORD) -> None:
    await screen.field("Name to sign in with").fill(name)
    await screen.field("Password").fill(password)
    await screen.button("Sign in").click()


async def go_to_security(screen: Screen) -> None:
    await screen.is_connected()
    await screen.page.goto(screen.origin + "/settings/security")
    await expect(screen.page.get_by_role("heading", name="Passkeys")).to_be_visible()


async def leave(screen: Screen) -> None:
    await screen.sign_out()
    await screen.is_at_sign_in()


def row(screen: Screen, name: str) -> Any:
    """A row of the page, by the beginning of what it says."""
    return screen.page.get_by_role("main").get_by_role("button", name=re.compile(f"^{name}"))


async def codes_of(screen: Screen) -> list[str]:
    """The recovery codes that are shown now; says that they are kept."""
    shown = screen.page.get_by_role("list", name="Your recovery codes").get_by_role("listitem")
    await expect(shown).to_have_count(10)
    codes = await shown.all_inner_texts()
    await screen.button("I have kept them").click()
    return codes


async def test_a_passkey_is_added_and_opens_the_door_with_one_tap(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    _, screen = await at_the_door(stage)
    cdp = await keeper(screen)
    await enter(screen, "ada")
    await go_to_security(screen)
    await row(screen, "Add a passkey").click()
    await screen.says("Your passkey is ready.")
    await row(screen, "Chrome on").click()
    await screen.page.get_by_role("dialog").get_by_label("Name", exact=True).fill("The laptop")
    await screen.button("Save").click()
    await expect(row(screen, "The laptop")).to_be_visible()
    # The same keeper makes no second one.
    await row(screen, "Add a passkey").click()
    await expect(screen.page.get_by_text("has a passkey for this account already")).to_be_visible()
    await leave(screen)
    await screen.button("Sign in with a passkey").click()
    await screen.is_connected()
    await leave(screen)
    # Whoever it is does not show that it is them.
    await cdp.send("WebAuthn.disable")
    await keeper(screen, isUserVerified=False)
    await screen.button("Sign in with a passkey").click()
    await expect(screen.button("Sign in with a passkey")).to_be_enabled()
    await screen.is_at_sign_in()


async def test_the_browser_offers_the_passkey_where_the_name_is_typed(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    _, screen = await at_the_door(stage, offers=True)
    await keeper(screen)
    await enter(screen, "ada")
    await go_to_security(screen)
    await row(screen, "Add a passkey").click()
    await screen.says("Your passkey is ready.")
    # Nothing is pressed after this: the keeper answers as soon as the page lets it.
    await screen.sign_out()
    await screen.is_connected()
    await expect(screen.page.get_by_role("link", name="Settings").first).to_contain_text("Ada")


async def test_a_newcomer_joins_with_a_passkey_and_without_a_password(stage: Stage) -> None:
    _, screen = await at_the_door(stage)
    await keeper(screen)
    await screen.button("Make an account").click()
    await screen.field("Name that others see").fill("Béla Novák")
    await screen.button("Use a passkey instead of a password").click()
    await expect(screen.field("Password")).to_have_count(0)
    await screen.field("Name to sign in with").fill("bela")
    await screen.button("Make a passkey and join").click()
    await go_to_security(screen)
    await expect(screen.page.get_by_text("You sign in with a passkey only")).to_be_visible()
    await expect(row(screen, "Authenticator app")).to_be_disabled()
    # The only way in stays.
    await row(screen, "Chrome on").click()
    await screen.button("Remove").click()
    await screen.page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    await expect(screen.page.get_by_text("Without this you could not sign in any more.")).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await screen.page.keyboard.press("Escape")
    await leave(screen)
    await screen.button("Sign in with a passkey").click()
    await screen.is_connected()
    await expect(screen.page.get_by_role("link", name="Settings").first).to_contain_text("Béla Novák")


async def test_two_steps_are_switched_on_and_asked_for(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    _, screen = await at_the_door(stage)
    await enter(screen, "ada")
    await go_to_security(screen)
    await row(screen, "Authenticator app").click()
    await expect(screen.page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    app = pyotp.TOTP((await screen.page.get_by_role("dialog").locator("code").inner_text()).replace(" ", ""))
    now = stage.server.house.clock.now_ms() // 1000
    await screen.field("Code from the app").fill("000000")
    await expect(screen.page.get_by_text("This code is not right, or was used already.")).to_be_visible()
    await screen.field("Code from the app").fill(app.at(now))
    recovery = await codes_of(screen)
    await expect(row(screen, "Authenticator app")).to_contain_text("On")
    await leave(screen)
    await enter(screen, "ada")
    await expect(screen.page.get_by_role("heading", name="One more step")).to_be_visible()
    # That one was used to switch it on.
    await screen.field("Six digits").fill(app.at(now))
    await expect(screen.page.get_by_text("This code is not right, or was used already.")).to_be_visible()
    await screen.field("Six digits").fill(app.at(now + 30))
    await screen.is_connected()
    await leave(screen)
    await enter(screen, "ada")
    await screen.button("Use a recovery code instead").click()
    await screen.field("Recovery code").fill(recovery[0].upper())
    await screen.button("Sign in").click()
    await go_to_security(screen)
    await expect(row(screen, "Make new codes")).to_contain_text("9 left")
    await row(screen, "Authenticator app").click()
    await screen.button("Switch off").click()
    await screen.page.get_by_role("alertdialog").get_by_role("button", name="Switch off").click()
    await expect(row(screen, "Authenticator app")).to_contain_text("Off")


async def test_a_recovery_code_brings_back_somebody_who_forgot_the_password(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    _, screen = await at_the_door(stage)
    await enter(screen, "ada")
    await go_to_security(screen)
    await screen.button("Make recovery codes").first.click()
    codes = await codes_of(screen)
    await expect(screen.page.get_by_text("Recovery codes are your own spare key.")).to_have_count(0)
    await leave(screen)
    await screen.field("Name to sign in with").fill("ada")
    await screen.button("Forgot your password?").click()
    await expect(screen.field("Name to sign in with")).to_have_value("ada")
    await screen.field("New password").fill(ANOTHER)
    await screen.field("Recovery code").fill("aaaa-bbbb-cccc-dddd")
    await screen.button("Set password and sign in").click()
    await expect(screen.page.get_by_text("Name or recovery code is not right.")).to_be_visible()
    await screen.field("Recovery code").fill(codes[4])
    await screen.button("Set password and sign in").click()
    await screen.is_connected()
    await leave(screen)
    await enter(screen, "ada", ANOTHER)
    await screen.is_connected()


@asynccontextmanager
async def link_for(stage: Stage, name: str) -> AsyncIterator[str]:
    """Where an admin's link leads, once."""
    admin = await stage.account("root")
    person = await stage.account(name)
    made = await done(stage.server, admin, "POST", f"accounts/{person.id}/reset-link")
    yield "/reset#" + made["url"].partition("#")[2]


async def test_an_admins_link_lets_one_choose_a_new_password(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    elsewhere = await stage.screen("ada")
    stage.devices[0].expect_complaint(REFUSED)
    stage.knows(root=await stage.server.account("helper", admin=True))
    async with link_for(stage, "ada") as link:
        device, _ = await at_the_door(stage)
        screen = await device.open(link)
        await expect(screen.page.get_by_text("Ada, you sign in as “ada”.")).to_be_visible()
        assert "#" not in screen.page.url, "no history keeps the code"
        await screen.field("New password").fill(ANOTHER)
        await screen.button("Set password and sign in").click()
        await screen.is_connected()
        await elsewhere.is_at_sign_in()
        again = await device.open(link)
        await expect(again.page.get_by_role("heading", name="This link opens nothing")).to_be_visible()
        await again.page.reload()
        await expect(again.page.get_by_text("Open the link once more as it was sent to you.")).to_be_visible()
        await again.button("Back to the start").click()
        await again.is_connected()
    await enter(elsewhere, "ada", ANOTHER)
    await elsewhere.is_connected()


async def test_a_device_that_has_shown_nothing_yet_is_asked_and_the_others_see_what_it_changed(
    stage: Stage,
) -> None:
    await stage.member("ada", PASSWORD)
    laptop, phone = await stage.screen("ada"), await stage.screen("ada")
    for device in stage.devices:
        device.expect_complaint(REFUSED)
    await go_to_security(phone)
    await go_to_security(laptop)
    await laptop.button("Make recovery codes").first.click()
    await expect(laptop.page.get_by_role("heading", name="Is it you?")).to_be_visible()
    await laptop.page.keyboard.press("Escape")
    await expect(laptop.page.get_by_role("dialog")).to_have_count(0)
    await laptop.button("Make recovery codes").first.click()
    for password in ("wrong", PASSWORD):
        await laptop.field("Your password").fill(password)
        await laptop.button("Go on").click()
        if password == "wrong":
            await expect(laptop.page.get_by_text("This password is not right.")).to_be_visible()
    await codes_of(laptop)
    await expect(row(phone, "Make new codes")).to_contain_text("10 left")


async def test_a_changed_password_signs_the_other_devices_out_when_asked_to(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    other = await stage.screen("ada")
    screen = await stage.screen("ada")
    for device in stage.devices:
        device.expect_complaint(REFUSED)
    await go_to_security(screen)
    await row(screen, "Change password").click()
    await screen.field("New password").fill(ANOTHER)
    await screen.page.get_by_role("switch", name="Sign out my other devices").click()
    for old in ("wrong", PASSWORD):
        await screen.field("Your password now").fill(old)
        await screen.button("Save password").click()
        if old == "wrong":
            await expect(screen.page.get_by_text("This password is not right.")).to_be_visible()
    await screen.says("Your new password is set.")
    await other.is_at_sign_in()
    await enter(other, "ada", ANOTHER)
    await other.is_connected()
