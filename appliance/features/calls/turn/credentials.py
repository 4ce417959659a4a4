"""Names and passwords for a TURN server that shares a secret with whoever gives them out (the "REST API for
access to TURN services", draft-uberti-behave-turn-rest-00, which other servers know too)."""

import hmac
from base64 import b64encode
from typing import NamedTuple

GOOD_FOR_MS = 12 * 3_600_000
MOST_BYTES = 200


class Credentials(NamedTuple):
    """What a client shows. `expires_at`: milliseconds since the Unix epoch."""

    username: str
    password: str
    expires_at: int


class Claim(NamedTuple):
    """What a user name says. `expires_at`: milliseconds since the Unix epoch."""

    account: str
    device: str
    expires_at: int


def issue(secret: str, account: str, device: str, now: int, *, good_for_ms: int = GOOD_FOR_MS) -> Credentials:
    """For this device of this account, for twelve hours where nothing else is said."""
    # Whole seconds: other servers read no smaller ones.
    expires_at = (now + good_for_ms) // 1000 * 1000
    username = f"{expires_at // 1000}:{account}.{device}"
    return Credentials(username, password_of(secret, username), expires_at)


def read(username: str) -> Claim | None:
    """What the name says, whoever made it up: only the password proves it."""
    expires_s, _, whose = username.partition(":")
    account, _, device = whose.partition(".")
    # `isdecimal` alone is also true of digits that other scripts have.
    if not (expires_s.isascii() and expires_s.isdecimal() and len(username) <= MOST_BYTES):
        return None
    return Claim(account, device, int(expires_s) * 1000) if account and device else None


def password_of(secret: str, username: str) -> str:
    """Base64 of HMAC-SHA1, as everybody who knows the secret works it out."""
    return b64encode(hmac.digest(secret.encode(), username.encode(), "sha1")).decode()
