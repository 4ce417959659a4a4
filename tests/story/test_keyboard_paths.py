"""By the Tab key alone: in which order, with what in sight, and never into a trap that Esc does not open."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage

STILL = {"reduced_motion": "reduce"}

_HELD = """() => {
  const held = document.activeElement
  if (!held || held === document.body) return null
  const box = held.getBoundingClientRect()
  const at = document.elementFromPoint(
    Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1),
  )
  // What tells of the focus is on the element or around it, and is not there without the focus.
  const looks = () => {
    const told = []
    for (let each = held, n = 0; each && n < 5; each = each.parentElement, n++) {
      const { outline, boxShadow, backgroundColor } = getComputedStyle(each)
      told.push(outline, boxShadow, backgroundColor)
    }
    return told.join()
  }
  const focused = looks()
  held.blur()
  const blurred = looks()
  held.focus({ preventScroll: true })
  const label = held.labels?.[0]?.innerText
  return {
    name: (held.ariaLabel || label || held.innerText || held.tagName).trim().split('\\n')[0],
    ring: focused !== blurred,
    uncovered: held.contains(at) || at?.contains(held) === true,
  }
}"""


async def tab_through(page: Page, most: int) -> list[str]:
    """The names of what takes the focus, one press each; every one has a ring and lies on top."""
    names: list[str] = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        # The list hands the focus on to one of its rows.
        await page.wait_for_function("() => document.activeElement?.role !== 'log'")
        held: dict[str, Any] | None = await page.evaluate(_HELD)
        if held is None:
            break
        assert held["ring"], f"no focus to be seen on {held['name']}"
        assert held["uncovered"], f"the focus is covered on {held['name']}"
        names.append(held["name"])
    return names


async def test_tab_goes_through_the_door_from_top_to_bottom(stage: Stage) -> None:
    await stage.account("root")
    screen = await (await stage.stranger(**STILL)).open()
    await screen.is_at_sign_in()
    names = await tab_through(screen.page, 5)
    assert names == ["Name to sign in with", "Password", "Show password", "Sign in", "Sign in with a passkey"]


async def test_passwords_can_be_pasted_and_filled_in_by_a_manager(stage: Stage) -> None:
    await stage.account("root")
    screen = await (await stage.stranger(permissions=["clipboard-read", "clipboard-write"])).open()
    await screen.page.evaluate("() => navigator.clipboard.writeText('from my manager')")
    field = screen.field("Password")
    await field.focus()
    await screen.page.keyboard.press("Control+v")
    await expect(field).to_have_value("from my manager")
    await expect(field).to_have_attribute("autocomplete", "current-password")
    await expect(screen.field("Name to sign in with")).to_have_attribute("autocomplete", "username webauthn")


async def test_tab_goes_from_the_list_into_the_room_and_its_words(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    await bela.talk(room, 30, "Line")
    screen = await stage.screen("ada", room, **STILL)
    await expect(screen.log).to_have_attribute("aria-busy", "false")
    await expect(screen.texts.first).to_be_visible()
    await screen.page.wait_for_load_state("networkidle")
    await screen.page.get_by_role("link", name="Skip to the conversation").focus()
    names = await tab_through(screen.page, 18)
    assert names[:5] == ["Search", "New conversation", "Mentions", "People", "Discover"]
    later = [name for name in names if name in ("Garden", "Members", "Room menu", "Message")]
    assert later[:3] == ["Garden", "Members", "Room menu"]
    # One stop for all words; the arrow keys go on from there.
    assert sum(name.startswith("Bela, ") for name in names) == 1
    assert "Message" in names


OPENERS = (
    ("Room menu", "Control+k", "dialog"),
    ("New conversation", "Enter", "menu"),
    ("Room menu", "Enter", "menu"),
)


@pytest.mark.parametrize("shape", [{}, phone()], ids=["desktop", "phone"])
async def test_what_opens_on_top_keeps_the_focus_and_gives_it_back(
    stage: Stage, shape: dict[str, Any]
) -> None:
    room = await stage.room("ada", "bela")
    screen = await stage.screen("ada", room, **shape)
    for name, keys, role in OPENERS:
        opener = screen.page.get_by_role("button", name=name, exact=True).locator("visible=true").first
        if not await opener.count():
            continue
        await opener.focus()
        await screen.page.keyboard.press(keys)
        top = screen.page.get_by_role("menu" if role == "menu" else "dialog").locator("visible=true")
        await expect(top).to_be_visible()
        await expect(top.locator(":focus")).to_have_count(1)
        for _ in range(8 if role == "dialog" else 0):
            await screen.page.keyboard.press("Tab")
            await assert_inside(screen)
        await screen.page.keyboard.press("Escape")
        await expect(top).to_be_hidden()
        await expect(opener).to_be_focused()


async def test_a_dialog_out_of_a_menu_gives_the_focus_back_to_the_menus_button(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    screen = await stage.screen("ada", room)
    opener = screen.button("Room menu")
    await opener.focus()
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("menuitem").first).to_be_focused()
    await screen.page.keyboard.press("ArrowDown")
    await screen.page.keyboard.press("ArrowDown")
    await expect(screen.page.get_by_role("menuitem", name="Notifications")).to_be_focused()
    await screen.page.keyboard.press("Enter")
    dialog = screen.page.get_by_role("dialog", name="Notifications of Garden")
    await expect(dialog.locator(":focus")).to_have_count(1)
    await screen.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(opener).to_be_focused()


async def assert_inside(screen: Screen) -> None:
    """The focus is in the dialog, or in the browser's own bars, where no page holds it."""
    inside = "() => document.activeElement === document.body || !!document.activeElement.closest('dialog')"
    assert await screen.page.evaluate(inside), "the focus went below the dialog"
