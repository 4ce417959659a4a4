"""Beginning something: groups and rooms, and who is in them."""

import io

from PIL import Image
from playwright.async_api import expect

from tests.story.device import PHONE, phone
from tests.story.screen import Screen
from tests.story.stage import Stage


async def begin(screen: Screen, what: str) -> None:
    """Choose from what the "+" offers."""
    await screen.page.get_by_role("button", name="New conversation").locator("visible=true").first.click()
    await screen.page.get_by_role("menuitem", name=what).locator("visible=true").click()


async def test_a_group_without_a_name_is_called_after_the_others_in_it(stage: Stage) -> None:
    for name in ("bela", "chidi", "dana"):
        await stage.account(name)
    ada = await stage.screen("ada")
    await begin(ada, "New group")
    await ada.page.get_by_role("checkbox", name="Choose Bela").click()
    await ada.page.get_by_role("checkbox", name="Choose Dana").click()
    await ada.page.get_by_role("checkbox", name="Choose Chidi").click()
    await ada.button("Leave Dana out").click()
    await ada.button("Start group with 2 people").click()
    await expect(ada.page.get_by_role("region", name="Conversation: Bela, Chidi")).to_be_visible()
    await ada.say("Just us three")
    bela = await stage.screen("bela")
    await bela.enter("Ada, Chidi")
    await bela.shows_sent("Just us three")


async def test_a_group_gets_a_name_and_somebody_more(stage: Stage) -> None:
    for name in ("bela", "dana"):
        await stage.account(name)
    ada, dana = await stage.screen("ada"), await stage.screen("dana")
    await begin(ada, "New group")
    await ada.page.get_by_role("checkbox", name="Choose Bela").click()
    await ada.field("Name of the group").fill("Cellar crew")
    await ada.button("Start group with 1 person").click()
    await expect(ada.page.get_by_role("region", name="Conversation: Cellar crew")).to_be_visible()
    await ada.button("Members").click()
    await ada.button("Add people").click()
    await ada.button("Add Dana @dana").click()
    await expect(
        ada.page.get_by_role("dialog").get_by_role("listitem").filter(has_text="Dana")
    ).to_contain_text("In the room")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    await expect(ada.page.get_by_role("region", name="Members")).to_contain_text("Dana")
    await dana.enter("Cellar crew")
    await dana.button("Room menu").click()
    await dana.page.get_by_role("menuitem", name="Leave room").click()
    await dana.page.get_by_role("alertdialog").get_by_role("button", name="Leave").click()
    await expect(dana.room("Cellar crew")).to_be_hidden()
    await expect(ada.page.get_by_role("region", name="Members")).not_to_contain_text("Dana")


async def test_a_room_is_made_with_an_icon_and_a_rule_and_changed_later(stage: Stage) -> None:
    ada = await stage.screen("ada")
    await begin(ada, "New room")
    await ada.field("Name").fill("Notices")
    await ada.button("Choose an icon").click()
    await ada.button("📣").click()
    await ada.page.get_by_role("radio", name="Private").check(force=True)
    await ada.page.get_by_text("More choices").click()
    await ada.page.get_by_role("radio", name="Only moderators").check(force=True)
    await ada.button("Make room").click()
    await expect(ada.page.get_by_role("region", name="Conversation: Notices")).to_be_visible()
    await expect(ada.room("Notices")).to_contain_text("📣")
    await ada.button("Members").click()
    about = ada.page.get_by_role("region", name="About this room")
    await expect(about).to_contain_text("Private room · 1 member")
    await expect(about).to_contain_text("Only moderators write here.")
    await about.get_by_role("button", name="Edit").click()
    await ada.field("Name").fill("News")
    await ada.page.get_by_role("dialog").get_by_label("What it is about").fill("What everybody should know")
    await ada.page.get_by_role("radio", name="Everyone in the room").check(force=True)
    await ada.page.get_by_label("Slow mode").select_option("30 seconds")
    await ada.page.get_by_label("Most members").fill("12")
    await ada.button("Save").click()
    await expect(about).to_contain_text("Slow mode: 30 seconds between two messages.")
    await expect(about).to_contain_text("What everybody should know")
    await expect(about).not_to_contain_text("Only moderators write here.")
    await expect(ada.room("News")).to_be_visible()


async def test_a_room_gets_a_picture_in_place_of_its_icon_and_loses_it_again(stage: Stage) -> None:
    room = await stage.room("ada", "bela", icon="🍅")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await ada.button("Members").click()
    await ada.page.get_by_role("region", name="About this room").get_by_role("button", name="Edit").click()
    async with ada.page.expect_file_chooser() as chooser:
        await ada.button("Choose a picture").click()
    await (await chooser.value).set_files(
        {"name": "red.png", "mimeType": "image/png", "buffer": red_square()}
    )
    await ada.button("Use picture").click()
    await expect(ada.button("Remove picture")).to_be_visible()
    await ada.page.get_by_role("dialog", name="Edit Garden").get_by_role("button", name="Close").click()
    for screen in (ada, bela):
        await expect(screen.page.locator("main header img.come")).to_be_visible()
        await expect(screen.room("Garden").locator("img.come")).to_be_visible()
    await ada.page.get_by_role("region", name="About this room").get_by_role("button", name="Edit").click()
    await ada.button("Remove picture").click()
    await expect(bela.page.locator("main header img")).to_have_count(0)
    await expect(bela.page.get_by_role("main").locator("header")).to_contain_text("🍅")


def red_square() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(file, "PNG")
    return file.getvalue()


async def test_on_a_phone_all_about_a_room_is_a_page_with_a_way_back(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    device = await stage.device("ada", **phone())
    screen = await device.open(f"/room/{room}")
    await screen.is_connected()
    await screen.button("Members").click()
    about = screen.page.get_by_role("region", name="About this room")
    await expect(about.get_by_role("region", name="Members")).to_contain_text("Bela")
    box = await about.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (PHONE["width"], PHONE["height"])
    await screen.page.go_back()
    await expect(about).to_be_hidden()
    await expect(screen.composer).to_be_visible()
