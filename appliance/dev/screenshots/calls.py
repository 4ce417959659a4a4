"""Calls, and hold to talk: made up in the gallery, over a conversation."""

from playwright.async_api import Page, expect

from appliance.dev.portraits import NEXT_DOOR
from appliance.dev.screenshots.ways import PICTURED, Way, conversation

FRIEND = NEXT_DOOR
SECRECY = "Encrypted between your devices"
HOLD = "Hold to talk"
_SHOWN = ".call, .bar, .incoming, .sign, dialog[open]"


def call(scene: str, then: str = "") -> Way:
    """A call in this state, made up in the gallery, over a conversation; with what a button brings."""

    async def go(page: Page) -> None:
        await page.goto(f"{page.url.rstrip('/')}/dev/ui/calls")
        calls = page.get_by_role("region", name="Calls", exact=True)
        await calls.get_by_label("Where").select_option(label=FRIEND)
        await calls.get_by_role("button", name=scene, exact=True).click()
        await expect(page.get_by_role("region", name=f"Conversation: {FRIEND}")).to_be_attached()
        await expect(page.locator("[role=log]")).to_have_attribute("aria-busy", "false")
        if await page.locator(".shell > .side").is_visible():
            await _come_back(page)
        await expect(page.locator("header").get_by_text("Last seen").first).to_be_attached()
        if then:
            button = page.get_by_role("button", name=then).locator("visible=true").first
            await button.hover()
            await page.mouse.down()
            if then != HOLD:
                await page.mouse.up()
        await expect(page.locator(_SHOWN).first).to_be_visible()
        await page.wait_for_function(PICTURED)

    return go


async def _come_back(page: Page) -> None:
    """To the conversation once more, when all its rows are there. Of those that came one after the other, and
    while a call took room beside them, now more were measured and now fewer: they stand by parts of a pixel
    higher, or not."""
    here = page.get_by_role("list", name="Conversations").get_by_role("link", name=FRIEND).first
    await expect(here.locator(".badge")).to_have_count(0)
    await page.locator('a[href="/people"]:visible').first.click()
    await expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    await conversation(FRIEND)(page)
