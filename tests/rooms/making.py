"""Rooms of any name, for tests in which names matter."""

from typing import Any

from tests.client import Client
from tests.server import Account


async def make_room(owner: Client, *others: Account, **fields: Any) -> str:
    """A new room of `owner` with everybody else in it; returns its id."""
    made = await owner.do("create_room", **{"name": "Garden", "kind": "public", **fields})
    assert made["op"] == "ack", made
    for other in others:
        answer = await owner.do("add_member", room=made["subject"], person=other.id)
        assert answer["op"] == "ack", answer
    return str(made["subject"])
