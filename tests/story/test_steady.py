"""Another room is there at once."""

from tests.story.stage import Stage
from tests.story.test_still import talked

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


async def test_a_room_is_there_at_once(stage: Stage) -> None:
    await talked(stage, 60)
    kitchen = await stage.room("ada", name="Kitchen")
    await (await stage.client("ada")).post(kitchen, "Bread at six")
    screen = await stage.screen("ada")
    times = [await screen.page.evaluate(_SWITCH, title) for title in ("Garden", "Kitchen") * 4]
    # Both are in memory from the second time on. On a quiet machine it is below 100.
    assert sorted(times[2:])[2] < 250, [round(each) for each in times]
