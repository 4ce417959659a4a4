"""Somebody else uses the same browser."""

import pytest
from playwright.async_api import expect

from tests.story.device import Device
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.traces import assert_forgotten, assert_kept, traces, wait_until_kept

pytestmark = pytest.mark.shell

PASSWORD = "seven-geese-went-south"

SECRETS = ("Cellar", "behind the barrel", "held back for now", "half a thou", "Chidi")
"""What Ada has seen, written and begun to write, and with whom; Bela has no part in any of it."""


async def adas_browser(stage: Stage) -> Screen:
    """Ada has a private room with Chidi, unsent words and a draft, and all of it is on disk."""
    room = await stage.room("adalind", "chidi", name="Cellar", kind="private")
    chidi = await stage.client("chidi")
    await chidi.post(room, "The wine is behind the barrel")
    await stage.member("bela", PASSWORD)
    ada = await stage.screen("adalind", room)
    device = stage.devices[0]
    await ada.shows("The wine is behind the barrel")
    await device.installed()
    device.line.go_down()
    await ada.say("held back for now")
    await ada.shows("The wine is behind the barrel", "held back for now")
    await ada.composer.press_sequentially("half a thou")
    await wait_until_kept(ada.page, "drafts", "half a thou")
    await assert_kept(ada.page, *SECRETS)
    return ada


async def bela_signs_in(screen: Screen) -> None:
    await screen.is_at_sign_in()
    await screen.field("Name to sign in with").fill("bela")
    await screen.field("Password").fill(PASSWORD)
    await screen.button("Sign in").click()
    await screen.is_connected()
    await expect(screen.page.get_by_role("link", name="Settings").first).to_contain_text("Bela")


async def assert_only_bela(device: Device) -> None:
    """In no tab, store or cache is anything of Ada's."""
    for page in device.context.pages:
        await assert_forgotten(page, *SECRETS, "Adalind")
        found = await traces(page)
        assert found["subscription"] is None
        assert [cookie["name"] for cookie in found["cookies"]] == ["safevoice"]
        assert [row["me"]["name"] for row in found["databases"]["safevoice"]["meta"]["rows"]] == ["bela"]


async def sign_out_for_good(screen: Screen) -> None:
    """Although something was not sent."""
    await screen.sign_out()
    await expect(screen.page.get_by_role("alertdialog")).to_contain_text("1 message")
    await screen.page.get_by_role("alertdialog").get_by_role("button").last.click()
    await screen.is_at_sign_in()


async def test_after_signing_out_nothing_is_left_for_the_next_person(stage: Stage) -> None:
    ada = await adas_browser(stage)
    device = stage.devices[0]
    # The line is up for signing out, but messages do not get through.
    device.line.lose_frames()
    await sign_out_for_good(ada)
    await assert_forgotten(ada.page, *SECRETS, "Adalind")
    device.line.come_up()
    await bela_signs_in(ada)
    await assert_only_bela(device)


async def test_a_session_revoked_from_elsewhere_leaves_nothing_either(stage: Stage) -> None:
    ada = await adas_browser(stage)
    device = stage.devices[0]
    device.line.come_up()
    device.line.lose_frames()
    await stage.revoke(device)
    await ada.page.reload()
    await expect(ada.page.get_by_text("This device was signed out from another one.")).to_be_visible()
    await assert_forgotten(ada.page, *SECRETS, "Adalind")
    device.line.come_up()
    await bela_signs_in(ada)
    await assert_only_bela(device)


async def test_two_open_tabs_both_forget(stage: Stage) -> None:
    ada = await adas_browser(stage)
    device = stage.devices[0]
    device.line.lose_frames()
    second = await device.open()
    await expect(second.room("Cellar")).to_be_visible()
    third = await device.open("/people")
    await expect(third.page.get_by_role("heading", name="People")).to_be_visible()
    await sign_out_for_good(ada)
    for other in (second, third):
        await other.is_at_sign_in()
        assert not (await other.page.evaluate("() => history.state?.from"))
    await third.page.close()
    device.line.come_up()
    await bela_signs_in(ada)
    await second.page.bring_to_front()
    await second.page.evaluate("() => void document.dispatchEvent(new Event('visibilitychange'))")
    await expect(second.page.get_by_role("link", name="Settings").first).to_contain_text("Bela")
    await assert_only_bela(device)


async def test_another_account_that_appears_in_the_cookie_inherits_nothing(stage: Stage) -> None:
    ada = await adas_browser(stage)
    device = stage.devices[0]
    await ada.page.close()
    await device.sign_in(await stage.server.device(await stage.account("bela"), "the same browser"))
    device.line.come_up()
    bela = await device.open()
    await bela.is_connected()
    await expect(bela.page.get_by_role("link", name="Settings").first).to_contain_text("Bela")
    await assert_only_bela(device)


async def test_the_cookie_changes_hands_while_a_tab_is_open(stage: Stage) -> None:
    ada = await adas_browser(stage)
    device = stage.devices[0]
    await device.sign_in(await stage.server.device(await stage.account("bela"), "the same browser"))
    await device.find_network()
    await expect(ada.page.get_by_role("link", name="Settings").first).to_contain_text("Bela")
    await ada.is_connected()
    await assert_only_bela(device)
    assert not [frame for frame in device.line.sent if frame["op"] == "post"]
