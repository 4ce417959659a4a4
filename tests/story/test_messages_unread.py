"""What is new: where it begins, how much it is, and what one puts aside."""

import msgspec
import pytest
from playwright.async_api import expect

from appliance.features.messages.actions import Messages
from appliance.features.messages.model import Post
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.client import client_id
from tests.story.device import phone
from tests.story.stage import Stage

MANY = 3000
SECONDS_LAST = """() => {
  const { setTimeout } = window
  window.setTimeout = (then, ms, ...rest) => setTimeout(then, ms === 1000 ? 1e9 : ms, ...rest)
}"""


async def talk(stage: Stage, name: str, room: str, count: int, first: int = 1) -> None:
    """Somebody says "Number 1" and so on, all at once."""
    account = await stage.account(name)
    who = Who(account.id, account.device)

    def say(tx: Tx) -> None:
        for number in range(first, first + count):
            content = msgspec.Raw(msgspec.json.encode({"type": "text", "text": f"Number {number}"}))
            Messages(8192).post(tx, who, Post(client_id=client_id(), room=room, content=content))

    await stage.server.house.db.write(say)


async def test_a_room_opens_at_the_first_of_3000_unread_messages(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    elsewhere = await stage.room("ada", name="Kitchen")
    await talk(stage, "bela", room, 5)
    ada = await stage.screen("ada", room)
    await ada.shows(*(f"Number {number}" for number in range(1, 6)))
    await ada.enter("Kitchen")
    assert elsewhere in ada.page.url
    await talk(stage, "bela", room, MANY, first=6)
    await expect(ada.room("Garden")).to_contain_text("1,000 unread messages")
    await ada.enter("Garden")
    await expect(ada.row("Number 6")).to_be_in_viewport()
    await expect(ada.log.get_by_text("New", exact=True)).to_be_in_viewport()
    await expect(ada.row("Number 40")).not_to_be_in_viewport()
    # To the end and back up.
    await ada.button("Jump to the newest message").click()
    await expect(ada.row(f"Number {MANY + 5}")).to_be_in_viewport()
    await expect(ada.room("Garden")).not_to_contain_text("unread")


async def test_a_link_into_the_middle_leaves_a_way_to_where_the_unread_ones_begin(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await talk(stage, "bela", room, 5)
    ada = await stage.screen("ada", room)
    await ada.shows(*(f"Number {number}" for number in range(1, 6)))
    await ada.page.close()
    await talk(stage, "bela", room, 200, first=6)
    client = await stage.client("bela")
    ack = await client.post(room, "Look here")
    await talk(stage, "bela", room, 5, first=206)
    again = await stage.devices[0].open(f"/room/{room}/m/{ack['subject']}")
    await expect(again.row("Look here")).to_be_in_viewport()
    pill = again.page.get_by_role("button", name="206 new messages")
    await expect(pill.or_(again.page.get_by_title("Jump to the first unread message")).first).to_be_visible()
    await again.page.get_by_title("Jump to the first unread message").click()
    await expect(again.row("Number 6")).to_be_in_viewport()
    await expect(again.page.get_by_title("Jump to the first unread message")).to_be_hidden()


async def test_a_room_is_put_aside_as_unread_on_all_devices_until_it_is_read(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await talk(stage, "bela", room, 1)
    laptop, tablet = await stage.screen("ada", room), await stage.screen("ada")
    await laptop.shows("Number 1")
    await expect(tablet.room("Garden")).not_to_contain_text("unread")
    await tablet.page.bring_to_front()
    await tablet.room("Garden").click(button="right")
    await tablet.page.get_by_role("menuitem", name="Mark as unread").click()
    for screen in (laptop, tablet):
        await expect(screen.room("Garden")).to_contain_text("Marked as unread")
    await tablet.enter("Garden")
    for screen in (laptop, tablet):
        await expect(screen.room("Garden")).not_to_contain_text("Marked as unread")


async def test_what_is_put_aside_as_it_was_just_read_elsewhere_stays_so(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await talk(stage, "bela", room, 1)
    tablet = await stage.client("ada")
    laptop = await stage.screen_by_hand("ada", f"/room/{room}")
    await laptop.shows("Number 1")
    await tablet.do("mark_unread", room=room)
    await expect(laptop.room("Garden")).to_contain_text("Marked as unread")
    # Nothing that was waiting there to be told takes it back.
    await laptop.page.clock.fast_forward(2_000)
    cleo = await stage.client("cleo")
    await cleo.post(await stage.dm("ada", "cleo"), "Are you there?")
    await expect(laptop.room("Cleo")).to_contain_text("Are you there?")
    await expect(laptop.room("Garden")).to_contain_text("Marked as unread")


async def test_what_came_while_nobody_looked_begins_behind_a_line(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.say("Back in a minute")
    await ada.shows_sent("Back in a minute")
    other = await ada.page.context.new_page()
    await other.bring_to_front()
    await talk(stage, "bela", room, 2)
    await ada.page.bring_to_front()
    await ada.shows("Back in a minute", "Number 1", "Number 2")


@pytest.mark.shell
async def test_without_a_network_it_opens_with_what_is_held(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await stage.room("ada", name="Kitchen")
    ada = await stage.screen("ada", **phone())
    device = stage.devices[0]
    await talk(stage, "bela", room, 3)
    await expect(ada.room("Garden")).to_contain_text("3 unread messages")
    await device.installed()
    await device.lose_network()
    await ada.enter("Garden")
    await ada.shows("Number 1", "Number 2", "Number 3")
    await expect(ada.log.get_by_text("New", exact=True)).to_be_in_viewport()


async def test_what_one_saw_a_moment_before_turning_away_is_read(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await stage.room("ada", name="Kitchen")
    ada, laptop = await stage.screen("ada", room), await stage.screen("ada")
    # What waits for a second to be over waits for ever: only the turning away can tell it.
    await ada.page.evaluate(SECONDS_LAST)
    await talk(stage, "bela", room, 1)
    await ada.shows("Number 1")
    await expect(laptop.room("Garden")).to_contain_text("Number 1")
    await expect(laptop.room("Garden")).not_to_contain_text("unread")
    await talk(stage, "bela", room, 1, first=2)
    await expect(ada.row("Number 2")).to_be_in_viewport()
    await expect(laptop.room("Garden")).to_contain_text("1 unread message")
    await ada.enter("Kitchen")
    await expect(ada.room("Garden")).not_to_contain_text("unread")
    await ada.turn_away()
    await expect(laptop.room("Garden")).not_to_contain_text("unread")


async def test_what_one_saw_a_moment_before_the_page_went_is_read(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada, laptop = await stage.screen("ada", room), await stage.screen("ada")
    await ada.page.evaluate(SECONDS_LAST)
    for number in (1, 2):
        await talk(stage, "bela", room, 1, first=number)
        await expect(ada.row(f"Number {number}")).to_be_in_viewport()
        await expect(laptop.room("Garden")).to_contain_text(f"Number {number}")
    await expect(laptop.room("Garden")).to_contain_text("1 unread message")
    await ada.turn_away()
    await expect(laptop.room("Garden")).not_to_contain_text("unread")
