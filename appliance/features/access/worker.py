"""What this feature keeps between requests: providers, sign-ins under way there, and codes for new
devices."""

import asyncio
from importlib import import_module
from typing import Any

from appliance.config import Provider as Settings
from appliance.features.access import actions
from appliance.features.access.flows import Flow, Flows
from appliance.features.access.links import Links
from appliance.features.access.model import Proven
from appliance.kernel.clock import Clock
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.session import Who


class Oidc:
    """The configured providers, each loaded when somebody first goes there."""

    def __init__(self, settings: dict[str, Settings], clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._providers: dict[str, Any] = {}
        self.flows = Flows(clock)

    def settings(self, name: str) -> Settings:
        """Raises not_found."""
        found = self._settings.get(name)
        if found is None:
            raise Refusal("not_found", field="provider")
        return found

    async def address(self, flow: Flow) -> str:
        """Where the browser has to go; raises provider_down or provider_refused."""
        address: str = await (await self._provider(flow.provider)).address(flow)
        return address

    async def prove(self, flow: Flow, code: str, issuer: str) -> Proven:
        """Who came back; raises provider_down or provider_refused."""
        proven: Proven = await (await self._provider(flow.provider)).prove(flow, code, issuer)
        return proven

    async def close(self) -> None:
        """End all connections."""
        for provider in self._providers.values():
            await provider.close()

    async def _provider(self, name: str) -> Any:
        if name not in self._providers:
            settings = self.settings(name)
            # In a thread, for the imports and the world's certificates take a while.
            made = await asyncio.to_thread(_load, settings, self._clock)
            self._providers.setdefault(name, made)
        return self._providers[name]


def _load(settings: Settings, clock: Clock) -> Any:
    return import_module("appliance.features.access.provider").Provider(settings, clock)


async def redeem(house: House, ticket: str) -> Who | None:
    """Whose ticket this is, which is used up by that; None for nobody's."""
    found = await house.db.read(lambda db: actions.holder(db, ticket))
    if found is None:
        return None
    who, stub = found
    # Garbage never gets this far, and so costs no turn of the writer.
    return who if await house.db.write(lambda tx: actions.use_ticket(tx, stub)) else None


__all__ = ["Links", "Oidc", "redeem"]
