"""What moves, and that nothing does for those who do not want it."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.story.device import MOVING, phone
from tests.story.stage import Stage

MOVED = """(selector) => {
  const moved = []
  const play = Element.prototype.animate
  Element.prototype.animate = function (frames, how) {
    moved.push(`${this.tagName} ${frames[0].transform}`)
    return play.call(this, frames, how)
  }
  window.moved = moved
}"""


@pytest.mark.parametrize("calm", [False, True], ids=["moving", "calm"])
async def test_a_page_comes_from_where_one_goes_and_a_room_rises_to_the_top(stage: Stage, calm: bool) -> None:
    garden = await stage.room("bela", "ada", name="Garden")
    await stage.room("bela", "ada", name="Kitchen")
    options: dict[str, Any] = phone() if calm else phone(**MOVING)
    ada = await stage.screen("ada", **options)
    rows = ada.page.get_by_role("list", name="Conversations").get_by_role("link")
    await expect(rows.first).to_contain_text("Kitchen")
    await ada.page.evaluate(MOVED)
    await (await stage.client("bela")).post(garden, "Up")
    await expect(rows.first).to_contain_text("Garden")
    await rows.first.click()
    await expect(ada.composer).to_be_visible()
    await ada.button("Back").click()
    await expect(rows.first).to_be_visible()
    moved = await ada.page.evaluate("() => window.moved")
    if calm:
        assert moved == []
    else:
        assert [step.split(" ", 1)[0] for step in moved] == ["LI", "LI", "MAIN", "DIV"]
        assert "(1.5rem)" in moved[2]
        assert "(-1.5rem)" in moved[3]
