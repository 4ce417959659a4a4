"""What is cleared away, and caught up with, in the background."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from appliance.features.auth import actions as auth
from appliance.features.people import actions
from appliance.features.people.pictures import Pictures
from appliance.kernel import jobs
from appliance.kernel.house import House
from appliance.kernel.ids import new_id

Job = Callable[[dict[str, Any]], Awaitable[int | None]]

SWEEP = "people.sweep_pictures"
SKELETONS = "people.skeletons"

DAY_MS = 86_400_000
UNUSED_MS = 3_600_000
"""A picture that nothing speaks of after so long never will be: the row follows the files at once."""
AT_ONCE = 500

_ID = re.compile("[0-9a-v]{26}")


async def begin(house: House) -> None:
    """Ask for what has to be looked after from each start on."""
    for kind in (SWEEP, SKELETONS):
        await house.db.write(partial(jobs.enqueue, kind=kind, payload={}, key=kind))


def drop_picture(house: House) -> Job:
    """Takes the files of a picture off the disk that nobody uses any more."""
    pictures: Pictures = house.of_feature["pictures"]

    async def drop(payload: dict[str, Any]) -> None:
        await asyncio.to_thread(pictures.drop, payload["picture"])

    return drop


def sweep_pictures(house: House) -> Job:
    """Takes files off the disk that no row speaks of: of uploads that were cut off in the middle."""
    pictures: Pictures = house.of_feature["pictures"]

    async def sweep(payload: dict[str, Any]) -> int:
        settled = new_id(house.clock.now_ms() - UNUSED_MS)
        held = await asyncio.to_thread(lambda: sorted({*pictures.held()}))
        old = [picture for picture in held if _ID.fullmatch(picture) and picture < settled]
        for start in range(0, len(old), AT_ONCE):
            some = old[start : start + AT_ONCE]
            for picture in await house.db.read(partial(actions.unused_pictures, among=some)):
                await asyncio.to_thread(pictures.drop, picture)
        return DAY_MS

    return sweep


def work_out_skeletons(house: House) -> Job:
    """Gives accounts of earlier versions what their names look like, a few at a time."""

    async def work_out(payload: dict[str, Any]) -> int | None:
        return 50 if await house.db.write(auth.work_out_skeletons) else None

    return work_out
