"""Frames that belong to the connection itself rather than to a feature."""

from typing import Annotated

import msgspec

from appliance.wire.codec import Answer, Command, Event, Id, LogEvent, Seq

PROTOCOL = "safevoice.v1"
"""The WebSocket subprotocol (RFC 6455, 1.9) that both sides must name."""

MAX_POSITIONS = 1500

Positions = Annotated[dict[Id, Seq], msgspec.Meta(max_length=MAX_POSITIONS)]
Wait = Annotated[float, msgspec.Meta(ge=0, le=600_000)]


class Hello(Command, tag="hello", kw_only=True, frozen=True):
    """First frame on a socket, within 5 s. `positions` names each log the client holds anything of (a
    room's name, say), and up to which `seq`; one not named is not replayed (`{}` for a fresh client)."""

    positions: Positions = msgspec.field(default_factory=dict)


class Replay(Command, tag="replay", kw_only=True, frozen=True):
    """Ask again for what follows `positions`, after a gap was seen in a log."""

    positions: Positions


class Ping(Command, tag="ping", kw_only=True, frozen=True):
    """Is anybody there? Browsers cannot see the protocol's own pings, so they ask with this."""


class Report(Command, tag="report", kw_only=True, frozen=True):
    """What the client measured: milliseconds from an event's `at` to its arrival here."""

    delivery_ms: Annotated[list[Wait], msgspec.Meta(max_length=100)]


class LogReplay(msgspec.Struct, omit_defaults=True, kw_only=True, frozen=True):
    """What happened in `log` after `after` up to and including `to`: the present state of everything
    that changed, in order of last change. `to` is the client's new position, even when rows between
    are missing. `reset`: too far behind (this log, or all of them together), or ahead: drop all cached
    rows of this log; for the account's log `events` then holds everything; for a room load its newest page,
    `events` holds the room itself if it changed.
    `gone`: not a member (any more): drop the log."""

    log: str
    after: int
    to: int
    reset: bool = False
    gone: bool = False
    events: list[LogEvent] = msgspec.field(default_factory=list)


class Replayed(Answer, tag="replayed", kw_only=True, frozen=True):
    """Answer to `replay`."""

    logs: list[LogReplay]
    summaries: list[Event] = msgspec.field(default_factory=list)


class Welcome(Answer, tag="welcome", kw_only=True, frozen=True):
    """Answer to `hello`. Live events begin right after it; none is lost between `to` and them.
    `now` is the server's clock; `summaries` says how each room stands for me (op `summary`)."""

    account: str
    device: str
    now: int
    heartbeat_s: int
    logs: list[LogReplay]
    summaries: list[Event]


class Pong(Answer, tag="pong", kw_only=True, frozen=True):
    """Answer to `ping`; `now` is the server's clock."""

    now: int


class Ack(Answer, tag="ack", kw_only=True, frozen=True):
    """The command's transaction is on disk. `subject`: what it made or changed; `seq`: its position in
    that room's (or account's) log; `at`: server time. A repeat of the command gets the same ack."""

    subject: str = ""
    seq: int = 0
    at: int = 0


class Error(Answer, tag="error", kw_only=True, frozen=True):
    """The command was refused; the socket lives. `code` is stable, `text` is for people. `retry_after_ms`
    when trying again later helps; `field` when one field is to blame; `limit` names the limit."""

    code: str
    text: str
    retry_after_ms: int = 0
    field: str = ""
    limit: str = ""
