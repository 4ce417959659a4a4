"""Contrast from the pixels (WCAG 1.4.3 and 1.4.11): for words whose ground axe cannot
work out, and for icons.

The words are made invisible, what stays is photographed, and their colour is held against each colour of the
ground on which a part of them stands.
"""

import io
from collections import Counter
from typing import Any

from PIL import Image
from playwright.async_api import Page

PART = 0.03
"""A colour with less of the ground than this is an edge or a speck."""

Rgb = tuple[float, ...]


async def too_faint(page: Page, targets: list[str]) -> tuple[int, list[str]]:
    """How many things were measured, and those that do not stand out. `targets`: selectors of words that axe
    left open; icons and drawn initials are found by themselves."""
    measured, faint = await _measured(page, targets)
    if faint:
        # What moved between the question where it stands and the photograph was measured beside its place.
        again = (await _measured(page, targets))[1]
        faint = [each for each in faint if each in again]
    return measured, faint


async def _measured(page: Page, targets: list[str]) -> tuple[int, list[str]]:
    items: list[dict[str, Any]] = await page.evaluate("(targets) => judges.prepare(targets)", targets)
    if not items:
        await page.evaluate("(targets) => judges.restore(targets)", targets)
        return 0, []
    shot = await page.screenshot(scale="css", caret="hide", animations="allow")
    await page.evaluate("(targets) => judges.restore(targets)", targets)
    ground = Image.open(io.BytesIO(shot)).convert("RGB")
    faint = []
    for item in items:
        worst = min(_worst(ground, box, item) for box in item["boxes"])
        if worst < item["need"]:
            faint.append(f"{worst:.2f} instead of {item['need']} at {item['name']} {item['words']!r}")
    return len(items), faint


def _worst(ground: Image.Image, box: list[float], item: dict[str, Any]) -> float:
    part = ground.crop(
        (int(box[0]), int(box[1]), max(int(box[2]), int(box[0]) + 1), max(int(box[3]), int(box[1]) + 1))
    )
    counted = part.getcolors(part.width * part.height) or []
    colours: Counter[Rgb] = Counter({rgb: n for n, rgb in counted if isinstance(rgb, tuple)})
    enough = [rgb for rgb, n in colours.items() if n >= PART * colours.total()] or [
        colours.most_common(1)[0][0]
    ]
    alpha = item["color"][3] * item["opacity"]
    worst = 21.0
    for rgb in enough:
        ink = tuple(
            alpha * over + (1 - alpha) * under for over, under in zip(item["color"][:3], rgb, strict=True)
        )
        worst = min(worst, ratio(ink, rgb))
    return worst


def ratio(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of WCAG 2.2; colours as sRGB from 0 to 255."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: Rgb) -> float:
    parts = [part / 255 for part in rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
