"""Files on the wire."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.media import actions, serving, worker
from appliance.features.media.actions import Files, Media
from appliance.features.media.model import FOLDER, Uploaded
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.transaction import Tx
from appliance.kernel.verbs import Verb
from appliance.wire.http import asker, house_of, receive, reply, slow_down

UPLOAD_S = 120.0
UPLOAD_STEP = 32_768
"""So many bytes at least in that time: as little as a line gives on which anything still works."""
MIB = 1 << 20
_ID = re.compile("[0-9a-v]{26}")


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {}


def settle(house: House) -> None:
    """Keep the files, and look after them in the background."""
    house.of_feature["media"] = files = Files(house.config.data / FOLDER)
    # Before anything is received: only this process writes there.
    files.sweep_new()
    house.jobs.register(actions.DROP, worker.drop(house))
    house.jobs.register(worker.SWEEP, worker.sweep(house))
    house.purges.append(actions.purge)
    house.tasks.start("media", lambda: worker.begin(house))


async def upload(request: Request) -> Response:
    who, house = asker(request, guests=True), house_of(request)
    slow_down(house, "uploads_per_hour", who.account)
    files: Files = house.of_feature["media"]
    limits = house.config.limits
    media = Media(limits.upload_quota_mib * MIB)
    with files.seat(who.account):
        most = limits.upload_mib * MIB
        async with files.arriving(most) as arriving:
            await receive(request, most, arriving.take, within_s=UPLOAD_S, each_bytes=UPLOAD_STEP)
            arrived = await asyncio.to_thread(arriving.finish)
            async with files.turn:
                await asyncio.to_thread(files.settle, arriving, arrived.digest)
                kept = await _written(house, partial(media.keep, who=who, arrived=arrived), arrived.digest)
    return reply(Uploaded(media=kept, type=arrived.type, bytes=arrived.bytes), 201)


async def show(request: Request) -> Response:
    who, house = asker(request, guests=True), house_of(request)
    media = str(request.path_params["media"])
    if not _ID.fullmatch(media):
        raise Refusal("not_found")
    held = await house.db.read(lambda db: actions.seen(db, who, media))
    files: Files = house.of_feature["media"]
    with contextlib.ExitStack() as while_sent:
        while_sent.enter_context(files.reading(who.account))
        return await serving.answer(request, held, files.file(held.digest), while_sent)


async def _written(house: House, unit: Callable[[Tx], str], digest: str) -> str:
    try:
        kept: str = await house.db.write(unit)
    except Refusal:
        if not await house.db.read(lambda db: actions.is_held(db, digest)):
            files: Files = house.of_feature["media"]
            await asyncio.to_thread(files.drop, digest)
        raise
    return kept


ROUTES = [
    Route("/api/media", upload, methods=["POST"]),
    Route("/api/media/{media}", show, methods=["GET"]),
]
