"""The parts of HTTP that belong to no feature: refusals, health, figures."""

import asyncio
import hmac
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from appliance.kernel import journal, logs
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.metrics import CONTENT_TYPE
from appliance.wire.http import house_of

HEAD_WAIT_S = 15.0
HEAD_BYTES = 64 * 1024
TAKEN_WITHIN_S = 120.0
"""A reader has to make room for more at least this often: for 48 KiB of what waits here, and as much as the
kernel wants free before it asks for more (a third of its own buffer)."""
LINGER_S = 15.0
"""How long a connection that is over may take to let the rest of its last answer go."""
READY_WAIT_S = 2.0
READY_FOR_S = 1.0
FIRST_LETTER = 0x40
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


def refuse(refusal: Refusal) -> Response:
    """A refusal as an answer: {"code", "text"} and, where they help, "field", "limit", "retry_after_ms"."""
    body: dict[str, Any] = {"code": refusal.code, "text": refusal.text}
    for name in ("field", "limit", "retry_after_ms"):
        value = getattr(refusal, name)
        if value:
            body[name] = value
    headers = {"cache-control": "no-store"}
    if refusal.retry_after_ms:
        headers["retry-after"] = str(-(-refusal.retry_after_ms // 1000))
    return JSONResponse(body, refusal.spec.status, headers=headers)


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer a Refusal that a handler raised."""
    assert isinstance(error, Refusal)
    house_of(request).metrics.errors.add(error.code)
    return refuse(error)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's own refusals (no such path, wrong method) in our form."""
    assert isinstance(error, HTTPException)
    response = refuse(Refusal("not_found" if error.status_code == 404 else "bad_request"))
    response.status_code = error.status_code
    return response


async def on_crash(request: Request, error: Exception) -> Response:
    """What went wrong stays inside."""
    # Not the path: it may hold an invite's code.
    handler = getattr(request.scope.get("endpoint"), "__name__", "")
    logs.failure("request.failed", error, handler=handler)
    house_of(request).metrics.errors.add("internal")
    return refuse(Refusal("internal"))


async def healthz(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """The database takes writes. It looks at most once a second, for each look costs a sync."""
    house, state = house_of(request), request.app.state
    asked_at, ready = getattr(state, "ready", (-READY_FOR_S, False))
    now = house.clock.monotonic()
    if now - asked_at >= READY_FOR_S:
        ready = await _takes_writes(house)
        state.ready = (now, ready)
    return PlainTextResponse("ready\n") if ready else PlainTextResponse("not ready\n", 503)


async def _takes_writes(house: House) -> bool:
    try:
        await asyncio.wait_for(house.db.write(journal.probe), READY_WAIT_S)
    except (TimeoutError, Refusal):
        return False
    return True


async def metrics(request: Request) -> Response:
    """For the machine itself, or with the token. Behind a proxy everybody seems to come from the machine
    itself, so a forwarded request needs the token."""
    token = house_of(request).config.metrics_token
    local = request.client is not None and request.client.host in LOOPBACK and request.scope["direct"]
    if not local and not (token and hmac.compare_digest(request.scope["token"].encode(), token.encode())):
        raise Refusal("not_found")
    return Response(house_of(request).metrics.render(), headers={"content-type": CONTENT_TYPE})


ROUTES = [
    Route("/healthz", healthz, methods=["GET"]),
    Route("/readyz", readyz, methods=["GET"]),
    Route("/metrics", metrics, methods=["GET"]),
]


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP, with a deadline and a size for the head of each request, and a deadline for whoever
    reads: a connection that says nothing, or takes nothing, would else hold its file descriptor and its
    answer for ever, and one that never ends its head all of our memory."""

    _deadline: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _head: int = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline = self.loop.call_later(HEAD_WAIT_S, self._too_late)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_WAIT_S, self._too_late)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # The deadline is on exactly while a head is under way.
        self._head = self._head + len(data) if self._deadline is not None else 0
        if self._head > HEAD_BYTES:
            self._end()

    def on_headers_complete(self) -> None:
        self._cancel_deadline()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_deadline()
        self._goes_on()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._goes_on()
        self._stuck = self.loop.call_later(TAKEN_WITHIN_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._goes_on()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._end()

    def timeout_keep_alive_handler(self) -> None:
        self._end()

    def _goes_on(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _end(self) -> None:
        # Closing waits until all is sent, and who does not read makes it wait for ever.
        self.transport.close()
        self._goes_on()
        self._stuck = self.loop.call_later(LINGER_S, self.transport.abort)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        self._end()


Elsewhere = Callable[[asyncio.BaseTransport, bytes], None]
"""Takes over a connection that does not speak HTTP, and what it said so far."""


def connections(elsewhere: Elsewhere) -> type[Connection]:
    """Connections of which those that begin like STUN, and came over TLS, are handed over."""

    class Shared(Connection):
        _silent = True

        def data_received(self, data: bytes) -> None:
            if self._silent and data:
                self._silent = False
                # HTTP begins with a letter and STUN with two bits that are zero (RFC 7983, 7). Without TLS
                # this would be the hello of a browser that believes there is TLS.
                if data[0] < FIRST_LETTER and self.scheme == "https":
                    self._hand_over(data)
                    return
            super().data_received(data)

        def _hand_over(self, data: bytes) -> None:
            # No deadline of HTTP may end it, and no stop of HTTP waits for it.
            self._cancel_deadline()
            self._unset_keepalive_if_required()
            self.connections.discard(self)
            elsewhere(self.transport, data)

    return Shared
