"""The logo on the wire. Whoever comes to the door sees it, so these answers know nobody."""

import hashlib

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.auth import actions as auth
from appliance.features.logo import actions
from appliance.features.logo.model import LogoSet, manifest
from appliance.features.people import actions as people
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.transaction import Reader
from appliance.kernel.verbs import Verb
from appliance.wire.http import admin, done, house_of, reply, slow_down, upload

UPLOAD_S = 120.0


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {}


def settle(house: House) -> None:
    """Nothing is kept between requests."""


async def change_logo(request: Request) -> Response:
    who, house = admin(request), house_of(request)
    slow_down(house, "profile_changes_per_hour", who.account)
    with house.of_feature["pictures"].seat(who.account):
        received = await upload(request, people.PICTURE_BYTES, within_s=UPLOAD_S)
        images = await people.draw_logo(house, received)
    return reply(LogoSet(logo=await house.db.write(lambda tx: actions.change(tx, who, images))))


async def take_down_logo(request: Request) -> Response:
    who, house = admin(request), house_of(request)
    slow_down(house, "changes_per_minute", who.account)
    await house.db.write(lambda tx: actions.take_down(tx, who))
    return done()


async def show_logo(request: Request) -> Response:
    logo, form = (str(request.path_params[name]) for name in ("logo", "form"))
    image = await house_of(request).db.read(lambda db: actions.image(db, logo, form))
    if image is None:
        raise Refusal("not_found")
    # Another logo has another id.
    kept = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(image, media_type="image/png", headers=kept)


async def show_manifest(request: Request) -> Response:
    house = house_of(request)

    def look(db: Reader) -> bytes:
        return msgspec.json.encode(manifest(auth.settings(db, house.config), auth.logo(db)))

    body = await house.db.read(look)
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"etag": etag, "cache-control": "no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/manifest+json", headers=headers)


ROUTES = [
    Route("/api/logo", change_logo, methods=["PUT"]),
    Route("/api/logo", take_down_logo, methods=["DELETE"]),
    Route("/api/logo/{logo}/{form}", show_logo, methods=["GET"]),
    Route("/manifest.webmanifest", show_manifest, methods=["GET"]),
]
