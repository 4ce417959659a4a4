"""The house: settings that reach everybody, rooms from above, figures, and the audit log of it all."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from appliance.config import Community
from tests.people.drawing import encoded, flag
from tests.story.device import DESKTOP, PHONE, phone
from tests.story.office import ON_BOTH, office
from tests.story.stage import Stage, staged
from tests.story.test_shapes import NARROW, assert_fits

TAB = re.compile("^/api/logo/[0-9a-v]{26}/tab$")
COLOUR = "() => getComputedStyle(document.documentElement).getPropertyValue('--solid')"


@ON_BOTH
async def test_a_setting_is_saved_when_one_leaves_it_and_can_be_taken_back(
    stage: Stage, shape: dict[str, Any]
) -> None:
    root = await office(stage, section="settings", **shape)
    bela = await stage.screen("bela")
    await root.page.get_by_label("Name", exact=True).fill("Elm Street")
    await root.page.get_by_label("Name", exact=True).press("Enter")
    await root.says("Saved")
    await bela.page.bring_to_front()
    await expect(bela.page.get_by_role("heading", name="Elm Street")).to_be_visible()
    await root.page.bring_to_front()
    await root.button("Undo").click()
    await expect(root.page.get_by_label("Name", exact=True)).to_have_value("SafeVoice")
    await expect(bela.page.get_by_role("heading", name="SafeVoice")).to_have_count(1)
    await root.page.get_by_role("radio", name="Anyone").check()
    await root.page.get_by_label("Close by itself").select_option(label="2 weeks")
    await root.page.get_by_role("switch", name="Guests").uncheck()
    await root.page.reload()
    await expect(root.page.get_by_role("radio", name="Anyone")).to_be_checked()
    await expect(root.page.get_by_label("Close by itself")).to_have_value("2")
    await expect(root.page.get_by_role("switch", name="Guests")).not_to_be_checked()


@ON_BOTH
async def test_the_accent_colours_the_app_for_everybody(stage: Stage, shape: dict[str, Any]) -> None:
    bela = await stage.screen("bela")
    house = await bela.page.evaluate(COLOUR)
    root = await office(stage, section="settings", **shape)
    await root.page.get_by_role("radio", name="Sea").check()
    await root.says("Saved")
    sea = await root.page.evaluate(COLOUR)
    assert "oklch" in sea
    assert sea != house
    await bela.page.bring_to_front()
    await bela.page.wait_for_function(
        "(sea) => getComputedStyle(document.documentElement).getPropertyValue('--solid') === sea", arg=sea
    )
    await bela.page.reload()
    assert await bela.page.evaluate(COLOUR) == sea
    await root.page.bring_to_front()
    await root.page.get_by_label("A colour of your own").fill("#fff3b0")
    await expect(root.page.get_by_text("So pale a button would not stand out by day")).to_be_visible()
    await root.page.get_by_role("radio", name="Fig, the house colour").check()
    await bela.page.wait_for_function("() => !document.documentElement.style.getPropertyValue('--solid')")


async def test_a_logo_stands_for_the_community_in_the_list_at_the_door_and_in_the_tab(stage: Stage) -> None:
    bela = await stage.screen("bela")
    door = await (await stage.stranger()).open("/")
    root = await office(stage, section="settings", **phone())
    stage.devices[-1].expect_complaint("415 .*/api/logo")
    await root.page.locator("input[type=file]").set_input_files(
        {"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    await expect(root.page.get_by_text("This is not a picture that can be read.")).to_be_visible()
    await root.page.locator("input[type=file]").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": encoded(flag(300, 300), "PNG")}
    )
    await expect(root.page.get_by_text("On a home screen")).to_be_visible()
    for screen in (bela, door):
        await screen.page.bring_to_front()
        if screen is door:
            await screen.page.reload()
        await expect(screen.page.locator("img[src^='/api/logo/']").first).to_be_visible()
        await expect(screen.page.locator("link[rel=icon]")).to_have_attribute("href", TAB)
    await root.page.bring_to_front()
    await root.page.get_by_role("button", name="Remove", exact=True).click()
    await expect(root.page.get_by_text("On a home screen")).to_have_count(0)
    await bela.page.bring_to_front()
    await expect(bela.page.locator("img[src^='/api/logo/']")).to_have_count(0)
    await expect(bela.page.locator("link[rel=icon]")).to_have_attribute("href", "/icon.svg")


async def test_what_the_configuration_file_says_is_shown_locked(
    stage: Stage, chromium: Any, tmp_path: Any
) -> None:
    fixed = Community(name="Harbour Street Choir", credits="yes")
    given = frozenset({"community.name", "community.credits"})
    async with staged(chromium, tmp_path / "fixed", community=fixed, given=given) as other:
        root = await office(other, section="settings")
        await expect(root.page.get_by_text("Set in the configuration file")).to_have_count(2)
        await expect(root.page.get_by_label("Name", exact=True)).to_have_count(0)
        await expect(root.page.get_by_role("main").get_by_text("Harbour Street Choir")).to_be_visible()
        await expect(root.page.get_by_role("switch", name="Use credits")).to_have_count(0)


@ON_BOTH
async def test_credits_are_switched_on_and_granted(stage: Stage, shape: dict[str, Any]) -> None:
    account = (await stage.account("bela")).id
    root = await office(stage, section="settings", **shape)
    async with root.page.expect_response(lambda answer: answer.request.method == "PATCH"):
        await root.page.get_by_role("switch", name="Use credits").check()
    await root.page.get_by_label("Everybody begins with").fill("20")
    # What says "Saved" may still be about the switch.
    async with root.page.expect_response(lambda answer: answer.request.method == "PATCH"):
        await root.page.get_by_label("Everybody begins with").press("Enter")
    await root.visit("members", account)
    await root.deed("Grant credits").click()
    dialog = root.dialog("Credits for Bela")
    await expect(dialog.get_by_text("Has 20 now.")).to_be_visible()
    await dialog.get_by_label("How many").fill("35")
    await dialog.get_by_label("What for").fill("The cake")
    await root.answer("Credits for Bela", "Give")
    await root.says("Bela has 55 now")
    await expect(root.deed("Grant credits")).to_contain_text("55")


@ON_BOTH
async def test_rooms_are_archived_deleted_and_brought_back_from_above(
    stage: Stage, shape: dict[str, Any]
) -> None:
    room = await stage.room("ada", "bela", name="Garden")
    await stage.room("ada", name="Kitchen")
    bela = await stage.screen("bela", room)
    root = await office(stage, section="rooms", **shape)
    table = root.page.get_by_role("table", name="Rooms")
    await expect(table.get_by_role("row")).to_have_count(3)
    await root.field("Search rooms by name").fill("gard")
    await expect(table.get_by_role("row")).to_have_count(2)
    garden = table.get_by_role("row").filter(has_text="Garden")
    await expect(garden).to_contain_text("Ada")

    async def order(name: str, title: str, reason: str = "") -> None:
        await garden.get_by_role("button", name="What to do with Garden").click()
        await root.page.get_by_role("menuitem", name=name).click()
        if reason:
            await root.dialog(title).get_by_label("Reason").fill(reason)
        await root.answer(title, name)

    await order("Archive", "Archive Garden?", "Winter")
    await expect(garden).to_contain_text("Archived")
    await order("Open again", "Open Garden again?")
    await expect(garden).not_to_contain_text("Archived")
    await order("Delete", "Delete Garden?", "A mistake")
    await expect(garden).to_contain_text("Deleted")
    await bela.page.bring_to_front()
    await expect(bela.room("Garden")).to_have_count(0)
    await root.page.bring_to_front()
    await order("Bring back", "Bring Garden back?")
    await expect(garden).not_to_contain_text("Deleted")
    await expect(bela.room("Garden")).to_be_visible()
    await root.visit("audit")
    log = root.page.get_by_role("list", name="Audit").get_by_role("listitem")
    await expect(log.filter(has_text="Root archived Garden")).to_contain_text("Winter")
    await expect(log.first).to_contain_text("Root brought Garden back")


@ON_BOTH
async def test_the_audit_log_tells_deeds_in_sentences_and_of_one_person(
    stage: Stage, shape: dict[str, Any]
) -> None:
    room = await stage.room("ada", "bela", "chidi")
    ada = await stage.client("ada")
    bela = (await stage.account("bela")).id
    await ada.do("set_role", room=room, person=bela, role="moderator")
    await ada.do("remove_member", room=room, person=(await stage.account("chidi")).id)
    root = await office(stage, section="audit", **shape)
    log = root.page.get_by_role("list", name="Audit").get_by_role("listitem")
    await expect(log).to_have_count(2)
    await expect(log.nth(0)).to_contain_text("Ada removed Chidi from Garden")
    await expect(log.nth(1)).to_contain_text("Ada made Bela a moderator of Garden")
    await root.button("Choose a person").click()
    await root.dialog("Choose a person").get_by_role("button", name="Show what is written about Bela").click()
    await expect(root.page.get_by_text("Only about Bela")).to_be_visible()
    await expect(log).to_have_count(1)
    await root.page.get_by_role("radio", name="Done by them").check()
    await expect(root.heading("Nothing was done so far")).to_be_visible()
    await root.button("Show everything").click()
    await expect(log).to_have_count(2)
    await log.nth(1).get_by_role("link", name="Bela").click()
    await expect(root.heading("Bela")).to_be_visible()
    await root.page.get_by_role("link", name="Audit log").click()
    await expect(root.page.get_by_text("Only about Bela")).to_be_visible()


@ON_BOTH
async def test_figures_are_there_with_their_units(stage: Stage, shape: dict[str, Any]) -> None:
    await stage.room("ada", "bela")
    figures = stage.server.house.of_feature["figures"]
    for _ in range(3):
        figures.look()
    root = await office(stage, section="figures", **shape)
    memory = root.page.get_by_role("figure").filter(has_text="Memory")
    await expect(memory).to_contain_text("MB")
    await expect(memory.get_by_role("img")).to_be_visible()
    await expect(root.page.get_by_role("figure").filter(has_text="Members")).to_contain_text("3")
    await expect(root.page.get_by_role("figure").filter(has_text="Database")).to_contain_text("B")


SECTIONS = {
    "members": "Members",
    "rooms": "Rooms",
    "invites": "Invitations",
    "reports": "Reports",
    "audit": "Audit",
    "settings": "Settings",
    "figures": "Figures",
}


@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP], ids=["360", "390", "1440"])
async def test_every_admin_page_fits(stage: Stage, viewport: Any) -> None:
    room = await stage.room("ada", "bela", name="Everything about winter vegetables and their storage")
    said = await (await stage.client("bela")).post(room, "Donaudampfschifffahrtselektrizität" * 6)
    await (await stage.client("ada")).do(
        "file_report", message=said["subject"], reason="other", note="w" * 200
    )
    await (await stage.client("ada")).do("archive_room", room=room, archived=True)
    root = await office(stage, viewport=viewport, reduced_motion="reduce")
    for section, heading in SECTIONS.items():
        await root.visit(section)
        await expect(root.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        await expect(root.page.locator(".skeleton")).to_have_count(0)
        await assert_fits(root.page)
    await root.visit("members", (await stage.account("bela")).id)
    await expect(root.heading("Bela")).to_be_visible()
    await assert_fits(root.page)


async def test_on_a_phone_one_goes_from_the_list_to_a_page_and_back(stage: Stage) -> None:
    root = await office(stage, **phone())
    await root.page.get_by_role("link", name="Members").click()
    await root.page.get_by_role("list", name="Members").get_by_role("link", name="Root").click()
    await expect(root.page.get_by_text("This is you.")).to_be_visible()
    await root.button("Back").click()
    await expect(root.page.get_by_role("list", name="Members")).to_be_visible()
    await root.button("Back").click()
    await expect(root.page.get_by_role("link", name="Figures")).to_be_visible()
