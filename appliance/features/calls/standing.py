"""Whether somebody is still signed in on a device, as far as the relay has to know."""

import asyncio
from collections.abc import Awaitable, Callable

from appliance.kernel import logs

MOST_ASKED = 1000
"""Devices that are looked up at the same time. More than that come only from somebody who has our secret."""

MOST_GONE = 10_000


class Standing:
    """A device that gets its key from this process is known at once. One that got it from an earlier one is
    looked up once, and its request waits for that. A device that was signed out never comes back."""

    def __init__(self, look: Callable[[str], Awaitable[bool]]) -> None:
        self._known: set[str] = set()
        self._gone: set[str] = set()
        self._look = look
        self._asked: dict[str, list[Callable[[], None]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def of(self, device: str, then: Callable[[], None]) -> bool | None:
        """See `turn.doorkeeper.Standing`."""
        if device in self._known:
            return True
        if device in self._gone:
            return False
        waiting = self._asked.get(device)
        if waiting is not None:
            # A request that is sent again while it waits need not wait twice.
            waiting[:] = [*waiting[:7], then]
            return None
        if len(self._asked) >= MOST_ASKED:
            return False
        self._asked[device] = [then]
        task = asyncio.get_running_loop().create_task(self._ask(device))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return None

    def begin(self, device: str) -> None:
        """Somebody is signed in there."""
        self._known.add(device)

    def end(self, device: str) -> None:
        """Nobody is signed in there any more, whatever is being looked up."""
        self._known.discard(device)
        self._settle(device, stands=False)

    def close(self) -> None:
        """Look up nothing any more."""
        for task in self._tasks:
            task.cancel()

    def _settle(self, device: str, *, stands: bool) -> None:
        if stands:
            self._known.add(device)
        else:
            if len(self._gone) >= MOST_GONE:
                self._gone.clear()
            self._gone.add(device)
        for then in self._asked.pop(device, ()):
            then()

    async def _ask(self, device: str) -> None:
        try:
            stands = await self._look(device)
        except Exception as error:
            # The client asks again by itself, and then it is looked up again, whatever went wrong: one that
            # counts as being looked up would wait for ever.
            logs.failure("relay.unknown_device", error)
            self._asked.pop(device, None)
            return
        # Else it was signed out meanwhile, and what was read is old.
        if device in self._asked:
            self._settle(device, stands=stands)
