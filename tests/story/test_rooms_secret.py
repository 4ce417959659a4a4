"""Rooms that nobody finds."""

import re
from urllib.parse import urlsplit

from playwright.async_api import expect

from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.test_rooms_new import begin

WRONG = "This opens no room."
CODE = re.compile("Copy the code")


async def make_secret(screen: Screen, name: str, **fields: str) -> str:
    """Make one in the dialog; returns its code."""
    await begin(screen, "New secret room")
    await screen.field("Name").fill(name)
    await screen.type_in(**fields)
    await screen.button("Make secret room").click()
    await expect(
        screen.page.get_by_role("img", name=f"Code for the camera: it leads into {name}")
    ).to_be_visible()
    spelled = await screen.page.get_by_role("button", name=CODE).inner_text()
    await screen.button("Go to the room").click()
    await expect(screen.page.get_by_role("region", name=f"Conversation: {name}")).to_be_visible()
    return spelled.replace(" ", "").strip()


async def test_whoever_scans_the_code_comes_in_and_a_wrong_one_opens_nothing(stage: Stage) -> None:
    ada, device = await stage.screen("ada"), await stage.device("bela")
    code = await make_secret(ada, "Birthday")
    assert re.fullmatch("[A-HJ-NP-Z2-9]{8}", code)
    bela = await device.open("/secret#" + ("B" if code[0] == "A" else "A") + code[1:])
    device.expect_complaint("404")
    await bela.button("Enter").click()
    await expect(bela.page.get_by_role("alert")).to_contain_text(WRONG)
    # What the camera of a phone opens.
    await bela.page.goto(f"{bela.origin}/secret#{code}")
    assert code not in urlsplit(bela.page.url).path
    await bela.button("Enter").click()
    await expect(bela.page.get_by_role("region", name="Conversation: Birthday")).to_be_visible()
    assert code not in bela.page.url
    await bela.say("Surprise?")
    await ada.shows("Surprise?")


async def test_a_code_is_typed_with_its_password_and_nobody_learns_which_was_wrong(stage: Stage) -> None:
    ada, device = await stage.screen("ada"), await stage.device("bela")
    code = await make_secret(ada, "Vault", Password="three grey stones")
    bela = await device.open()
    device.expect_complaint("404")
    await begin(bela, "Enter a code")
    await bela.field("Code").fill(code.lower())
    await bela.button("Enter").click()
    await expect(bela.page.get_by_role("alert")).to_contain_text(WRONG)
    await bela.field("Password").fill("three grey stoats")
    await bela.button("Enter").click()
    await expect(bela.button("Enter")).to_be_enabled()
    await expect(bela.page.get_by_role("alert")).to_contain_text(WRONG)
    await bela.field("Password").fill("three grey stones")
    await bela.button("Enter").click()
    await expect(bela.page.get_by_role("region", name="Conversation: Vault")).to_be_visible()


async def test_its_owner_finds_the_code_again_and_makes_a_new_one(stage: Stage) -> None:
    ada, device = await stage.screen("ada"), await stage.device("bela")
    old = await make_secret(ada, "Den")
    await ada.button("Members").click()
    await ada.button("Code").click()
    shown = ada.page.get_by_role("button", name=CODE)
    await expect(shown).to_have_text(f"{old[:4]} {old[4:]}")
    await ada.page.get_by_role("button", name="New code The old one opens nothing").click()
    await ada.page.get_by_role("alertdialog").get_by_role("button", name="New code").click()
    await expect(shown).not_to_have_text(f"{old[:4]} {old[4:]}")
    new = (await shown.inner_text()).replace(" ", "").strip()
    await ada.page.get_by_role("button", name="Password None").click()
    await ada.field("New password").fill("moss")
    await ada.button("Save").click()
    await expect(ada.page.get_by_role("button", name="Password Set")).to_be_visible()
    bela = await device.open(f"/secret#{old}")
    device.expect_complaint("404")
    await bela.button("Enter").click()
    await expect(bela.page.get_by_role("alert")).to_contain_text(WRONG)
    await bela.field("Code").fill(new)
    await bela.field("Password").fill("moss")
    await bela.button("Enter").click()
    await expect(bela.page.get_by_role("region", name="Conversation: Den")).to_be_visible()


async def test_the_code_of_a_stranger_survives_signing_in(stage: Stage) -> None:
    ada = await stage.screen("ada")
    code = await make_secret(ada, "Attic")
    await stage.member("emre", "a-long-enough-password")
    stranger = await stage.stranger()
    door = await stranger.open(f"/secret#{code}")
    await door.type_in(**{"Name to sign in with": "emre", "Password": "a-long-enough-password"})
    await door.page.get_by_role("button", name="Sign in", exact=True).click()
    await door.button("Enter").click()
    await expect(door.page.get_by_role("region", name="Conversation: Attic")).to_be_visible()
