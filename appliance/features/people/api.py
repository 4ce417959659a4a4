"""People on the wire. `block` and `unblock` are bound where unread messages are counted, since that changes
with them."""

import asyncio
import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.people import actions, worker
from appliance.features.people.model import ChangeProfile, PictureSet, SetNickname, SetPreferences
from appliance.features.people.pictures import FOLDER, MOST_BYTES, Pictures
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.verbs import Verb, Write
from appliance.wire.http import asker, done, house_of, reply, slow_down, upload

UPLOAD_S = 120.0
_ID = re.compile("[0-9a-v]{26}")


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    profiles = _profiles(house)
    return {
        ChangeProfile: Write(profiles.change_profile, "profile_changes_per_hour"),
        SetNickname: Write(actions.set_nickname, "changes_per_minute"),
        SetPreferences: Write(actions.set_preferences, "changes_per_minute", guests=True),
    }


def settle(house: House) -> None:
    """Say how the rows of this feature's logs are loaded, and keep what it needs between requests."""
    house.replays.register_whole(actions.whole)
    house.replays.register(actions.BLOCKED, actions.load_blocked)
    house.replays.register(actions.NICKNAMES, actions.load_nicknames)
    house.replays.register(actions.PREFERENCES, actions.load_preferences)
    house.of_feature["pictures"] = Pictures(house.config.data / FOLDER)
    house.jobs.register(actions.DROP_PICTURE, worker.drop_picture(house))
    house.jobs.register(worker.SWEEP, worker.sweep_pictures(house))
    house.jobs.register(worker.SKELETONS, worker.work_out_skeletons(house))
    house.tasks.start("people", lambda: worker.begin(house))


async def list_people(request: Request) -> Response:
    asker(request)
    q, after = (request.query_params.get(name, "")[:64] for name in ("q", "after"))
    return reply(await house_of(request).db.read(lambda db: actions.people(db, q, after)))


async def show_profile(request: Request) -> Response:
    who, house = asker(request, guests=True), house_of(request)
    person: str = request.path_params["person"]
    shared: actions.SharedRooms = house.of_feature["shared_rooms"]
    return reply(await house.db.read(lambda db: actions.profile(db, who, person, shared)))


async def set_picture(request: Request) -> Response:
    who, house = asker(request), house_of(request)
    slow_down(house, "profile_changes_per_hour", who.account)
    pictures: Pictures = house.of_feature["pictures"]
    with pictures.seat(who.account):
        received = await upload(request, MOST_BYTES, within_s=UPLOAD_S)
        picture = await actions.keep_picture(house, received)
    await house.db.write(lambda tx: _profiles(house).set_picture(tx, who.account, picture))
    return reply(PictureSet(picture=picture))


async def drop_picture(request: Request) -> Response:
    who, house = asker(request), house_of(request)
    slow_down(house, "profile_changes_per_hour", who.account)
    await house.db.write(lambda tx: _profiles(house).set_picture(tx, who.account, ""))
    return done()


async def show_picture(request: Request) -> Response:
    asker(request, guests=True)
    house, picture = house_of(request), str(request.path_params["picture"])
    pictures: Pictures = house.of_feature["pictures"]
    small = request.query_params.get("small") == "1"
    if not _ID.fullmatch(picture) or not await house.db.read(lambda db: actions.has_picture(db, picture)):
        raise Refusal("not_found")
    try:
        shown = await asyncio.to_thread(pictures.file(picture, small=small).read_bytes)
    except FileNotFoundError:
        raise Refusal("not_found") from None
    # Another picture has another id.
    kept = {"cache-control": "private, max-age=31536000, immutable"}
    return Response(shown, media_type="image/webp", headers=kept)


ROUTES = [
    Route("/api/people", list_people, methods=["GET"]),
    Route("/api/people/{person}", show_profile, methods=["GET"]),
    Route("/api/me/picture", set_picture, methods=["PUT"]),
    Route("/api/me/picture", drop_picture, methods=["DELETE"]),
    Route("/api/pictures/{picture}", show_picture, methods=["GET"]),
]


def _profiles(house: House) -> actions.Profiles:
    return actions.Profiles(house.of_feature["retell_person"])
