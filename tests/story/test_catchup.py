"""Coming back after a while: what is for me first, and each room in a few lines."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, expect

from appliance.dev.browser import until
from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.test_messages_unread import talk

HELD = """(room) => new Promise((resolve) => {
  const asked = indexedDB.open('safevoice')
  asked.onsuccess = () => {
    const all = IDBKeyRange.bound([room, 0], [room, Infinity])
    const found = asked.result.transaction('messages').objectStore('messages').count(all)
    found.onsuccess = () => { asked.result.close(); resolve(found.result >= 20) }
  }
})"""
"""The newest page of a room is on disk, as it will be of every room before long."""


TWICE = """(field) => {
  const press = () => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  press()
  press()
}"""


class Unread:
    """What Ada finds: a mention in Garden, an answer in Porch, words of Bela's, and talk in Kitchen."""

    def __init__(self, garden: str, porch: str, kitchen: str, direct: str) -> None:
        self.garden = garden
        self.porch = porch
        self.kitchen = kitchen
        self.direct = direct


async def away(stage: Stage) -> Unread:
    """The others talk while Ada is not there."""
    garden = await stage.room("bela", "ada", name="Garden")
    porch = await stage.room("bela", "ada", name="Porch")
    kitchen = await stage.room("bela", "ada", "cleo", name="Kitchen")
    direct = await stage.dm("bela", "ada")
    ada, bela, cleo = [await stage.client(name) for name in ("ada", "bela", "cleo")]
    mine = await ada.post(porch, "Who has the ladder?")
    me = (await stage.account("ada")).id
    await bela.post(garden, "@ada can you water on Friday?", mentions=[me])
    await bela.post(porch, "I do, since May", reply_to=mine["subject"])
    soup = await bela.post(kitchen, "There is soup left")
    await bela.post(kitchen, "And bread")
    for text in ("Me!", "Me too"):
        await cleo.post(kitchen, text, reply_to=soup["subject"])
    await bela.post(direct, "Call me tonight")
    return Unread(garden, porch, kitchen, direct)


def cards(screen: Screen) -> Locator:
    return screen.page.get_by_role("main").get_by_role("article")


def card(screen: Screen, title: str) -> Locator:
    return screen.page.get_by_role("main").get_by_role("article", name=title)


async def catch_up(screen: Screen) -> None:
    """By the button on the home page."""
    await screen.page.bring_to_front()
    await screen.page.get_by_role("main").get_by_role("button", name="Catch up").click()
    await expect(screen.page.get_by_role("heading", name="Catch up", exact=True)).to_be_visible()


async def focused(screen: Screen, title: str) -> None:
    await expect(card(screen, title)).to_be_focused()


async def swipe(screen: Screen, element: Locator, by: int) -> None:
    """A finger pushes it aside and lifts."""
    box = await element.bounding_box()
    assert box
    session = await screen.page.context.new_cdp_session(screen.page)
    x, y = box["x"] + box["width"] / 2, box["y"] + 30
    await session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        point = {"x": x + by * step / 8, "y": y}
        await session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await session.detach()


async def test_what_is_for_me_comes_first_and_keys_clear_it_on_all_my_devices(stage: Stage) -> None:
    await away(stage)
    laptop, tablet = await stage.screen("ada"), await stage.screen("ada")
    await catch_up(laptop)
    await expect(cards(laptop).get_by_role("heading", level=3)).to_have_text(
        ["Garden", "Porch", "Bela", "Kitchen"]
    )
    await expect(card(laptop, "Garden")).to_contain_text("mentioned you")
    await expect(card(laptop, "Porch")).to_contain_text("In reply to Ada: Who has the ladder?")
    await expect(card(laptop, "Porch")).to_contain_text("I do, since May")
    kitchen = card(laptop, "Kitchen")
    await expect(kitchen.get_by_role("link", name=re.compile("There is soup left"))).to_contain_text(
        "2 replies"
    )
    await expect(kitchen.get_by_role("list", name="Who spoke")).to_contain_text(re.compile("Cleo 2|Bela 2"))

    keys = laptop.page.keyboard
    await keys.press("j")
    await focused(laptop, "Garden")
    await keys.press("ArrowDown")
    await focused(laptop, "Porch")
    await keys.press("k")
    await keys.press("e")
    await expect(card(laptop, "Garden")).to_have_count(0)
    await focused(laptop, "Porch")
    await keys.press("z")
    await focused(laptop, "Garden")
    await keys.press("e")
    await keys.press("Shift+E")
    await expect(laptop.page.get_by_role("heading", name="All caught up")).to_be_visible()
    await keys.press("u")
    await focused(laptop, "Porch")
    await keys.press("ArrowUp")
    # Whoever goes away has decided, and what was not cleared stays as it was.
    await keys.press("Enter")
    await laptop.shows("Who has the ladder?", "I do, since May")
    await expect(tablet.room("Garden")).not_to_contain_text("unread")
    await expect(tablet.room("Call me tonight")).to_contain_text("1 unread message")


async def test_the_time_to_undo_is_six_seconds(stage: Stage) -> None:
    unread = await away(stage)
    laptop, tablet = await stage.screen("ada"), await stage.screen("ada")
    await laptop.page.clock.install()
    await laptop.page.goto(f"{laptop.origin}/catchup")
    await card(laptop, "Garden").get_by_role("button", name="Mark Garden as read").click()
    await laptop.page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=2))
    await laptop.button("Undo").click()
    await expect(card(laptop, "Garden")).to_be_visible()
    await card(laptop, "Porch").get_by_role("button", name="Mark Porch as read").click()
    await laptop.page.clock.run_for(6_000)
    await expect(laptop.button("Undo")).to_have_count(0)
    await expect(tablet.room("Porch")).not_to_contain_text("unread")
    await expect(tablet.room("Garden")).to_contain_text("1 unread message")
    await tablet.page.goto(f"{tablet.origin}/room/{unread.garden}")
    await expect(card(laptop, "Garden")).to_contain_text("Read meanwhile")


async def test_a_reply_goes_out_in_place(stage: Stage) -> None:
    unread = await away(stage)
    ada, bela = await stage.screen("ada"), await stage.screen("bela", unread.garden)
    await catch_up(ada)
    await expect(card(ada, "Garden")).to_contain_text("mentioned you")
    await ada.page.keyboard.press("j")
    await ada.page.keyboard.press("r")
    field = ada.field("Your reply to Bela")
    await expect(field).to_be_focused()
    await field.fill("Yes, @bela")
    # Enter comes twice, as it does from a nervous finger.
    await field.evaluate(TWICE)
    await expect(card(ada, "Garden").get_by_role("status")).to_contain_text("You replied")
    await bela.page.bring_to_front()
    await expect(bela.row("Yes, @Bela")).to_be_visible()
    await expect(bela.quote("Bela")).to_be_visible()
    assert await stage.messages(unread.garden) == 2


async def test_what_came_after_another_device_had_read_stays_unread(stage: Stage) -> None:
    unread = await away(stage)
    ada, phone_of_ada = await stage.screen("ada"), await stage.client("ada")
    await catch_up(ada)
    await expect(card(ada, "Kitchen")).to_contain_text("There is soup left")
    bela = await stage.client("bela")
    head = (await bela.post(unread.kitchen, "It is gone"))["seq"]
    await phone_of_ada.ask("read", room=unread.kitchen, seq=head)
    await bela.post(unread.kitchen, "There is more")
    row = ada.room("Kitchen")
    await expect(row).to_contain_text("There is more")
    await expect(row.get_by_text("1 unread")).to_be_attached()
    await expect(card(ada, "Kitchen")).to_contain_text("Read meanwhile")
    await ada.button("Mark all as read").click()
    await ada.page.get_by_role("link", name="Settings").first.click()
    await expect(ada.page.get_by_role("heading", name="Settings").first).to_be_visible()
    await expect(row.get_by_text("1 unread")).to_be_attached()


async def test_a_finger_swipes_cards_away_and_nothing_new_moves_them(stage: Stage) -> None:
    unread = await away(stage)
    ada = await stage.screen("ada", **phone())
    other = await stage.screen("ada")
    await ada.page.goto(f"{ada.origin}/catchup")
    await expect(card(ada, "Porch")).to_contain_text("I do, since May")
    before = await card(ada, "Porch").bounding_box()
    bela = await stage.client("bela")
    await bela.post(unread.garden, "And on Sunday?")
    await expect(card(ada, "Garden")).to_contain_text("1 came since")
    assert await card(ada, "Porch").bounding_box() == before
    await swipe(ada, card(ada, "Garden"), 40)
    await expect(card(ada, "Garden")).to_be_visible()
    await swipe(ada, card(ada, "Garden"), -220)
    await expect(card(ada, "Garden")).to_have_count(0)
    await swipe(ada, card(ada, "Porch"), 220)
    await expect(card(ada, "Porch")).to_have_count(0)
    await ada.page.goto(ada.origin)
    # What came later was not on the card.
    await expect(other.room("Garden")).to_contain_text("1 unread message")
    await expect(other.room("Porch")).not_to_contain_text("unread")


@pytest.mark.shell
async def test_without_a_network_it_tells_what_it_lacks_and_clears_later(stage: Stage) -> None:
    await away(stage)
    hall = await stage.room("bela", "ada", name="Hall")
    await talk(stage, "bela", hall, 45)
    ada, other = await stage.screen("ada"), await stage.screen("ada")
    device = stage.devices[0]
    await device.installed()
    await until(ada.page, HELD, hall)
    await device.lose_network()
    await catch_up(ada)
    await expect(ada.page.get_by_text("This is what your device holds")).to_be_visible()
    await expect(card(ada, "Hall")).to_contain_text("20 of 45 are on this device")
    await card(ada, "Garden").get_by_role("button", name="Mark Garden as read").click()
    await expect(ada.page.get_by_text("Garden will be marked as read once you are online")).to_be_visible()
    await ada.page.get_by_role("link", name="Mentions").locator("visible=true").first.click()
    await device.find_network()
    await expect(other.room("Garden")).not_to_contain_text("unread")


async def test_of_hundreds_it_looks_at_the_newest_two_hundred(stage: Stage) -> None:
    hall = await stage.room("bela", "ada", name="Hall")
    await talk(stage, "bela", hall, 230)
    ada = await stage.screen("ada")
    asked: list[str] = []
    ada.page.on("request", lambda request: asked.append(request.url))
    await catch_up(ada)
    await expect(card(ada, "Hall")).to_contain_text("The newest 200 were looked at")
    rows = sum(int(found) for url in asked for found in re.findall(r"/messages\?limit=(\d+)", url))
    assert rows <= 220, asked


async def test_after_an_absence_with_much_to_read_the_list_offers_it(stage: Stage) -> None:
    await away(stage)
    for name in ("Attic", "Cellar"):
        await (await stage.client("bela")).post(await stage.room("bela", "ada", name=name), "Hello")
    device = await stage.device("ada")
    left = int((datetime.now(UTC) - timedelta(hours=9)).timestamp() * 1000)
    once = f"sessionStorage.told ??= localStorage['safevoice.my.here'] = '{left}'"
    await device.context.add_init_script(f"if (location.protocol === 'http:') {once}")
    page = (await device.open()).page
    offer = page.get_by_role("complementary").filter(has_text="You were away for 9 hours")
    await expect(offer).to_contain_text("9 messages in 6 rooms")
    await offer.get_by_role("button", name="Not now").click()
    await expect(offer).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("list", name="Conversations")).to_be_visible()
    await expect(offer).to_have_count(0)


async def test_muted_rooms_wait_on_one_line_and_blocked_people_say_nothing(stage: Stage) -> None:
    unread = await away(stage)
    ada = await stage.client("ada")
    await ada.do("set_attention", room=unread.kitchen, level="nothing")
    await ada.do("block", person=(await stage.account("bela")).id)
    noise = await stage.room("cleo", "ada", name="Noise")
    await (await stage.client("cleo")).post(noise, "Only this")
    screen = await stage.screen("ada")
    await catch_up(screen)
    await expect(cards(screen).get_by_role("heading", level=3)).to_have_text(["Noise"])
    quiet = screen.page.get_by_role("main").get_by_role("group").filter(has_text="1 quiet room")
    await expect(quiet).to_contain_text("2 messages")
    await quiet.get_by_text("1 quiet room").click()
    await quiet.get_by_role("button", name="Mark these as read").click()
    await expect(quiet).to_have_count(0)
