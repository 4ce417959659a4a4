"""Signing in by way of another site: a real provider with pages of its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import MappingProxyType

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from appliance.config import Provider
from tests.accessing.club import club_open
from tests.accessing.elsewhere import elsewhere
from tests.story.device import Device
from tests.story.screen import Screen
from tests.story.stage import Stage, staged

OTHER_SITE = r"asked another site|favicon\.ico"
FONTS = "https://fonts.googleapis.com/**"
"""What the provider's pages would load from further away."""

PASSWORD = "copper-kettle-on-the-stove"


@pytest_asyncio.fixture(loop_scope="session")
async def club(chromium: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage where people may come in by way of the club, and by it become members."""
    async with club_open(sign_up="yes") as provider:
        oidc = MappingProxyType({"club": provider})
        async with staged(chromium, tmp_path / "data", oidc=oidc) as stage:
            await stage.account("root")
            yield stage


async def stranger(stage: Stage) -> Device:
    device = await stage.stranger()
    # The sign-in itself happens there, and what its pages complain of is theirs.
    device.expect_complaint(OTHER_SITE)
    await device.context.route(FONTS, lambda route: route.fulfill(content_type="text/css", body=""))
    return device


async def sign_in_there(page: Page, name: str) -> None:
    """On the provider's own pages: sign in, and agree that it tells who one is."""
    await page.get_by_placeholder("Enter any login").fill(name)
    await page.get_by_placeholder("and password").fill("any")
    await page.get_by_role("button", name="Sign-in").click()
    await page.get_by_role("button", name="Continue").click()


async def test_somebody_comes_in_by_way_of_the_club_and_finds_the_way_back(club: Stage) -> None:
    device = await stranger(club)
    screen = await device.open()
    await screen.button("Sign in with The Club").click()
    await sign_in_there(screen.page, "Gül Yılmaz")
    await screen.is_connected()
    assert screen.page.url == screen.origin + "/", "neither code nor state is left in the address"
    await screen.page.goto(screen.origin + "/settings")
    await expect(screen.page.get_by_text("Gül Yılmaz").first).to_be_visible()
    await screen.sign_out()
    await screen.button("Sign in with The Club").click()
    await screen.is_connected()
    people = await club.server.house.db.read(
        lambda db: db.rows("SELECT name, display FROM accounts ORDER BY id")
    )
    assert people == [("root", "Root"), ("gul.yilmaz", "Gül Yılmaz")]


async def test_a_member_links_the_club_and_comes_in_by_it_from_then_on(club: Stage) -> None:
    await club.member("ada", PASSWORD)
    device = await stranger(club)
    device.expect_complaint("status of 403")
    screen = await device.open()
    await screen.field("Name to sign in with").fill("ada")
    await screen.field("Password").fill(PASSWORD)
    await screen.button("Sign in").click()
    await screen.is_connected()
    await screen.page.goto(screen.origin + "/settings/access")
    await screen.button("Link The Club").click()
    await sign_in_there(screen.page, "Ada of the club")
    await screen.says("Linked. That account opens this one from now on.")
    await expect(screen.button("Unlink The Club")).to_be_visible()
    assert screen.page.url == screen.origin + "/settings/access"
    await screen.sign_out()
    await screen.button("Sign in with The Club").click()
    await screen.is_connected()
    await screen.page.goto(screen.origin + "/settings/access")
    await screen.button("Unlink The Club").click()
    await screen.page.get_by_role("alertdialog").get_by_role("button", name="Unlink").click()
    await expect(screen.button("Link The Club")).to_be_visible()


async def test_who_thinks_better_of_it_there_is_back_at_the_door(club: Stage) -> None:
    device = await stranger(club)
    screen = await device.open()
    await screen.button("Sign in with The Club").click()
    await screen.page.get_by_role("link", name="[ Cancel ]").click()
    await screen.is_at_sign_in()
    await expect(screen.page.get_by_text("The other site did not confirm who you are.")).to_be_visible()


async def test_a_site_that_is_down_is_said_to_be_down(chromium: Browser, tmp_path: Path) -> None:
    async with elsewhere() as there:
        there.answers["/.well-known/openid-configuration"] = (503, b"")
        oidc: MappingProxyType[str, Provider] = MappingProxyType({"there": there.settings})
        async with staged(chromium, tmp_path / "data", oidc=oidc) as stage:
            await stage.account("root")
            device = await stage.stranger()
            device.expect_complaint("status of 503")
            screen: Screen = await device.open()
            await screen.button("Sign in with Elsewhere").click()
            await expect(screen.page.get_by_text("The other site does not answer right now.")).to_be_visible()
