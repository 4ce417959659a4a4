"""The app in other languages: chosen by the browser or by hand, whole, and from right to left as well."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.story.device import Device, phone
from tests.story.stage import Stage

PASSWORD = "copper-kettle-on-the-stove"

PLACES = [
    "/",
    "/browse",
    "/people",
    "/mentions",
    "/search",
    "/support",
    *(f"/settings/{section}" for section in ("profile", "security", "devices", "privacy")),
    *(f"/settings/{section}" for section in ("notifications", "look", "access", "data")),
    *(f"/admin/{section}" for section in ("members", "rooms", "invites", "reports")),
    *(f"/admin/{section}" for section in ("audit", "settings", "figures")),
]

NAMES = r"SafeVoice|Root|Ada|ada|root|GARDEN|first|browser|Enter|Esc|JSON|PNG|JPEG|WebP|English|Deutsch"
UNITS = r"byte|kB|MB|GB|ms|sec|ago|min|hr|day|AM|PM|at|[A-Z][a-z]+day|[A-Z][a-z]+ \d+, \d{4}"
"""What Intl says: no text of ours."""
PLAIN = re.compile(r"[A-Za-z]{2}")
KNOWN = re.compile(rf"\b(?:{NAMES}|{UNITS})\b|\S*[@./:]\S*")

GO = """(path) => {
  const link = Object.assign(document.createElement('a'), { href: path })
  document.body.append(link)
  link.click()
  link.remove()
}"""

SETTLED = """() => {
  const main = document.querySelector('main')
  return main?.textContent.trim() && !main.querySelector('.skeleton, [aria-busy="true"]')
}"""

SAID = """() => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true })
  const said = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode
    const theirs = parentElement.closest('script, style, time, .markdown, [lang]:not(html)')
    if (!theirs && seen(parentElement)) said.push(data)
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
    if (!seen(element) || element.closest('.markdown')) continue
    said.push(...['aria-label', 'placeholder', 'title'].map((name) => element.getAttribute(name) ?? ''))
  }
  return said.map((each) => each.trim()).filter(Boolean)
}"""

DIRECTIONS = "(all) => all.map((each) => getComputedStyle(each).direction)"

CUT = """() => {
  const cut = []
  const width = document.documentElement.clientWidth
  const way = (element) => getComputedStyle(element).overflowX
  const scrolls = (at) => at && (/auto|scroll/.test(way(at)) || scrolls(at.parentElement))
  if (document.scrollingElement.scrollWidth > width) cut.push('the page is wider than the screen')
  for (const element of document.querySelectorAll('body *')) {
    const text = element.textContent.trim()
    const ours = /^\\[[^\\]]*\\]$|^\u200f\u202e[^]*\u200f$/.test(text)
    if (!ours || !element.checkVisibility() || element.closest('.unseen, .skip, option')) continue
    if (element.clientWidth === 1) continue
    const { left, right } = element.getBoundingClientRect()
    const narrow = /hidden|clip/.test(way(element))
    if ((left < -1 || right > width + 1) && !scrolls(element)) cut.push(`out: ${text}`)
    else if (narrow && element.scrollWidth > element.clientWidth + 1) cut.push(`cut: ${text}`)
  }
  return cut
}"""


async def speaking(device: Device, language: str) -> None:
    script = f"location.protocol === 'http:' && localStorage.setItem('safevoice.language', '{language}')"
    await device.context.add_init_script(script)


async def go(page: Page, path: str) -> None:
    await page.evaluate(GO, path)
    await page.wait_for_function(SETTLED)


async def plain(page: Page, path: str) -> list[str]:
    """What stands there in plain letters, which no text of the dictionary has."""
    said: list[str] = await page.evaluate(SAID)
    return [f"{path}: {each}" for each in said if PLAIN.search(KNOWN.sub("", each))]


async def test_a_browser_that_wants_german_gets_it_and_can_have_english(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    device = await stage.stranger(locale="de-AT")
    device.expect_complaint("status of 401")
    screen = await device.open()
    page = screen.page
    await expect(page.get_by_role("heading", name="Schön, dass du wieder da bist")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await screen.type_in(**{"Name zum Anmelden": "ada", "Passwort": "not this one"})
    await screen.button("Anmelden").click()
    await expect(page.get_by_role("alert").first).to_have_text("Name oder Passwort stimmt nicht.")
    await page.get_by_role("combobox", name="Sprache").select_option(label="English")
    await expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.get_by_role("combobox", name="Language").select_option(label="As the system")
    await expect(page.get_by_role("heading", name="Schön, dass du wieder da bist")).to_be_visible()


async def test_a_new_language_in_the_settings_keeps_what_was_being_written(stage: Stage) -> None:
    room = await stage.room("ada")
    screen = await stage.screen("ada", room)
    await screen.composer.fill("Half a sen")
    await screen.page.evaluate(GO, "/settings/look")
    await screen.page.get_by_role("combobox", name="Language").select_option(label="Deutsch")
    await expect(screen.page.get_by_role("heading", name="Aussehen und Sprache")).to_be_visible()
    await screen.page.evaluate(GO, f"/room/{room}")
    await expect(screen.page.get_by_role("textbox", name="Nachricht", exact=True)).to_have_value("Half a sen")


async def test_a_language_that_cannot_be_had_is_english(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    device = await stage.stranger(locale="de-DE")
    device.expect_complaint("ERR_FAILED")
    await device.context.route("**/assets/de-*.js", lambda route: route.abort())
    screen = await device.open()
    await screen.is_at_sign_in()
    await expect(screen.page.locator("html")).to_have_attribute("lang", "en")


async def test_every_text_comes_from_the_dictionary_and_has_room_to_grow(stage: Stage) -> None:
    await stage.room("root", "ada", name="GARDEN")
    device = await stage.device("root", **phone())
    await speaking(device, "en-XA")
    page = (await device.open()).page
    found: list[str] = []
    for path in PLACES:
        await go(page, path)
        found += await plain(page, path)
        found += [f"{path}: {each}" for each in await page.evaluate(CUT)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("shape", [{}, phone()], ids=["desktop", "phone"])
async def test_a_conversation_runs_from_right_to_left(stage: Stage, shape: dict[str, Any]) -> None:
    room = await stage.room("root", "ada", name="GARDEN")
    async with stage.server.connect(await stage.account("ada")) as client:
        await client.post(room, "HALLO")
        await client.post(room, "שלום")
    device = await stage.device("root", **shape)
    await speaking(device, "ar-XB")
    page = (await device.open(f"/room/{room}")).page
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    field = page.get_by_role("main").get_by_role("textbox").last
    await field.fill("SALUT")
    await page.locator("main form .send").click()
    log = page.get_by_role("log")
    mine, theirs = log.locator(".bubble.mine"), log.locator(".bubble:not(.mine)")
    await expect(mine).to_have_count(1)
    at_left, at_right = await box(mine), await box(theirs.first)
    assert at_left["x"] + at_left["width"] < at_right["x"]
    assert await theirs.locator(".markdown").evaluate_all(DIRECTIONS) == ["ltr", "rtl"]
    assert await page.evaluate("() => document.scrollingElement.scrollWidth <= innerWidth")
    button = page.locator("main header [aria-haspopup=menu]")
    await button.click()
    menu, place = await box(page.locator(":popover-open")), await box(button)
    assert abs(menu["x"] - place["x"]) < 12


async def test_arrows_tabs_and_codes_know_the_direction(stage: Stage) -> None:
    device = await stage.device("root", **phone())
    await speaking(device, "ar-XB")
    page = (await device.open("/admin/members")).page
    tabs = page.get_by_role("tab")
    await tabs.first.press("ArrowLeft")
    await expect(tabs.nth(1)).to_be_focused()
    await expect(page.locator("main .back svg").first).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    found: list[str] = []
    for path in PLACES:
        await go(page, path)
        found += [f"{path}: {each}" for each in await page.evaluate(CUT)]
    assert not found, "\n".join(found)


async def test_a_name_begins_where_what_stands_below_it_begins(stage: Stage) -> None:
    await stage.room("root", "ada")
    device = await stage.device("root", **phone())
    await speaking(device, "ar-XB")
    page = (await device.open("/people")).page
    row = page.get_by_role("main").locator(".names").filter(has_text="@ada")
    name, below = await box(row.locator("b")), await box(row.locator(".secondary"))
    assert abs(name["x"] + name["width"] - below["x"] - below["width"]) < 1


async def box(locator: Any) -> dict[str, float]:
    found: dict[str, float] | None = await locator.bounding_box()
    assert found is not None
    return found


@pytest.mark.shell
async def test_a_start_without_a_network_speaks_german_too(stage: Stage) -> None:
    room = await stage.room("bela", "ada")
    await (await stage.client("bela")).post(room, "Guten Morgen")
    device = await stage.device("ada", locale="de-DE")
    screen = await device.open(f"/room/{room}")
    await screen.shows("Guten Morgen")
    await device.installed()
    await screen.page.reload()
    await screen.shows("Guten Morgen")
    await device.lose_network()
    again = await device.open(f"/room/{room}")
    await again.shows("Guten Morgen")
    await expect(again.page.locator("html")).to_have_attribute("lang", "de")
    await expect(
        again.notice("Kein Netz. Was du schreibst, wird aufgehoben und später gesendet.")
    ).to_be_visible()
    await again.page.get_by_role("textbox", name="Nachricht", exact=True).fill("Auch dir")
    await again.page.get_by_role("button", name="Senden").click()
    await again.shows("Guten Morgen", "Auch dir")
    # Parts that nobody has looked at so far have their words with them.
    await go(again.page, "/settings/look")
    await expect(again.page.get_by_role("heading", name="Aussehen und Sprache")).to_be_visible()
