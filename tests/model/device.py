"""One device of one person: a replica, an outbox, and the socket and requests that keep them going.

Frames are only looked at in `pump`, so a device that is cut before it pumps has lost what was on the way.
"""

import asyncio
import itertools
import json
from contextlib import AbstractAsyncContextManager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.client import Client
from tests.model.replica import Frame, Replica, RoomCopy
from tests.model.world import Command
from tests.server import Account, Server

PAGE = 4
RETRIED = {"restarting", "storage_busy", "storage_full", "internal", "rate_limited"}

_numbers = itertools.count(1)


@dataclass(eq=False)
class Deed:
    """A lasting command in the outbox, or a read (`lasting` False), and what became of it. `ack`: what the
    client was told; `error`: the code; `outcome`: (subject, seq) as the server's own table has it."""

    device: "Device"
    command: Command
    lasting: bool = True
    sent: bool = False
    ack: Frame | None = None
    error: str = ""
    outcome: tuple[str, int] | None = None
    settled: bool = False

    @property
    def client_id(self) -> str:
        return str(self.command["client_id"])

    @property
    def account(self) -> str:
        return self.device.account.id

    def __str__(self) -> str:
        return f"{self.device.name} {self.command} -> {self.outcome or self.error or 'unknown'}"


@dataclass
class Sight:
    """Something that reached a device, to be judged once the model knows what the server did by then.
    `after`: for answers with logs, the positions asked from; for pages, the query."""

    account: str
    frame: Frame
    after: dict[str, int] = field(default_factory=dict)
    query: str = ""


class Device:
    """`sights` collects everything received; `closing` the sockets that were cut."""

    def __init__(self, name: str, account: Account, sights: list[Sight]) -> None:
        self.name = name
        self.account = account
        self.sights = sights
        self.replica = Replica(account.id)
        self.outbox: list[Deed] = []
        self.reads: list[Deed] = []
        self.client: Client | None = None
        self.closing: list[AbstractAsyncContextManager[Client]] = []
        self.deaf = 0
        self.missed = False
        self.revoked = False
        self.saved: Replica | None = None
        self._server: Server
        self._socket: AbstractAsyncContextManager[Client]
        self._cursor = 0
        self._asked: dict[str, Deed] = {}
        self._questions: dict[str, tuple[dict[str, int], dict[str, RoomCopy]]] = {}

    def __repr__(self) -> str:
        return self.name

    @property
    def online(self) -> bool:
        return self.client is not None

    # Coming and going

    async def connect(self, server: Server) -> None:
        """Come online: hello, then everything that waits."""
        if self.client is not None:
            return
        self._server, self.deaf, self.missed = server, 0, False
        self._socket = server.connect(self.account, hello=False)
        client = await self._socket.__aenter__()
        positions = self.replica.positions()
        request = await client.say("hello", positions=positions)
        self._questions[request] = (positions, {})
        await client.until(lambda frame: frame.get("id") == request)
        self.client, self._cursor = client, 0
        self.pump()
        for deed in list(self.outbox):
            await self._say(deed)

    def cut(self) -> None:
        """The connection is gone, and with it what was on the way."""
        if self.client is None:
            return
        self.client.connection.transport.abort()
        self.closing.append(self._socket)
        self.client = None
        self._asked.clear()
        self._questions.clear()
        self.reads.clear()

    async def tidy(self) -> None:
        """Let go of the sockets that were cut."""
        for socket in self.closing:
            await socket.__aexit__(None, None, None)
        self.closing.clear()

    def forget(self, *, back_to_saved: bool) -> None:
        """Lose what was kept: all of it, or what was not yet saved."""
        self.cut()
        if not back_to_saved:
            self.replica = Replica(self.account.id)
        elif self.saved is not None:
            self.replica, self.saved = self.saved, None

    def save(self) -> None:
        """Write the replica to disk, positions and rows together."""
        self.saved = deepcopy(self.replica)

    # Doing

    async def act(self, op: str, **fields: Any) -> Deed:
        """Write a lasting command into the outbox, and send it when online."""
        command = {"op": op, "client_id": f"model-client-id-{next(_numbers):07d}", **fields}
        deed = Deed(self, command)
        self.outbox.append(deed)
        await self._say(deed)
        return deed

    async def again(self, deed: Deed, **changed: Any) -> Frame:
        """Send a command that was already answered once more; returns the answer."""
        assert self.client is not None
        return await self._answer_to(await self.client.say(**{**deed.command, **changed}))

    async def read(self, room: str, seq: int) -> Deed | None:
        """Move the read mark, when online."""
        if self.client is None:
            return None
        deed = Deed(self, {"op": "read", "room": room, "seq": seq}, lasting=False)
        self.reads.append(deed)
        await self._say(deed)
        return deed

    async def ask(self, positions: dict[str, int]) -> None:
        """Ask for a replay."""
        if self.client is not None:
            copies = {room: self.replica.rooms[room] for room in positions if room in self.replica.rooms}
            for copy in copies.values():
                copy.told = False
            request = await self.client.say("replay", positions=positions)
            self._questions[request] = (positions, copies)

    async def say(self, op: str, **fields: Any) -> None:
        """Say something of the moment, when online."""
        if self.client is not None:
            await self.client.say(op, id="", **fields)

    async def _say(self, deed: Deed) -> None:
        if self.client is not None:
            deed.sent = True
            request = f"r{next(_numbers)}"
            self._asked[request] = deed
            await self.client.say(**deed.command, id=request)

    # Hearing

    async def barrier(self) -> None:
        """Everything that the server had to say to this socket when this was called is heard."""
        if self.client is not None:
            await self._answer_to(await self.client.say("ping"))

    async def _answer_to(self, request: str) -> Frame:
        assert self.client is not None
        return await self.client.until(lambda frame: frame.get("id") == request, since=self._cursor)

    def pump(self) -> None:
        """Look at everything heard so far."""
        if self.client is None:
            return
        while self._cursor < len(self.client.heard):
            frame = self.client.heard[self._cursor]
            self._cursor += 1
            self._hear(frame)

    def _hear(self, frame: Frame) -> None:
        match frame["op"]:
            case "welcome":
                asked, _ = self._questions.pop(frame["id"])
                self.sights.append(Sight(self.account.id, frame, asked))
                self.replica.welcome(frame)
            case "replayed":
                asked, copies = self._questions.pop(frame["id"])
                self.sights.append(Sight(self.account.id, frame, asked))
                self.replica.replayed(frame, copies)
            case "ack" | "error":
                self._answered(self._asked.pop(frame["id"], None), frame)
            case "pong":
                pass
            case "typing" | "receipts":
                self.sights.append(Sight(self.account.id, frame))
            case _:
                self.sights.append(Sight(self.account.id, frame))
                if self.deaf:
                    self.deaf -= 1
                    self.missed = True
                else:
                    self.replica.live(frame)

    def _answered(self, deed: Deed | None, frame: Frame) -> None:
        if deed is None or frame.get("code") in RETRIED:
            return
        if frame["op"] == "ack":
            deed.ack = frame
        else:
            deed.error = frame["code"]
        waiting = self.outbox if deed.lasting else self.reads
        if deed in waiting:
            waiting.remove(deed)

    async def follow_up(self) -> bool:
        """Ask for what the replica wants, and wait for the answers; returns whether there was anything."""
        if self.client is None:
            return False
        wanted, pages = self.replica.wants_replay(), self.replica.wants_page()
        if wanted and not self._questions:
            await self.ask(wanted)
        asked = list(self._questions)
        for request in asked:
            await self._answer_to(request)
        self.pump()
        for room in pages:
            await self.load(room)
        return bool(asked or pages)

    # Pages

    async def load(self, room: str, *, older: bool = False) -> None:
        """Load the newest page of a room with its members, or the page before what is held."""
        copy = self.replica.rooms.get(room)
        if copy is None or self.client is None or (older and not copy.since):
            return
        query = f"before={copy.since}" if older else ""
        copy.wanted = copy.wanted or not older
        _, people = await self.get(f"/api/rooms/{room}/members")
        status, page = await self.get(f"/api/rooms/{room}/messages?{query}&limit={PAGE}", query=query)
        # What came live in the meantime first: the page is the older news then.
        self.pump()
        if status == 200:
            self.replica.page(copy, page, None if older else people.get("members"))
        else:
            copy.wanted = False

    async def get(self, path: str, *, query: str | None = None) -> tuple[int, Frame]:
        """GET a path; returns the status and the body. With `query` it is a page, and judged as a sight."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._server.port)
        lines = (f"GET {path} HTTP/1.1", "Host: model", f"Authorization: Bearer {self.account.token}")
        writer.write("\r\n".join((*lines, "Connection: close", "", "")).encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()
        status, answer = int(head.split()[1]), json.loads(body)
        if query is not None and status == 200:
            self.sights.append(Sight(self.account.id, {"op": "page", **answer}, query=query))
        return status, answer
