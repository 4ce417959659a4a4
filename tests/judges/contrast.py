"""Contrast from the pixels (WCAG 1.4.3 and 1.4.11): for words whose ground axe cannot work out, and for icons.

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

_PREPARE = """(targets) => {
  const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const see = (element) => {
    let seen = 1
    for (let each = element; each; each = each.parentElement) seen *= Number(getComputedStyle(each).opacity)
    return seen
  }
  // Only what nothing covers: a picture over the initials, a dialog over the page.
  const cut = (element, box) => {
    const x = (box.left + box.right) / 2
    const y = (box.top + box.bottom) / 2
    const above = document.elementFromPoint(x, y)
    const uncovered = above && (element.contains(above) || above.contains(element))
    return box.width > 2 && box.height > 2 && uncovered && box.left >= 0 && box.top >= 0 &&
      box.right <= innerWidth && box.bottom <= innerHeight ? [box.left, box.top, box.right, box.bottom] : null
  }
  const drawn = [...top.querySelectorAll('.avatar[data-initials]')].filter((each) => !each.querySelector('.come') && !each.closest(':disabled'))
  const icons = [...top.querySelectorAll(':is(a, button, label) svg')]
    .filter((each) => !each.closest('a, button, label').innerText.trim() && !each.closest(':disabled'))
  const items = []
  const hide = (element, property, value) => element.style.setProperty(property, value, 'important')
  const add = (element, rects, need, color) => {
    const boxes = rects.map((box) => cut(element, box)).filter(Boolean)
    if (!boxes.length || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return
    const name = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`.slice(0, 60)
    const words = (element.innerText ?? element.closest('a, button')?.ariaLabel ?? '').slice(0, 40)
    items.push({ name, words, boxes, need, color: rgba(color), opacity: see(element) })
  }
  for (const selector of targets) {
    const element = document.querySelector(selector)
    if (!element || !top.contains(element) || element.closest(':disabled, [aria-disabled=true]')) continue
    const style = getComputedStyle(element)
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700)
    const range = document.createRange()
    const rects = [...element.childNodes]
      .filter((node) => node.nodeType === 3 && node.data.trim() && !/^\\p{Extended_Pictographic}+$/u.test(node.data.trim()))
      .flatMap((node) => (range.selectNodeContents(node), [...range.getClientRects()]))
    const field = element.matches('input, textarea, select') ? [element.getBoundingClientRect()] : rects
    add(element, field, large ? 3 : 4.5, style.color)
  }
  for (const each of drawn) {
    const style = getComputedStyle(each)
    const box = each.getBoundingClientRect()
    const inner = new DOMRect(box.x + box.width / 4, box.y + box.height / 3, box.width / 2, box.height / 3)
    add(each, [inner], parseFloat(style.fontSize) >= 18.66 ? 3 : 4.5, style.color)
  }
  for (const each of icons) add(each, [each.getBoundingClientRect()], 3, getComputedStyle(each).color)
  for (const selector of targets) {
    const element = document.querySelector(selector)
    if (element) hide(element, '-webkit-text-fill-color', 'transparent')
  }
  for (const each of drawn) hide(each, '-webkit-text-fill-color', 'transparent')
  for (const each of icons) hide(each, 'visibility', 'hidden')
  return items
}"""

_RESTORE = """(targets) => {
  const all = [...document.querySelectorAll('.avatar, svg'), ...targets.map((each) => document.querySelector(each))]
  for (const each of all) {
    each?.style.removeProperty('-webkit-text-fill-color')
    each?.style.removeProperty('visibility')
  }
}"""

Rgb = tuple[float, ...]


async def too_faint(page: Page, targets: list[str], size: tuple[int, int]) -> tuple[int, list[str]]:
    """How many things were measured, and those that do not stand out. `targets`: selectors of words that axe
    left open; icons and drawn initials are found by themselves. `size`: of the viewport, in CSS pixels."""
    items: list[dict[str, Any]] = await page.evaluate(_PREPARE, targets)
    if not items:
        await page.evaluate(_RESTORE, targets)
        return 0, []
    shot = await page.screenshot(scale="css", caret="hide", animations="allow")
    await page.evaluate(_RESTORE, targets)
    ground = Image.open(io.BytesIO(shot)).convert("RGB")
    faint = []
    for item in items:
        worst = min(_worst(ground, box, item) for box in item["boxes"])
        if worst < item["need"]:
            faint.append(f"{worst:.2f} instead of {item['need']} at {item['name']} {item['words']!r}")
    return len(items), faint


def _worst(ground: Image.Image, box: list[float], item: dict[str, Any]) -> float:
    part = ground.crop((int(box[0]), int(box[1]), max(int(box[2]), int(box[0]) + 1), max(int(box[3]), int(box[1]) + 1)))
    colours: Counter[Rgb] = Counter(part.get_flattened_data())
    enough = [rgb for rgb, n in colours.items() if n >= PART * colours.total()] or [colours.most_common(1)[0][0]]
    alpha = item["color"][3] * item["opacity"]
    worst = 21.0
    for rgb in enough:
        ink = tuple(alpha * over + (1 - alpha) * under for over, under in zip(item["color"][:3], rgb, strict=True))
        worst = min(worst, ratio(ink, rgb))
    return worst


def ratio(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of WCAG 2.2; colours as sRGB from 0 to 255."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: Rgb) -> float:
    parts = [part / 255 for part in rgb]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
