"""Search on the wire."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.search import actions
from appliance.features.search.model import Search
from appliance.features.search.worker import Indexer
from appliance.kernel.house import House
from appliance.kernel.verbs import Verb
from appliance.wire.http import asker, body, house_of, reply, slow_down


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do: none."""
    return {}


def settle(house: House) -> None:
    """Let the index follow what is said. Later features say where that comes from."""
    house.of_feature["search"] = indexer = Indexer(house)
    house.tasks.start("search", indexer.run)


async def search(request: Request) -> Response:
    who, asked, house = (
        asker(request, guests=True, scope="read"),
        await body(request, Search),
        house_of(request),
    )
    slow_down(house, "searches_per_minute", who.account)
    source = actions.source_of(house)
    return reply(await house.db.read(lambda db: actions.search(db, who, asked, source)))


ROUTES = [Route("/api/search", search, methods=["POST"])]
