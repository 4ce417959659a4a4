"""One person's browser: a context of its own, on a line of its own, that remembers every complaint."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Request, ViewportSize

from tests.server import Account
from tests.story.line import Line, line_to
from tests.story.screen import Screen

Theme = Literal["light", "dark"]

DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)

PATIENCE_MS = 10_000

LOST = re.compile(r"net::ERR_|WebSocket (connection|is closed)|interrupted while the page was loading")
"""How the browser's console speaks of a line that was cut; nothing else may stand there."""


MOVING: dict[str, Any] = {"reduced_motion": "no-preference"}
"""For stories about what moves."""

DEAF = "The AudioContext encountered an error from the audio device"
"""What it says on a machine without a sound card."""

BLOCKED = "Service Worker registration blocked by Playwright"
"""What it says in stories that do without the offline shell."""


class Device:
    """`complaints`: what no story may cause: console errors and warnings, uncaught exceptions, violations of
    the content policy, requests to another site."""

    account: Account

    def __init__(self, context: BrowserContext, line: Line) -> None:
        self.context = context
        self.line = line
        self.complaints: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("request", self._asked)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.line.port}"

    async def sign_in(self, account: Account) -> None:
        """Put the account's session into the cookie jar, as signing in would."""
        await self.context.clear_cookies()
        await self.context.add_cookies(
            [
                {
                    "name": "safevoice",
                    "value": account.token,
                    "url": self.url,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
            ]
        )

    async def open(self, path: str = "/") -> Screen:
        """A new tab."""
        page = await self.context.new_page()
        await page.goto(self.url + path)
        return Screen(page)

    def expect_complaint(self, pattern: str) -> None:
        """The story is about something that browsers report in the console."""
        self._expected.append(re.compile(pattern))

    async def lose_network(self) -> None:
        """As in a tunnel: nothing gets through, and the browser knows."""
        self.line.go_down()
        await self.context.set_offline(True)

    async def find_network(self) -> None:
        """The line works again, and the browser tells its pages, as it does for a network that appears."""
        self.line.come_up()
        await self.context.set_offline(False)
        for page in self.context.pages:
            await page.evaluate("() => void dispatchEvent(new Event('online'))")

    async def installed(self) -> None:
        """Wait until the app could start without a network."""
        await self.context.pages[0].evaluate("async () => void (await navigator.serviceWorker.ready)")

    def serious(self) -> list[str]:
        """The complaints that the story does not explain."""
        return [text for text in self.complaints if not self._explained(text)]

    def _explained(self, text: str) -> bool:
        if self.line.was_cut and LOST.search(text):
            return True
        return any(pattern.search(text) for pattern in self._expected)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert") and not message.text.startswith((BLOCKED, DEAF)):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, f"ws://localhost:{self.line.port}", "data:", "blob:")):
            self.complaints.append(f"asked another site: {request.url}")


@asynccontextmanager
async def device_of(browser: Browser, server_port: int, **options: Any) -> AsyncIterator[Device]:
    """A fresh browser on a fresh line; closed without looking at its complaints. Nothing moves in it unless
    asked for: what is on its way is neither here nor there."""
    async with line_to(server_port) as line:
        given = {"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce", **options}
        context = await browser.new_context(**given)
        context.set_default_timeout(PATIENCE_MS)
        try:
            yield Device(context, line)
        finally:
            await context.close()


def phone(**options: Any) -> dict[str, Any]:
    """Context options of a phone."""
    return {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2, **options}
