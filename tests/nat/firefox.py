"""Firefox on a host of the lab, led by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/)."""

import asyncio
import itertools
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.nat.caller import COOKIE, WATCH, Visit
from tests.nat.lab import HOUSE, inside, reach

PROGRAM = "firefox-esr"
PREFERENCES = {
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    # Nothing but the lab is there to be asked.
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disabled": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "extensions.systemAddon.update.enabled": False,
    "remote.active-protocols": 1,
}
LISTENS = re.compile(rb"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)")
PATIENCE_S = 60.0
"""Only how long a broken test hangs."""


class Tab:
    """See `caller.Tab`."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.ensure_future(self._read())
        self.context = ""

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for received in self._line:
                said = json.loads(received)
                waiting = self._waiting.pop(said.get("id") or 0, None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(said)

    async def ask(self, method: str, **params: Any) -> Any:
        """A command and its result."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._line.send(json.dumps({"id": number, "method": method, "params": params}))
        said = await asyncio.wait_for(self._waiting[number], PATIENCE_S)
        assert said["type"] == "success", said
        return said["result"]

    async def run(self, function: str, given: Any = None) -> Any:
        """The values go there and come back as JSON, which spares the protocol's own form of them."""
        found = await self.ask(
            "script.callFunction",
            functionDeclaration=f"async (a) => JSON.stringify(await ({function})(JSON.parse(a)) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(given)}],
            target={"context": self.context},
            awaitPromise=True,
        )
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return json.loads(found["result"]["value"])

    async def open(self, visit: Visit) -> None:
        """A session, and the app in it."""
        await self.ask("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        value = {"type": "string", "value": visit.token}
        cookie = {**COOKIE, "sameSite": "strict", "value": value, "domain": HOUSE}
        await self.ask("storage.setCookie", cookie=cookie)
        watch = f"() => ({WATCH})({json.dumps(visit.refused)})"
        await self.ask("script.addPreloadScript", functionDeclaration=watch)
        self.context = (await self.ask("browsingContext.create", type="tab"))["context"]
        url = f"https://{HOUSE}{visit.path}"
        await self.ask("browsingContext.navigate", context=self.context, url=url, wait="complete")


@asynccontextmanager
async def firefox(host: str, visit: Visit, folder: Path) -> AsyncIterator[Tab]:
    """One that stands on this host, with the app open."""
    profile = folder / f"firefox-of-{host}"
    profile.mkdir()
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
    (profile / "user.js").write_text("\n".join(lines))
    process = await asyncio.create_subprocess_exec(
        *(*inside(host), PROGRAM, "--headless", "--no-remote", "--profile", str(profile)),
        *("--remote-debugging-port", "0"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        port = await asyncio.wait_for(_port_of(process), PATIENCE_S)
        line = await asyncio.to_thread(reach, host, port)
        url = f"ws://127.0.0.1:{port}/session"
        async with connect(url, sock=line, max_size=None, compression=None, proxy=None) as connection:
            tab = Tab(connection)
            await tab.open(visit)
            yield tab
    finally:
        process.kill()
        await process.communicate()


async def _port_of(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    said = b""
    async for words in process.stderr:
        said += words
        if found := LISTENS.search(words):
            return int(found[1])
    raise AssertionError(f"Firefox did not start: {said.decode(errors='replace')}")
