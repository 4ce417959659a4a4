"""STUN messages and ChannelData out of a stream of bytes (RFC 8489, 6.2.2; RFC 8656, 12.5)."""

from appliance.features.calls.stun.attributes import COOKIE_BYTES, StunError

MOST = 4096
"""Bytes of one packet: whatever is larger would not fit into a datagram on its way to the other side."""


class Splitter:
    """Whole packets out of what a stream brings, however that is cut."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held = bytearray()

    def hold(self, data: bytes) -> None:
        """Keep it for the next `feed`."""
        self._held += data

    def feed(self, data: bytes, at_once: int = 1 << 30) -> list[bytes]:
        """The packets that are complete now, without their padding, `at_once` at most; those after them are
        there for the next time. Raises StunError where the stream is something else, or wants more room than
        there is. What came before that is given up with it: whoever sends such bytes is not spoken to any
        more."""
        held = self._held
        # Nearly always a read brings whole packets and nothing was left from before.
        source: bytes | bytearray = data
        if held:
            held += data
            source = held
        found: list[bytes] = []
        at, end = 0, len(source)
        while end - at >= 4 and len(found) < at_once:
            size, padding = self._size(source, at)
            if end - at < size + padding:
                break
            found.append(bytes(source[at : at + size]))
            at += size + padding
        if source is held:
            del held[:at]
        elif at < end:
            held += data[at:]
        return found

    def _size(self, source: bytes | bytearray, at: int) -> tuple[int, int]:
        first, length = source[at], source[at + 2] << 8 | source[at + 3]
        if first < 0x40:
            # Told as early as possible, so that nothing is held for whoever speaks another language.
            cookie = source[at + 4 : at + 8]
            if length & 3 or not COOKIE_BYTES.startswith(bytes(cookie)):
                raise StunError("not a stream of STUN")
            size, padding = length + 20, 0
        elif first < 0x80:
            size, padding = length + 4, -length & 3
        else:
            raise StunError("not a stream of STUN")
        if size > self._most:
            raise StunError("too large a packet")
        return size, padding
