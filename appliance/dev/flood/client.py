"""One socket of the flood: signs in, says hello, counts what comes."""

import asyncio
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any, cast

import msgspec

from appliance.dev.flood.framer import BrokenFrame, Joiner, Op, check_upgrade, close_frame, frame, upgrade
from appliance.dev.flood.reading import Acked, Reader, Run, Said, Told, Word, due_ns
from appliance.dev.flood.tally import Tally
from appliance.wire.frames import PROTOCOL

_HELLO = frame(b'{"op":"hello","id":"hello","positions":{}}')


class Client(asyncio.Protocol):
    """A member of one room. `position` is how far it has heard the room's log without a hole."""

    def __init__(self, host: str, token: str, room: str, reader: Reader, tally: Tally) -> None:
        self.room = room.encode()
        self.reader = reader
        self.tally = tally
        self.position = 0
        self.missing: set[int] = set()
        self.last_ack = 0
        self.read_up_to = 0
        self.alive = False
        self.answered: Callable[[Client], None] = lambda client: None
        self.welcomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request, self._accept = upgrade(host, "/api/socket", PROTOCOL, token)
        self._joiner = Joiner()
        self._rest = b""
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def send(self, framed: bytes) -> None:
        """Write frames that are framed already."""
        self._transport.write(framed)

    def leave(self) -> None:
        """Close properly."""
        self.alive = False
        self._transport.write(close_frame(1000))
        self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.alive:
            self.tally.other["cut"] += 1
        self.alive = False
        if not self.welcomed.done():
            self.welcomed.set_exception(BrokenFrame(f"the server hung up before its welcome: {exc}"))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
            self._rest = b""
        run = self.reader.runs.get(data)
        if run is not None:
            self._hear_run(run)
            return
        if not self._upgraded:
            data = self._open(data)
        try:
            words, used = self.reader.read(data, self._joiner)
        except BrokenFrame:
            self.tally.order_errors += 1
            self._transport.abort()
            return
        self._rest = data[used:]
        for word in words:
            self._hear(word)
        if self.reader.first_seen:
            self.tally.told_first(self.reader.first_seen)

    def _open(self, data: bytes) -> bytes:
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end:
            self._rest = data
            return b""
        try:
            check_upgrade(head, self._accept)
        except BrokenFrame as refused:
            if not self.welcomed.done():
                self.welcomed.set_exception(refused)
            self._transport.abort()
            return b""
        self._upgraded = True
        self._transport.write(_HELLO)
        return rest

    def _hear_run(self, run: Run) -> None:
        tally = self.tally
        if run.log == self.room and run.first == self.position + 1:
            self.position = run.last
        else:
            for seq in range(run.first, run.last + 1):
                self._place(run.log, seq)
        tally.deliveries += len(run.due)
        if tally.measuring:
            now = perf_counter_ns()
            for due in run.due:
                tally.delivery_ns.append(now - due)

    def _place(self, log: bytes, seq: int) -> None:
        if log != self.room:
            self.tally.other["elsewhere"] += 1
        elif seq == self.position + 1:
            self.position = seq
        elif seq > self.position:
            self.tally.order_errors += 1
            self.missing.update(range(self.position + 1, seq))
            self.position = seq
        elif seq in self.missing:
            self.tally.late += 1
            self.missing.discard(seq)
        else:
            self.tally.doubles += 1

    def _hear(self, word: Word) -> None:
        if isinstance(word, Told):
            self._hear_told(word)
        elif isinstance(word, Acked):
            self._hear_ack(word)
        else:
            self._hear_other(word)

    def _hear_told(self, told: Told) -> None:
        if told.op in (b"read", b"me", b"joined", b"devices"):
            self.tally.other[told.op.decode()] += 1
            return
        self._place(told.log, told.seq)
        if told.key:
            self.tally.deliveries += 1
            if self.tally.measuring:
                self.tally.delivery_ns.append(perf_counter_ns() - due_ns(told.key))

    def _hear_ack(self, ack: Acked) -> None:
        tally = self.tally
        tally.acks += 1
        tally.acked(ack, self.room)
        # One sender's own messages must keep their order, whatever others say in between.
        if ack.seq <= self.last_ack:
            tally.order_errors += 1
        self.last_ack = ack.seq
        if tally.measuring:
            tally.ack_ns.append(perf_counter_ns() - due_ns(ack.key))
        self.answered(self)

    def _hear_other(self, said: Said) -> None:
        if said.op == b"typing":
            self.tally.other["typing"] += 1
        elif said.op == b"ping":
            self._transport.write(frame(said.payload, Op.PONG))
        elif said.op == b"welcome":
            self._settle(msgspec.json.decode(said.payload))
        elif said.op == b"close":
            self.tally.closes[int.from_bytes(said.payload[:2], "big")] += 1
            self._transport.close()
        elif said.op == b"error":
            error = msgspec.json.decode(said.payload)
            self.tally.errors[error["code"]] += 1
            if error.get("id"):
                # At once would be a spin where the refusal is a rate limit.
                asyncio.get_running_loop().call_later(0.05, self.answered, self)

    def _settle(self, welcome: dict[str, Any]) -> None:
        heads = {summary["room"].encode(): summary["head"] for summary in welcome["summaries"]}
        if self.room not in heads:
            self.welcomed.set_exception(BrokenFrame("not a member of the room"))
            return
        self.position = self.read_up_to = heads[self.room]
        self.alive = True
        self.welcomed.set_result(None)
