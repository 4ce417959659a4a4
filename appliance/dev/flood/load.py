"""Drives the sockets: connects them, posts in a closed or open loop, chats beside it, waits for the rest."""

import asyncio
import gc
import random
import time
from collections.abc import Iterable
from time import perf_counter_ns
from typing import Any
from urllib.parse import urlsplit

import msgspec

from appliance.dev.flood.client import Client
from appliance.dev.flood.framer import frame
from appliance.dev.flood.options import Options
from appliance.dev.flood.reading import Reader, stamp
from appliance.dev.flood.report import Snapshot, report
from appliance.dev.flood.tally import Tally
from appliance.dev.flood.usage import Usage, usage_of

CONNECT_AT_ONCE = 64
SOURCES = 16
"""Loopback addresses to connect from: one address has only some 28,000 ports."""
TYPING_EVERY_S = 10.0
_WORDS = ("gate", "open", "somebody", "left", "the", "long", "ladder", "by", "beans", "again", "at", "six")


class Flood:
    """One run against a server that is ready."""

    def __init__(self, options: Options, cast: dict[str, list[str]]) -> None:
        self.options = options
        self.cast = cast
        self.tally = Tally()
        self.reader = Reader()
        self.clients: list[Client] = []
        self._posting = False
        self._number = 0
        self._next = 0
        words = (random.choice(_WORDS) for _ in range(options.text_bytes))
        self._text = " ".join(words)[: options.text_bytes].strip() or "x"
        self._ends: dict[bytes, bytes] = {}

    async def run(self) -> dict[str, Any]:
        """Everything, in order; the report."""
        idle = self._server()
        started = time.monotonic()
        await self._connect()
        connected_s = time.monotonic() - started
        full = self._server()
        gc.collect()
        gc.freeze()
        random.shuffle(self.clients)
        self._posting = True
        drivers = [asyncio.create_task(job) for job in self._jobs()]
        await asyncio.sleep(self.options.warmup)
        before = self._snapshot()
        self.tally.measuring = True
        await asyncio.sleep(self.options.duration)
        self.tally.measuring = False
        after = self._snapshot()
        self._posting = False
        for driver in drivers:
            driver.cancel()
        lost = await self._drain()
        for client in self.clients:
            if client.alive:
                client.leave()
        return report(self.options, self.tally, lost, connected_s, (idle, full), (before, after))

    def _server(self) -> Usage | None:
        return usage_of(self.options.pid) if self.options.pid else None

    def _snapshot(self) -> Snapshot:
        counts = self.tally.counts()
        return Snapshot(time.perf_counter(), time.process_time(), self._server(), counts)

    async def _connect(self) -> None:
        url = urlsplit(self.options.url)
        host, port = url.hostname or "127.0.0.1", url.port or 80
        gate = asyncio.Semaphore(CONNECT_AT_ONCE)
        loop = asyncio.get_running_loop()

        async def one(number: int, room: str, token: str) -> None:
            async with gate:
                client = Client(f"{host}:{port}", token, room, self.reader, self.tally)
                source = (f"127.0.0.{2 + number % SOURCES}", 0)
                await loop.create_connection(lambda: client, host, port, local_addr=source)
                await asyncio.wait_for(client.welcomed, 30)
                client.answered = self._answered
                self.clients.append(client)

        seats = [(room, token) for room, tokens in self.cast.items() for token in tokens]
        try:
            async with asyncio.TaskGroup() as group:
                for number, (room, token) in enumerate(seats[: self.options.sockets]):
                    group.create_task(one(number, room, token))
        except ExceptionGroup as failures:
            first = failures.exceptions[0]
            raise SystemExit(f"Could not connect all sockets: {type(first).__name__} {first}") from None

    def _jobs(self) -> Iterable[Any]:
        yield self._post_by_rate() if self.options.rate else self._open_window()
        if self.options.chatter:
            yield self._chat()

    async def _open_window(self) -> None:
        # Every answer sends the next one, so this only fills the window once.
        for _ in range(self.options.window):
            self._post(perf_counter_ns())

    def _answered(self, client: Client) -> None:
        if self._posting and not self.options.rate:
            self._post(perf_counter_ns())

    async def _post_by_rate(self) -> None:
        step = 1e9 / self.options.rate
        start = perf_counter_ns()
        for number in range(int(self.options.rate * (self.options.warmup + self.options.duration)) + 1):
            due = int(start + number * step)
            wait = (due - perf_counter_ns()) / 1e9
            if wait > 0:
                await asyncio.sleep(wait)
            # Latency counts from when the message was due: a generator that is late must not look quick.
            self._post(due)

    def _post(self, due: int) -> None:
        for _ in range(len(self.clients)):
            client = self.clients[self._next % len(self.clients)]
            self._next += 1
            if client.alive:
                break
        else:
            return
        self._number += 1
        key = stamp(due, self._number)
        end = self._ends.get(client.room)
        if end is None:
            content = msgspec.json.encode({"type": "text", "text": self._text})
            end = self._ends[client.room] = b'","room":"%s","content":%s}' % (client.room, content)
        client.send(frame(b'{"op":"post","id":"%s","client_id":"%s%s' % (key, key, end)))
        self.tally.posted += 1

    async def _chat(self) -> None:
        """Each watcher marks what it read at most once a second, and is seen typing every ten."""
        watchers = self.clients[: int(len(self.clients) * self.options.watching)]
        typing = {c.room: frame(b'{"op":"typing","room":"%s"}' % c.room) for c in watchers}
        for client in watchers:
            client.send(frame(b'{"op":"view","room":"%s"}' % client.room))
        # Spread over the second, as people are; ticks of 20 ms keep the timer cheap.
        ticks = 50
        turn = 0
        while True:
            due = time.monotonic() + 1 / ticks
            for client in watchers[turn % ticks :: ticks]:
                if client.alive and client.position > client.read_up_to:
                    client.read_up_to = client.position
                    client.send(frame(b'{"op":"read","room":"%s","seq":%d}' % (client.room, client.position)))
                    self.tally.other["reads_sent"] += 1
            lap = int(ticks * TYPING_EVERY_S)
            for client in watchers[turn % lap :: lap]:
                if client.alive:
                    client.send(typing[client.room])
                    self.tally.other["typing_sent"] += 1
            turn += 1
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _drain(self) -> int:
        """Wait until everything acknowledged has arrived everywhere; how many deliveries never did."""
        for _ in range(int(self.options.drain * 10)):
            if self._unanswered() <= 0 and not self._missing():
                break
            await asyncio.sleep(0.1)
        return self._missing()

    def _unanswered(self) -> int:
        return self.tally.posted - self.tally.acks - sum(self.tally.errors.values())

    def _missing(self) -> int:
        # A socket that the server closed (too slow, say) would resume; it is counted as cut, not as loss.
        return sum(
            len(client.missing) + max(0, self.tally.heads.get(client.room, 0) - client.position)
            for client in self.clients
            if client.alive
        )
