"""Who is here: only on screens that show it, and only while it is so."""

import asyncio

import pytest
from playwright.async_api import expect

from appliance.features.rooms import presence
from tests.story.line import Fate, Frame, Way
from tests.story.stage import Stage


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told late, so that nobody flickers, is told at once."""
    monkeypatch.setattr(presence, "GRACE_S", 0.0)
    monkeypatch.setattr(presence, "CALM_S", 0.0)


async def test_one_sees_the_other_come_and_go(stage: Stage) -> None:
    dm = await stage.dm("ada", "bela")
    ada = await stage.screen("ada", dm)
    line = ada.page.get_by_role("main").locator("header p")
    await expect(line).not_to_contain_text("Online")
    device = await stage.device("bela")
    bela = await device.open()
    await bela.is_connected()
    await expect(line).to_have_text("Online")
    await expect(ada.room("Bela")).to_contain_text("Online")
    await bela.page.close()
    await expect(line).to_contain_text("Last seen")
    await expect(ada.room("Bela")).not_to_contain_text("Online")


async def test_whoever_touches_nothing_for_a_while_is_away(stage: Stage) -> None:
    dm = await stage.dm("ada", "bela")
    bela = await stage.screen_by_hand("bela")
    ada = await stage.screen("ada", dm)
    line = ada.page.get_by_role("main").locator("header p")
    await expect(line).to_have_text("Online")
    await bela.page.clock.fast_forward("05:00")
    await expect(line).to_have_text("Away")
    await bela.page.mouse.move(200, 200)
    await expect(line).to_have_text("Online")


async def test_only_those_on_screen_are_asked_for(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "chidi")
    await stage.dm("ada", "dana")
    device, dana = await stage.device("ada"), await stage.account("dana")
    wanted = {dana.id}
    asked = asyncio.Event()

    def judge(way: Way, frame: Frame) -> Fate:
        if way == "up" and frame["op"] == "watch" and set(frame["people"]) == wanted:
            asked.set()
        return Fate.PASS

    device.line.judge = judge
    ada = await device.open(f"/room/{room}")
    await asyncio.wait_for(asked.wait(), 8)
    asked.clear()
    wanted |= {(await stage.account(name)).id for name in ("bela", "chidi")}
    await ada.button("Members").click()
    await asyncio.wait_for(asked.wait(), 8)
    asked.clear()
    wanted = {dana.id}
    await ada.page.get_by_role("region", name="About this room").get_by_role("button", name="Close").click()
    await asyncio.wait_for(asked.wait(), 8)
