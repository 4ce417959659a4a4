"""When the relay is tried, what came of it, and who is told."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from typing import Literal, Protocol

from appliance.config.calls import hosts
from appliance.features.calls.hosts import known_hosts, resolved
from appliance.features.calls.model import RelayTest, RelayWay, RelayWayState
from appliance.features.calls.selftest import program
from appliance.features.calls.selftest.program import Broken, Key, Outcome, Walk
from appliance.features.calls.selftest.verdicts import ASTRAY, led_astray, missing, tries_of, untried, verdict
from appliance.features.calls.turn.credentials import Credentials
from appliance.features.calls.ways import Closed, Way, relay_host
from appliance.kernel import logs
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House

EVERY_S = 3600.0
FIRST_S = 3.0
"""After the start: whoever starts a server wants to see it first."""


Client = Callable[[list[Walk]], Awaitable[list[list[Outcome]]]]


class Relayed(Protocol):
    """What is tried: the relay as it stands."""

    ways: list[Way]
    closed: list[Closed]

    def lend(self) -> AbstractContextManager[Callable[[str], Credentials]]:
        """Keys of the server's own."""


class SelfTest:
    """One per server."""

    def __init__(
        self,
        house: House,
        relay: Relayed,
        *,
        client: Client | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._house = house
        self._relay = relay
        self._client = client
        self._sleep = sleep
        self._running: asyncio.Task[None] | None = None
        self._known: dict[str, RelayWay] = {}
        self._ran_at = 0
        self._broken = ""
        self.host = relay_host(house.config)

    def begin(self) -> None:
        """Try it soon, and then each hour, where the configuration says so."""
        if self._house.config.calls.relay_test == "yes" and (self._relay.ways or self._relay.closed):
            self._house.tasks.start("relay_test", self._hourly)

    @property
    def now(self) -> RelayTest:
        """How it stands."""
        calls = self._house.config.calls
        whose: Literal["own", "external", "no"] = "own" if calls.relay == "yes" else "no"
        if calls.external_urls:
            whose = "external"
        return RelayTest(
            relay=whose,
            host=self.host,
            running=self._running is not None,
            ran_at=self._ran_at,
            every_s=int(EVERY_S) if calls.relay_test == "yes" else 0,
            ways=list(self._ways()),
            code="broken" if self._broken else "",
            detail=self._broken,
        )

    def _ways(self) -> Iterator[RelayWay]:
        for way in self._relay.ways:
            yield self._known.get(way.url) or untried(way, self.host)
        yield from map(missing, self._relay.closed)

    async def run(self) -> RelayTest:
        """Try it now; whoever asks while it is being tried hears of the same try. Raises `restarting`."""
        task = self._running
        if task is None:
            self._running = task = asyncio.get_running_loop().create_task(self._try())
            task.add_done_callback(self._ended)
        # One of those who wait may leave: the others still want to know.
        await asyncio.wait([task])
        if task.cancelled():
            raise Refusal("restarting")
        task.result()
        return self.now

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running = None

    async def close(self) -> None:
        """End what runs; whoever waits for it is refused."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def _hourly(self) -> None:
        await self._sleep(FIRST_S)
        while True:
            with contextlib.suppress(Refusal):
                await self.run()
            await self._sleep(EVERY_S)

    async def _try(self) -> None:
        before, well = {way.name: way.state for way in self._ways()}, not self._broken
        try:
            self._known = await self._found()
            self._broken = ""
        except (Broken, OSError) as error:
            self._broken = str(error)
            if well:
                logs.warning("relay.test_failed", why=self._broken)
            return
        self._ran_at = self._house.clock.now_ms()
        self._tell(before)

    async def _found(self) -> dict[str, RelayWay]:
        """By their addresses, the ways as they were found."""
        ways, config = self._relay.ways, self._house.config
        if not ways:
            return {}
        with self._relay.lend() as key:
            walks = [_walk(way, self.host, key) for way in ways]
            outcomes = await (self._client or program.outcomes)(walks)
        lost = any(first.code in ASTRAY for first, *_ in outcomes)
        meant = await resolved(self.host) if lost else []
        astray = led_astray(meant, hosts(config.calls.public_address), known_hosts(config))
        return {
            way.url: verdict(way, self.host, found, astray=astray)
            for way, found in zip(ways, outcomes, strict=True)
        }

    def _tell(self, before: dict[str, RelayWayState]) -> None:
        metrics, now_s = self._house.metrics, self._ran_at / 1000
        for way in self._ways():
            well = way.state == "ok"
            metrics.relay_test_ok.values[way.name] = float(well)
            metrics.relay_test_seconds.values[way.name] = way.ms / 1000
            metrics.relay_test_time.values[way.name] = now_s
            if well and before.get(way.name) in ("bad", "here"):
                logs.event("relay.way_good", way=way.name, ms=way.ms)
            elif not well and before.get(way.name) in ("ok", "unknown"):
                logs.warning("relay.way_bad", way=way.name, state=way.state, code=way.code, why=way.detail)


def _walk(way: Way, host: str, key: Callable[[str], Credentials]) -> Walk:
    tries = tries_of(way, host)
    # Nobody else's quota, and each side's own: what they hold must not add up.
    sides = [
        tuple(_key(key, f"self-test-{way.name}-{at}{side}") for side in "ab") for at in range(len(tries))
    ]
    return Walk(way.url, tries, [(ada, ben) for ada, ben in sides])


def _key(key: Callable[[str], Credentials], whose: str) -> Key:
    made = key(whose.replace(":", "-").replace(".", "-"))
    return Key(made.username, made.password)
