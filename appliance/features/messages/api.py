"""Messages on the wire."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.messages import actions
from appliance.features.messages.model import PAGE, Delete, Edit, Limit, Post, Read
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.verbs import Verb, Write
from appliance.wire.codec import Id, Seq
from appliance.wire.http import asker, house_of, reply


class Query(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The query of a page of history."""

    before: Seq | None = None
    after: Seq | None = None
    around: Id | None = None
    limit: Limit = PAGE


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    messages = actions.Messages(house.config.limits.text_bytes)
    return {
        Post: Write(messages.post, "messages_per_minute", says=True, guests=True),
        Edit: Write(messages.edit, "messages_per_minute", says=True, guests=True),
        Delete: Write(actions.delete, "messages_per_minute", says=True, guests=True),
        Read: Write(actions.read, "changes_per_minute", guests=True),
    }


def settle(house: House) -> None:
    """Say how the rows of this feature's logs are loaded."""
    house.replays.register(actions.MESSAGE, actions.load_messages)
    house.replays.register(actions.READ, actions.load_reads)
    house.replays.summaries = actions.summaries


async def page(request: Request) -> Response:
    who = asker(request, guests=True)
    room: str = request.path_params["room"]
    try:
        query = msgspec.convert(dict(request.query_params), Query, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal("bad_request", text=f"This page cannot be asked for: {error}.") from error
    if sum(end is not None for end in (query.before, query.after, query.around)) > 1:
        raise Refusal("bad_request", text="Give one of before, after and around.")
    place = actions.Place(query.before, query.after, query.around, query.limit)
    return reply(await house_of(request).db.read(lambda db: actions.page(db, who, room, place)))


ROUTES = [Route("/api/rooms/{room}/messages", page, methods=["GET"])]
