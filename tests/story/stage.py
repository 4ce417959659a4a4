"""A server, people, and as many browsers as a story needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Error

from appliance.config.limits import Limits
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from appliance.kernel.session import Who
from tests.client import Client
from tests.server import ROOMY, Account, Server, serving
from tests.story.device import Device, device_of
from tests.story.screen import Screen

_STANDS = """async () => {
  const locks = await navigator.locks?.query()
  const kept = await navigator.serviceWorker?.getRegistration()
  const states = ['installing', 'waiting', 'active'].filter((each) => kept?.[each])
  return {
    version: document.querySelector('meta[name=generator]')?.content ?? '',
    worker: states.map((each) => `${each}: ${kept[each].state}`),
    controlled: Boolean(navigator.serviceWorker?.controller),
    locks: (locks?.held ?? []).map(({ name, clientId }) => `${name} (${clientId.slice(0, 8)})`),
    seen: document.visibilityState,
    open: document.querySelectorAll('dialog[open]').length,
    text: document.body.innerText.replace(/\\s+/g, ' ').slice(0, 600),
  }
}"""

ANSWERS_WITHIN = 5.0
"""Seconds: a page that does not say by then how it stands does not do so at all."""


class Stage:
    """Ada, Bela and the others are made when they are first named."""

    def __init__(self, browser: Browser, server: Server, stack: AsyncExitStack, *, shell: bool) -> None:
        self.server = server
        self.devices: list[Device] = []
        self._browser = browser
        self._stack = stack
        self._accounts: dict[str, Account] = {}
        self._options: dict[str, Any] = {} if shell else {"service_workers": "block"}

    async def account(self, name: str) -> Account:
        """The person with a first session, that no browser uses. Root is the community's admin."""
        if name not in self._accounts:
            self._accounts[name] = await self.server.account(name, admin=name == "root")
        return self._accounts[name]

    def knows(self, **accounts: Account) -> None:
        """These people are already in the server's data."""
        self._accounts.update(accounts)

    async def member(self, name: str, password: str) -> None:
        """An account that can sign in by the form."""
        house = self.server.house
        hashed = await house.of_feature["passwords"].hash(password)
        me = await house.db.write(lambda tx: auth.add_account(tx, NewAccount(name, name.title(), hashed)))
        self._accounts[name] = Account(me.id, "", "")

    async def revoke(self, device: Device) -> None:
        """End this browser's session from another device of the same person."""
        who = Who(device.account.id, device.account.device)
        await self.server.house.db.write(lambda tx: auth.revoke(tx, who, who.device))
        # What it asks for at that moment is refused, and the browser tells of it.
        device.expect_complaint("status of 401")

    async def stranger(self, **options: Any) -> Device:
        """A browser that nobody has used yet."""
        options = self._options | options
        device = await self._stack.enter_async_context(device_of(self._browser, self.server.port, **options))
        self.devices.append(device)
        return device

    async def device(self, name: str, **options: Any) -> Device:
        """One more browser of a person, signed in there as a device of its own."""
        device = await self.stranger(**options)
        device.account = await self.server.device(await self.account(name), f"browser {len(self.devices)}")
        await device.sign_in(device.account)
        return device

    async def screen(self, name: str, room: str = "", **options: Any) -> Screen:
        """A tab in one more browser of a person; in a room if one is named."""
        device = await self.device(name, **options)
        screen = await device.open(f"/room/{room}" if room else "/")
        await screen.is_connected()
        return screen

    async def beside(self, room: str) -> Screen:
        """One more tab in the browser of whoever came first."""
        screen = await self.devices[0].open(f"/room/{room}")
        await screen.is_connected()
        return screen

    async def screen_by_hand(self, name: str, path: str = "/") -> Screen:
        """A tab in one more browser of a person, whose clock can be moved by hand."""
        device = await self.device(name)
        page = await device.context.new_page()
        await page.clock.install()
        await page.goto(device.url + path)
        screen = Screen(page)
        await screen.is_connected()
        return screen

    async def client(self, name: str) -> Client:
        """One more device of a person, without a browser: quick, and exact in what it sends."""
        client: Client = await self._stack.enter_async_context(self.server.connect(await self.account(name)))
        return client

    async def room(self, owner: str, *others: str, name: str = "Garden", **fields: Any) -> str:
        """A new room of `owner` with everybody else in it; returns its id."""
        async with self.server.connect(await self.account(owner)) as client:
            made = await client.do("create_room", name=name, **{"kind": "public", **fields})
            for other in others:
                await self.add(client, made["subject"], other)
            return str(made["subject"])

    async def dm(self, one: str, other: str) -> str:
        """The direct message of two people; returns its id."""
        async with self.server.connect(await self.account(one)) as client:
            answer = await client.do("start_dm", person=(await self.account(other)).id)
            return str(answer["subject"])

    async def add(self, owner: Client, room: str, name: str) -> None:
        """Bring somebody into a room."""
        answer = await owner.do("add_member", room=room, person=(await self.account(name)).id)
        assert answer["op"] == "ack", answer

    async def messages(self, room: str) -> int:
        """How many messages the server holds there, deleted ones included."""
        sql = "SELECT count(*) FROM messages WHERE room = :room"
        found: int = await self.server.house.db.read(lambda db: db.value(sql, room=room))
        return found

    async def tell(self) -> None:
        """Print how every page stands: what goes wrong once in a hundred times may not do so again."""
        for number, device in enumerate(self.devices):
            for page in device.context.pages:
                try:
                    how = await asyncio.wait_for(page.evaluate(_STANDS), ANSWERS_WITHIN)
                except (TimeoutError, Error) as error:
                    how = repr(error)
                print(f"device {number}, {page.url}: {how}")
            print(f"device {number} complained: {device.complaints}")

    def assert_quiet(self) -> None:
        """No browser had anything to complain about, and nothing went wrong inside the server."""
        for device in self.devices:
            complaints = device.serious()
            assert not complaints, "\n".join(complaints)
        inside = self.server.house.metrics.errors.values.get("internal", 0)
        assert not inside, f"{inside} internal errors on the server"


_outcomes: list[bool] = []


def note(*, failed: bool) -> None:
    """How the story that is just being told went."""
    _outcomes[:] = [failed]


def went_wrong() -> bool:
    return any(_outcomes)


@asynccontextmanager
async def staged(
    browser: Browser, folder: Path, limits: Limits = ROOMY, *, shell: bool = False, **options: Any
) -> AsyncIterator[Stage]:
    """A stage with a server of its own; asserts at the end that all was quiet. `shell`: browsers keep the app
    for a start without a network. To fetch all its files anew for each of hundreds of fresh browsers took
    half of the time of all stories, so only those have it that are about it."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(folder, limits=limits, **options))
        stage = Stage(browser, server, stack, shell=shell)
        yield stage
        if went_wrong():
            await stage.tell()
        stage.assert_quiet()
