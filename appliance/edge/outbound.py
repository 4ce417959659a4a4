"""What waits to be written to one socket, bounded: a slow reader hurts itself only."""

import asyncio

HIGH_WATER = 64 * 1024
"""Bytes in the transport's own buffer from which on everything waits here instead, where it is counted."""


class Outbound:
    """Bytes for one transport. They wait while `hold` is in force or the transport is full; `write` says
    False once more than `limit` bytes wait."""

    def __init__(self, transport: asyncio.Transport, limit: int) -> None:
        self._transport = transport
        self._limit = limit
        self._waiting: list[bytes] = []
        self._size = 0
        self._full = False
        self._on_hold = False
        transport.set_write_buffer_limits(high=HIGH_WATER)

    @property
    def flowing(self) -> bool:
        """Whether what is written leaves at once."""
        return not self._full and not self._on_hold

    def write(self, data: bytes) -> bool:
        """Write now, or keep for later; False when it is too much, and then it is not kept."""
        if not self._full and not self._on_hold:
            self._transport.write(data)
            return True
        self._size += len(data)
        if self._size > self._limit:
            return False
        self._waiting.append(data)
        return True

    def hold(self) -> None:
        """Keep everything until `release`."""
        self._on_hold = True

    def release(self, first: bytes) -> None:
        """Write `first`, and then what was kept."""
        self._on_hold = False
        self._waiting.insert(0, first)
        # `first` is large where a client missed much, and it is what that client asked for: not counted.
        if not self._full:
            self._drain()

    def transport_is_full(self) -> None:
        """asyncio's pause_writing."""
        self._full = True

    def transport_has_room(self) -> None:
        """asyncio's resume_writing."""
        self._full = False
        if not self._on_hold:
            self._drain()

    def clear(self) -> None:
        """Give up what waits."""
        self._waiting.clear()
        self._size = 0

    def _drain(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting:
            self._transport.write(b"".join(waiting))
