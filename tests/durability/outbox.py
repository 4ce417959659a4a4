"""A client that behaves as the web app does: an outbox keeps what was not acknowledged."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.client import Client, client_id, connected
from tests.durability.process import Process
from tests.server import Account

WINDOW = 4
"""Commands under way at once."""

Frame = dict[str, Any]


@dataclass
class Sender:
    """Sends `texts` to `room` in order. `acks` by client_id; `heard` holds the live events of each
    connection it had, in order; `on_ack` is told of each new ack."""

    process: Process
    account: Account
    room: str
    texts: list[str]
    acks: dict[str, Frame] = field(default_factory=dict)
    heard: list[list[Frame]] = field(default_factory=list)
    sent_again: int = 0

    def __post_init__(self) -> None:
        self.outbox = {client_id(): text for text in self.texts}
        self.ids = list(self.outbox)
        self._sent: set[str] = set()

    def on_ack(self) -> None:
        """Replaced by who wants to know."""

    async def run(self) -> None:
        """Until everything is acknowledged, over as many connections as it takes."""
        while self.outbox:
            await self.process.up.wait()
            # Whatever a server that dies does to a connection: the outbox is all that counts.
            with suppress(OSError, ConnectionClosed, InvalidHandshake, InvalidMessage, AssertionError):
                async with connected(self.process.port, self.account.token) as client:
                    try:
                        await self._empty(client)
                    finally:
                        # Also what had arrived when the connection broke.
                        self._take(client)

    async def _empty(self, client: Client) -> None:
        while self.outbox:
            batch = {}
            for name, text in list(self.outbox.items())[:WINDOW]:
                self.sent_again += name in self._sent
                self._sent.add(name)
                content = {"type": "text", "text": text}
                batch[name] = await client.say(
                    "post", id=name, client_id=name, room=self.room, content=content
                )
            for name in batch:
                await client.until(lambda frame, name=name: frame.get("id") == name)  # type: ignore[misc]
            self._take(client)

    def _take(self, client: Client) -> None:
        for frame in client.heard:
            name = frame.get("id", "")
            if frame["op"] == "ack" and self.outbox.pop(name, None) is not None:
                self.acks[name] = frame
                self.on_ack()
        events = client.events("message")
        if events and not any(events[0] is known[0] for known in self.heard):
            self.heard.append(events)
        elif events:
            self.heard[-1] = events
