"""What one begins on one device is there on the others."""

from playwright.async_api import expect

from tests.story.stage import Stage


async def test_a_draft_is_on_the_other_device_and_its_message_clears_it_there(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    laptop, tablet = await stage.screen("ada", room), await stage.screen("ada")
    await laptop.composer.press_sequentially("Half a tho")
    await laptop.composer.blur()
    await expect(tablet.room("Garden")).to_contain_text("Draft Half a tho")
    await tablet.enter("Garden")
    await expect(tablet.composer).to_have_value("Half a tho")
    await tablet.composer.press_sequentially("ught")
    await tablet.composer.press("Enter")
    await laptop.shows("Half a thought")
    await expect(laptop.composer).to_have_value("")
    await expect(laptop.room("Garden")).not_to_contain_text("Draft")


async def test_nothing_is_taken_from_under_the_fingers(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    laptop, tablet = await stage.screen("ada", room), await stage.screen("ada", room)
    await tablet.composer.press_sequentially("From the tablet")
    await laptop.page.bring_to_front()
    await laptop.composer.press_sequentially("From the laptop")
    await tablet.composer.blur()
    await laptop.composer.press_sequentially(", still")
    await expect(laptop.composer).to_have_value("From the laptop, still")
    # The later one holds, everywhere.
    await laptop.composer.blur()
    other = await stage.screen("ada", room)
    await expect(other.composer).to_have_value("From the laptop, still")


async def test_what_was_begun_without_a_network_goes_to_the_others_afterwards(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    laptop = await stage.screen("ada", room)
    device = stage.devices[0]
    await laptop.say("Here")
    await laptop.shows_sent("Here")
    await laptop.reply("Here", "and there")
    await laptop.act("Here", "Reply")
    await device.lose_network()
    await laptop.composer.press_sequentially("In the tunnel")
    await laptop.composer.blur()
    await device.find_network()
    await laptop.is_connected()
    tablet = await stage.screen("ada", room)
    await expect(tablet.composer).to_have_value("In the tunnel")
    await expect(tablet.page.get_by_text("Replying to Ada")).to_be_visible()


async def test_an_emptied_draft_is_gone_on_the_others(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    laptop, tablet = await stage.screen("ada", room), await stage.screen("ada")
    await laptop.composer.press_sequentially("Never mind")
    await laptop.composer.blur()
    await expect(tablet.room("Garden")).to_contain_text("Draft")
    await laptop.composer.fill("")
    await laptop.composer.blur()
    await expect(tablet.room("Garden")).not_to_contain_text("Draft")
