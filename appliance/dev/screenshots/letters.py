"""A page of letters and nothing of the app."""

import re
from pathlib import Path

from playwright.async_api import Page

TOKENS = Path(__file__).parents[3] / "web" / "src" / "app" / "tokens.css"
WORDS = "Sphinx of black quartz, judge my vow 0123456789 ç ö Ё Ω {&} 🐝 ❤️"


def fonts() -> dict[str, str]:
    """The app's own lists of fonts, by what they are for."""
    text = TOKENS.read_text()
    plain = re.findall(r"--(font|font-mono):\s*([^;]+);", text)
    return {name: " ".join(found.split()) for name, found in plain}


async def show_letters(page: Page) -> None:
    # The app's policy would refuse the styles.
    await page.goto("about:blank")
    lines = [
        f"<p style='font: {weight} {size}px/1.4 {found.replace(chr(39), chr(34))}'>{WORDS}</p>"
        for found in fonts().values()
        for weight, size in ((400, 15), (700, 22))
    ]
    await page.set_content("<!doctype html><meta charset=utf-8>" + "".join(lines))
