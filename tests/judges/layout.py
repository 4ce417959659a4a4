"""What axe does not measure: reflow at 320 px, more space between letters and lines, targets for thumbs."""

from typing import Any

from playwright.async_api import Page

NARROW = {"width": 320, "height": 640}
"""1280 px at a zoom of 400 %, and smaller than any phone (WCAG 1.4.10)."""

_CUT = """() => {
  const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body
  const told = (each) => `${each.tagName.toLowerCase()} ${(each.ariaLabel || each.innerText || each.className).slice(0, 40)}`
  const found = []
  const sideways = document.documentElement.scrollWidth - innerWidth
  if (sideways > 0) found.push(`the page scrolls sideways by ${sideways} px`)
  const hides = (each) => /hidden|clip/.test(getComputedStyle(each).overflowX)
  for (const each of top.querySelectorAll('a, button, input, select, textarea, [role=option], h1, h2, label')) {
    if (!each.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    if (each.closest('.unseen, .skip, [popover]:not(:popover-open), [role=tablist], [aria-hidden=true]')) continue
    const box = each.getBoundingClientRect()
    if (box.width < 2 || box.height < 2) continue
    const apart = each.closest('main, .side')
    if (apart && getComputedStyle(apart).clipPath !== 'none') continue
    let scrolls = false
    let left = 0
    let right = innerWidth
    for (let up = each.parentElement; up; up = up.parentElement) {
      const style = getComputedStyle(up)
      if (/auto|scroll/.test(style.overflowX) && up.scrollWidth > up.clientWidth + 1) scrolls = true
      if (hides(up)) {
        const around = up.getBoundingClientRect()
        left = Math.max(left, around.left)
        right = Math.min(right, around.right)
      }
    }
    if (scrolls) {
      if (!each.closest('pre, [data-sideways]')) found.push(`must be scrolled to sideways: ${told(each)}`)
      continue
    }
    if (box.left < left - 1.5 || box.right > right + 1.5) found.push(`cut off: ${told(each)}`)
  }
  for (const each of top.querySelectorAll('button, a, h1, h2, p, label, small, dt, dd, time')) {
    if (!each.checkVisibility({ visibilityProperty: true }) || each.closest('.unseen, [popover]:not(:popover-open)')) continue
    const style = getComputedStyle(each)
    if (!each.innerText?.trim() || !/hidden|clip/.test(style.overflowY) || style.clipPath !== 'none') continue
    const clamped = style.webkitLineClamp !== 'none' || style.textOverflow === 'ellipsis'
    if (each.scrollHeight > each.clientHeight + 3 && !clamped) found.push(`words cut off: ${told(each)}`)
  }
  return found
}"""

_SPACED = """(on) => {
  if (!on) {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== window.spaced)
    return
  }
  window.spaced = new CSSStyleSheet()
  window.spaced.replaceSync(`* {
    line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
  } p { margin-block-end: 2em !important; }`)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, window.spaced]
}"""

_SMALL = """(least) => {
  const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body
  const found = []
  for (const each of top.querySelectorAll('a[href], button, input, select, textarea, [role=option]')) {
    if (!each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || each.tabIndex < 0) continue
    if (each.closest('.unseen, .skip, [aria-hidden=true], :disabled')) continue
    const apart = each.closest('main, .side')
    if (apart && getComputedStyle(apart).clipPath !== 'none') continue
    // A link in a sentence is as high as its line.
    if (getComputedStyle(each).display === 'inline') continue
    const target = each.closest('label') ?? (each.labels?.[0] && each.type === 'radio' ? each.labels[0] : each)
    const box = target.getBoundingClientRect()
    const grown = getComputedStyle(target, '::after')
    const reach = grown.position === 'absolute' && grown.content !== 'none' ? -2 * Math.min(0, parseFloat(grown.top) || 0) : 0
    if (box.width < 2) continue
    if (Math.min(box.width, box.height) + reach < least - 0.5) {
      found.push(`${Math.round(box.width)} x ${Math.round(box.height)}: ${each.tagName.toLowerCase()} ${(each.ariaLabel || each.innerText || each.className).slice(0, 40)}`)
    }
  }
  return found
}"""


async def cut_off(page: Page) -> list[str]:
    """What does not fit at this size, and what more does not with wide text."""
    found: list[str] = await page.evaluate(_CUT)
    await page.evaluate(_SPACED, True)
    spaced: list[str] = await page.evaluate(_CUT)
    await page.evaluate(_SPACED, False)
    return found + [f"{each} (with wide text)" for each in spaced if each not in found]


async def narrow(page: Page, back: Any) -> list[str]:
    """The same on the narrowest screen; the page is `back` at its size then."""
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found = await cut_off(page)
    await page.set_viewport_size(back)
    return found


async def too_small(page: Page, least: int) -> list[str]:
    """Targets that are not `least` CSS pixels wide and high."""
    found: list[str] = await page.evaluate(_SMALL, least)
    return found
