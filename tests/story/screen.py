"""What a person does with a page, and what they see on it."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.async_api import Locator, Page, expect

from appliance.dev.browser import until

TOMBSTONE = "This message was deleted"

PENDING = re.compile("^(Sending|Waiting to send)")
"""What stands at a message on its way."""

_SHINES = "(text) => document.querySelector('[role=log] .flash')?.textContent.includes(text) ?? false"
_READ = """(rows) => rows.map((row) => {
  const bubble = row.querySelector('.bubble')
  const label = row.getAttribute('aria-label')
  return [
    label.slice(0, label.lastIndexOf(', ')),
    (bubble.querySelector('.markdown, .tombstone') ?? bubble).innerText.trim(),
    bubble.querySelector('.edited') !== null,
  ]
})"""

_TURNED_AWAY = """() => {
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}"""

_MEASURED = """() => [...document.querySelectorAll('[data-key]')].every(
  (row) => row.checkVisibility({ visibilityProperty: true })
)"""


class Said(NamedTuple):
    """A message as somebody reads it."""

    author: str
    text: str
    edited: bool


class Screen:
    """One tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def origin(self) -> str:
        parts = urlsplit(self.page.url)
        return f"{parts.scheme}://{parts.netloc}"

    # Finding things

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def rows(self) -> Locator:
        return self.log.get_by_role("article")

    @property
    def texts(self) -> Locator:
        """The words of each message, without author, time and quote."""
        return self.log.locator(".bubble > :is(.markdown, .tombstone)")

    @property
    def connection(self) -> Locator:
        """Where the page says how the connection stands: below the list, or there but out of sight."""
        return self.page.locator("nav footer .connection")

    def notice(self, text: str) -> Locator:
        """Words somewhere in sight; the same line may also stand where it is hidden now."""
        return self.page.get_by_text(text).locator("visible=true").first

    def row(self, text: str) -> Locator:
        words = self.page.locator(".bubble > :is(.markdown, .tombstone)").get_by_text(text, exact=True)
        return self.rows.filter(has=words)

    def quote(self, author: str) -> Locator:
        """What a message answers, as it stands above the answer."""
        return self.log.get_by_role("button", name=f"In reply to {author}")

    def room(self, title: str) -> Locator:
        """The room in the list."""
        return self.page.get_by_role("list", name="Conversations").get_by_role("link", name=title)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    # Doing things

    async def enter(self, title: str) -> None:
        """Choose a room from the list."""
        await self.page.bring_to_front()
        await self.room(title).click()
        await expect(self.page.get_by_role("region", name=f"Conversation: {title}")).to_be_visible()

    async def say(self, *texts: str) -> None:
        """Type and send, one message after the other."""
        # Browsers draw the tabs behind so seldom that a press there takes seconds.
        await self.page.bring_to_front()
        for text in texts:
            await self.composer.fill(text)
            await self.composer.press("Enter")
            await expect(self.composer).to_have_value("")

    async def say_by_button(self, text: str) -> None:
        """As on a phone, where Enter breaks the line."""
        await self.composer.fill(text)
        await self.button("Send").click()
        await expect(self.composer).to_have_value("")

    async def act(self, text: str, action: str) -> None:
        """Use a button of the toolbar that appears beside a message."""
        await self.page.bring_to_front()
        await self.row(text).hover()
        await self.row(text).get_by_role("button", name=action, exact=True).click()

    async def edit(self, text: str, to: str) -> None:
        await self.act(text, "Edit")
        await expect(self.composer).to_have_value(text)
        await self.composer.fill(to)
        await self.composer.press("Enter")

    async def delete(self, text: str) -> None:
        """Delete, and let the chance to take it back go by."""
        await self.act(text, "Delete")
        await self.page.get_by_role("button", name="Close", exact=True).click()

    async def reply(self, text: str, answer: str) -> None:
        await self.act(text, "Reply")
        await self.say(answer)

    async def sign_out(self) -> None:
        """By the button in the settings."""
        await self.page.bring_to_front()
        await self.page.get_by_role("link", name="Settings").first.click()
        await self.button("Sign out").click()
        await self.page.get_by_role("alertdialog").get_by_role("button", name="Sign out").click()

    async def type_in(self, **fields: str) -> None:
        """Fill labelled fields."""
        for label, value in fields.items():
            await self.field(label).fill(value)

    # Seeing things

    async def shows(self, *texts: str) -> None:
        """These messages and no others, in this order; waits for it."""
        await expect(self.texts).to_have_text(list(texts))

    async def shows_sent(self, *texts: str) -> None:
        """The same, and nothing of it is pending or failed any more."""
        await self.shows(*texts)
        await expect(self.log.get_by_text(PENDING)).to_have_count(0)
        await expect(self.log.get_by_text("Not sent")).to_have_count(0)

    async def is_connected(self) -> None:
        await expect(self.connection).to_contain_text("Connected")

    async def says(self, text: str) -> None:
        """A notice floats above the page."""
        await expect(self.page.get_by_role("status").filter(has_text=text).first).to_be_visible()

    async def points_at(self, text: str) -> None:
        """The message that one came for shines up, for less than two seconds."""
        await until(self.page, _SHINES, text)

    async def turn_away(self) -> None:
        """Somebody looks at another tab from now on, or locks the phone."""
        await self.page.evaluate(_TURNED_AWAY)

    async def nothing_lies_over_it(self) -> None:
        """What was closed is gone from the browser's history as well. It walks there in its own time, and a
        load that begins meanwhile is broken off."""
        await self.page.wait_for_function("() => !history.state?.layers")

    async def is_at_sign_in(self) -> None:
        await expect(self.page.get_by_role("heading", name="Welcome back")).to_be_visible()

    async def transcript(self) -> list[Said]:
        """Everything of the conversation that is on screen now."""
        # A tab in the background measures its new rows later, and shows none before that.
        await self.page.bring_to_front()
        await self.page.wait_for_function(_MEASURED)
        found: Sequence[Any] = await self.rows.evaluate_all(_READ)
        return [Said(*each) for each in found]


async def show_the_same(*screens: Screen) -> list[Said]:
    """All have the same conversation on screen; returns it. Call it once each `shows` what it should."""
    first, *others = [await screen.transcript() for screen in screens]
    for other in others:
        assert other == first, f"{other}\n{first}"
    return first
