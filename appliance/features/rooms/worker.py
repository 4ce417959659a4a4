"""What happens to rooms by itself: their time is over, or nobody undid that they were deleted."""

from functools import partial
from typing import Any

from appliance.features.rooms import actions
from appliance.kernel.house import House
from appliance.kernel.transaction import Tx

AT_ONCE = 2000
"""Rows in one unit of work, since every message waits meanwhile."""


class Endings:
    """The jobs at the end of a room."""

    def __init__(self, house: House) -> None:
        self._house = house
        house.jobs.register(actions.PURGE, self.purge)
        house.jobs.register(actions.EXPIRE, self.expire)

    async def expire(self, payload: dict[str, Any]) -> None:
        """A room's time may be over."""
        await self._house.db.write(partial(actions.expire, room=payload["room"]))

    async def purge(self, payload: dict[str, Any]) -> int | None:
        """Drop all that there is of a room, feature by feature; asks to come again when it is too early."""
        room: str = payload["room"]

        def unit(tx: Tx) -> int | None:
            # Asked each time: between two units somebody may have restored it.
            due = actions.due_in(tx, room)
            if due is None or due > 0:
                return due
            # Backwards on the ladder: later features point to what earlier ones keep.
            for let_go in reversed(self._house.purges):
                if let_go(tx, room, AT_ONCE):
                    return 0
            actions.purge(tx, room)
            return None

        while True:
            due = await self._house.db.write(unit)
            if due != 0:
                return due
