"""Calls by keys and for readers: where the focus is, what is told, and what Escape closes."""

import pytest
from playwright.async_api import Locator, expect

from tests.story.talking import Exchange, Talker

pytestmark = pytest.mark.media


async def both(exchange: Exchange) -> tuple[Talker, Talker]:
    room = await exchange.stage.dm("ada", "bela")
    return await exchange.talker("ada", room), await exchange.talker("bela", room)


def told(talker: Talker) -> Locator:
    """What readers hear of a call as it changes."""
    return talker.screen.page.get_by_role("region", name="Call with").get_by_role("status")


async def test_who_writes_goes_on_writing_while_it_rings_and_after_they_declined(exchange: Exchange) -> None:
    ada, bela = await both(exchange)
    keys = bela.screen.page.keyboard
    await bela.screen.composer.click()
    await keys.type("One mom")
    await ada.screen.button("Call Bela").focus()
    await ada.screen.page.keyboard.press("Enter")
    # Once, and by nothing that takes the focus.
    await expect(bela.incoming.get_by_role("alert")).to_have_text("Ada is calling")
    await expect(bela.screen.composer).to_be_focused()
    await bela.screen.page.bring_to_front()
    await keys.type("ent")
    await expect(bela.screen.composer).to_have_value("One moment")
    await keys.press("F6")
    await expect(bela.incoming.get_by_role("button", name="Decline")).to_be_focused()
    await keys.press("Enter")
    await expect(bela.incoming).to_have_count(0)
    await expect(bela.screen.composer).to_be_focused()
    await expect(told(ada)).to_have_text("Bela cannot talk right now")
    await ada.screen.page.bring_to_front()
    await ada.screen.page.keyboard.press("Escape")
    # What began it is there to begin it again.
    await expect(ada.screen.button("Call Bela")).to_be_focused()


async def test_keys_lead_through_a_call_and_back_to_where_one_was(exchange: Exchange) -> None:
    ada, bela = await both(exchange)
    page = ada.screen.page
    await bela.screen.composer.click()
    await ada.call("Bela", video=False)
    await expect(told(ada)).to_have_text("Calling…")
    await expect(bela.incoming).to_be_visible()
    await bela.screen.page.bring_to_front()
    await bela.screen.page.keyboard.press("Alt+a")
    for each in (ada, bela):
        await each.is_live()
        await expect(told(each)).to_have_text("Connected")
    await expect(bela.screen.page.get_by_role("region", name="Call with Ada")).to_be_focused()
    await page.bring_to_front()
    more = page.get_by_role("button", name="More of the call")
    # Escape closes what lies over the call, and then makes the call small.
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Devices")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menuitem", name="Devices")).to_have_count(0)
    await expect(more).to_be_visible()
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Devices")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Devices")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Devices")).to_have_count(0)
    await expect(more).to_be_focused()
    await page.get_by_role("button", name="Encrypted between your devices").focus()
    await page.keyboard.press("Enter")
    secrecy = page.get_by_role("dialog", name="Encrypted between your devices")
    await expect(secrecy).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(secrecy.get_by_role("button", name="It is the same")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Encrypted between your devices")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Back to the call with Bela").first).to_be_focused()
    await page.keyboard.press("Alt+m")
    bar = page.get_by_role("region", name="Call with Bela")
    unmute = bar.get_by_role("button", name="Unmute")
    # Its name says what it does; that it is pressed as well would say the opposite.
    assert await unmute.get_attribute("aria-pressed") is None
    await bar.get_by_role("button", name="Hang up").focus()
    await page.keyboard.press("Enter")
    await expect(told(ada)).to_contain_text("Call ended after")
    await expect(bar.get_by_role("button")).to_be_focused()
    await expect(bar).to_have_count(0)
    assert await page.evaluate("() => document.activeElement !== document.body")
    await expect(told(bela)).to_have_count(0)
    await expect(bela.screen.composer).to_be_focused()


async def test_the_keys_of_calls_stand_where_keys_are_explained(exchange: Exchange) -> None:
    ada, _ = await both(exchange)
    await ada.screen.page.keyboard.press("Control+/")
    help_ = ada.screen.page.get_by_role("dialog")
    for what in ("Answer", "Mute", "Hang up"):
        await expect(help_.get_by_text(what).first).to_be_visible()
