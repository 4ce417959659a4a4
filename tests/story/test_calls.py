"""It rings, and what is left of it: everything of calls that needs neither sound nor pictures."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from tests.client import Client
from tests.story.screen import Screen
from tests.story.stage import Stage

SEAT = "caller-seat-0001"
THEIRS = "callee-seat-0001"


def incoming(screen: Screen, name: str = "Ada") -> Locator:
    return screen.page.get_by_role("alertdialog", name=re.compile(f"{name} is calling"))


async def ring(client: Client, room: str, *, video: bool = False) -> Any:
    answer = await client.do("ring", room=room, video=video, seat=SEAT)
    return answer["subject"]


async def test_it_rings_over_what_somebody_writes_and_takes_no_key_from_them(stage: Stage) -> None:
    dm = await stage.dm("ada", "bela")
    garden = await stage.room("bela", "ada")
    ada = await stage.client("ada")
    bela = await stage.screen("bela", garden)
    await bela.composer.press_sequentially("The plums are ")
    await ring(ada, dm, video=True)
    await expect(incoming(bela)).to_be_visible()
    for name in ("Answer", "Answer without camera", "Decline"):
        await expect(incoming(bela).get_by_role("button", name=name, exact=True)).to_be_visible()
    await bela.page.keyboard.type("ripe")
    await expect(bela.composer).to_have_value("The plums are ripe")
    await incoming(bela).get_by_role("button", name="Decline").click()
    await expect(incoming(bela)).to_be_hidden()
    await expect(bela.room("Ada")).to_contain_text("Call declined")


@pytest.mark.parametrize("part", ["soon-*.js", "CallLayer-*.js", "CallLayer-*.css", "calls.svelte-*.js"])
async def test_it_rings_although_a_part_of_the_app_did_not_come_at_first(stage: Stage, part: str) -> None:
    dm = await stage.dm("ada", "bela")
    ada = await stage.client("ada")
    device = await stage.device("bela")
    device.expect_complaint("ERR_FAILED")
    refused: list[str] = []

    async def refuse_once(route: Route) -> None:
        if refused:
            await route.continue_()
        else:
            refused.append(route.request.url)
            await route.abort()

    await device.context.route(f"**/assets/{part}", refuse_once)
    bela = await device.open()
    await ring(ada, dm)
    await expect(incoming(bela)).to_be_visible()
    await expect(incoming(bela)).to_have_css("overflow", "hidden")
    assert len(refused) == 1


async def test_a_dialog_that_is_open_stands_in_no_ones_way(stage: Stage) -> None:
    dm = await stage.dm("ada", "bela")
    ada = await stage.client("ada")
    bela = await stage.screen("bela")
    await bela.page.get_by_role("button", name="New conversation").first.click()
    await bela.page.get_by_role("menuitem", name="New room").click()
    await expect(bela.page.get_by_role("dialog", name="New room")).to_be_visible()
    await ring(ada, dm)
    await incoming(bela).get_by_role("button", name="Decline").click()
    await expect(incoming(bela)).to_be_hidden()
    await expect(bela.page.get_by_role("dialog", name="New room")).to_be_visible()


async def test_by_keys_alone_a_call_is_declined_from_the_middle_of_a_word(stage: Stage) -> None:
    dm = await stage.dm("ada", "bela")
    ada = await stage.client("ada")
    bela = await stage.screen("bela", dm)
    await bela.composer.press_sequentially("Ha")
    await ring(ada, dm)
    await expect(incoming(bela)).to_be_visible()
    await bela.page.keyboard.press("F6")
    await expect(incoming(bela).get_by_role("button", name="Decline")).to_be_focused()
    await bela.page.keyboard.press("Alt+h")
    await expect(incoming(bela)).to_be_hidden()


async def test_a_missed_call_is_new_in_the_list_and_calls_back_by_a_tap(stage: Stage) -> None:
    dm = await stage.dm("ada", "bela")
    garden = await stage.room("bela", "ada")
    ada = await stage.client("ada")
    bela = await stage.screen("bela", garden)
    call = await ring(ada, dm, video=True)
    await expect(incoming(bela)).to_be_visible()
    await ada.do("hang_up", call=call)
    await expect(incoming(bela)).to_be_hidden()
    await expect(bela.room("Ada")).to_contain_text("Missed video call")
    await expect(bela.room("Ada")).to_contain_text("1 unread message")
    await bela.enter("Ada")
    entry = bela.log.get_by_role("button", name=re.compile("Missed video call.*Call back"))
    await expect(entry).to_be_visible()
    await entry.click()
    await expect(bela.page.get_by_role("dialog", name="Call Ada")).to_be_visible()


@pytest.mark.parametrize("outcome", ["missed", "answered"])
async def test_only_what_somebody_missed_is_unread(stage: Stage, outcome: str) -> None:
    dm = await stage.dm("ada", "bela")
    ada, other = await stage.client("ada"), await stage.client("bela")
    bela = await stage.screen("bela")
    call = await ring(ada, dm)
    if outcome == "answered":
        await other.do("answer_call", call=call, seat=THEIRS)
        for one, seat in ((ada, SEAT), (other, THEIRS)):
            await one.say("call_here", call=call, seat=seat, instance=seat)
        await ada.until(lambda frame: frame["op"] == "call_peer" and frame["here"])
    await ada.do("hang_up", call=call)
    words = {"missed": "Missed call", "answered": "Call"}[outcome]
    await expect(bela.room("Ada").locator(".words")).to_have_text(words)
    await expect(bela.room("Ada").get_by_text("1 unread message")).to_have_count(int(outcome == "missed"))


async def test_without_a_microphone_nobody_is_called_and_it_says_how_to_allow_it(stage: Stage) -> None:
    dm = await stage.dm("ada", "bela")
    ada = await stage.screen("ada", dm)
    bela = await stage.screen("bela", dm)
    await ada.page.get_by_role("button", name="Call Bela").click()
    call = ada.page.get_by_role("region", name="Call with Bela")
    await expect(call.get_by_role("alert")).to_contain_text(re.compile("microphone", re.I))
    await expect(incoming(bela)).to_be_hidden()
    await call.get_by_role("button", name="Close").click()
    await expect(call).to_be_hidden()
    assert await stage.messages(dm) == 0
