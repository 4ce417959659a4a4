"""Every dialog takes the focus, and gives it back to what it was opened from."""

import re
from collections.abc import Sequence
from typing import Literal

from playwright.async_api import Locator, Page, expect

from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.test_language import GO
from tests.story.traces import wait_until_kept

PARTS: dict[str, Literal["article", "link"]] = {"row": "article", "entry": "link"}
"""Of which role an opener is that is no button: a message, a room in the list."""

KEYS = {"row": "Enter", "entry": "Shift+F10"}

OPEN = "dialog:modal, :popover-open"

IN_ROOM = (
    ("Message a person", "New conversation", "Message a person"),
    ("New group", "New conversation", "New group"),
    ("New room", "New conversation", "New room"),
    ("New secret room", "New conversation", "New secret room"),
    ("Enter a secret room", "New conversation", "Enter a code"),
    ("Notifications of Garden", "Room menu", "Notifications"),
    ("Leave Garden?", "Room menu", "Leave room"),
    ("Leave Garden?", "entry:Garden", "Leave room"),
    ("Message actions", "row:Ada"),
    ("Report this message", "row:Ada", "Report"),
    ("Who has read it", "row:Root", "Read by"),
    ("Ada", "row:Ada", "About Ada"),
    ("Ada", "About Ada"),
)

BESIDE_IT = (
    ("Add people to Garden", "Add people"),
    ("Guest links for Garden", "Guests"),
    ("Notifications of Garden", "Alerts"),
    ("Edit Garden", "Edit"),
    ("Banned from Garden", "Banned people"),
    ("Archive Garden?", "Archive room"),
    ("Delete Garden?", "Delete room"),
    ("Leave Garden?", "Leave room"),
    ("Mute Ada?", "What to do with Ada", "Mute"),
    ("Remove Ada from this room?", "What to do with Ada", "Remove"),
    ("Ban Ada?", "What to do with Ada", "Ban"),
    ("Make Ada the owner?", "What to do with Ada", "Make owner"),
    ("Ada", "Ada"),
)

ELSEWHERE = (
    ("/browse", "Kitchen", "Look into Kitchen"),
    ("/browse", "Categories", "Categories"),
    ("/settings/profile", "Sign out", "Sign out"),
    ("/settings/security", "Change password", "Change password"),
    ("/settings/security", "Is it you?", "Add a passkey"),
    ("/settings/devices", "Link a new device", "Link a new device"),
    ("/settings/devices", "browser 1", "browser 1"),
    ("/settings/devices", "Sign out everywhere but here?", "Sign out everywhere else"),
    ("/settings/access", "Make a token", "Make a token"),
    ("/settings/storage", "Remove messages from this browser?", "Free space"),
    ("/settings/data", "Delete your account?", "Delete my account"),
    ("/admin/members/{ada}", "Role of Ada", "Role"),
    ("/admin/members/{ada}", "Reset link for Ada", "Reset link"),
    ("/admin/members/{ada}", "Mute Ada", "Mute"),
    ("/admin/members/{ada}", "Suspend Ada", "Suspend"),
    ("/admin/rooms", "Archive Kitchen?", "What to do with Kitchen", "Archive"),
    ("/admin/rooms", "Delete Kitchen?", "What to do with Kitchen", "Delete"),
    ("/admin/invites", "New invitation", "Make a link"),
    ("/admin/audit", "Choose a person", "Choose a person"),
)


def dialog(page: Page, title: str) -> Locator:
    return page.locator("dialog:modal").filter(has=page.get_by_role("heading", name=title, exact=True))


async def opener(around: Page | Locator, step: str) -> tuple[Locator, str]:
    """It, and the key that opens what it has."""
    kind, _, name = step.rpartition(":")
    named = re.compile(f"^{name}")
    found = (
        around.get_by_role(PARTS[kind], name=named)
        if kind
        else around.get_by_role("button", name=named).or_(around.get_by_role("menuitem", name=named))
    )
    return found.locator("visible=true").first, KEYS.get(kind, "Enter")


async def there_and_back(screen: Screen, within: str, title: str, steps: Sequence[str]) -> None:
    """Open it by keys from the first of `steps`, and leave it by Escape."""
    page = screen.page
    first, key = await opener(page.locator(within), steps[0])
    await first.focus()
    await page.keyboard.press(key)
    for step in steps[1:]:
        on_top = page.locator(OPEN).last
        await expect(on_top.locator(":focus")).to_have_count(1)
        deeper, key = await opener(on_top, step)
        await deeper.focus()
        await page.keyboard.press(key)
    shown = dialog(page, title)
    await expect(shown).to_be_visible()
    await expect(shown.locator(":focus").or_(page.locator("dialog:modal:focus"))).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(first).to_be_focused()


async def at_home(stage: Stage) -> Screen:
    room = await stage.room("root", "ada")
    await stage.room("ada", name="Kitchen")
    await (await stage.client("ada")).post(room, "Ripe tomatoes")
    screen = await stage.screen("root", room)
    await screen.say("Green ones")
    await screen.shows_sent("Ripe tomatoes", "Green ones")
    return screen


async def test_in_a_room_every_dialog_gives_the_focus_back(stage: Stage) -> None:
    screen = await at_home(stage)
    for title, *steps in IN_ROOM:
        await there_and_back(screen, "nav, main", title, steps)
    await screen.button("Members").click()
    for title, *steps in BESIDE_IT:
        await there_and_back(screen, "aside", title, steps)


async def test_on_all_pages_every_dialog_gives_the_focus_back(stage: Stage) -> None:
    screen = await at_home(stage)
    # To be asked whether it is you is a refusal at first.
    stage.devices[0].expect_complaint("status of 403")
    ada = (await stage.account("ada")).id
    for path, title, *steps in ELSEWHERE:
        await screen.page.evaluate(GO, path.format(ada=ada))
        await there_and_back(screen, "main, nav", title, steps)


async def test_a_dialog_over_a_dialog_gives_the_focus_back_to_the_one_below(stage: Stage) -> None:
    screen = await at_home(stage)
    page = screen.page
    card = screen.log.get_by_role("button", name="About Ada")
    await card.focus()
    await page.keyboard.press("Enter")
    name = dialog(page, "Ada").get_by_role("button", name="Nickname")
    await name.focus()
    await page.keyboard.press("Enter")
    await expect(dialog(page, "A name of your own for Ada").locator(":focus")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(name).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(card).to_be_focused()


async def test_the_keys_that_open_a_dialog_anywhere_lead_back_to_the_words(stage: Stage) -> None:
    screen = await at_home(stage)
    await screen.composer.focus()
    await screen.page.keyboard.press("Control+k")
    await expect(screen.page.get_by_role("dialog").locator(":focus")).to_have_count(1)
    await screen.page.keyboard.press("Escape")
    await expect(screen.composer).to_be_focused()


async def test_a_row_that_goes_hands_the_focus_on(stage: Stage) -> None:
    # Nobody has looked into it here: what is on a screen would stay.
    room = await stage.room("root", "ada")
    await (await stage.client("ada")).post(room, "Ripe tomatoes")
    screen = await stage.screen("root")
    await wait_until_kept(screen.page, "messages", "Ripe tomatoes")
    await screen.page.evaluate(GO, "/settings/storage")
    listed = screen.page.get_by_role("list", name="By room")
    await expect(listed.get_by_role("button")).to_have_count(1)
    await listed.get_by_role("button").focus()
    await screen.page.keyboard.press("Enter")
    await expect(listed).to_be_focused()
