"""The WebSocket handshake (RFC 6455, 4.2), by the library; once a connection, so its cost does not count."""

from http import HTTPStatus
from typing import Any, NamedTuple, cast

from websockets.http11 import Request
from websockets.server import ServerProtocol

from appliance.config import Config
from appliance.edge import doorstep
from appliance.edge.doorstep import Doorstep
from appliance.kernel.errors import ERRORS
from appliance.wire.frames import PROTOCOL

PATH = "/api/socket"
TICKET = "safevoice.ticket."
"""What marks a ticket among the subprotocols. It is not in the address, which every log on the way keeps."""

PROTOCOLS = "sec-websocket-protocol"


class Upgrade(NamedTuple):
    """`reply`: the bytes to answer with; `here`: who knocked, or None where the connection ends with the
    reply; `refused`: why, where that is a row of the error table."""

    reply: bytes
    here: Doorstep | None
    refused: str = ""


def upgrade(request_head: bytes, peer: Any, tls: bool, config: Config) -> Upgrade:
    """Answer the request that asks for a socket. `peer` as asyncio's peername has it."""
    protocol = ServerProtocol(subprotocols=[cast(Any, PROTOCOL)])
    protocol.receive_data(request_head)
    events = protocol.events_received()
    if not events or not isinstance(events[0], Request):
        return Upgrade(b"", None)
    request = events[0]
    headers = [(name.lower(), value) for name, value in request.headers.raw_items()]
    here = doorstep.look(headers, peer, tls, config)
    ticket = _ticket(headers)
    if ticket:
        # Wherever the page is from: no browser adds a ticket by itself, as it does a cookie.
        here = here._replace(token="", ticket=ticket, same_origin=True)
    refused = ""
    if request.path.partition("?")[0] != PATH:
        refused, status = "not_found", HTTPStatus.NOT_FOUND
    elif not here.same_origin:
        refused, status = "origin_refused", HTTPStatus.FORBIDDEN
    response = protocol.reject(status, ERRORS[refused].text) if refused else protocol.accept(request)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if "Server" in response.headers:
        del response.headers["Server"]
    protocol.send_response(response)
    reply = b"".join(protocol.data_to_send())
    return Upgrade(reply, here if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS else None, refused)


def _ticket(headers: list[tuple[str, str]]) -> str:
    offered = (each.strip() for name, value in headers if name == PROTOCOLS for each in value.split(","))
    return next((each.removeprefix(TICKET) for each in offered if each.startswith(TICKET)), "")
