"""Notices whatever moves on a page that nobody moved."""

from itertools import pairwise
from typing import Any

from playwright.async_api import BrowserContext, Page

_WATCH = """() => {
  // Told as the standard has it (Layout Instability), but also within half a second after a press.
  window.shifts = []
  // A room that goes up in the list is what the list is for.
  const list = (node) => node?.parentElement?.closest('nav ul')
  const named = ({ node }) => {
    const element = node?.nodeType === 1 ? node : node?.parentElement
    if (!element) return String(node?.nodeName)
    const path = []
    for (let at = element; at && path.length < 3; at = at.parentElement) {
      path.unshift(at.className || at.localName)
    }
    return path.join(' > ')
  }
  const keep = (entries) => {
    for (const { value, sources, hadRecentInput } of entries) {
      if (sources.length && sources.every(({ node }) => list(node))) continue
      window.shifts.push({ value, pressed: hadRecentInput, what: sources.map((each) => {
        const { previousRect: was, currentRect: is } = each
        const element = each.node?.nodeType === 1 ? each.node : each.node?.parentElement
        const at = (box) => `${box.x},${box.y} ${box.width}x${box.height}`
        const writing = Boolean(element?.closest('.composer, .typing, .chips, .jump'))
        return { writing, text: `${named(each)}: ${at(was)} -> ${at(is)}` }
      }) })
    }
  }
  window.shifting = new PerformanceObserver((entries) => keep(entries.getEntries()))
  window.shifting.observe({ type: 'layout-shift', buffered: true })
  window.allShifts = async () => {
    // Two more frames: what has happened has been drawn, and was measured.
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
    keep(window.shifting.takeRecords())
    return window.shifts.splice(0)
  }
}"""

_FILM = """() => {
  // What has been painted: the task right after a frame.
  window.film = []
  const log = document.querySelector('[role=log]')
  const after = new MessageChannel()
  after.port1.onmessage = () => {
    const box = log.getBoundingClientRect()
    const tops = {}
    for (const row of log.querySelectorAll('[data-key]')) {
      const { top, bottom } = row.getBoundingClientRect()
      const there = bottom > box.top && top < box.bottom
      if (there && row.checkVisibility({ visibilityProperty: true })) tops[row.dataset.key] = top
    }
    window.film?.push({ tops, held: log.querySelectorAll('[data-key]').length })
    if (window.film) requestAnimationFrame(() => after.port2.postMessage(0))
  }
  after.port2.postMessage(0)
}"""

_CUT = """async () => {
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  const taken = window.film
  window.film = null
  return taken
}"""

Frames = list[dict[str, Any]]


async def watched(context: BrowserContext) -> None:
    """Notices every jump of the layout from the first moment of a page."""
    await context.add_init_script(f"({_WATCH})()")


async def nothing_jumped(page: Page, when: str, *, writing: bool = False) -> None:
    """Since the last time it was asked. `writing`: the field grows with what is written in it."""
    found: Any = await page.evaluate("() => window.allShifts()")
    jumps = [each for each in found if not (writing and all(one["writing"] for one in each["what"]))]
    told = "\n".join(f"{each['value']:.5f} {one['text']}" for each in jumps for one in each["what"])
    assert not jumps, f"{when}: {told}"


async def film(page: Page) -> None:
    """From now on it is written down where each message in sight stands, frame by frame."""
    await page.evaluate(_FILM)


async def cut(page: Page) -> Frames:
    """What was filmed."""
    frames: Frames = await page.evaluate(_CUT)
    assert len(frames) > 2
    return frames


def steps(frames: Frames) -> list[list[float]]:
    """For each frame how far the messages that were there before have come down, in px, without doubles."""
    found = []
    for before, after in pairwise(frames):
        both = before["tops"].keys() & after["tops"].keys()
        found.append(sorted({round(after["tops"][key] - before["tops"][key]) for key in both}))
    return found
