"""What the types cannot say about errors, close codes and HTTP routes: what a client should do."""

from dataclasses import dataclass

RETRY = {
    "rate_limited": "after `retry_after_ms`",
    "slow_mode": "after `retry_after_ms`",
    "storage_busy": "after `retry_after_ms`, else a second; longer each time",
    "storage_full": "after a minute",
    "restarting": "after reconnecting",
    "internal": "a few times, longer each time",
}
"""Errors after which the same command may well succeed; after any other a person decides."""

CLOSING = {
    "restarting": "Connect again after a random 0.5 to 3 s.",
    "internal": "Connect again with backoff.",
    "malformed": "The client has a bug: log it. Connect again with backoff.",
    "session_ended": "Do not connect again: ask the person to sign in. Had this socket been welcomed, then"
    " the session was ended on purpose: delete everything that is kept on this device.",
    "hello_late": "Connect again with backoff.",
    "resume": "Connect again at once, with the positions held.",
    "flood": "Wait at least 5 s, and send less at once.",
    "too_many_sockets": "Back off for at least 30 s; close other sockets of this person.",
    "ws_protocol": "The client has a bug: log it. Connect again with backoff.",
    "ws_binary": "The client has a bug: log it. Connect again with backoff.",
    "ws_utf8": "The client has a bug: log it. Connect again with backoff.",
    "ws_too_big": "Do not send this command again. Connect again at once.",
}
"""For each error that closes a socket."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP route: names of the Structs that travel, and who may ask."""

    route: str
    body: str = ""
    answer: str = ""
    who: str = "member"


EXCHANGES = (
    Exchange("GET /api/community", answer="Community", who="anybody"),
    Exchange("POST /api/setup", "SetUp", "SignedIn", who="whoever knows the set-up code, once"),
    Exchange("POST /api/register", "Register", "SignedIn", who="anybody, as far as sign-up is open"),
    Exchange("POST /api/sign-in", "SignIn", "SignedIn", who="anybody"),
    Exchange("POST /api/sign-out"),
    Exchange("GET /api/devices", answer="Devices"),
    Exchange("DELETE /api/devices/{device}"),
    Exchange("GET /api/people", answer="People"),
    Exchange("GET /api/invites", answer="Invites", who="admin"),
    Exchange("POST /api/invites", "NewInvite", "Invite", who="admin"),
    Exchange("DELETE /api/invites/{invite}", who="admin"),
    Exchange("GET /api/invites/{code}", answer="InviteInfo", who="anybody"),
    Exchange("GET /api/rooms", answer="Directory"),
    Exchange("GET /api/rooms/{room}/members", answer="Members", who="member of the room"),
    Exchange("GET /api/rooms/{room}/messages", answer="Page", who="member of the room"),
)
