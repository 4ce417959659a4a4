"""Work in the background that is watched: a crash is logged and it starts again; shutdown is in order."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from appliance.kernel import logs
from appliance.kernel.clock import Clock

FIRST_WAIT = 0.1
LONGEST_WAIT = 30.0
GOOD_RUN = 60.0
"""Seconds after which a crash counts as the first one again."""


class Alarm:
    """Wakes whoever does what is due: at the time that they ask for, or when there is something new."""

    def __init__(self) -> None:
        self._set_off = asyncio.Event()

    def wake(self) -> None:
        """Look now."""
        self._set_off.set()

    async def follow(self, look: Callable[[], Awaitable[float | None]]) -> None:
        """Call `look`, which does what is due and says in how many seconds there is more (None: nothing that
        it knows of), again and again, until cancelled. What is new while it looks is not missed."""
        while True:
            self._set_off.clear()
            pause = await look()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._set_off.wait()


class Tasks:
    """All background tasks of one server, by name."""

    def __init__(self, clock: Clock, *, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work()` until it returns; when it raises, log that and run it again after a while."""
        if self._stopping or name in self._running:
            raise RuntimeError(f"the task {name!r} cannot start now")
        task = asyncio.get_running_loop().create_task(self._supervise(name, work), name=name)
        self._running[name] = task
        task.add_done_callback(lambda _: self._running.pop(name, None))

    async def _supervise(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        wait = FIRST_WAIT
        while True:
            began = self._clock.monotonic()
            try:
                return await work()
            except Exception as error:
                if self._clock.monotonic() - began >= GOOD_RUN:
                    wait = FIRST_WAIT
                logs.failure("task.crashed", error, task=name, again_in_s=wait)
            await self._sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    @property
    def names(self) -> list[str]:
        """The tasks that run, in order of their start."""
        return list(self._running)

    async def stop(self, within: float = 5.0) -> list[str]:
        """Cancel every task, the last started first, each after the other has ended: what was started
        later may lean on what was there before. Tasks still running after `within` seconds are left
        behind, logged, and returned by name."""
        self._stopping = True
        deadline = self._clock.monotonic() + within
        stuck: list[str] = []
        for name, task in reversed(list(self._running.items())):
            task.cancel()
            left = max(0.0, deadline - self._clock.monotonic())
            done, _ = await asyncio.wait([task], timeout=left)
            if not done:
                stuck.append(name)
                logs.warning("task.stuck", task=name)
        return stuck
