"""One look at one state: all judges that need the page are asked while it stands there."""

import re
from pathlib import Path
from typing import Literal

from playwright.async_api import BrowserContext, ConsoleMessage, Page

from appliance.dev.screenshots.studio import SIZES
from tests.judges import axe, contrast, layout, markup
from tests.judges.findings import Record
from tests.judges.house import House
from tests.judges.states import State

THUMB, POINTER = 44, 24
"""The least side of a target in CSS pixels: the house's own for fingers, WCAG 2.5.8 for pointers."""

WORKERLESS = "Service Worker registration blocked by Playwright"
"""None here: each would fetch the whole app once more. The stories have them, and listen as well."""

THEMES: tuple[tuple[Literal["light", "dark"], tuple[str, ...]], ...] = (
    ("light", ()),
    ("dark", ("color-contrast",)),
)
"""With the rules that axe is asked for; all where none is named."""

_MOVING = """() => document.getAnimations()
  .filter((each) => each.playState === 'running' && each.effect.getComputedTiming().activeDuration > 50)
  .map((each) => `${each.animationName ?? each.transitionProperty} of ${each.effect.target?.className}`)"""

_SETTLED = """() => document.fonts.ready
  .then(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))))
  .then(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))"""


async def visit(
    context: BrowserContext, house: House, state: State, shape: str, record: Record, out: Path
) -> None:
    """Go there, ask everybody, and leave as if nobody had been there."""
    name = f"{state.name} ({shape})"
    page = await context.new_page()
    said = _listens(page, state.said)
    try:
        await page.goto(house.address(state.who, state.path))
        for step in state.steps:
            await step(page)
        await page.evaluate(_SETTLED)
        await _look(page, name, shape, record)
        (out / f"{state.name}-{shape}.html").write_text(await markup.written(page))
    except Exception as error:
        record.find("states", name, f"not reached: {' '.join(str(error).split())[:300]}")
    finally:
        record.find("console", name, *said)
        await page.close()
        await context.set_offline(False)


async def _look(page: Page, name: str, shape: str, record: Record) -> None:
    viewport = SIZES[shape]["viewport"]
    record.looked["states"] += 1
    record.find("motion", name, *await page.evaluate(_MOVING))
    await _themes(page, name, record)
    record.find("targets", name, *await layout.too_small(page, THUMB if shape == "phone" else POINTER))
    record.find("reflow", name, *await layout.tight(page, shape, viewport))


async def _themes(page: Page, name: str, record: Record) -> None:
    """Everything in the light; in the dark only colours differ."""
    for theme, rules in THEMES:
        await page.emulate_media(color_scheme=theme)
        found = await axe.ask(page, *rules)
        record.looked["axe"] += 1
        for each in found["violations"]:
            record.find("axe", f"{name} {theme}", f"{each['rule']}: {each['target']}: {each['why']}")
        unclear = [each["target"] for each in found["incomplete"] if each["rule"] == "color-contrast"]
        measured, faint = await contrast.too_faint(page, unclear)
        record.looked["contrast"] += measured
        record.find("contrast", f"{name} {theme}", *faint)
    await page.emulate_media(color_scheme="light")


def _listens(page: Page, expected: str) -> list[str]:
    """Grows with what the page complains about; violations of the content policy are among it."""
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if WORKERLESS in message.text:
            return
        if message.type in ("error", "warning") and not (expected and re.search(expected, message.text)):
            said.append(f"{message.type}: {message.text[:300]}")

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(f"uncaught: {error}"))
    return said
