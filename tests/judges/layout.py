"""What axe does not measure: reflow, more space between letters and lines, targets for thumbs."""

from typing import Any

from playwright.async_api import Page, ViewportSize

TIGHT = {"phone": ViewportSize(width=320, height=640), "desktop": ViewportSize(width=720, height=450)}
"""As narrow as 1280 px at a zoom of 400 % (WCAG 1.4.10); 1440 x 900 px at 200 % (1.4.4)."""


async def cut_off(page: Page) -> list[str]:
    """What does not fit at this size, and what more does not with wide text."""
    found: list[str] = await page.evaluate("() => judges.cutOff()")
    await page.evaluate("() => judges.spaced(true)")
    spaced: list[str] = await page.evaluate("() => judges.cutOff()")
    await page.evaluate("() => judges.spaced(false)")
    return found + [f"{each} (with wide text)" for each in spaced if each not in found]


async def tight(page: Page, shape: str, back: Any) -> list[str]:
    """The same where there is little room; the page is `back` at its size then."""
    await page.set_viewport_size(TIGHT[shape])
    found = await cut_off(page)
    await page.set_viewport_size(back)
    return found


async def too_small(page: Page, least: int) -> list[str]:
    """Targets that are not `least` CSS pixels wide and high."""
    found: list[str] = await page.evaluate("(least) => judges.tooSmall(least)", least)
    return found
