"""A connection that is over is over soon, whether its last answer was read or not."""

import asyncio
from typing import Any

import pytest

from appliance.edge import http
from appliance.edge.http import Connection


class Unread(asyncio.Transport):
    """Its other side takes nothing any more."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = False
        self.gone = asyncio.Event()

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.gone.set()


@pytest.mark.parametrize("end", ["timeout_keep_alive_handler", "_too_late"])
async def test_what_is_closed_is_not_waited_for_for_long(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    monkeypatch.setattr(http, "LINGER_S", 0.01)
    connection: Any = Connection.__new__(Connection)
    connection.transport, connection.loop = Unread(), asyncio.get_running_loop()
    getattr(connection, end)()
    assert connection.transport.closing
    assert not connection.transport.gone.is_set()
    async with asyncio.timeout(10):
        await connection.transport.gone.wait()
