"""Codes that change with time (TOTP, RFC 6238): 6 digits, 30 seconds, SHA-1, as every app has them."""

import hmac

import pyotp

STEP_MS = 30_000
SLACK_STEPS = 1
"""A phone's clock may be so many steps off, either way (RFC 6238, 5.2)."""


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def url(secret: str, name: str, community: str) -> str:
    """The otpauth:// address that a QR code shows to an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=community)


def step_of(secret: str, code: str, now_ms: int) -> int | None:
    """The time step that `code` belongs to, or None when it fits none of those around `now_ms`."""
    given = "".join(code.split()).encode()
    totp, present = pyotp.TOTP(secret), now_ms // STEP_MS
    found = None
    for step in range(present - SLACK_STEPS, present + SLACK_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given):
            found = step
    return found
