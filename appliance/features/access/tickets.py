"""Tickets for one socket: JSON Web Tokens (RFC 7519) that this server signs for itself (HS256, RFC 7518)."""

from typing import NamedTuple

import jwt

from appliance.kernel.ids import new_id

GOOD_FOR_MS = 60_000
AUDIENCE = "safevoice.socket"
ALGORITHM = "HS256"


class Stub(NamedTuple):
    """What a good ticket says. `expires_at`: milliseconds."""

    id: str
    device: str
    expires_at: int


def write(key: str, device: str, now: int) -> tuple[str, Stub]:
    """A ticket for the device that is signed in there now."""
    stub = Stub(new_id(now), device, now + GOOD_FOR_MS)
    claims = {"aud": AUDIENCE, "sub": device, "jti": stub.id, "exp": stub.expires_at / 1000}
    return jwt.encode(claims, key, ALGORITHM), stub


def read(key: str, ticket: str, now: int) -> Stub | None:
    """What it says, where we signed it and it is not too old."""
    try:
        claims = jwt.decode(
            ticket,
            key,
            [ALGORITHM],
            audience=AUDIENCE,
            # Its time is looked at below, by the clock of this house.
            options={"require": ["exp", "sub", "jti"], "verify_exp": False},
        )
        stub = Stub(str(claims["jti"]), str(claims["sub"]), round(claims["exp"] * 1000))
    except (jwt.InvalidTokenError, TypeError, ValueError):
        return None
    return stub if now < stub.expires_at else None
