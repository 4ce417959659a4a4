"""Taking one's data along, and deleting one's account."""

import json
import re
from pathlib import Path

from playwright.async_api import expect

from tests.client import connected
from tests.server import room_of
from tests.story.device import Device
from tests.story.screen import Screen
from tests.story.stage import Stage

PASSWORD = "copper-kettle-on-the-stove"


async def somebody(stage: Stage) -> tuple[Device, Screen]:
    """Ada, who signed in with her password, where she keeps her data."""
    await stage.account("root")
    await stage.member("ada", PASSWORD)
    device = await stage.device("ada")
    screen = await device.open("/")
    await screen.is_connected()
    return device, screen


async def go_to_data(screen: Screen) -> None:
    await screen.page.goto(screen.origin + "/settings/data")
    await expect(screen.page.get_by_role("heading", name="Your data", exact=True)).to_be_visible()


async def delete(screen: Screen, *choose: str) -> None:
    """Through the dialog, and the question who is there."""
    await go_to_data(screen)
    await screen.button("Delete my account").click()
    dialog = screen.page.get_by_role("alertdialog", name="Delete your account?")
    await expect(dialog.get_by_role("button", name="Keep my account")).to_be_focused()
    for choice in choose:
        await dialog.get_by_role("radio", name=choice).check()
    await dialog.get_by_role("button", name="Delete it for good").click()
    await screen.field("Your password").fill(PASSWORD)
    await screen.page.get_by_role("dialog").last.get_by_role("button", name="Go on").click()


async def test_all_of_it_comes_as_a_file(stage: Stage, tmp_path: Path) -> None:
    room = await stage.room("bela", "ada")
    ada = await stage.screen("ada", room)
    await ada.say("One of mine")
    await ada.shows_sent("One of mine")
    await go_to_data(ada)
    async with ada.page.expect_download() as coming:
        await ada.button("Download my data").click()
    download = await coming.value
    assert download.suggested_filename == "safevoice.jsonl"
    await download.save_as(tmp_path / "mine.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "mine.jsonl").read_text().splitlines()]
    assert {"account", "device", "membership", "message", "preferences"} <= {line["kind"] for line in lines}
    assert [line["content"]["text"] for line in lines if line["kind"] == "message"] == ["One of mine"]
    await ada.says("Your data is in your downloads")


async def test_an_account_is_deleted_and_what_was_written_stays(stage: Stage) -> None:
    device, ada = await somebody(stage)
    device.expect_complaint("status of 40[13]")
    room = await stage.room("bela", "ada")
    bela = await stage.screen("bela", room)
    await ada.enter("Garden")
    await ada.say("So long")
    await bela.shows("So long")
    await delete(ada)
    await ada.is_at_sign_in()
    await expect(ada.page.get_by_text("Your account is deleted")).to_be_visible()
    await expect(bela.log.get_by_role("article", name=re.compile("^Deleted person"))).to_be_visible()
    await bela.shows("So long")


async def test_an_account_is_deleted_and_all_that_was_written_goes(stage: Stage) -> None:
    device, ada = await somebody(stage)
    device.expect_complaint("status of 40[13]")
    room = await stage.room("bela", "ada")
    bela = await stage.screen("bela", room)
    await ada.enter("Garden")
    await ada.say("A secret")
    await bela.shows("A secret")
    await bela.say("Not mine")
    await delete(ada, "Take it away")
    await ada.is_at_sign_in()
    await bela.shows("This message was deleted", "Not mine")


async def test_whoever_thinks_better_of_it_keeps_everything(stage: Stage) -> None:
    device, ada = await somebody(stage)
    device.expect_complaint("status of 403")
    await go_to_data(ada)
    await ada.button("Delete my account").click()
    await ada.button("Delete it for good").click()
    await ada.field("Your password").fill("not that")
    await ada.page.keyboard.press("Escape")
    dialog = ada.page.get_by_role("alertdialog", name="Delete your account?")
    await dialog.get_by_role("button", name="Keep my account").click()
    await expect(dialog).to_have_count(0)
    await ada.nothing_lies_over_it()
    await ada.page.reload()
    await ada.is_connected()


async def test_the_last_admin_is_told_why_not(stage: Stage) -> None:
    root = await stage.account("root")
    device = await stage.device("root")
    device.expect_complaint("status of 409")
    stage.server.house.of_feature["confirmed"].keep(device.account.device, True)
    screen = await device.open("/settings/data")
    await screen.button("Delete my account").click()
    dialog = screen.page.get_by_role("alertdialog", name="Delete your account?")
    await dialog.get_by_role("button", name="Delete it for good").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("A community needs an admin")
    async with connected(stage.server.port, root.token) as client:
        assert await room_of(client)
