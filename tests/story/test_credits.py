"""Credits: a thank-you that one passes on."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from appliance.config import Community
from tests.story.device import phone
from tests.story.line import Fate
from tests.story.office import ON_BOTH
from tests.story.screen import Screen
from tests.story.stage import Stage, staged
from tests.story.test_shapes import press_and_hold

HELP = "The key is under the blue pot"


@pytest_asyncio.fixture(loop_scope="session")
async def stage(chromium: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(
        chromium, tmp_path / "data", community=Community(credits="yes", start_credits=30)
    ) as ready:
        yield ready


async def thank(screen: Screen, text: str, *, by_finger: bool) -> Locator:
    """Choose Give credits in the menu of a message; returns the dialog."""
    if by_finger:
        await press_and_hold(screen, text)
    else:
        await screen.act(text, "More")
    sheet = screen.page.get_by_role("dialog", name="Message actions")
    await sheet.get_by_role("button", name="Give credits").click()
    return screen.page.get_by_role("dialog", name="Give Bela credits")


@ON_BOTH
async def test_a_gift_for_a_message_is_told_at_once_and_stands_in_both_ledgers(
    stage: Stage, shape: dict[str, Any]
) -> None:
    room = await stage.room("ada", "bela")
    await (await stage.client("bela")).post(room, HELP)
    bela = await stage.screen("bela", **shape)
    ada = await stage.screen("ada", room, **shape)
    await ada.shows(HELP)
    dialog = await thank(ada, HELP, by_finger=bool(shape))
    await expect(dialog).to_contain_text("You have 30.")
    await expect(dialog).to_contain_text(HELP)
    await dialog.get_by_role("radio", name="Other").check()
    await dialog.get_by_label("Number of credits").fill("31")
    await expect(dialog.get_by_role("alert")).to_have_text("You have only 30.")
    await expect(dialog.get_by_role("button", name="Give 31")).to_be_disabled()
    await dialog.get_by_role("radio", name="10").check()
    await dialog.get_by_label("A few words").fill("You saved my day")
    await dialog.get_by_role("button", name="Give 10").click()
    await expect(dialog).to_have_count(0)
    await ada.says("You gave Bela 10.")

    await bela.page.bring_to_front()
    await bela.says("Ada gave you 10: You saved my day")
    await bela.button("Show").click()
    page = bela.page.get_by_role("main")
    await expect(page.get_by_role("status").filter(has_text="You have")).to_have_text("You have 40")
    await page.get_by_role("link", name="From Ada").click()
    await expect(bela.row(HELP)).to_be_visible()

    await ada.page.goto(ada.origin + "/settings/credits")
    await expect(ada.page.get_by_role("link", name="To Bela")).to_contain_text("-10")
    await expect(ada.page.get_by_role("status").filter(has_text="You have")).to_have_text("You have 20")


async def test_what_cannot_be_given_after_all_is_said_and_can_be_tried_again(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await (await stage.client("bela")).post(room, HELP)
    bela = (await stage.account("bela")).id
    ada = await stage.screen("ada", room)
    dialog = await thank(ada, HELP, by_finger=False)
    await dialog.get_by_role("radio", name="25").check()
    # Spent elsewhere meanwhile, and this screen does not hear of it.
    ada_device = stage.devices[-1]
    ada_device.line.judge = lambda way, frame: (
        Fate.HOLD if way == "down" and frame.get("op") == "credits" else Fate.PASS
    )
    spent = await (await stage.client("ada")).do("gift", person=bela, amount=20)
    assert spent["op"] == "ack", spent
    await dialog.get_by_role("button", name="Give 25").click()
    await ada.says("There are not enough credits for that.")
    await ada.page.get_by_role("status").get_by_role("button", name="Try again").click()
    again = ada.page.get_by_role("dialog", name="Give Bela credits")
    await expect(again.get_by_role("alert")).to_have_text("You have only 10.")


async def test_where_there_are_no_credits_nothing_speaks_of_them(chromium: Browser, tmp_path: Path) -> None:
    async with staged(chromium, tmp_path / "plain") as plain:
        room = await plain.room("ada", "bela")
        await (await plain.client("bela")).post(room, HELP)
        ada = await plain.screen("ada", room, **phone())
        await press_and_hold(ada, HELP)
        sheet = ada.page.get_by_role("dialog", name="Message actions")
        await expect(sheet.get_by_role("button", name="Report")).to_be_visible()
        await expect(sheet.get_by_role("button", name="Give credits")).to_have_count(0)
        await ada.page.goto(ada.origin + "/settings/credits")
        await expect(ada.page.get_by_text("Credits", exact=True)).to_have_count(0)
