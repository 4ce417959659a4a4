"""Lasting ids and secrets."""

import base64
import hashlib
import os
import secrets


def new_id(now_ms: int) -> str:
    """A UUIDv7 (RFC 9562, 5.7) in lower-case base32hex (RFC 4648, 7): 26 characters that sort by time.

    Base32hex because it keeps the order of the bytes, and a shorter text than the usual hex form."""
    tail = os.urandom(10)
    raw = bytearray(now_ms.to_bytes(6, "big") + tail)
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return base64.b32hexencode(raw)[:26].decode("ascii").lower()


def new_secret() -> str:
    """256 random bits for a session token, URL-safe."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A code that people copy by hand: 12 characters without look-alikes, 60 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def fingerprint(secret: str) -> bytes:
    """What is stored of a secret: SHA-256. The secrets hashed here are random, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).digest()
