"""One client's WebSocket: an asyncio protocol that uvicorn hands the connection to.

Past the handshake nothing goes through ASGI: a frame to a hundred people is encoded once and then costs each
of them one list append and one write.
"""

import asyncio
import time
from collections.abc import Coroutine
from functools import partial
from typing import Any, cast

import msgspec

from appliance.edge.gate import Gate, carry_out
from appliance.edge.outbound import Outbound
from appliance.edge.rfc6455 import (
    CLOSE,
    PING,
    PING_FRAME,
    PONG,
    TEXT,
    FrameError,
    FrameReader,
    close_code,
    close_frame,
    pong_frame,
    text_frame,
)
from appliance.edge.upgrade import upgrade
from appliance.kernel import logs
from appliance.kernel.errors import ERRORS, Refusal
from appliance.kernel.session import Who
from appliance.kernel.verbs import Live, Write
from appliance.wire.codec import Command, encode
from appliance.wire.decode import decode, is_utf8, request_id
from appliance.wire.frames import Ack, Error, Hello, Ping, Pong, Replay, Report

MAX_IN_FLIGHT = 64
CLOSE_WAIT_S = 5.0
MAX_IGNORED = 16 << 20
OURS = 500
"""From this status on it is not what was asked that is wrong, but that the server cannot do it."""


class Socket(asyncio.Protocol):
    """See `kernel.verbs.Peer` for the attributes that the bus and verbs of the moment use."""

    def __init__(self, gate: Gate, config: Any, server_state: Any, app_state: Any) -> None:
        self._gate = gate
        self._house = gate.house
        self._bus = gate.house.bus
        self._connections: set[Any] = server_state.connections
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._outbound: Outbound
        self._reader = FrameReader(gate.house.config.limits.frame_bytes)
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._who: Who | None = None
        self._address = ""
        self._stage = "handshake"  # then: open, joining, live, closing
        self._ignored = 0
        self._in_flight = 0
        self._turn: asyncio.Lock
        self._retiring = False
        self._heard = 0.0
        self._counted = False
        # As the bus knows it
        self.account = ""
        self.device = ""
        self.out: list[bytes] = []
        self.topics: set[str] = set()
        self.revoked: set[str] | None = None
        self.viewing: str | None = None
        self.typed: dict[str, float] = {}
        self.away = False

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._outbound = Outbound(self._transport, self._house.config.limits.outbound_bytes)
        self._connections.add(self)
        self._heard = self._house.clock.monotonic()

    def data_received(self, data: bytes) -> None:
        self._heard = self._house.clock.monotonic()
        if self._stage == "handshake":
            self._shake_hands(data)
            return
        if self._stage == "closing":
            # Only the peer's close frame is of interest now, and a peer that floods is not listened to.
            self._ignored += len(data)
            if self._reader.saw_goodbye(data) or self._ignored > MAX_IGNORED:
                self._transport.close()
            return
        try:
            for opcode, payload in self._reader.feed(data):
                self._receive(opcode, payload)
                if self._stage == "closing":
                    return
        except FrameError as error:
            self.hang_up(error.code)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stage = "closing"
        self._connections.discard(self)
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()
        if self.account:
            self._bus.detach(self)
            self._gate.seen(self.device)
        if self._counted:
            self._gate.forget(self, self._address, self.account or None)
        self._outbound.clear()

    def pause_writing(self) -> None:
        self._outbound.transport_is_full()

    def resume_writing(self) -> None:
        self._outbound.transport_has_room()

    def shutdown(self) -> None:
        """uvicorn asks every connection to end."""
        self.retire()

    # Opening

    def _shake_hands(self, data: bytes) -> None:
        peer = self._transport.get_extra_info("peername")
        tls = self._transport.get_extra_info("sslcontext") is not None
        done = upgrade(data, peer, tls, self._house.config)
        self._transport.write(done.reply)
        if done.refused:
            self._count_error(done.refused)
        if done.here is None:
            self._stage = "closing"
            self._transport.close()
            return
        self._address = done.here.address
        self._stage = "open"
        self._counted = True
        if not self._gate.admit(self, self._address):
            self.hang_up("too_many_sockets")
            return
        # Nothing is read before it is known who speaks.
        self._transport.pause_reading()
        self._spawn(self._enter(done.here.token, done.here.ticket))

    async def _enter(self, token: str, ticket: str) -> None:
        who = await self._gate.who_shows(token, ticket)
        if who is None:
            self.hang_up("session_ended")
            return
        self._who, self.account, self.device = who, who.account, who.device
        self._gate.seen(who.device)
        if not self._gate.admit_person(who.account):
            self.hang_up("too_many_sockets")
            return
        self._turn = self._gate.turn_of(who.account)
        self._transport.resume_reading()
        # Only the peer's own time counts: when everybody comes back at once, reading who they are and what
        # they missed takes longer than this, and whoever is sent away for it comes back once more.
        self._timer = self._loop.call_later(
            self._house.config.limits.hello_seconds, self.hang_up, "hello_late"
        )

    async def _join(self, who: Who, hello: Hello) -> None:
        # First the ear, then the past: what is committed in between is heard twice, never missed.
        self._bus.attach(self)
        # A session that ended before we listened was not told so: look once more.
        now = await self._gate.who_on(who.device)
        if now != who:
            self.hang_up("resume" if now else "session_ended")
            return
        self._bus.begin(self, await self._gate.topics(who))
        async with self._turn:
            welcome = await self._gate.welcome(who, hello)
        if self._stage != "joining":
            return
        self.flush()
        if self._stage == "joining":
            self._stage = "live"
            self._outbound.release(text_frame(welcome))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Refusal as refusal:
            # Only a database that cannot be read gets here; the client comes back and tries again.
            self.hang_up("restarting" if refusal.spec.status == 503 else "internal")
        except Exception as error:
            logs.failure("socket.failed", error)
            self.hang_up("internal")

    # Receiving

    def _receive(self, opcode: int, payload: bytes) -> None:
        if opcode == CLOSE:
            code = close_code(payload)
            self._stage = "closing"
            self._transport.write(close_frame(1000 if code == 1005 else code, ""))
            self._transport.close()
        elif self._gate.frames.take(self):
            self.hang_up("flood")
        elif opcode == TEXT:
            self._understand(payload)
        elif opcode == PING:
            # Queued like all else: a peer that asks and asks, and never reads, must not fill our memory.
            self.send(pong_frame(payload))
        elif opcode != PONG:
            self.hang_up("ws_binary")

    def _understand(self, payload: bytes) -> None:
        try:
            command = decode(self._gate.decoder, payload)
        except msgspec.ValidationError as error:
            text = str(error)
            unknown = text.endswith("`$.op`") or "missing required field `op`" in text
            code = "unknown_op" if unknown else "bad_request"
            self._refuse(request_id(payload), Refusal(code, text="" if unknown else f"{text}."))
            return
        except msgspec.DecodeError:
            self.hang_up("malformed" if is_utf8(payload) else "ws_utf8")
            return
        try:
            self._obey(command)
        except Refusal as refusal:
            self._refuse(command.id, refusal)

    def _obey(self, command: Command) -> None:
        who = self._who
        assert who is not None
        if self._stage != "live":
            if isinstance(command, Hello) and self._stage == "open":
                self._stage = "joining"
                if self._timer is not None:
                    self._timer.cancel()
                # Answers to what was asked before hello go first; what comes from here on waits for welcome.
                self.flush()
                self._outbound.hold()
                self._spawn(self._join(who, command))
                return
            raise Refusal("bad_request", text="Say hello first, and wait for the welcome.")
        verb = self._gate.verb_of(who, command)
        if isinstance(verb, Write):
            self._write(verb, who, command)
        elif isinstance(verb, Live):
            verb.act(self._bus, self, command, self._house.clock.monotonic())
            self._ack_nothing(command)
        elif isinstance(command, Ping):
            self._answer(Pong(id=command.id, now=self._house.clock.now_ms()))
        elif isinstance(command, Replay):
            self._take_on()
            self._spawn(self._replay(who, command))
        elif isinstance(command, Report):
            for milliseconds in command.delivery_ms:
                self._house.metrics.client_delivery.observe(milliseconds / 1000)
            self._ack_nothing(command)
        else:
            raise Refusal("bad_request", text="Hello was said already.")

    def _ack_nothing(self, command: Command) -> None:
        # What is of the moment leaves nothing to confirm; but whoever gives an id waits for an answer.
        if command.id:
            self._answer(Ack(id=command.id))

    async def _replay(self, who: Who, command: Replay) -> None:
        try:
            async with self._turn:
                self.send(text_frame(await self._gate.replay(who, command)))
        except Refusal as refusal:
            self._refuse(command.id, refusal)
        finally:
            self._in_flight -= 1
            self._settle()

    def _take_on(self) -> None:
        self._in_flight += 1
        if self._in_flight == MAX_IN_FLIGHT:
            self._transport.pause_reading()

    def _write(self, verb: Write, who: Who, command: Command) -> None:
        wait = self._house.limits[verb.limit].take(who.account)
        if wait:
            raise Refusal("rate_limited", retry_after_ms=wait, limit=verb.limit)
        began = time.perf_counter()
        self._take_on()

        def done(result: tuple[str, int, int], error: BaseException | None) -> None:
            self._in_flight -= 1
            if error is None:
                if command.id:
                    self._answer(Ack(id=command.id, subject=result[0], seq=result[1], at=result[2]))
                if verb.says:
                    self._house.metrics.messages.value += 1
                self._house.metrics.ack.observe(time.perf_counter() - began)
            else:
                if not isinstance(error, Refusal):
                    logs.failure("command.failed", error, op=type(command).__struct_config__.tag)
                    error = Refusal("internal")
                if verb.unwritten is not None and error.spec.status >= OURS:
                    verb.unwritten(who, command)
                self._refuse(command.id, error)
            self._settle()

        self._house.db.submit(partial(carry_out, verb, who, command), done)

    def _settle(self) -> None:
        if self._stage == "closing":
            return
        if self._retiring:
            if not self._in_flight:
                self.hang_up("restarting")
        elif self._in_flight == MAX_IN_FLIGHT // 2:
            self._transport.resume_reading()

    # Sending

    def send(self, frame: bytes) -> None:
        """Queue a prepared frame behind whatever is already queued."""
        if self._stage != "closing":
            self._bus.touch(self, frame)

    def flush(self) -> None:
        """Write what is queued, in one write; the bus calls this once a loop turn."""
        out = self.out
        if not out:
            return
        data = out[0] if len(out) == 1 else b"".join(out)
        out.clear()
        if self._stage != "closing" and not self._outbound.write(data):
            self._house.metrics.overflows.value += 1
            self.hang_up("resume")

    def _answer(self, frame: Any) -> None:
        self.send(text_frame(encode(frame)))

    def _refuse(self, request: str, refusal: Refusal) -> None:
        self._count_error(refusal.code)
        self._answer(
            Error(
                id=request,
                code=refusal.code,
                text=refusal.text,
                retry_after_ms=refusal.retry_after_ms,
                field=refusal.field,
                limit=refusal.limit,
            )
        )

    def _count_error(self, code: str) -> None:
        self._house.metrics.errors.add(code)

    # Ending

    def beat(self, dead_before: float) -> None:
        """Ask whether the peer is there; give it up when it was silent for too long."""
        if self._heard < dead_before:
            self._transport.abort()
        elif self._stage == "live" and self._outbound.flowing:
            self._transport.write(PING_FRAME)

    def retire(self) -> None:
        """Answer what is under way, take nothing new, then close as restarting."""
        self._retiring = True
        if not self._in_flight:
            self.hang_up("restarting")
        elif self._stage != "closing":
            self._transport.pause_reading()

    def hang_up(self, code: str) -> None:
        """Close with the error's close code; the peer has 5 s to say goodbye."""
        if self._stage == "closing":
            return
        # What is already queued was promised; it goes out before the goodbye.
        if self._outbound.flowing:
            self.flush()
        self._stage = "closing"
        self.out.clear()
        self._count_error(code)
        if self.account:
            self._bus.detach(self)
        self._outbound.clear()
        if not self._transport.is_closing():
            self._transport.write(close_frame(ERRORS[code].close, code))
            self._transport.resume_reading()
            self._loop.call_later(CLOSE_WAIT_S, self._transport.abort)
