"""WebSocket frames (RFC 6455) as a server needs them: masked frames in, unmasked frames out.

Our own, because a library's generator-based parser costs more per frame than everything else that happens to
it. The handshake, which is rare, is the library's.
"""

import struct

try:
    from websockets.speedups import apply_mask
except ImportError:  # no wheel for this machine
    from websockets.utils import apply_mask

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_CONTINUATION = 0

PING_FRAME = b"\x89\x00"

_VALID_CLOSE = frozenset((1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014))


class FrameError(Exception):
    """The peer broke the protocol; `code` is a row of the error table."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def text_frame(payload: bytes) -> bytes:
    """A whole text message as one frame."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def close_frame(code: int, reason: str) -> bytes:
    """A close frame; `reason` is cut to the 123 bytes that fit."""
    body = code.to_bytes(2, "big") + reason.encode()[:123]
    return bytes((0x88, len(body))) + body


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping; control frames carry at most 125 bytes."""
    return bytes((0x8A, len(payload))) + payload


def close_code(payload: bytes) -> int:
    """The code of a peer's close frame (1005 for none); raises FrameError for one that nobody may send."""
    if not payload:
        return 1005
    code = int.from_bytes(payload[:2], "big") if len(payload) > 1 else 0
    if code not in _VALID_CLOSE and not 3000 <= code <= 4999:
        raise FrameError("ws_protocol")
    try:
        payload[2:].decode()
    except UnicodeDecodeError as error:
        raise FrameError("ws_utf8") from error
    return code


class FrameReader:
    """Turns received bytes into whole messages and control frames. `max_bytes` bounds one message."""

    def __init__(self, max_bytes: int) -> None:
        self._max = max_bytes
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._parts_size = 0
        self._opcode = 0
        self._skip = 0

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """(opcode, payload) of every message and control frame that is complete now; raises FrameError.

        What came before a broken frame in the same read is given up with it: the socket closes, and nothing
        of it was acknowledged."""
        buffer = self._buffer
        buffer += data
        found: list[tuple[int, bytes]] = []
        start, end = 0, len(buffer)
        while end - start >= 2:
            first, second = buffer[start], buffer[start + 1]
            opcode = first & 0x0F
            size, head = self._size(first, second, opcode, start, end)
            if size < 0 or end - start < head + size:
                break
            body = start + head
            payload = apply_mask(bytes(buffer[body : body + size]), bytes(buffer[body - 4 : body]))
            start = body + size
            if opcode >= CLOSE or (first & 0x80 and opcode and not self._opcode):
                found.append((opcode, payload))
            else:
                self._continue(first, opcode, payload, found)
        if start:
            del buffer[:start]
        return found

    def saw_goodbye(self, data: bytes) -> bool:
        """Whether the peer's close frame begins in `data`, after our own was sent: all else is passed over
        and nothing is kept, not even of a frame that was too large.

        Hanging up before the peer has read our close frame would lose it, and with it the reason."""
        if self._skip > 0:
            self._buffer.clear()
            data, self._skip = data[self._skip :], self._skip - len(data)
            if self._skip >= 0:
                return False
        self._buffer += data
        start, end = 0, len(self._buffer)
        while end - start >= 2:
            head = self._buffer[start : start + 10]
            if head[0] & 0x0F == CLOSE:
                return True
            size, length = head[1] & 0x7F, 6 if head[1] & 0x80 else 2
            if size > 125:
                wide = 2 if size == 126 else 8
                if len(head) < 2 + wide:
                    break
                size, length = int.from_bytes(head[2 : 2 + wide], "big"), length + wide
            start += length + size
        self._skip = max(0, start - end)
        del self._buffer[:start]
        return False

    def _size(self, first: int, second: int, opcode: int, start: int, end: int) -> tuple[int, int]:
        """(payload size, header size), or (-1, 0) when the header is not whole yet."""
        # No extension was agreed on, so reserved bits must be clear; a client must mask.
        if first & 0x70 or not second & 0x80:
            raise FrameError("ws_protocol")
        if opcode not in (_CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            raise FrameError("ws_protocol")
        size, head = second & 0x7F, 6
        if opcode >= CLOSE:
            if size > 125 or not first & 0x80:
                raise FrameError("ws_protocol")
            return size, head
        if size == 126:
            if end - start < 4:
                return -1, 0
            size, head = struct.unpack_from("!H", self._buffer, start + 2)[0], 8
        elif size == 127:
            if end - start < 10:
                return -1, 0
            size, head = struct.unpack_from("!Q", self._buffer, start + 2)[0], 14
        # Known from the header alone, so a peer cannot make us hold what will be refused anyway.
        if size + self._parts_size > self._max:
            self._skip = size + head - (end - start)
            raise FrameError("ws_too_big")
        return size, head

    def _continue(self, first: int, opcode: int, payload: bytes, found: list[tuple[int, bytes]]) -> None:
        if bool(opcode) == bool(self._opcode):
            # A new message inside a fragmented one, or a continuation of nothing.
            raise FrameError("ws_protocol")
        self._opcode = self._opcode or opcode
        self._parts.append(payload)
        self._parts_size += len(payload)
        if len(self._parts) > 1024:
            raise FrameError("ws_protocol")
        if first & 0x80:
            found.append((self._opcode, b"".join(self._parts)))
            self._parts, self._parts_size, self._opcode = [], 0, 0
