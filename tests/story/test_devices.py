"""A new device by a code on an old one; another one's end; programs that act for somebody."""

from playwright.async_api import expect

from tests.server import Account
from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.traces import assert_forgotten

REFUSED = r"status of 40[134]"


async def show_code(screen: Screen) -> str:
    """Ask for a code in the settings; returns the one to type. What the QR code says ends with it."""
    await screen.page.goto(screen.origin + "/settings/devices")
    await screen.page.get_by_role("button", name="Link a new device").click()
    await expect(screen.page.get_by_role("img", name="Code for the new device")).to_be_visible()
    return await screen.page.get_by_role("dialog").locator("code").inner_text()


async def number_on(screen: Screen) -> str:
    return await screen.page.get_by_label("Number of this device").inner_text()


async def test_a_phone_joins_by_the_code_that_a_laptop_shows(stage: Stage) -> None:
    room = await stage.room("ada", name="Garden")
    await (await stage.client("ada")).post(room, "The tomatoes are ripe")
    laptop = await stage.screen("ada")
    code = await show_code(laptop)
    handset = await (await stage.stranger(**phone())).open(f"/link#{code}")
    await expect(handset.page.get_by_text("This device joins the account of Ada.")).to_be_visible()
    assert handset.page.url.endswith("/link"), "the code is in no history"
    await expect(laptop.page.get_by_role("heading", name="Let it in?")).to_be_visible()
    assert await number_on(laptop) == await number_on(handset)
    await laptop.button("Yes, let it in").click()
    await expect(laptop.page.get_by_role("heading", name="is in")).to_be_visible()
    await handset.enter("Garden")
    await handset.shows("The tomatoes are ripe")
    await laptop.button("Done").click()
    others = laptop.page.get_by_role("list", name="Other devices")
    await expect(others.get_by_role("button", name="Chrome on Linux")).to_have_count(1)


async def test_a_code_may_be_typed_and_the_answer_may_be_no(stage: Stage) -> None:
    laptop = await stage.screen("ada")
    code = await show_code(laptop)
    device = await stage.stranger()
    device.expect_complaint(REFUSED)
    stranger = await device.open()
    await stranger.button("Use another device").click()
    await stranger.field("Code from your other device").fill("abcd-efgh-jkmn")
    await stranger.button("Go on").click()
    await expect(
        stranger.page.get_by_text("This code is not right, was used already, or has expired.")
    ).to_be_visible()
    await stranger.button("Type another code").click()
    await stranger.field("Code from your other device").fill(code.upper())
    await stranger.button("Go on").click()
    await expect(stranger.page.get_by_role("heading", name="One more tap")).to_be_visible()
    await laptop.button("No").click()
    await expect(stranger.page.get_by_text("The other device did not let this one in.")).to_be_visible()
    await stranger.button("Back to the start").click()
    await stranger.is_at_sign_in()


async def test_a_revoked_device_is_signed_out_at_once_and_keeps_nothing(stage: Stage) -> None:
    room = await stage.room("ada", name="Orchard")
    await (await stage.client("ada")).post(room, "Remember the milk")
    laptop = await stage.screen("ada")
    lost_device = await stage.device("ada", **phone())
    lost_device.expect_complaint(REFUSED)
    lost = await lost_device.open(f"/room/{room}")
    await lost.shows("Remember the milk")
    await laptop.page.goto(laptop.origin + "/settings/devices")
    await laptop.page.get_by_role("button", name=f"browser {len(stage.devices)}").click()
    await laptop.field("Name").fill("My lost phone")
    await laptop.button("Save").click()
    await laptop.page.get_by_role("button", name="My lost phone").click()
    await laptop.button("Revoke").click()
    await laptop.page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    await expect(lost.page.get_by_text("This device was signed out from another one.")).to_be_visible()
    await assert_forgotten(lost.page, "Remember the milk", "Orchard")
    await expect(laptop.page.get_by_role("button", name="My lost phone")).to_have_count(0)


async def test_signing_out_everywhere_else_leaves_this_device_alone(stage: Stage) -> None:
    laptop = await stage.screen("ada")
    other = await stage.device("ada")
    other.expect_complaint(REFUSED)
    tablet = await other.open()
    await tablet.is_connected()
    await laptop.page.goto(laptop.origin + "/settings/devices")
    await laptop.page.get_by_role("button", name="Sign out everywhere else").click()
    await (
        laptop.page.get_by_role("alertdialog").get_by_role("button", name="Sign out everywhere else").click()
    )
    await laptop.says("You are signed in here only.")
    await expect(laptop.page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    await tablet.is_at_sign_in()
    await laptop.is_connected()


async def test_a_program_acts_with_a_token_until_it_is_revoked(stage: Stage) -> None:
    room = await stage.room("ada", name="Garden")
    await stage.member("bela", "seven-geese-went-south")
    device = await stage.device("ada")
    device.expect_complaint(REFUSED)
    stage.server.house.of_feature["confirmed"].keep(device.account.device, True)
    screen = await device.open("/settings/access")
    await screen.page.get_by_role("button", name="Make a token").click()
    await screen.field("What is it for?").fill("Weather bot")
    await screen.page.get_by_role("radio", name="Write").check()
    await screen.button("Make the token").click()
    secret = await screen.page.get_by_role("dialog").locator("code").first.inner_text()
    await screen.button("I have copied it").click()
    await expect(screen.page.get_by_text("Reads and writes · Never used")).to_be_visible()
    async with stage.server.connect(Account(device.account.id, "", secret)) as program:
        assert (await program.post(room, "Rain at four"))["op"] == "ack"
        await screen.page.get_by_role("button", name="Revoke Weather bot").click()
        await screen.page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
        assert await program.closed() == 4401
    await expect(screen.page.get_by_text("No program acts for you.")).to_be_visible()
    await screen.enter("Garden")
    await screen.shows("Rain at four")
