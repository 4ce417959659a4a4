"""What helps while one writes: emoji, marks, and what was copied elsewhere."""

import pytest
from playwright.async_api import Locator, expect

from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage

COPY = """([html, text]) => addEventListener('copy', (event) => {
  event.preventDefault()
  event.clipboardData.setData('text/plain', text)
  if (html) event.clipboardData.setData('text/html', html)
}, { capture: true, once: true })"""

UNSIZED = """(() => {
  const supports = CSS.supports.bind(CSS)
  CSS.supports = (...asked) => asked[0] !== 'field-sizing' && supports(...asked)
  const take = () => {
    for (const sheet of document.styleSheets) {
      for (const rule of sheet.cssRules) rule.style?.removeProperty('field-sizing')
    }
  }
  addEventListener('load', () => {
    take()
    new MutationObserver(take).observe(document.head, { childList: true })
  })
})()"""
"""As in browsers that do not know `field-sizing`."""


async def copied(screen: Screen, text: str, html: str = "") -> None:
    """Somebody copied this elsewhere."""
    await screen.page.bring_to_front()
    await screen.page.evaluate(COPY, [html, text])
    await screen.composer.press("Control+c")


async def pasted(screen: Screen, keys: str = "Control+v") -> None:
    await screen.composer.focus()
    await screen.page.keyboard.press(keys)


def emoji(screen: Screen) -> Locator:
    return screen.page.get_by_role("listbox", name="Emoji").get_by_role("option")


def panel(screen: Screen) -> Locator:
    return screen.page.get_by_role("dialog", name="Emoji")


async def select(screen: Screen, words: str) -> None:
    """With the keyboard or the mouse, which comes to the same."""
    await screen.composer.evaluate(
        """(field, words) => {
          const at = field.value.indexOf(words)
          field.focus()
          field.setSelectionRange(at, at + words.length)
        }""",
        words,
    )


async def test_emoji_are_written_by_name(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.composer.press_sequentially("Well done :tad")
    await expect(emoji(ada).first).to_contain_text(":tada:")
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("Well done 🎉 ")
    await ada.composer.press_sequentially(":sm")
    await expect(emoji(ada).first).to_be_visible()
    await ada.composer.press("Escape")
    await expect(emoji(ada)).to_have_count(0)
    await ada.composer.press_sequentially("ile: `:tada:`")
    await expect(ada.composer).to_have_value("Well done 🎉 😄 `:tada:`")
    await ada.composer.press("Enter")
    await ada.shows("Well done 🎉 😄 :tada:")


async def test_whoever_meant_the_letters_undoes_the_emoji(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.composer.press_sequentially("ratio 3:2, :heart:")
    await expect(ada.composer).to_have_value("ratio 3:2, ❤️")
    await ada.composer.press("Control+z")
    await expect(ada.composer).to_have_value("ratio 3:2, :heart:")


async def test_the_picker_is_searched_and_walked_by_keys(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.composer.fill("Off we go now")
    await select(ada, "now")
    await ada.button("Emoji").click()
    search = panel(ada).get_by_role("combobox", name="Search emoji")
    await expect(search).to_be_focused()
    await search.press_sequentially("rocket")
    await expect(panel(ada).get_by_role("gridcell", name="rocket")).to_have_attribute("aria-selected", "true")
    await search.press("Enter")
    await expect(panel(ada)).to_have_count(0)
    await expect(ada.composer).to_be_focused()
    await expect(ada.composer).to_have_value("Off we go 🚀")
    await ada.button("Emoji").click()
    for key in ("ArrowDown", "ArrowRight", "ArrowLeft", "Shift+Enter", "Enter"):
        await search.press(key)
    await expect(ada.composer).to_have_value("Off we go 🚀🚀🚀")
    await ada.button("Emoji").click()
    await panel(ada).get_by_role("button", name="Flags").click()
    await expect(panel(ada).get_by_role("gridcell", name="chequered flag").first).to_be_visible()
    await search.press("Escape")
    await expect(panel(ada)).to_have_count(0)
    await expect(ada.composer).to_be_focused()


async def test_a_skin_tone_is_remembered(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.button("Emoji").click()
    await panel(ada).get_by_role("button", name="Skin tone").click()
    await ada.page.get_by_role("menuitemradio", name="Medium", exact=True).click()
    await ada.page.keyboard.press("Escape")
    await ada.nothing_lies_over_it()
    await ada.page.reload()
    await ada.composer.press_sequentially("All :wav")
    await emoji(ada).first.click()
    await expect(ada.composer).to_have_value("All 👋🏽 ")
    await expect(ada.composer).to_be_focused()
    # What was taken stands first from the next time on.
    await ada.button("Emoji").click()
    await expect(panel(ada).get_by_text("Used lately")).to_be_visible()
    await expect(panel(ada).get_by_role("gridcell").nth(1)).to_have_text("👋🏽")


async def test_on_a_phone_the_picker_takes_the_place_of_the_keyboard(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room, **phone())
    await ada.composer.tap()
    await ada.composer.press_sequentially("Soup ")
    await ada.button("Emoji").tap()
    await expect(ada.composer).to_be_focused()
    await expect(ada.composer).to_have_attribute("inputmode", "none")
    for _ in range(2):
        await panel(ada).get_by_role("gridcell", name="grinning face", exact=True).first.tap()
    await expect(ada.composer).to_have_value("Soup 😀😀")
    await ada.composer.tap()
    await expect(panel(ada)).to_have_count(0)
    await expect(ada.composer).not_to_have_attribute("inputmode", "none")
    await ada.button("Send").tap()
    await ada.shows("Soup 😀😀")


async def test_keys_and_buttons_mark_words_and_take_the_marks_away(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.composer.fill("the soup is hot")
    for keys, marked in (
        ("Control+b", "the **soup** is hot"),
        ("Control+i", "the _soup_ is hot"),
        ("Control+e", "the `soup` is hot"),
        ("Control+Shift+x", "the ~~soup~~ is hot"),
    ):
        await select(ada, "soup")
        await ada.composer.press(keys)
        await expect(ada.composer).to_have_value(marked)
        await ada.composer.press(keys)
        await expect(ada.composer).to_have_value("the soup is hot")
    await ada.button("Format").click()
    bar = ada.page.get_by_role("toolbar", name="Format")
    await select(ada, "soup")
    await bar.get_by_role("button", name="Bold").click()
    await expect(ada.composer).to_have_value("the **soup** is hot")
    await expect(ada.composer).to_be_focused()
    await ada.composer.press("Control+z")
    await expect(ada.composer).to_have_value("the soup is hot")
    await bar.get_by_role("button", name="Quote").click()
    await expect(ada.composer).to_have_value("> the soup is hot")


async def test_on_a_phone_the_bar_stands_over_the_keyboard(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room, **phone())
    bar = ada.page.get_by_role("toolbar", name="Format")
    await expect(bar).to_have_count(0)
    await ada.composer.tap()
    await ada.composer.press_sequentially("eggs")
    await bar.get_by_role("button", name="List", exact=True).tap()
    await ada.composer.press("Enter")
    await ada.composer.press_sequentially("milk")
    await expect(ada.composer).to_have_value("- eggs\n- milk")
    await ada.composer.press("Enter")
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("- eggs\n- milk\n")


async def test_rich_text_becomes_marks_and_is_plain_when_it_is_wanted_so(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    html = '<p>The <b>soup</b> of <a href="https://ada.example/soup">Ada</a></p><ul><li>peas<li>mint</ul>'
    await copied(ada, "The soup of Ada\npeas\nmint", html + "<img src=x onerror=alert(1)>")
    await pasted(ada)
    await expect(ada.composer).to_have_value(
        "The **soup** of [Ada](https://ada.example/soup)\n\n- peas\n- mint"
    )
    await ada.composer.press("Control+z")
    await expect(ada.composer).to_have_value("")
    await pasted(ada, "Control+Shift+v")
    await expect(ada.composer).to_have_value("The soup of Ada\npeas\nmint")


async def test_an_address_makes_a_link_of_what_is_selected_and_code_stays_code(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    await ada.composer.fill("see the map")
    await copied(ada, "https://ada.example/map")
    await select(ada, "the map")
    await pasted(ada)
    await expect(ada.composer).to_have_value("see [the map](https://ada.example/map)")
    await ada.composer.fill("")
    code = "def f():\n    return 1"
    await copied(ada, code, f'<div style="font-family: Menlo, monospace; white-space: pre;">{code}</div>')
    await pasted(ada)
    await expect(ada.composer).to_have_value(f"```\n{code}\n```")
    await ada.composer.press("Enter")
    await expect(ada.log.locator("pre")).to_have_text(code)


async def test_lists_go_on_and_a_tall_text_leaves_the_newest_message_in_sight(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    await (await stage.client("ada")).talk(room, 30)
    ada = await stage.screen("ada", room)
    await expect(ada.row("Number 29")).to_be_in_viewport(ratio=0.99)
    await ada.composer.press_sequentially("1. one")
    for n in range(16):
        await ada.composer.press("Shift+Enter")
        await ada.composer.press_sequentially(f"{n}")
    value = await ada.composer.input_value()
    assert value.splitlines()[:3] == ["1. one", "2. 0", "3. 1"]
    await expect(ada.row("Number 29")).to_be_in_viewport(ratio=0.99)
    box = await ada.composer.bounding_box()
    assert box
    assert box["height"] <= 300
    assert await ada.composer.evaluate("(field) => field.scrollHeight > field.clientHeight + 20")


@pytest.mark.shell
async def test_without_a_network_there_are_the_emoji_that_somebody_has_wanted_before(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    ada = await stage.screen("ada", room)
    device = stage.devices[0]
    await device.installed()
    await ada.page.reload()
    await device.lose_network()
    await ada.button("Emoji").click()
    await expect(panel(ada).get_by_text("The emoji could not be loaded")).to_be_visible()
    await device.find_network()
    await panel(ada).get_by_role("button", name="Try again").click()
    await expect(panel(ada).get_by_role("gridcell", name="grinning face", exact=True).first).to_be_visible()
    await device.lose_network()
    await ada.page.reload()
    await ada.button("Emoji").click()
    await panel(ada).get_by_role("gridcell", name="grinning face", exact=True).first.click()
    await expect(ada.composer).to_have_value("😀")


async def test_the_field_grows_also_where_the_browser_cannot_size_it(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    device = await stage.device("ada")
    await device.context.add_init_script(UNSIZED)
    ada = await device.open(f"/room/{room}")
    await expect(ada.composer).to_be_focused()
    assert await ada.composer.evaluate("(field) => getComputedStyle(field).fieldSizing") == "fixed"
    low = await height(ada.composer)
    await ada.composer.press_sequentially("one")
    assert await height(ada.composer) == low
    await ada.composer.press("Shift+Enter")
    taller = await height(ada.composer)
    assert taller > low + 10
    await ada.composer.fill("word " * 150)
    assert await height(ada.composer) > taller + 40
    assert await ada.composer.evaluate("(field) => field.scrollHeight <= field.clientHeight")
    await ada.composer.fill("line\n" * 60)
    assert await height(ada.composer) <= 300
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("")
    assert await height(ada.composer) == low


async def height(field: Locator) -> float:
    box = await field.bounding_box()
    assert box is not None
    return box["height"]
