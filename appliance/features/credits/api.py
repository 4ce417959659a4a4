"""Credits on the wire."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.credits import actions
from appliance.features.credits.model import Balance, Gift, Grant
from appliance.kernel.house import House
from appliance.kernel.verbs import Verb, Write
from appliance.wire.http import admin, asker, body, house_of, reply, slow_down


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {Gift: Write(actions.Credits(house.config).gift, "gifts_per_hour")}


def settle(house: House) -> None:
    """Say how the rows of this feature's logs are loaded."""
    house.replays.register(actions.CREDITS, actions.load_credits)


async def ledger(request: Request) -> Response:
    who, house = asker(request), house_of(request)
    before = request.query_params.get("before", "")[:26]
    credits = actions.Credits(house.config)
    return reply(await house.db.read(lambda db: credits.ledger(db, who, before)))


async def grant(request: Request) -> Response:
    who, asked, house = admin(request), await body(request, Grant), house_of(request)
    account, credits = str(request.path_params["account"]), actions.Credits(house.config)
    slow_down(house, "changes_per_minute", who.account)
    return reply(Balance(balance=await house.db.write(lambda tx: credits.grant(tx, who, account, asked))))


ROUTES = [
    Route("/api/credits", ledger, methods=["GET"]),
    Route("/api/accounts/{account}/credits", grant, methods=["POST"]),
]
