"""The gallery of building blocks: there for whoever works on the app, and for nobody else."""

import re
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect

from appliance.edge.pwa import STATIC
from tests.story.stage import Stage, staged

WIDER = (
    "() => document.querySelector('.gallery').scrollWidth - document.querySelector('.gallery').clientWidth"
)


async def test_every_block_is_drawn_in_all_looks_and_nothing_leaves_the_page(
    chromium: Browser, tmp_path: Path
) -> None:
    async with staged(chromium, tmp_path / "dev", development="yes") as stage:
        page = (await (await stage.stranger()).open("/dev/ui")).page
        await expect(page.get_by_role("heading", name="Building blocks")).to_be_visible()
        assert await page.get_by_role("region").count() > 50
        hovered = page.locator("#Button [data-forced=hover] .solid")
        plain = page.locator("#Button figure:not([data-forced]) .solid").first
        colour = "(button) => getComputedStyle(button).backgroundColor"
        assert await hovered.evaluate(colour) != await plain.evaluate(colour)
        for group, choice in (("Theme", "dark"), ("Contrast", "more"), ("Direction", "rtl"), ("Text", "200")):
            await page.get_by_role("group", name=group).get_by_role("radio", name=choice).check()
            assert await page.evaluate(WIDER) <= 0, choice
        await page.locator("#Dialog").get_by_role("button", name="Open").first.click()
        await expect(page.get_by_role("dialog", name="New room")).to_be_visible()


async def test_elsewhere_its_address_leads_home_and_its_code_is_kept_by_no_browser(stage: Stage) -> None:
    root = await stage.screen("root")
    await root.page.goto(f"{root.origin}/dev/ui")
    await expect(root.page).to_have_url(re.compile(r"/$"))
    shell: Any = (STATIC / "sw.js").read_text()
    assert list(STATIC.glob("assets/Gallery-*.js"))
    assert "/assets/" in shell
    assert "Gallery-" not in shell
