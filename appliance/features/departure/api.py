"""Going, on the wire."""

from collections.abc import AsyncIterator
from functools import partial

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from appliance.features.departure import actions
from appliance.features.departure.model import DeleteMe
from appliance.features.media import actions as media
from appliance.features.signin import actions as signin
from appliance.kernel.house import House
from appliance.kernel.transaction import Reader
from appliance.kernel.verbs import Verb
from appliance.wire.codec import encode
from appliance.wire.http import body, done, end_session, house_of, owner, slow_down

FILE = "safevoice.jsonl"


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {}


def settle(house: House) -> None:
    """Nothing to say: what it changes are rows of others."""


async def export(request: Request) -> Response:
    """One's own data as JSON lines (application/x-ndjson), while it is read: nothing of it is ever whole in
    memory, and no read lasts as long as somebody's slow line."""
    who, house = owner(request), house_of(request)
    slow_down(house, "exports_per_day", who.account)

    async def lines() -> AsyncIterator[bytes]:
        files: actions.Export = partial(media.export, house.of_feature["media"])
        for source in (*actions.EXPORTS, files):
            after, more = "", True
            while more:
                found, after = await house.db.read(partial(_part, source, who.account, after))
                yield found
                more = after != ""

    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{FILE}"'}
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=headers)


def _part(source: actions.Export, account: str, after: str, db: Reader) -> tuple[bytes, str]:
    """Written out where it is read: a megabyte of it would hold up everybody on the loop."""
    found, after = actions.part(source, account, after, db)
    return b"".join(encode(line) + b"\n" for line in found), after


async def delete_account(request: Request) -> Response:
    who, asked, house = owner(request), await body(request, DeleteMe), house_of(request)
    signin.require_confirmed(house, who)
    await house.db.write(lambda tx: actions.delete_account(tx, who, keep_messages=asked.keep_messages))
    return end_session(request, done())


ROUTES = [
    Route("/api/me/export", export, methods=["POST"]),
    Route("/api/me/delete", delete_account, methods=["POST"]),
]
