"""Lasting ids and secrets."""

import hashlib
import os
import secrets

_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = tuple(first + second for first in _DIGITS for second in _DIGITS)
_SHIFTS = tuple(range(120, -1, -10))


def new_id(now_ms: int) -> str:
    """A UUIDv7 (RFC 9562, 5.7) in lower-case base32hex (RFC 4648, 7): 26 characters that sort by time.

    Base32hex because it keeps the order of the bytes, and is shorter than the usual hex form. Ten bits at a
    time from a table: the standard library's encoder takes a tenth of what a message may cost."""
    random = int.from_bytes(os.urandom(10), "big")
    version_and_variant = 0x7 << 76 | 0b10 << 62
    bits = now_ms << 80 | random & ~(0xF << 76 | 0b11 << 62) | version_and_variant
    # 26 digits hold 130 bits: the two spare ones are zeros at the end.
    padded = bits << 2
    return "".join([_PAIRS[padded >> shift & 1023] for shift in _SHIFTS])


def first_id(at_ms: int) -> str:
    """Not above any id that is made at `at_ms` or later, and above all that were made before."""
    bits = at_ms << 82
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


def new_secret() -> str:
    """256 random bits for a session token, URL-safe."""
    return secrets.token_urlsafe(32)


def new_code(groups: int = 3) -> str:
    """A code that people copy by hand, without look-alikes: groups of 4 characters of just under 20 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(groups))


def fingerprint(secret: str) -> bytes:
    """What is stored of a secret: SHA-256. The secrets hashed here are random, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).digest()
