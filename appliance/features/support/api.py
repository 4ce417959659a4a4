"""Support rooms on the wire."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.support import actions
from appliance.features.support.model import AskForHelp, AssignTicket, CloseTicket, ReopenTicket
from appliance.kernel.house import House
from appliance.kernel.verbs import Verb, Write
from appliance.wire.http import asker, house_of, reply, staff


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {
        AskForHelp: Write(actions.Support(house.config).ask, "rooms_per_hour"),
        AssignTicket: Write(actions.assign, "changes_per_minute"),
        CloseTicket: Write(actions.close, "changes_per_minute"),
        ReopenTicket: Write(actions.reopen, "changes_per_minute"),
    }


def settle(house: House) -> None:
    """Say what is dropped with a room, and tell the staff of what is said to the desk."""
    house.purges.append(actions.purge_room)
    house.of_feature["posting"].support.append(actions.said)


async def mine(request: Request) -> Response:
    who = asker(request)
    return reply(await house_of(request).db.read(lambda db: actions.mine(db, who)))


async def queue(request: Request) -> Response:
    who, closed = staff(request), request.query_params.get("closed") == "1"
    return reply(await house_of(request).db.read(lambda db: actions.queue(db, who, closed=closed)))


ROUTES = [
    Route("/api/support", mine, methods=["GET"]),
    Route("/api/support/queue", queue, methods=["GET"]),
]
