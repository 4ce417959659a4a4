"""The shape of frames and bodies: base Structs, limits of their fields, encoding.

Every frame is a JSON object in a WebSocket text message (RFC 8259, RFC 6455), told apart by `op`.
A command that carries an `id` gets exactly one answer with the same `id`.
"""

from typing import Annotated, Any

import msgspec

Id = Annotated[str, msgspec.Meta(min_length=26, max_length=26, pattern="^[0-9a-v]{26}$")]
"""A lasting id: UUIDv7 (RFC 9562) in lower-case base32hex (RFC 4648), so it sorts by time."""

ClientId = Annotated[str, msgspec.Meta(min_length=16, max_length=40, pattern="^[0-9A-Za-z_-]+$")]
"""Minted once by the client when the person acts; makes a repeated command count once. One that begins with
the time (a UUIDv7, say) is cheapest for the server."""

Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
"""A position in a log; strictly rising in commit order, never an identity."""

Millis = int
"""Milliseconds since the Unix epoch, UTC."""

RequestId = Annotated[str, msgspec.Meta(max_length=40)]


class Command(
    msgspec.Struct, tag_field="op", forbid_unknown_fields=True, kw_only=True, frozen=True, gc=False
):
    """A frame from a client. `id` is echoed in the answer; without one only errors are answered."""

    id: RequestId = ""


class Lasting(Command, kw_only=True, frozen=True, gc=False):
    """A command that changes lasting state; repeating it with the same `client_id` is safe."""

    client_id: ClientId


class Answer(msgspec.Struct, tag_field="op", omit_defaults=True, kw_only=True, frozen=True, gc=False):
    """A frame that answers the command with the same `id`."""

    id: str


class Event(msgspec.Struct, tag_field="op", omit_defaults=True, kw_only=True, frozen=True, gc=False):
    """A frame that tells of something that happened; nobody asked for it."""


class LogEvent(Event, kw_only=True, frozen=True, gc=False):
    """An event that stands at `seq` of `log`: a room's id, or the account's own id.

    It carries the present state of what changed, so applying it twice, or late, is harmless.
    """

    log: str
    seq: int


class Noun(msgspec.Struct, omit_defaults=True, kw_only=True, frozen=True, gc=False):
    """Something that frames and bodies speak of."""


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, gc=False):
    """The JSON body of an HTTP request."""


_encoder = msgspec.json.Encoder()


def encode(frame: Any) -> bytes:
    """The UTF-8 JSON of a frame or body."""
    return _encoder.encode(frame)
