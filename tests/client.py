"""A client of the protocol for tests: says what it is told, remembers all that it hears."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from appliance.wire.frames import PROTOCOL

Frame = dict[str, Any]

PATIENCE_S = 10.0
"""Only how long a broken test hangs: nothing here waits for time to pass."""

_numbers = itertools.count(1)


def client_id() -> str:
    """A client_id that nobody used before."""
    return f"test-client-id-{next(_numbers):08d}"


class Client:
    """One socket. `heard`: every frame so far, in order."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[Frame] = []
        self._changed = asyncio.Condition()
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        try:
            async for received in self.connection:
                async with self._changed:
                    self.heard.append(json.loads(received))
                    self._changed.notify_all()
        except ConnectionClosed:
            pass
        async with self._changed:
            self._changed.notify_all()

    async def until(self, matches: Callable[[Frame], bool], *, since: int = 0) -> Frame:
        """The first frame from number `since` on that matches, now or later."""
        seen = since
        async with asyncio.timeout(PATIENCE_S), self._changed:
            while True:
                for frame in self.heard[seen:]:
                    if matches(frame):
                        return frame
                seen = len(self.heard)
                if self._reading.done() or self.connection.close_code is not None:
                    raise AssertionError(f"closed with {self.connection.close_code} before it came")
                await self._changed.wait()

    async def say(self, op: str, **fields: Any) -> str:
        """Send a command; returns its request id."""
        request = fields.pop("id", f"q{next(_numbers)}")
        await self.connection.send(json.dumps({"op": op, "id": request, **fields}))
        return str(request)

    async def ask(self, op: str, **fields: Any) -> Frame:
        """Send a command and return its answer."""
        request = await self.say(op, **fields)
        return await self.until(lambda frame: frame.get("id") == request)

    async def do(self, op: str, **fields: Any) -> Frame:
        """Send a lasting command and return its answer, an ack or an error."""
        return await self.ask(op, client_id=fields.pop("client_id", client_id()), **fields)

    async def post(self, room: str, text: str, **fields: Any) -> Frame:
        """Say something in a room; returns the answer."""
        return await self.do("post", room=room, content={"type": "text", "text": text}, **fields)

    async def talk(self, room: str, count: int, words: str = "Number") -> None:
        """Say so much: "Number 0", "Number 1" and so on."""
        for number in range(count):
            await self.post(room, f"{words} {number}")

    async def hello(self, positions: dict[str, int] | None = None) -> Frame:
        """Say hello; returns the welcome."""
        return await self.ask("hello", positions=positions or {})

    async def closed(self) -> int:
        """Wait until the server has closed the socket; returns the close code."""
        async with asyncio.timeout(PATIENCE_S):
            await self.connection.wait_closed()
        return self.connection.close_code or 0

    async def close(self) -> None:
        """Say goodbye."""
        await self.connection.close()
        await self._reading

    def events(self, op: str) -> list[Frame]:
        """All events of one kind heard live so far."""
        return [frame for frame in self.heard if frame["op"] == op]


@asynccontextmanager
async def connected(
    port: int, token: str, *, hello: bool = True, origin: str | None = None, **options: Any
) -> AsyncIterator[Client]:
    """A client with a bearer token, greeted unless `hello` is False."""
    connection = await connect(
        f"ws://127.0.0.1:{port}/api/socket",
        subprotocols=[PROTOCOL],  # type: ignore[list-item]
        additional_headers={"Authorization": f"Bearer {token}"},
        origin=origin,  # type: ignore[arg-type]
        max_size=None,
        ping_interval=None,
        compression=None,
        proxy=None,
        **options,
    )
    client = Client(connection)
    try:
        if hello:
            await client.hello()
        yield client
    finally:
        await client.close()
