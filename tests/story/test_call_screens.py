"""What one does with a call on screen: with calls that nobody makes, so that each state can be had."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.story.device import PHONE
from tests.story.screen import Screen
from tests.story.stage import Stage, staged

TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}


@pytest_asyncio.fixture(loop_scope="session")
async def workshop(chromium: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(chromium, tmp_path / "dev", development="yes") as stage:
        yield stage


async def play(page: Page, scene: str) -> Locator:
    """A call with Bela in this state, beside or over their conversation; returns it."""
    section = page.get_by_role("region", name="Calls", exact=True)
    await section.get_by_label("Where").select_option(label="Bela")
    await section.get_by_role("button", name=scene, exact=True).click()
    return page.get_by_label("Call with Bela", exact=True)


DRAWN = """(video) => {
  const { top, width } = video.getBoundingClientRect()
  const above = top + parseFloat(getComputedStyle(video).objectPosition.split(' ')[1])
  return [above, above + (width * video.videoHeight) / video.videoWidth]
}"""
"""From where to where a picture is drawn that fits the width and stands so many px from the top."""


async def edges(element: Locator) -> tuple[float, float, float]:
    """Its left, top and bottom edge."""
    box = await element.bounding_box()
    assert box
    return box["x"], box["y"], box["y"] + box["height"]


async def come(stage: Stage, **options: object) -> Screen:
    await stage.dm("ada", "bela")
    return await (await stage.device("ada", **options)).open("/dev/ui/calls")


async def test_escape_makes_a_call_small_and_never_ends_it(workshop: Stage) -> None:
    ada = await come(workshop)
    call = await play(ada.page, "audio")
    await call.get_by_role("button", name="Mute").press("Escape")
    back = ada.page.get_by_role("button", name="Back to the call with Bela").first
    await expect(back).to_be_visible()
    await expect(call.get_by_role("button", name="More of the call")).to_be_hidden()
    await ada.say("Meanwhile")
    await ada.page.keyboard.press("Alt+m")
    await expect(call.get_by_role("button", name="Unmute")).to_be_visible()
    await back.click()
    await expect(call.get_by_role("button", name="More of the call")).to_be_visible()
    await ada.page.keyboard.press("Alt+h")
    await expect(call.get_by_text("Call ended after").first).to_be_visible()


async def test_on_a_phone_back_leads_from_the_call_to_the_conversation(workshop: Stage) -> None:
    ada = await come(workshop, **TOUCH)
    call = await play(ada.page, "video")
    await expect(ada.page.get_by_role("dialog", name="Call with Bela")).to_be_visible()
    assert await ada.page.evaluate("() => document.querySelector('.shell').inert")
    await expect(call.get_by_role("button", name="Hang up")).to_be_visible()
    await ada.page.go_back()
    await expect(ada.page.get_by_role("dialog", name="Call with Bela")).to_be_hidden()
    await expect(ada.composer).to_be_visible()
    assert not await ada.page.evaluate("() => document.querySelector('.shell').inert")
    head = ada.page.locator("main header").first
    bar = await ada.page.locator(".bar").bounding_box()
    box = await head.bounding_box()
    assert bar
    assert box
    assert box["y"] >= bar["y"] + bar["height"]


async def test_who_compared_waits_for_the_other_and_may_compare_again(workshop: Stage) -> None:
    ada = await come(workshop)
    call = await play(ada.page, "audio")
    await call.get_by_role("button", name="Encrypted between your devices").click()
    await expect(call.get_by_role("img", name="Code of this call: 12 84 05 37 61")).to_be_visible()
    await call.get_by_role("button", name="It differs").click()
    await expect(call.get_by_role("heading", name="Somebody may be listening")).to_be_visible()
    await expect(call.get_by_role("button", name="The code differs")).to_be_visible()
    await call.get_by_role("button", name="Compare once more").click()
    await call.get_by_role("button", name="It is the same").click()
    await expect(call.get_by_role("button", name="You compared. Waiting for Bela.")).to_be_visible()
    await expect(call.get_by_role("button", name="Verified")).to_have_count(0)


async def test_whoever_hears_another_code_can_hang_up_at_once(workshop: Stage) -> None:
    ada = await come(workshop)
    call = await play(ada.page, "audio")
    await call.get_by_role("button", name="Encrypted between your devices").click()
    await call.get_by_role("button", name="It differs").click()
    await call.get_by_role("dialog", name="The code differs").get_by_role("button", name="Hang up").click()
    await expect(call.get_by_text("Call ended after").first).to_be_visible()


async def test_what_is_wrong_with_the_code_is_a_warning_and_a_new_one_is_told_once(workshop: Stage) -> None:
    ada = await come(workshop)
    call = await play(ada.page, "no code")
    await expect(call.get_by_role("alert")).to_contain_text("This call cannot be checked")
    await ada.page.goto(f"{ada.origin}/dev/ui/calls")
    call = await play(ada.page, "their code differs")
    await expect(call.get_by_role("alert")).to_contain_text("Bela says that their code is another one.")
    await ada.page.goto(f"{ada.origin}/dev/ui/calls")
    call = await play(ada.page, "another code")
    notice = ada.notice("The code has changed")
    await expect(notice).to_be_visible()
    await call.get_by_role("button", name="OK").click()
    await expect(notice).to_be_hidden()


async def test_a_picture_fills_the_screen_or_stands_over_all_other_windows(workshop: Stage) -> None:
    ada = await come(workshop)
    call = await play(ada.page, "video")
    await call.get_by_role("button", name="Full screen").click()
    full = "() => document.fullscreenElement?.getAttribute('aria-label')"
    await ada.page.wait_for_function(f"() => ({full})() === 'Call with Bela'")
    await call.get_by_role("button", name="Leave full screen").click()
    await ada.page.wait_for_function("() => !document.fullscreenElement")
    await call.get_by_role("button", name="More of the call").click()
    await ada.page.get_by_role("menuitem", name="Picture in picture").click()
    over = "() => document.pictureInPictureElement?.getAttribute('aria-label')"
    await ada.page.wait_for_function(f"() => ({over})() === 'Picture of Bela'")


async def test_what_opens_from_a_call_leaves_its_controls_free(workshop: Stage) -> None:
    for scene in ("audio", "video"):
        page = (await come(workshop)).page
        call = await play(page, scene)
        await call.get_by_role("button", name="Encrypted between your devices").click()
        await call.get_by_role("button", name="It differs").click()
        panel = call.locator("[popover]:popover-open")
        _, top, bottom = await edges(panel)
        _, controls, _ = await edges(call.get_by_role("group", name="What to do in the call"))
        assert top >= 0
        assert bottom <= controls


async def test_faces_cover_nothing_of_a_shared_screen_and_make_room_for_each_other(workshop: Stage) -> None:
    for shape in ({}, TOUCH):
        page = (await come(workshop, **shape)).page
        call = await play(page, "screen")
        screen = call.get_by_label("Screen of Bela", exact=True)
        await expect(screen).to_have_js_property("videoWidth", 1600)
        above, below = await screen.evaluate(DRAWN)
        face = call.locator(".beside")
        own = call.get_by_role("group", name="Your picture")
        _, _, words = await edges(call.get_by_role("button", name="Encrypted between your devices"))
        _, controls, _ = await edges(call.get_by_role("group", name="What to do in the call"))
        assert words <= above
        for each in (face, own):
            _, top, bottom = await edges(each)
            assert below <= top
            assert bottom <= controls
        left, top, _ = await edges(face)
        mine, _, _ = await edges(own)
        assert left < mine
        await own.press("ArrowLeft")
        left, _, _ = await edges(face)
        mine, _, _ = await edges(own)
        assert mine < left
        # Looked at closely it has all of the room.
        await screen.locator("xpath=ancestor::*[@role='group']").last.press("+")
        _, corner, _ = await edges(face)
        assert corner < top


async def test_whoever_is_called_can_look_at_camera_and_microphone_before_they_answer(
    workshop: Stage,
) -> None:
    ada = await come(workshop, **TOUCH)
    for scene, check, seen in (
        ("somebody calls", "Check microphone", 0),
        ("somebody calls with video", "Check camera and microphone", 1),
    ):
        await ada.page.goto(f"{ada.origin}/dev/ui/calls")
        await play(ada.page, scene)
        rings = ada.page.get_by_role("alertdialog")
        await rings.get_by_role("button", name=check).click()
        dialog = ada.page.get_by_role("dialog", name="Devices")
        await expect(dialog.get_by_role("meter")).to_be_visible()
        await expect(dialog.get_by_label("How Bela will see you")).to_have_count(seen)
        await expect(dialog.get_by_role("combobox", name="Camera")).to_have_count(seen)
        await dialog.get_by_role("button", name="Done").click()
        await expect(dialog).to_have_count(0)
        await rings.get_by_role("button", name="Answer", exact=True).click()
        await expect(ada.page.get_by_role("dialog", name="Call with Bela")).to_be_visible()


async def test_whoever_calls_without_pictures_sees_meanwhile_how_loud_they_are(workshop: Stage) -> None:
    ada = await come(workshop)
    call = await play(ada.page, "calling")
    await call.get_by_role("button", name="More of the call").click()
    await ada.page.get_by_role("menuitem", name="Devices").click()
    await expect(ada.page.get_by_role("dialog", name="Devices").get_by_role("meter")).to_be_visible()


async def test_arrow_keys_bring_ones_own_picture_to_another_corner(workshop: Stage) -> None:
    ada = await come(workshop)
    call = await play(ada.page, "video")
    own = call.get_by_role("group", name="Your picture")
    frame = await call.bounding_box()
    assert frame
    middle = frame["x"] + frame["width"] / 2
    box = await own.bounding_box()
    assert box
    assert box["x"] > middle
    await own.press("ArrowLeft")
    box = await own.bounding_box()
    assert box
    assert box["x"] < middle


async def test_controls_leave_a_picture_alone_and_come_back(workshop: Stage) -> None:
    await workshop.dm("ada", "bela")
    device = await workshop.device("ada", reduced_motion="no-preference")
    page = await device.context.new_page()
    await page.clock.install()
    await page.goto(device.url + "/dev/ui/calls")
    call = await play(page, "video")
    await Screen(page).is_connected()
    hangs_up = call.get_by_role("button", name="Hang up")
    chrome = call.locator(".chrome.bottom")
    await call.hover(position={"x": 200, "y": 200})
    await expect(chrome).to_have_css("opacity", "1")
    await page.clock.run_for(4000)
    await expect(chrome).to_have_css("opacity", "0")
    await page.keyboard.press("Tab")
    await expect(chrome).to_have_css("opacity", "1")
    await page.clock.run_for(20_000)
    await expect(chrome).to_have_css("opacity", "1")
    await expect(hangs_up).to_be_visible()


async def test_with_less_motion_or_no_picture_the_controls_stay(workshop: Stage) -> None:
    for motion, scene in (("reduce", "video"), ("no-preference", "audio")):
        await workshop.dm("ada", "bela")
        device = await workshop.device("ada", reduced_motion=motion)
        page = await device.context.new_page()
        await page.clock.install()
        await page.goto(device.url + "/dev/ui/calls")
        call = await play(page, scene)
        await Screen(page).is_connected()
        await call.hover(position={"x": 200, "y": 200})
        await page.clock.run_for(20_000)
        await expect(call.locator(".chrome.bottom")).to_have_css("opacity", "1")


async def test_a_call_that_was_not_taken_can_be_made_again_or_written_about(workshop: Stage) -> None:
    ada = await come(workshop)
    call = await play(ada.page, "declined")
    await expect(call.get_by_text("Bela cannot talk right now").first).to_be_visible()
    await call.get_by_role("button", name="Call again").click()
    await expect(call.get_by_role("button", name="Cancel")).to_be_visible()
    await call.get_by_role("button", name="Cancel").click()
    await expect(call.get_by_text("Call cancelled").first).to_be_visible()
    await expect(call).to_be_hidden()


async def test_before_a_video_call_one_sees_oneself_and_may_go_without(workshop: Stage) -> None:
    ada = await come(workshop)
    call = await play(ada.page, "before")
    mirror = ada.page.get_by_role("dialog", name="Call Bela")
    await expect(mirror.get_by_label("How Bela will see you")).to_be_visible()
    await expect(mirror.get_by_role("meter", name="How loud your microphone is")).to_have_attribute(
        "aria-valuenow", "55"
    )
    await mirror.get_by_role("button", name="Camera off").click()
    await mirror.get_by_role("button", name="Mute").click()
    await expect(mirror.get_by_role("status")).to_have_text("Your camera is off")
    await mirror.get_by_role("button", name="Call", exact=True).click()
    await expect(mirror).to_be_hidden()
    await expect(call.get_by_role("button", name="Unmute")).to_be_visible()
    await expect(call.get_by_role("group", name="Your picture")).to_have_count(0)
