"""Looking for something as the app does."""

from typing import Any

from tests.edge.browser import browser
from tests.server import Account, Server


async def look(server: Server, who: Account, query: str, **fields: Any) -> dict[str, Any]:
    """`POST /api/search`."""
    async with browser(server, who.token) as b:
        answer = await b.post("/api/search", json={"query": query, **fields})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def texts(server: Server, who: Account, query: str, **fields: Any) -> list[str]:
    """The snippets of all hits, in their order."""
    return ["".join(hit["snippet"]) for hit in (await look(server, who, query, **fields))["hits"]]


async def marked(server: Server, who: Account, query: str, **fields: Any) -> list[list[str]]:
    """Of each hit what is marked in its snippet."""
    return [hit["snippet"][1::2] for hit in (await look(server, who, query, **fields))["hits"]]


async def catch_up(server: Server) -> None:
    """Everything that was said is in the index, and nothing is found only because it is new."""
    # A message of this very millisecond waits for the next.
    now = server.house.clock.now_ms()
    assert server.house.clock.now_ms() > now, "this server's clock has to run"
    await take_in(server)


async def take_in(server: Server) -> None:
    """What was said before this millisecond is in the index."""
    await server.house.of_feature["search"].catch_up()


async def places(server: Server) -> int:
    """How many messages the index holds."""
    count = await server.house.db.read(lambda db: db.value("SELECT count(*) FROM search_places"))
    return int(count)
