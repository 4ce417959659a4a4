"""Pages of history, as a client asks for them."""

from typing import Any

from tests.edge.browser import browser
from tests.server import Account, Server


async def page(server: Server, who: Account, room: str, query: str = "?limit=100") -> dict[str, Any]:
    """A page of the room, as JSON."""
    async with browser(server, who.token) as b:
        answer = await b.get(f"/api/rooms/{room}/messages{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = {"has_before": False, "has_after": False, "quoted": [], **answer.json()}
    return found


def texts(found: dict[str, Any]) -> list[str | None]:
    """What its messages say, None for those that were deleted."""
    contents = [message["content"] for message in found["messages"]]
    return [content["text"] if content else None for content in contents]
