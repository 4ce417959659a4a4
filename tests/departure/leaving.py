"""Going, as somebody does it."""

import json
from typing import Any

from tests.edge.browser import browser
from tests.server import Account, Server


def confirm(server: Server, who: Account) -> None:
    """They showed a moment ago that it is them."""
    server.house.of_feature["confirmed"].keep(who.device, True)


async def confine(server: Server, who: Account) -> None:
    """Make a program of the device: it may read and write, and nothing that is the person's own."""
    sql = "UPDATE sessions SET scopes = 'read write' WHERE device = :device"
    await server.house.db.write(lambda tx: tx.run(sql, device=who.device))


async def delete(server: Server, who: Account, *, keep_messages: bool = True, confirmed: bool = True) -> Any:
    """Delete the account; returns the answer."""
    if confirmed:
        confirm(server, who)
    async with browser(server, who.token) as b:
        return await b.post("/api/me/delete", json={"keep_messages": keep_messages})


async def export(server: Server, who: Account) -> list[dict[str, Any]]:
    """All lines of the download."""
    async with browser(server, who.token) as b:
        answer = await b.post("/api/me/export", json={})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def of_kind(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["kind"] == kind]
