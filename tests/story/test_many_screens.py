"""One person, many tabs and devices."""

from playwright.async_api import expect

from tests.story.screen import PENDING, TOMBSTONE, Screen, show_the_same
from tests.story.stage import Stage


async def three_tabs_and_a_phone(stage: Stage, room: str) -> list[Screen]:
    laptop = await stage.device("ada")
    tabs = [await laptop.open(f"/room/{room}") for _ in range(3)]
    other = await stage.device("ada")
    screens = [*tabs, await other.open(f"/room/{room}")]
    for screen in screens:
        await screen.is_connected()
    return screens


async def test_three_tabs_and_two_devices_stay_equal(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    screens = await three_tabs_and_a_phone(stage, room)
    first, second, _, other = screens
    await first.say("From the first tab")
    await second.say("From the second tab")
    await other.shows("From the first tab", "From the second tab")
    await other.say("From the phone")
    await other.shows_sent("From the first tab", "From the second tab", "From the phone")
    await bela.post(room, "From somebody else")
    await second.shows("From the first tab", "From the second tab", "From the phone", "From somebody else")
    await second.edit("From the phone", "From the phone, corrected")
    await other.delete("From the first tab")
    for screen in screens:
        await screen.shows_sent(
            TOMBSTONE, "From the second tab", "From the phone, corrected", "From somebody else"
        )
    await show_the_same(*screens)


async def test_what_is_read_on_one_screen_is_read_on_all(stage: Stage) -> None:
    garden, kitchen = await stage.room("ada", "bela"), await stage.room("ada", name="Kitchen")
    bela = await stage.client("bela")
    screens = await three_tabs_and_a_phone(stage, kitchen)
    await bela.post(garden, "One")
    await bela.post(garden, "Two")
    for screen in screens:
        await expect(screen.room("Garden")).to_contain_text("2 unread messages")
    await screens[-1].enter("Garden")
    for screen in screens:
        await expect(screen.room("Garden")).not_to_contain_text("unread")
    await bela.post(garden, "Three")
    for screen in screens[:3]:
        await expect(screen.room("Garden")).to_contain_text("Three")
        await expect(screen.room("Garden")).not_to_contain_text("unread")


async def test_three_tabs_send_the_outbox_once(stage: Stage) -> None:
    room = await stage.room("ada")
    *tabs, other = await three_tabs_and_a_phone(stage, room)
    laptop = stage.devices[0]
    await laptop.lose_network()
    await tabs[0].say("One")
    await tabs[1].say("Two")
    await tabs[2].say("Three")
    for tab in tabs:
        await tab.shows("One", "Two", "Three")
        await expect(tab.log.get_by_text(PENDING)).to_have_count(3)
    await laptop.find_network()
    for screen in (*tabs, other):
        await screen.shows_sent("One", "Two", "Three")
    await show_the_same(*tabs, other)
    assert await stage.messages(room) == 3
    assert len([frame for frame in laptop.line.sent if frame["op"] == "post"]) == 3


async def test_a_room_made_on_one_device_appears_on_the_other(stage: Stage) -> None:
    laptop, other = await stage.screen("ada"), await stage.screen("ada")
    await laptop.button("New conversation").first.click()
    await laptop.page.get_by_role("menuitem", name="New room").click()
    await laptop.field("Name").fill("Attic")
    await laptop.button("Make room").click()
    await expect(other.room("Attic")).to_be_visible()
    await laptop.button("Room menu").click()
    await laptop.page.get_by_role("menuitem", name="Leave room").click()
    await laptop.page.get_by_role("alertdialog").get_by_role("button", name="Leave").click()
    await expect(other.room("Attic")).to_be_hidden()
    await expect(laptop.room("Attic")).to_be_hidden()
