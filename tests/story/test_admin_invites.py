"""Invitations: made with a place to land in, shown, used and withdrawn."""

from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import expect

from tests.story.office import ON_BOTH, office
from tests.story.stage import Stage

PASSWORD = "copper-kettle-on-the-stove"


@ON_BOTH
async def test_an_invitation_leads_into_a_room_and_tells_who_came(
    stage: Stage, shape: dict[str, Any]
) -> None:
    await stage.room("root", name="Garden")
    await stage.room("root", name="Board", kind="private")
    root = await office(stage, section="invites", **shape)
    await expect(root.heading("No open invitations")).to_be_visible()
    await root.button("Make a link").click()
    dialog = root.dialog("New invitation")
    await dialog.get_by_label("For how many").select_option(label="5 people")
    await dialog.get_by_role("checkbox", name="Garden").check()
    await dialog.get_by_label("Note for the staff").fill("The allotment people")
    await dialog.get_by_role("button", name="Make the link").click()
    ready = root.dialog("Your link is ready")
    await expect(
        ready.get_by_role("img", name="QR code of the invitation link").locator("path")
    ).to_be_visible()
    link = urlsplit((await ready.locator("code").inner_text()).strip()).path
    await root.answer("Your link is ready", "Done")
    card = root.page.get_by_role("article", name="The allotment people")
    await expect(card).to_contain_text("For 5 more people")
    await expect(card).to_contain_text("Leads into Garden")

    friend = await (await stage.stranger()).open(link)
    await friend.type_in(
        **{"Name that others see": "Bela", "Name to sign in with": "bela", "Password": PASSWORD}
    )
    await friend.button("Join").click()
    await expect(friend.room("Garden")).to_be_visible()
    await expect(friend.room("Board")).to_have_count(0)

    await root.page.bring_to_front()
    await root.page.reload()
    await expect(card).to_contain_text("For 4 more of 5")
    await expect(card).to_contain_text("1 person came by it")
    await card.get_by_role("button", name="Withdraw").click()
    await root.answer("Withdraw this link?", "Withdraw")
    await expect(card).to_have_count(0)
    await root.page.get_by_role("tab", name="All").click()
    await expect(card).to_contain_text("Withdrawn")
    await card.get_by_role("link", name="Bela").click()
    await expect(root.page.get_by_role("link", name="Invited by")).to_contain_text("Root")
    late = await (await stage.stranger()).open(link)
    await expect(late.page.get_by_text("This invitation is used up or has expired.")).to_be_visible()


async def test_only_admins_invite_moderators(stage: Stage) -> None:
    stage.knows(maud=await stage.server.account("maud", role="moderator"))
    maud = await office(stage, "maud", "invites")
    await maud.button("Make a link").click()
    await expect(maud.dialog("New invitation").get_by_role("radio")).to_have_count(0)
    root = await office(stage, section="invites")
    await root.button("Make a link").click()
    await root.dialog("New invitation").get_by_role("radio", name="Moderators").check()
    await root.dialog("New invitation").get_by_role("button", name="Make the link").click()
    await root.answer("Your link is ready", "Done")
    await expect(root.page.get_by_role("article")).to_contain_text("Makes moderators")
