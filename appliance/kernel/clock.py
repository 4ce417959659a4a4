"""Time, so that a test can move it by hand."""

import time
from threading import Lock
from typing import Protocol


class Clock(Protocol):
    """`now_ms`: milliseconds since the Unix epoch, for what people and logs see.
    `monotonic`: seconds from an arbitrary start that never go backwards, for every waiting time."""

    def now_ms(self) -> int: ...

    def monotonic(self) -> float: ...


class SystemClock:
    """The machine's own clocks."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class RisingClock:
    """A clock whose wall time stands still instead of going backwards.

    NTP, a resumed virtual machine or an admin may set the wall clock back. Order comes from `seq`, so
    nothing breaks; but a message with an earlier time than the one above it looks broken to people, and
    an expiry computed from it would come too soon. So within this process wall time never falls below
    the last one handed out; it waits until the machine's clock has caught up.
    """

    def __init__(self, clock: Clock, not_before_ms: int = 0) -> None:
        """`not_before_ms`: the newest time already stored, so that a restart does not go backwards either."""
        self._clock = clock
        self._last = not_before_ms

    def now_ms(self) -> int:
        self._last = max(self._last, self._clock.now_ms())
        return self._last

    def monotonic(self) -> float:
        return self._clock.monotonic()


class TickingClock:
    """Never tells the same millisecond twice, for tests and pictures: what is made within one would stand in
    any order. On a disk a commit takes longer than that; in memory several fit into it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told = 0
        self._one_by_one = Lock()

    def now_ms(self) -> int:
        with self._one_by_one:
            self._told = max(self._clock.now_ms(), self._told + 1)
            return self._told

    def monotonic(self) -> float:
        return self._clock.monotonic()


class HandClock:
    """Moved by hand, in tests."""

    def __init__(self, now_ms: int = 1_750_000_000_000) -> None:
        self._now_ms = now_ms
        self._monotonic = 0.0

    def now_ms(self) -> int:
        return self._now_ms

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Time passes: both clocks go on."""
        self._now_ms += round(seconds * 1000)
        self._monotonic += seconds

    def set_wall(self, now_ms: int) -> None:
        """Somebody sets the wall clock, also backwards; no time passes."""
        self._now_ms = now_ms
