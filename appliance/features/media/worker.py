"""What is cleared away in the background."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from appliance.features.media import actions
from appliance.features.media.actions import Files
from appliance.kernel import jobs
from appliance.kernel.house import House

Job = Callable[[dict[str, Any]], Awaitable[int | None]]

SWEEP = "media.sweep"
SWEEP_MS = 3_600_000
AT_ONCE = 200


async def begin(house: House) -> None:
    """From each start on: nothing is left of what was cut off, and the sweeping goes on."""
    await house.db.write(partial(jobs.enqueue, kind=SWEEP, payload={}, key=SWEEP))


def drop(house: House) -> Job:
    """Takes a file off the disk that nobody uses any more."""

    async def drop(payload: dict[str, Any]) -> None:
        await _drop_unused(house, [payload["digest"]])

    return drop


def sweep(house: House) -> Job:
    """Drops uploads that no message ever showed, and files that no row speaks of: a server that was killed
    between both left them."""
    files: Files = house.of_feature["media"]

    async def sweep(payload: dict[str, Any]) -> int:
        while await house.db.write(partial(actions.drop_unused, most=AT_ONCE)) == AT_ONCE:
            pass
        held = await asyncio.to_thread(lambda: sorted(files.held()))
        for start in range(0, len(held), AT_ONCE):
            await _drop_unused(house, held[start : start + AT_ONCE])
        return SWEEP_MS

    return sweep


async def _drop_unused(house: House, digests: list[str]) -> None:
    files: Files = house.of_feature["media"]
    async with files.turn:
        unused = await house.db.read(lambda db: [each for each in digests if not actions.is_held(db, each)])
        for digest in unused:
            await asyncio.to_thread(files.drop, digest)
