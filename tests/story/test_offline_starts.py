"""A start without a network, or on one that hardly moves, in every state that a browser can be in."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.story.device import Device
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.traces import wait_until_kept

pytestmark = pytest.mark.shell

AWAY = "SafeVoice is out of reach"
REFUSED = "() => { throw new DOMException('no', 'SecurityError') }"
CLEAR = """async () => {
  const { name } = (await indexedDB.databases())[0]
  await new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done })
}"""


async def settled(stage: Stage, room: str) -> tuple[Device, Screen]:
    """Ada has been here, and has gone."""
    ada = await stage.screen("ada", room)
    device = stage.devices[0]
    await device.installed()
    await ada.page.reload()
    await ada.shows("Good morning")
    await wait_until_kept(ada.page, "messages", "Good morning")
    return device, ada


async def greeted(stage: Stage) -> str:
    room = await stage.room("bela", "ada")
    await (await stage.client("bela")).post(room, "Good morning")
    return room


async def test_on_a_line_that_does_not_move_it_is_there_at_once(stage: Stage) -> None:
    room = await greeted(stage)
    device, ada = await settled(stage, room)
    device.line.stall()
    await ada.page.reload()
    await ada.shows("Good morning")
    second = await device.open(f"/room/{room}")
    await second.shows("Good morning")
    device.line.move()
    await second.is_connected()


async def test_after_the_browser_cleared_its_database_it_says_so_and_goes_on_by_itself(stage: Stage) -> None:
    room = await greeted(stage)
    device, ada = await settled(stage, room)
    # The app itself would go on, and keep anew what is gone.
    await ada.page.goto(f"{device.url}/healthz")
    await ada.page.evaluate(CLEAR)
    await device.lose_network()
    again = await device.open(f"/room/{room}")
    await expect(again.page.get_by_role("heading", name=AWAY)).to_be_visible()
    await device.find_network()
    await again.shows("Good morning")


async def test_where_no_conversation_is_held_yet_it_says_so_and_goes_on(stage: Stage) -> None:
    room = await greeted(stage)
    device = await stage.device("ada")
    device.line.lose_frames()
    ada = await device.open(f"/room/{room}")
    await expect(ada.page.get_by_role("heading", name=AWAY)).to_be_visible()
    await ada.page.get_by_role("main").get_by_role("button", name="Try again").click()
    device.line.come_up()
    await ada.shows("Good morning")


async def test_signed_out_it_says_that_it_needs_a_connection(stage: Stage) -> None:
    await stage.account("ada")
    device = await stage.stranger()
    screen = await device.open()
    await screen.is_at_sign_in()
    await device.installed()
    await screen.page.clock.install()
    # The browser believes that all is well, and so tells nobody when it is.
    device.line.go_down()
    await screen.page.reload()
    await expect(screen.page.get_by_role("heading", name=AWAY)).to_be_visible()
    # Time stands still after one more try: only the button can bring the next.
    async with screen.page.expect_event("requestfailed"):
        await screen.page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=60))
    device.line.come_up()
    await screen.button("Try again").click()
    await screen.is_at_sign_in()


async def test_a_session_that_ended_meanwhile_shows_what_is_held_until_the_server_says_so(
    stage: Stage,
) -> None:
    room = await greeted(stage)
    device, ada = await settled(stage, room)
    await device.lose_network()
    await stage.revoke(device)
    await ada.page.reload()
    await ada.shows("Good morning")
    await device.find_network()
    await ada.is_at_sign_in()


async def test_where_storage_is_refused_one_reads_along_and_is_told(stage: Stage) -> None:
    room = await greeted(stage)
    device = await stage.device("ada")
    await device.context.add_init_script(f"indexedDB.open = {REFUSED}")
    ada = await device.open(f"/room/{room}")
    await ada.shows("Good morning")
    await expect(ada.page.get_by_text("Storage is switched off or blocked in this browser")).to_be_visible()
    await device.installed()
    await device.lose_network()
    await ada.page.reload()
    await expect(ada.page.get_by_role("heading", name=AWAY)).to_be_visible()
