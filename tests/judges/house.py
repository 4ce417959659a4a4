"""The demo community on a server, and browsers of those who look at it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext

from appliance import app
from appliance.config import Community, Config
from appliance.dev.office import person
from appliance.dev.screenshots.community import LOOKED_AT, clock_at, index, settle
from appliance.dev.screenshots.relaying import try_relay
from appliance.dev.seed.settle import ADMIN
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.features.joining import actions as joining
from appliance.features.joining.model import NewGuestLink, NewInvite
from appliance.kernel.ids import new_secret
from appliance.kernel.transaction import Tx
from tests.judges.states import BUSY, MEMBER, NEWCOMER, NOBODY
from tests.server import ROOMY

MESSAGES = 2000


@dataclass(frozen=True)
class House:
    """Addresses of the community and of an empty server, sessions by who they are of, the path of a busy
    room, and those of links that the table of states names."""

    home: str
    new: str
    tokens: dict[str, str]
    room: str
    links: dict[str, str]

    def address(self, who: str, path: str) -> str:
        return (self.new if who == NOBODY else self.home) + path.format_map(self.links)

    async def visitor(self, browser: Browser, who: str, **options: Any) -> BrowserContext:
        """A browser of them, in which nothing moves and time stands still."""
        context = await browser.new_context(
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
            permissions=["clipboard-write"],
            **options,
        )
        await context.clock.set_fixed_time(LOOKED_AT)
        if who in self.tokens:
            await context.add_cookies([self.cookie(who)])
        return context

    def cookie(self, who: str) -> Any:
        return {"name": "safevoice", "value": self.tokens[who], "url": self.home, "httpOnly": True}


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[House]:
    """Both servers, with everything that the states need."""
    async with _serving(folder / "demo") as (house, _):
        await settle(house, MESSAGES)
    async with AsyncExitStack() as stack:
        house, home = await stack.enter_async_context(_serving(folder / "demo"))
        _, new = await stack.enter_async_context(_serving(folder / "new"))
        await index(house)
        config = Config(data=folder / "demo")

        def unit(tx: Tx) -> House:
            tx.now = int(LOOKED_AT.timestamp() * 1000)
            ada = person(tx, ADMIN, "admin")
            room = tx.value("SELECT id FROM rooms WHERE name = :name", name=BUSY)
            lena = auth.add_account(tx, NewAccount("lena", "Lena Vogt", "!")).id
            invite = joining.invite(tx, ada, NewInvite(uses=2, note="For the judges"), "")
            guests = joining.open_guest_link(tx, config, ada, room, NewGuestLink(), "")
            tokens = {MEMBER: _session(tx, ada.account), NEWCOMER: _session(tx, lena)}
            return House(home, new, tokens, f"/room/{room}", {"invite": invite.url, "guest": guests.url})

        yield await house.db.write(unit)


def _session(tx: Tx, account: str) -> str:
    token = new_secret()
    auth.sign_in(tx, account, NewDevice("Chromium on Linux", "desktop", token))
    return token


@asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[tuple[Any, str]]:
    community = Community(name="", credits="yes")
    config = Config(
        data=folder,
        listen="127.0.0.1:0",
        sign_up="open",
        limits=ROOMY,
        community=community,
        development="yes",
    )
    app.migrate(config)
    async with app.running(config, clock_at(LOOKED_AT)) as (house, port):
        await try_relay(house)
        yield house, f"http://localhost:{port}"
