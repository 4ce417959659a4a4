"""What the index does by itself: follow what is said, take in what was said before, be written together."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from appliance.features.search import actions
from appliance.features.search.model import Source
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.transaction import Tx

PAUSE_S = 2.0
"""What is said within it is taken in together."""
REFUSED_S = 15.0
"""Who waits for the database makes others wait."""
AT_ONCE = 1000
"""Messages in one unit of work: some 25 ms of the writer, where so many wait; fewer cost more each."""
SLICE = 25
"""Units of a job before others get their turn."""
PAGES = 64
WORDS = 500
RETRY_MS = 60_000


class Indexer:
    """One at a time follows, fills or compacts: each relies on what the others leave in peace."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._db = house.db
        self._awake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._known = actions.Known()
        self._begun = False
        house.bus.on_wake(actions.PUT, self._awake.set)
        house.jobs.register(actions.INDEX, self.fill)
        house.jobs.register(actions.COMPACT, self.compact)

    async def run(self) -> None:
        """Follow what is said, until cancelled."""
        while True:
            self._awake.clear()
            if await self.catch_up():
                await self._awake.wait()
                await asyncio.sleep(PAUSE_S)
            else:
                await asyncio.sleep(REFUSED_S)

    async def catch_up(self) -> bool:
        """Take in what was said since; False where the database takes no writes, and it has to wait."""
        async with self._turn:
            try:
                if not self._begun:
                    source = actions.source_of(self._house)
                    await self._db.write(partial(actions.begin, source=source))
                    self._begun = True
                while await self._take(actions.fold):
                    pass
            except Refusal:
                return False
        return True

    async def fill(self, payload: dict[str, Any]) -> int | None:
        """Take in what was said before there was an index, a slice at a time."""
        for _ in range(SLICE):
            async with self._turn:
                if not await self._take(actions.fill):
                    return None
        return 0

    async def _take(self, take: Callable[[Tx, Source, actions.Known, int], actions.Taken]) -> bool:
        source, known = actions.source_of(self._house), self._known
        taken = await self._db.write(lambda tx: take(tx, source, known, AT_ONCE))
        # Only now: the transaction could have failed.
        self._known.add(taken)
        return taken.more

    async def compact(self, payload: dict[str, Any]) -> int | None:
        """Drop words that stand nowhere any more, write the index together, then empty the log: nothing is
        left on the disk of what was taken out. Asks to come again where a reader kept the log from that."""
        await self._drop_unused()
        begin, more = True, True
        while more:
            async with self._turn:
                more = await self._db.write(partial(actions.gather, pages=PAGES, begin=begin))
            begin = False
        return None if await self._db.empty_log() else RETRY_MS

    async def _drop_unused(self) -> None:
        after: str | None = ""
        while after is not None:
            unused, after = await self._db.read(partial(actions.unused, after=after, most=WORDS))
            for start in range(0, len(unused), AT_ONCE):
                some = unused[start : start + AT_ONCE]
                async with self._turn:
                    await self._db.write(partial(actions.drop_unused, words=some))
                    self._known.drop({word for _, word in some})
