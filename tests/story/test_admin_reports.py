"""Reports: from the message menu to the queue, and what comes of them."""

from typing import Any

from playwright.async_api import Locator, expect

from tests.story.device import phone
from tests.story.office import ON_BOTH, Office, office, standing
from tests.story.screen import TOMBSTONE, Screen
from tests.story.stage import Stage
from tests.story.test_shapes import press_and_hold

REFUSED = r"status of 40[13]"
SPAM = "Cheap watches! <script>alert(1)</script> **today**"


async def ask_to_report(screen: Screen, text: str, *, by_finger: bool) -> Locator:
    """Choose Report in the menu of a message; returns the dialog."""
    if by_finger:
        await press_and_hold(screen, text)
    else:
        await screen.act(text, "More")
    sheet = screen.page.get_by_role("dialog", name="Message actions")
    await sheet.get_by_role("button", name="Report").click()
    return screen.page.get_by_role("dialog", name="Report this message")


async def report(stage: Stage, name: str, **about: Any) -> None:
    client = await stage.client(name)
    answer = await client.do("file_report", **{"reason": "spam", **about})
    assert answer["op"] == "ack", answer


def queue(staff: Office) -> Locator:
    return staff.page.get_by_role("list", name="Waiting").get_by_role("article")


@ON_BOTH
async def test_a_message_is_reported_and_the_staff_acts_on_it(stage: Stage, shape: dict[str, Any]) -> None:
    room = await stage.room("ada", "bela")
    await (await stage.client("bela")).post(room, SPAM)
    spammer = await stage.device("bela")
    spammer.expect_complaint(REFUSED)
    bela = await spammer.open()
    await bela.is_connected()
    root = await office(stage, **shape)
    ada_device = await stage.device("ada", **shape)
    ada = await ada_device.open(f"/room/{room}")
    await ada.shows(SPAM.replace("**", ""))
    dialog = await ask_to_report(ada, SPAM.replace("**", ""), by_finger=bool(shape))
    await expect(dialog.get_by_role("button", name="Send report")).to_be_disabled()
    await dialog.get_by_role("radio", name="Spam or a scam").check()
    await dialog.get_by_label("Anything that helps to understand").fill("In every room!")
    await dialog.get_by_role("button", name="Send report").click()
    await expect(dialog.get_by_role("heading", name="Thank you")).to_be_visible()
    await dialog.get_by_role("button", name="Done").click()

    await root.page.bring_to_front()
    await root.page.get_by_role("link", name="Reports 1 report waits").click()
    card = queue(root)
    await expect(card).to_have_count(1)
    await expect(card).to_contain_text(SPAM)
    await expect(card).to_contain_text("In every room!")
    await expect(card).to_contain_text("Reported by Ada in Garden")
    await card.get_by_role("button", name="Take action").click()
    acting = root.dialog("Take action")
    await expect(acting.get_by_role("switch", name="Delete the message")).to_be_checked()
    await acting.get_by_role("radio", name="Suspend", exact=False).first.check()
    await acting.get_by_label("Reason").fill("Advertising")
    await root.answer("Take action", "Done, close the report")
    await expect(root.heading("Nothing to look at")).to_be_visible()
    await bela.is_at_sign_in()
    await ada.page.bring_to_front()
    await ada.shows(TOMBSTONE)
    assert (await standing(stage, "bela"))["suspended_why"] == "Advertising"
    await root.page.bring_to_front()
    await root.page.get_by_role("tab", name="Done").click()
    done = root.page.get_by_role("list", name="Done").get_by_role("listitem")
    await expect(done).to_contain_text("Message deleted. Suspended for 7 days. Advertising")
    assert SPAM not in await root.page.content()


@ON_BOTH
async def test_reports_come_in_while_one_looks_and_a_dismissal_can_be_taken_back(
    stage: Stage, shape: dict[str, Any]
) -> None:
    await stage.account("walter")
    root = await office(stage, section="reports", **shape)
    await expect(root.heading("Nothing to look at")).to_be_visible()
    await report(stage, "ada", person=(await stage.account("walter")).id, note="Rude")
    card = queue(root)
    await expect(card).to_contain_text("Walter")
    await expect(card).to_contain_text("About the person, not about one message.")
    await card.get_by_role("button", name="Dismiss").click()
    await expect(card).to_have_count(0)
    await root.button("Undo").click()
    await expect(card).to_have_count(1)
    await card.get_by_role("button", name="Dismiss").click()
    await root.page.get_by_role("status").get_by_role("button", name="Close").click()
    await root.page.get_by_role("tab", name="Done").click()
    await expect(root.page.get_by_role("list", name="Done")).to_contain_text("Dismissed")


async def test_the_staffs_list_of_rooms_says_how_many_wait(stage: Stage) -> None:
    walter, chidi = (await stage.account("walter")).id, (await stage.account("chidi")).id
    await report(stage, "ada", person=walter)
    root = await stage.screen("root", **phone())
    waiting = root.page.get_by_role("link", name="report")
    await expect(waiting).to_have_text("1 report waits 1")
    await report(stage, "ada", person=chidi)
    await expect(waiting).to_have_text("2 reports wait 2")
    member = await stage.screen("ada")
    await expect(member.page.get_by_role("link", name="report")).to_have_count(0)
    await waiting.click()
    await expect(root.page.get_by_role("heading", name="Reports", exact=True)).to_be_visible()


async def test_earlier_reports_are_told_and_a_message_may_be_gone_meanwhile(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "chidi")
    bela = await stage.client("bela")
    first, second = await bela.post(room, "Once"), await bela.post(room, "Twice")
    await report(stage, "ada", message=first["subject"])
    root = await office(stage, section="reports")
    await queue(root).get_by_role("button", name="Take action").click()
    await root.answer("Take action", "Done, close the report")
    await report(stage, "chidi", message=second["subject"], reason="abuse")
    await bela.do("delete", message=second["subject"])
    await root.page.reload()
    card = queue(root)
    await expect(card).to_contain_text("1 report before")
    await expect(card).to_contain_text("Twice")
    await expect(card).to_contain_text("The message was deleted meanwhile.")
    await card.get_by_role("button", name="Take action").click()
    await expect(root.dialog("Take action").get_by_role("switch", name="Delete the message")).to_have_count(0)


async def test_moderators_cannot_suspend_an_admin_from_a_report(stage: Stage) -> None:
    stage.knows(maud=await stage.server.account("maud", role="moderator"))
    await report(stage, "ada", person=(await stage.account("root")).id)
    maud = await office(stage, "maud", "reports")
    maud.device.expect_complaint(r"status of 403")
    await queue(maud).get_by_role("button", name="Take action").click()
    dialog = maud.dialog("Take action")
    await dialog.get_by_role("radio", name="Mute").check()
    await dialog.get_by_role("button", name="Done, close the report").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await maud.page.keyboard.press("Escape")
    await expect(queue(maud)).to_have_count(1)
    assert (await standing(stage, "root"))["muted_until"] == 0
