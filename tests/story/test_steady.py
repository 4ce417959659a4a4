"""Nothing jumps as a room opens, and another one is there at once."""

from typing import Any

from playwright.async_api import BrowserContext, Page, expect

from tests.story.device import PHONE
from tests.story.screen import Screen
from tests.story.stage import Stage

_WATCH = """() => {
  window.jumps = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      // A room that goes up in the list is what the list is for.
      const list = (node) => node?.parentElement?.closest('nav ul')
      const moves = entry.sources.length && entry.sources.every(({ node }) => list(node))
      if (entry.hadRecentInput || moves) continue
      const what = entry.sources.map(({ node, previousRect: was, currentRect: is }) =>
        `${node?.className || node?.nodeName} ${was.x},${was.y} ${was.width}x${was.height} -> ` +
        `${is.x},${is.y} ${is.width}x${is.height}`)
      window.jumps.push([entry.value, ...what])
    }
  }).observe({ type: 'layout-shift', buffered: true })
}"""

_SWITCH = """async (title) => {
  const link = [...document.querySelectorAll('.side li a')].find((each) => each.textContent.includes(title))
  const began = performance.now()
  link.click()
  for (;;) {
    const room = document.querySelector('main section')?.getAttribute('aria-label')
    const log = document.querySelector('[role=log].placed')
    if (room?.endsWith(title) && log?.querySelector('article')) break
    await new Promise(requestAnimationFrame)
  }
  return performance.now() - began
}"""


async def watched(context: BrowserContext) -> None:
    """Notices every jump of the layout from the first moment of a page."""
    await context.add_init_script(f"({_WATCH})()")


async def nothing_jumped(page: Page, when: str) -> None:
    found: list[Any] = await page.evaluate("() => window.jumps")
    assert not found, f"{when}: {found}"


async def talked(stage: Stage, count: int = 90) -> str:
    room = await stage.room("ada", "bela")
    ada, bela = await stage.client("ada"), await stage.client("bela")
    for number in range(count):
        said = await (ada if number % 3 else bela).post(
            room, f"Number {number} " + "and so on " * (number % 7 * 4)
        )
    assert (await ada.ask("read", room=room, seq=said["seq"]))["op"] == "ack"
    return room


async def walk_through(stage: Stage, **options: Any) -> None:
    room = await talked(stage)
    await stage.room("ada", name="Kitchen")
    device = await stage.device("ada", **options)
    await watched(device.context)
    screen: Screen = await device.open(f"/room/{room}")
    page = screen.page
    await screen.is_connected()
    await expect(page.locator("[role=log].placed article").last).to_be_visible()
    await nothing_jumped(page, "on a first visit")
    await page.reload()
    await expect(page.locator("[role=log].placed article").last).to_be_visible()
    await screen.is_connected()
    await nothing_jumped(page, "on the next visit")
    # Were something to move, it would be seen.
    await page.evaluate("() => void (document.querySelector('.app').style.paddingTop = '99px')")
    await page.wait_for_function("() => window.jumps.length > 0")


async def test_nothing_jumps_on_a_phone(stage: Stage) -> None:
    # Chromium's own phone counts nothing for half a second after it changed its viewport.
    await walk_through(stage, viewport=PHONE)


async def test_nothing_jumps_on_a_desk(stage: Stage) -> None:
    await walk_through(stage)


async def test_a_room_is_there_at_once(stage: Stage) -> None:
    await talked(stage, 60)
    kitchen = await stage.room("ada", name="Kitchen")
    await (await stage.client("ada")).post(kitchen, "Bread at six")
    screen = await stage.screen("ada")
    times = [await screen.page.evaluate(_SWITCH, title) for title in ("Garden", "Kitchen") * 4]
    # Both are in memory from the second time on. On a quiet machine it is below 100.
    assert sorted(times[2:])[2] < 250, [round(each) for each in times]
