"""Messages on the wire. `block` and `unblock` are bound here, because they change what counts as unread."""

from typing import Annotated, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.messages import actions
from appliance.features.messages.model import (
    MOST_MENTIONED,
    PAGE,
    Delete,
    Delivered,
    Edit,
    Limit,
    Listen,
    MarkUnread,
    Post,
    Read,
    SaveDraft,
    SetAttention,
)
from appliance.features.messages.worker import Cleaning, ReceiptTeller
from appliance.features.people.model import Block, Unblock
from appliance.features.search import actions as search
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.verbs import Live, Verb, Write
from appliance.wire.codec import Id, Seq
from appliance.wire.http import asker, house_of, reply

Q = TypeVar("Q", bound=msgspec.Struct)

NEWEST = "w"
"""Behind every id."""


class Query(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The query of a page of history."""

    before: Seq | None = None
    after: Seq | None = None
    around: Id | None = None
    around_seq: Seq | None = None
    limit: Limit = PAGE


class MentionsQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The query of what is for me."""

    before: Id | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_MENTIONED)] = PAGE


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    text_bytes = house.config.limits.text_bytes
    messages = actions.Messages(text_bytes, house.of_feature["posting"])
    receipts: ReceiptTeller = house.of_feature["receipts"]
    return {
        Post: Write(messages.post, "messages_per_minute", says=True, guests=True),
        Edit: Write(messages.edit, "messages_per_minute", says=True, guests=True),
        Delete: Write(actions.delete, "messages_per_minute", says=True, guests=True),
        Read: Write(actions.read, "changes_per_minute", guests=True),
        MarkUnread: Write(actions.mark_unread, "changes_per_minute", guests=True),
        SetAttention: Write(actions.set_attention, "changes_per_minute", guests=True),
        SaveDraft: Write(actions.Drafts(text_bytes).save, "changes_per_minute", guests=True),
        Listen: Write(actions.listen, "changes_per_minute", guests=True),
        Block: Write(actions.block, "changes_per_minute"),
        Unblock: Write(actions.unblock, "changes_per_minute"),
        Delivered: Live(receipts.delivered, guests=True, scope="write"),
    }


def settle(house: House) -> None:
    """Say how the rows of this feature's logs are loaded; later features may add to `posting`."""
    replays = house.replays
    replays.register(actions.MESSAGE, actions.load_messages)
    replays.register(actions.READ, actions.load_reads)
    replays.register(actions.ATTENTION, actions.load_attention)
    replays.register(actions.DRAFT, actions.load_drafts)
    replays.register(actions.LISTENED, actions.load_listened)
    replays.register_whole(actions.whole)
    replays.summaries = actions.summaries
    house.of_feature["posting"] = actions.Hooks()
    house.of_feature["receipts"] = receipts = ReceiptTeller(house)
    replays.heard = receipts.heard
    house.bus.on_hint(actions.RECEIPTS, receipts.touch)
    house.tasks.start("receipts", receipts.run)
    house.tasks.start("delivered", receipts.keep_flushing)
    house.purges.append(actions.purge)
    search.set_source(house, actions.SOURCE)
    Cleaning(house)


async def page(request: Request) -> Response:
    who = asker(request, guests=True)
    room: str = request.path_params["room"]
    query = _query(request, Query)
    ends = (query.before, query.after, query.around, query.around_seq)
    if sum(end is not None for end in ends) > 1:
        raise Refusal("bad_request", text="Give one of before, after, around and around_seq.")
    place = actions.Place(*ends, query.limit)
    return reply(await house_of(request).db.read(lambda db: actions.page(db, who, room, place)))


async def preview(request: Request) -> Response:
    who = asker(request)
    room: str = request.path_params["room"]
    return reply(await house_of(request).db.read(lambda db: actions.preview(db, who, room)))


async def mentions(request: Request) -> Response:
    who = asker(request, guests=True)
    query = _query(request, MentionsQuery)
    return reply(
        await house_of(request).db.read(
            lambda db: actions.mentioned(db, who, query.before or NEWEST, query.limit)
        )
    )


async def receipts(request: Request) -> Response:
    who, house = asker(request, guests=True), house_of(request)
    room: str = request.path_params["room"]
    held = house.of_feature["receipts"].holdings.of(room)
    return reply(await house.db.read(lambda db: actions.of_room(db, who, room, held)))


def _query(request: Request, kind: type[Q]) -> Q:
    try:
        return msgspec.convert(dict(request.query_params), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal("bad_request", text=f"This page cannot be asked for: {error}.") from error


ROUTES = [
    Route("/api/rooms/{room}/messages", page, methods=["GET"]),
    Route("/api/rooms/{room}/preview", preview, methods=["GET"]),
    Route("/api/rooms/{room}/receipts", receipts, methods=["GET"]),
    Route("/api/mentions", mentions, methods=["GET"]),
]
