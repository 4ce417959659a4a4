"""Rooms of any name, for tests in which names matter."""

from typing import Any

from appliance.features.rooms import actions
from appliance.kernel.transaction import Tx
from tests.client import Client, client_id
from tests.edge.browser import browser
from tests.server import Account, Server


async def make_room(owner: Client, *others: Account, **fields: Any) -> str:
    """A new room of `owner` with everybody else in it; returns its id."""
    made = await owner.do("create_room", **{"name": "Garden", "kind": "public", **fields})
    assert made["op"] == "ack", made
    for other in others:
        answer = await owner.do("add_member", room=made["subject"], person=other.id)
        assert answer["op"] == "ack", answer
    return str(made["subject"])


async def make_secret(server: Server, owner: Account, **fields: Any) -> dict[str, Any]:
    """A new secret room of `owner`; returns how others get in."""
    async with browser(server, owner.token) as b:
        body = {"client_id": client_id(), "name": "Cellar", **fields}
        answer = await b.post("/api/secret-rooms", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def enter(server: Server, who: Account, code: str, password: str = "") -> int:
    """Try a code; returns the HTTP status."""
    async with browser(server, who.token) as b:
        answer = await b.post("/api/secret-rooms/enter", json={"code": code, "password": password})
    return int(answer.status_code)


def bring(tx: Tx, room: str, guest: str) -> int:
    """Let a guest in, as a link would."""
    return actions.Rooms(0).admit(tx, room, guest, "guest", actor=guest)
