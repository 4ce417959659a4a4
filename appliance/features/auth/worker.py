"""What this feature keeps between requests."""

import asyncio
from functools import partial

from appliance.features.auth import actions
from appliance.kernel.clock import Clock
from appliance.kernel.db import Database
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_code

FLUSH_S = 60
AT_ONCE = 500
"""Devices in one unit of work: after a restart everybody is seen anew, and messages must get in between."""


class SetUpCode:
    """The code that only somebody who sees the terminal knows; a new one at each start."""

    def __init__(self) -> None:
        self.value = new_code()


class LastSeen:
    """When each device was last here: kept in memory, written now and then, because a write a request
    would make every reader a writer."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._seen: dict[str, int] = {}

    def note(self, device: str) -> None:
        """The device is here now."""
        self._seen[device] = self._clock.now_ms()

    def newest(self, device: str, stored: int) -> int:
        """When the device was last here; `stored`: what the database says."""
        return max(stored, self._seen.get(device, 0))

    async def flush(self) -> None:
        """Write what was noted, or keep it for the next time when the database takes no writes."""
        seen, self._seen = list(self._seen.items()), {}
        for start in range(0, len(seen), AT_ONCE):
            some = dict(seen[start : start + AT_ONCE])
            try:
                await self._db.write(partial(actions.touch_devices, seen=some))
            except Refusal:
                self._seen = dict(seen[start:]) | self._seen
                return

    async def run(self) -> None:
        """Flush every minute until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_S)
            await self.flush()
