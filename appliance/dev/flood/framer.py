"""WebSocket frames as a client writes and reads them (RFC 6455, 5.2), in as few steps as Python allows."""

import base64
import hashlib
import os
from enum import IntEnum

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# RFC 6455 makes clients mask so that a page cannot dictate bytes to proxies on the way. Here there is no
# page and no proxy, and with an all-zero key the masked payload is the payload: nothing to compute.
_ZERO_KEY = b"\0\0\0\0"
MAX_FRAME = 16 * 1024 * 1024


class Op(IntEnum):
    """Opcodes (RFC 6455, 11.8)."""

    MORE = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


class BrokenFrame(Exception):
    """The server sent what no server may send."""


def frame(payload: bytes, op: Op = Op.TEXT) -> bytes:
    """One whole masked frame."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | op, 0x80 | size)) + _ZERO_KEY + payload
    if size < 65536:
        return bytes((0x80 | op, 0xFE)) + size.to_bytes(2, "big") + _ZERO_KEY + payload
    return bytes((0x80 | op, 0xFF)) + size.to_bytes(8, "big") + _ZERO_KEY + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame with its status code (RFC 6455, 5.5.1)."""
    return frame(code.to_bytes(2, "big") + reason.encode(), Op.CLOSE)


def split(data: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """The whole frames at the start of `data` as (first byte, payload), and how many bytes they took.

    The first byte is FIN and the reserved bits with the opcode: 0x81 is a whole text message."""
    frames: list[tuple[int, bytes]] = []
    at = 0
    end = len(data)
    while end - at >= 2:
        size = data[at + 1]
        start = at + 2
        if size > 125:
            if size > 127:
                raise BrokenFrame("a server must not mask")
            start += 2 if size == 126 else 8
            if start > end:
                break
            size = int.from_bytes(data[at + 2 : start], "big")
            if size > MAX_FRAME:
                raise BrokenFrame(f"a frame of {size} bytes")
        if start + size > end:
            break
        frames.append((data[at], data[start : start + size]))
        at = start + size
    return frames, at


class Joiner:
    """Puts messages together that a server sent in several frames; control frames may lie between."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def take(self, first: int, payload: bytes) -> tuple[Op, bytes] | None:
        """The message that this frame completes, or None if more must come."""
        if first & 0x70:
            raise BrokenFrame("reserved bits without an extension")
        op = Op(first & 0x0F)
        if op >= Op.CLOSE:
            return op, payload
        if (op is Op.MORE) != bool(self._parts):
            raise BrokenFrame("a continuation of nothing, or a new message inside another")
        if first & 0x80 and not self._parts:
            return op, payload
        # The opcode of a fragmented message stands in its first frame only; this server sends only text.
        self._parts.append(payload)
        if not first & 0x80:
            return None
        whole = b"".join(self._parts)
        self._parts.clear()
        return Op.TEXT, whole


def upgrade(host: str, path: str, protocol: str, token: str) -> tuple[bytes, bytes]:
    """The opening request (RFC 6455, 4.1), and the `Sec-WebSocket-Accept` that must come back."""
    key = base64.b64encode(os.urandom(16))
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key.decode()}\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: {protocol}\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    return request.encode(), base64.b64encode(hashlib.sha1(key + _GUID).digest())


def check_upgrade(head: bytes, accept: bytes) -> None:
    """Raise BrokenFrame unless `head` (the response up to its empty line) accepts our request."""
    status, _, rest = head.partition(b"\r\n")
    if b" 101 " not in status + b" ":
        raise BrokenFrame(f"no upgrade: {status.decode('latin-1')}")
    headers = dict(line.split(b":", 1) for line in rest.split(b"\r\n") if b":" in line)
    got = {name.strip().lower(): value.strip() for name, value in headers.items()}
    if got.get(b"sec-websocket-accept") != accept:
        raise BrokenFrame("the answer belongs to another request")
