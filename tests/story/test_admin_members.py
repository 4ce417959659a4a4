"""Members: found, appointed, silenced, kept out, let in again, and helped with a lost password."""

from typing import Any

from playwright.async_api import expect

from appliance.features.rooms.model import FOR_EVER
from tests.story.office import ON_BOTH, office, standing
from tests.story.stage import Stage

PASSWORD = "copper-kettle-on-the-stove"
REFUSED = r"status of 40[13]"


@ON_BOTH
async def test_an_admin_finds_somebody_and_makes_them_a_moderator(
    stage: Stage, shape: dict[str, Any]
) -> None:
    for name in ("bela", "chidi"):
        await stage.account(name)
    bela = await stage.screen("bela")
    root = await office(stage, section="members", **shape)
    members = root.page.get_by_role("list", name="Members")
    await expect(members.get_by_role("link")).to_have_count(3)
    await root.field("Search members by name").fill("bel")
    await expect(members.get_by_role("link")).to_have_count(1)
    await members.get_by_role("link", name="Bela").click()
    await root.deed("Role").click()
    dialog = root.dialog("Role of Bela")
    await expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    await dialog.get_by_role("radio", name="Moderator").check()
    await root.answer("Role of Bela", "Save")
    await root.says("Bela is now: Moderator")
    await expect(root.deed("Role")).to_contain_text("Moderator")
    assert (await standing(stage, "bela"))["role"] == "moderator"
    await bela.page.bring_to_front()
    await bela.button("More").click()
    await bela.page.get_by_role("menuitem", name="Admin").click()
    await expect(
        bela.page.get_by_role("navigation", name="Admin").get_by_role("link", name="Reports")
    ).to_be_visible()
    await expect(
        bela.page.get_by_role("navigation", name="Admin").get_by_role("link", name="Figures")
    ).to_have_count(0)


async def test_views_show_who_stands_out(stage: Stage) -> None:
    await stage.server.account("maud", role="moderator")
    await stage.account("bela")
    root = await office(stage, section="members")
    members = root.page.get_by_role("list", name="Members")
    await expect(members.get_by_role("link")).to_have_count(3)
    await root.page.get_by_role("tab", name="Moderators").click()
    await expect(members.get_by_role("link")).to_have_count(1)
    await expect(members.get_by_role("link", name="Maud")).to_be_visible()
    await root.page.get_by_role("tab", name="Suspended").click()
    await expect(root.heading("Nobody here")).to_be_visible()


@ON_BOTH
async def test_a_lost_password_is_helped_with_a_link_that_is_shown_once(
    stage: Stage, shape: dict[str, Any]
) -> None:
    await stage.member("bela", PASSWORD)
    root = await office(stage, **shape)
    await root.visit("members", (await stage.account("bela")).id)
    await root.deed("Reset link").click()
    dialog = root.dialog("Reset link for Bela")
    await dialog.get_by_role("button", name="Make the link").click()
    await expect(dialog.get_by_role("img", name="QR code of the reset link").locator("path")).to_be_visible()
    link = (await dialog.locator("code").inner_text()).strip()
    assert "/reset#" in link
    await root.answer("Reset link for Bela", "Done")
    await root.deed("Reset link").click()
    await expect(dialog.locator("code")).to_have_count(0)
    stranger = await (await stage.stranger()).open(link[link.index("/reset#") :])
    await expect(stranger.page.get_by_text("Bela, you sign in as")).to_be_visible()


@ON_BOTH
async def test_who_is_suspended_is_signed_out_at_once_and_told_why(
    stage: Stage, shape: dict[str, Any]
) -> None:
    await stage.member("bela", PASSWORD)
    device = await stage.device("bela")
    device.expect_complaint(REFUSED)
    bela = await device.open()
    await bela.is_connected()
    root = await office(stage, **shape)
    await root.visit("members", (await stage.account("bela")).id)
    await root.deed("Suspend").click()
    dialog = root.dialog("Suspend Bela")
    await dialog.get_by_label("How long").select_option(label="for 30 days")
    await dialog.get_by_label("Reason").fill("Advertising")
    await root.answer("Suspend Bela", "Suspend")
    await root.says("Bela is suspended")
    await expect(root.page.get_by_text("Suspended until")).to_contain_text("Advertising")
    await bela.is_at_sign_in()
    await bela.type_in(**{"Name to sign in with": "bela", "Password": PASSWORD})
    await bela.button("Sign in").click()
    await expect(bela.page.get_by_text("This account is suspended: Advertising.")).to_be_visible()
    await root.page.bring_to_front()
    await root.deed("Let in again").click()
    await root.answer("Let Bela in again?", "Let in again")
    await expect(root.page.get_by_text("Suspended until")).to_have_count(0)
    await bela.page.bring_to_front()
    await bela.button("Sign in").click()
    await bela.is_connected()


async def test_what_a_spammer_wrote_goes_with_them(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    spammer = await stage.client("bela")
    await spammer.post(room, "Buy my watches")
    ada = await stage.screen("ada", room)
    await ada.shows("Buy my watches")
    root = await office(stage)
    await root.visit("members", (await stage.account("bela")).id)
    await root.deed("Suspend").click()
    dialog = root.dialog("Suspend Bela")
    await dialog.get_by_label("How long").select_option(label="for good")
    await dialog.get_by_role("switch", name="Delete everything they wrote").check()
    await root.answer("Suspend Bela", "Suspend")
    await expect(root.page.get_by_text("Suspended for good.")).to_be_visible()
    assert (await standing(stage, "bela"))["suspended_until"] == FOR_EVER
    await expect(ada.page.get_by_text("Buy my watches")).to_have_count(0)


@ON_BOTH
async def test_somebody_is_muted_for_a_while_and_may_post_again(stage: Stage, shape: dict[str, Any]) -> None:
    await stage.account("bela")
    root = await office(stage, **shape)
    await root.visit("members", (await stage.account("bela")).id)
    await root.deed("Mute").click()
    await root.dialog("Mute Bela").get_by_label("How long").select_option(label="for 1 hour")
    await root.answer("Mute Bela", "Mute")
    await expect(root.page.get_by_text("Muted until")).to_be_visible()
    assert (await standing(stage, "bela"))["muted_until"] > 0
    await root.deed("Unmute").click()
    await root.says("Bela can post again")
    await expect(root.page.get_by_text("Muted until")).to_have_count(0)
    assert (await standing(stage, "bela"))["muted_until"] == 0


async def test_a_newcomer_is_trusted_before_the_time(stage: Stage) -> None:
    account = (await stage.account("bela")).id
    house = stage.server.house
    soon = house.clock.now_ms() + 3_600_000
    await house.db.write(
        lambda tx: tx.run("UPDATE accounts SET trusted_at = :soon WHERE id = :id", soon=soon, id=account)
    )
    root = await office(stage, section="members")
    await root.page.get_by_role("tab", name="New", exact=True).click()
    await root.page.get_by_role("list", name="Members").get_by_role("link", name="Bela").click()
    await expect(root.page.get_by_text("A newcomer until")).to_be_visible()
    await root.deed("Trust").click()
    await root.says("Bela is no newcomer any more")
    await expect(root.page.get_by_text("A newcomer until")).to_have_count(0)


async def test_moderators_see_only_what_they_may_do(stage: Stage) -> None:
    stage.knows(maud=await stage.server.account("maud", role="moderator"))
    other = await stage.server.account("other", role="moderator")
    maud = await office(stage, "maud", "members")
    await maud.page.get_by_role("list", name="Members").get_by_role("link", name="Other").click()
    await expect(maud.page.get_by_role("heading", name="What you can do")).to_be_visible()
    for deed in ("Role", "Reset link", "Mute", "Suspend"):
        await expect(maud.deed(deed)).to_have_count(0)
    await maud.visit("members", (await stage.account("bela")).id)
    for deed in ("Mute", "Suspend"):
        await expect(maud.deed(deed)).to_be_visible()
    for deed in ("Role", "Reset link"):
        await expect(maud.deed(deed)).to_have_count(0)
    for section in ("settings", "rooms", "figures"):
        await maud.visit(section)
        await expect(maud.heading("This is for admins")).to_be_visible()
    assert other.id


@ON_BOTH
async def test_the_last_admin_stays_one(stage: Stage, shape: dict[str, Any]) -> None:
    root = await office(stage, **shape)
    root.device.expect_complaint(r"status of 4\d\d")
    await root.visit("members", (await stage.account("root")).id)
    await expect(root.page.get_by_text("This is you.")).to_be_visible()
    await root.deed("Role").click()
    dialog = root.dialog("Role of Root")
    await dialog.get_by_role("radio", name="Member").check()
    await expect(dialog.get_by_text("You may lose these pages.")).to_be_visible()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    assert (await standing(stage, "root"))["role"] == "admin"
