"""uvicorn, as this server starts and ends it."""

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn

from appliance.config import Config
from appliance.edge import doorstep
from appliance.kernel.house import House
from appliance.kernel.lock import StartRefused
from appliance.kernel.porch import Porch

GRACE_S = 8
"""How long a stop waits for what is being answered."""

TURN_S = 0.005

EACH_OPENS = 4
"""Connections to https for each socket that an address may have: browsers fetch with several beside it."""


class Server(uvicorn.Server):
    """uvicorn without its signal handling: it would end the process before the database is closed. And
    without its ticks of a tenth of a second: each stop waited for two or more."""

    def __init__(self, config: uvicorn.Config, house: House) -> None:
        super().__init__(config)
        self._house = house

    async def startup(self, sockets: Any = None) -> None:
        tls = self.config.ssl
        if tls is None:
            await super().startup(sockets)
            return
        await self.lifespan.startup()
        config = self._house.config
        most = config.limits.sockets_per_address
        whose = partial(doorstep.whose, config=config)
        porch = Porch(self._connection, tls, whose, most, most_open=EACH_OPENS * most)
        self.servers = [porch]  # type: ignore[list-item]  # looks like one to whoever closes it
        try:
            await porch.listen(config.host, config.port)
        except OSError as error:
            raise _refused(config) from error
        self.started = True

    def _connection(self) -> asyncio.BaseProtocol:
        make: Any = self.config.http_protocol_class
        connection: asyncio.BaseProtocol = make(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return connection

    async def main_loop(self) -> None:
        # Each of these ticks renews the date that answers carry.
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._house.stopping.wait(), 1)

    async def shutdown(self, sockets: Any = None) -> None:
        for listener in self.servers:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._let_finish(), GRACE_S)
        for task in self.server_state.tasks:
            task.cancel()

    async def _let_finish(self) -> None:
        while True:
            await asyncio.sleep(TURN_S)
            if not self.server_state.connections and not self.server_state.tasks:
                break
        for listener in self.servers:
            await listener.wait_closed()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def port(self, serving: "asyncio.Task[None]") -> int:
        """Wait until it listens; raises StartRefused when it cannot."""
        while not self.started:
            if serving.done():
                raise _refused(self._house.config)
            await asyncio.sleep(TURN_S)
        found: int = self.servers[0].sockets[0].getsockname()[1]
        return found


def _refused(config: Config) -> StartRefused:
    return StartRefused(f"SafeVoice cannot listen on {config.listen}.")
