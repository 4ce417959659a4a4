"""STUN messages from bytes and back (RFC 8489, 5, 6 and 14.5 to 14.7).

Whatever bytes come, only StunError is raised."""

import hmac
from collections.abc import Iterable
from enum import IntEnum
from hashlib import md5
from struct import Struct
from zlib import crc32

from appliance.features.calls.stun.attributes import (
    COOKIE,
    COOKIE_BYTES,
    FINGERPRINT,
    FIRST_OPTIONAL,
    MESSAGE_INTEGRITY,
    MESSAGE_INTEGRITY_SHA256,
    Address,
    StunError,
    read_xor_address,
)

HEADER = 20
MOST = 65_535


class Method(IntEnum):
    """What a message is about (RFC 8489, 18.2; RFC 8656, 17). SHARED_SECRET is of RFC 3489 and only known."""

    BINDING = 0x001
    SHARED_SECRET = 0x002
    ALLOCATE = 0x003
    REFRESH = 0x004
    SEND = 0x006
    DATA = 0x007
    CREATE_PERMISSION = 0x008
    CHANNEL_BIND = 0x009


class Kind(IntEnum):
    """The class of a message, as its two bits lie in the type (RFC 8489, 5)."""

    REQUEST = 0x000
    INDICATION = 0x010
    SUCCESS = 0x100
    ERROR = 0x110


_HEAD = Struct("!HHI12s")
_ATTRIBUTE = Struct("!HH")
_FINGERPRINT_XOR = 0x5354554E
_PADDING = (b"", bytes(3), bytes(2), bytes(1))
_SEALS = {MESSAGE_INTEGRITY: ("sha1", 20), MESSAGE_INTEGRITY_SHA256: ("sha256", 32)}
_AFTER = {
    MESSAGE_INTEGRITY: frozenset((MESSAGE_INTEGRITY_SHA256, FINGERPRINT)),
    MESSAGE_INTEGRITY_SHA256: frozenset((FINGERPRINT,)),
    FINGERPRINT: frozenset[int](),
}
"""What may still count behind each of these (RFC 8489, 14.5 to 14.7); all else there is passed over."""


class Message:
    """One message. `method` is a plain number, so that unknown ones can be told; `attributes` holds (number,
    value) as they came, repeated ones too; `seals` where MESSAGE-INTEGRITY and its SHA-256 form begin."""

    __slots__ = ("attributes", "kind", "method", "raw", "seals", "transaction")

    def __init__(
        self,
        method: int,
        kind: Kind,
        transaction: bytes,
        attributes: list[tuple[int, bytes]],
        raw: bytes = b"",
        seals: dict[int, int] | None = None,
    ) -> None:
        self.method = method
        self.kind = kind
        self.transaction = transaction
        self.attributes = attributes
        self.raw = raw
        self.seals = seals or {}

    def first(self, number: int) -> bytes | None:
        """The value of the first attribute of this number, which is the one that counts (RFC 8489, 14)."""
        for found, value in self.attributes:
            if found == number:
                return value
        return None

    def every(self, number: int) -> list[bytes]:
        """All values of this number, in order."""
        return [value for found, value in self.attributes if found == number]

    def address(self, number: int) -> Address | None:
        """An XOR-…-ADDRESS."""
        value = self.first(number)
        return None if value is None else read_xor_address(value, self.transaction)

    def addresses(self, number: int) -> list[Address]:
        """All of them."""
        return [read_xor_address(value, self.transaction) for value in self.every(number)]

    def not_among(self, known: frozenset[int]) -> list[int]:
        """The attributes that have to be understood and are not in `known`, each once: they belong into the
        UNKNOWN-ATTRIBUTES of a 420 (RFC 8489, 6.3.1)."""
        strange = (found for found, _ in self.attributes if found < FIRST_OPTIONAL and found not in known)
        return list(dict.fromkeys(strange))

    def sealed_by(self, key: bytes) -> bool:
        """Whether the strongest MESSAGE-INTEGRITY in it was made with `key`; False where it has none."""
        for number in (MESSAGE_INTEGRITY_SHA256, MESSAGE_INTEGRITY):
            at = self.seals.get(number)
            if at is not None:
                expected = _seal(self.raw[:at], number, key)
                # The SHA-256 form may be cut short, not below 16 bytes (RFC 8489, 14.6).
                value = self.first(number) or b""
                return hmac.compare_digest(expected[: len(value)], value)
        return False


def parse(data: bytes) -> Message:
    """One whole message; a wrong FINGERPRINT is as bad as no message at all."""
    if not HEADER <= len(data) <= MOST:
        raise StunError("too short or too long")
    kind_and_method, length, cookie, transaction = _HEAD.unpack_from(data)
    if kind_and_method & 0xC000 or cookie != COOKIE or length & 3 or length + HEADER != len(data):
        raise StunError("not a STUN message")
    attributes, seals = _walk(data)
    return Message(
        kind_and_method & 0xF | kind_and_method >> 1 & 0x70 | kind_and_method >> 2 & 0xF80,
        Kind(kind_and_method & 0x110),
        transaction,
        attributes,
        data,
        seals,
    )


def _walk(data: bytes) -> tuple[list[tuple[int, bytes]], dict[int, int]]:
    attributes: list[tuple[int, bytes]] = []
    seals: dict[int, int] = {}
    counts: frozenset[int] | None = None
    at, end = HEADER, len(data)
    while at < end:
        number, size = _ATTRIBUTE.unpack_from(data, at)
        begin, at = at, at + 4 + size + (-size & 3)
        if at > end:
            raise StunError("an attribute goes past the end")
        if counts is not None and number not in counts:
            continue
        value = data[begin + 4 : begin + 4 + size]
        attributes.append((number, value))
        if number in _AFTER:
            counts = _AFTER[number]
            if number == FINGERPRINT:
                _check_fingerprint(data, begin, value)
            else:
                _check_seal(number, size)
                seals[number] = begin
    return attributes, seals


def _check_fingerprint(data: bytes, begin: int, value: bytes) -> None:
    if begin + 8 != len(data) or value != _fingerprint(data[:begin]):
        raise StunError("the fingerprint is wrong")


def _check_seal(number: int, size: int) -> None:
    most = _SEALS[number][1]
    least = most if number == MESSAGE_INTEGRITY else 16
    if not least <= size <= most or size & 3:
        raise StunError("not a message integrity")


def build(
    method: int,
    kind: Kind,
    transaction: bytes,
    attributes: Iterable[tuple[int, bytes]],
    *,
    key: bytes = b"",
    seal: int = MESSAGE_INTEGRITY,
    fingerprint: bool = False,
) -> bytes:
    """The bytes of a message; with a `key` it is sealed by MESSAGE-INTEGRITY, or by the form named."""
    parts = [part for number, value in attributes for part in _attribute(number, value)]
    body = b"".join(parts)
    head = (method & 0xF | (method & 0x70) << 1 | (method & 0xF80) << 2 | kind).to_bytes(2, "big")
    rest = COOKIE_BYTES + transaction + body
    if key:
        unsealed = head + len(body).to_bytes(2, "big") + rest
        rest += b"".join(_attribute(seal, _seal(unsealed, seal, key)))
    if fingerprint:
        length = (len(rest) - HEADER + 4 + 8).to_bytes(2, "big")
        return head + length + rest + b"".join(_attribute(FINGERPRINT, _fingerprint(head + length + rest)))
    return head + (len(rest) - HEADER + 4).to_bytes(2, "big") + rest


def _attribute(number: int, value: bytes) -> tuple[bytes, bytes, bytes]:
    return _ATTRIBUTE.pack(number, len(value)), value, _PADDING[len(value) & 3]


def _seal(before: bytes, number: int, key: bytes) -> bytes:
    """The HMAC over everything before it, with a length that ends right behind it (RFC 8489, 14.5)."""
    name, size = _SEALS[number]
    length = len(before) - HEADER + 4 + size
    return hmac.digest(key, before[:2] + length.to_bytes(2, "big") + before[4:], name)


def _fingerprint(before: bytes) -> bytes:
    """The CRC over everything before it; the length in it already counts the fingerprint (RFC 8489, 14.7)."""
    length = len(before) - HEADER + 8
    return (crc32(before[:2] + length.to_bytes(2, "big") + before[4:]) ^ _FINGERPRINT_XOR).to_bytes(4, "big")


def long_term_key(username: str, realm: str, password: str) -> bytes:
    """What messages of this user are sealed with (RFC 8489, 9.2.2). MD5 because the standard says so; what
    it hashes here has 160 random bits."""
    return md5(f"{username}:{realm}:{password}".encode(), usedforsecurity=False).digest()
