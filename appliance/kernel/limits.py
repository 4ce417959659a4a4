"""How often something may happen, per key (a person, an address, a socket). Memory stays bounded."""

import math
from collections import deque
from collections.abc import Hashable

from appliance.kernel.clock import Clock

MOST_KEYS = 50_000
"""Keys that one limiter remembers. Past it the key that was quiet longest is forgotten: a crowd that
large is a flood, and forgetting somebody's debt is better than running out of memory."""


class Limiter:
    """So many in so many seconds, evenly, with a burst: the Generic Cell Rate Algorithm (ITU-T I.371).

    One number per key: the moment at which its debt is paid off.
    """

    def __init__(
        self, clock: Clock, count: int, seconds: float, burst: int = 0, *, most_keys: int = MOST_KEYS
    ) -> None:
        """`count` each `seconds`, 0 for no limit; `burst` at once (default: all of `count`)."""
        self._clock = clock
        self._each = seconds / count if count else 0.0
        self._slack = self._each * ((burst or count) - 1)
        self._most_keys = most_keys
        self._paid_at: dict[Hashable, float] = {}

    def take(self, key: Hashable) -> int:
        """0, and it counts; or the milliseconds until it would be allowed, and it does not count."""
        if not self._each:
            return 0
        now = self._clock.monotonic()
        paid_at = max(self._paid_at.get(key, now), now)
        wait = paid_at - self._slack - now
        # A nanosecond of tolerance: sums of floats would else refuse the last one of a burst.
        if wait > 1e-9:
            return max(1, math.ceil(wait * 1000))
        self._paid_at.pop(key, None)
        self._paid_at[key] = paid_at + self._each
        self._forget_idle(now)
        return 0

    def give_back(self, key: Hashable) -> None:
        """What was taken did not happen after all."""
        if key in self._paid_at:
            self._paid_at[key] -= self._each

    def _forget_idle(self, now: float) -> None:
        # The dict is in order of last use, so the idle ones are in front; two looks for each insertion
        # keep it from growing without ever sweeping all of it.
        for _ in range(2):
            oldest = next(iter(self._paid_at))
            if self._paid_at[oldest] > now and len(self._paid_at) <= self._most_keys:
                return
            del self._paid_at[oldest]
            if not self._paid_at:
                return

    def __len__(self) -> int:
        return len(self._paid_at)


class Window:
    """At most `count` within any `seconds`, exactly: for tries that must not be guessed away.

    Take before trying and give back on success, so that tries at the same moment cannot slip past.
    """

    def __init__(self, clock: Clock, count: int, seconds: float, *, most_keys: int = MOST_KEYS) -> None:
        self._clock = clock
        self._count = count
        self._seconds = seconds
        self._most_keys = most_keys
        self._taken: dict[Hashable, deque[float]] = {}

    def take(self, key: Hashable) -> int:
        """0, and it counts; or the milliseconds until it would be allowed, and it does not count."""
        if not self._count:
            return 0
        now = self._clock.monotonic()
        taken = self._taken.pop(key, None) or deque()
        while taken and taken[0] <= now - self._seconds:
            taken.popleft()
        self._taken[key] = taken
        if len(taken) >= self._count:
            return max(1, math.ceil((taken[0] + self._seconds - now) * 1000))
        taken.append(now)
        self._forget_idle(now)
        return 0

    def give_back(self, key: Hashable) -> None:
        """The try was no failure."""
        taken = self._taken.get(key)
        if taken:
            taken.pop()

    def _forget_idle(self, now: float) -> None:
        for _ in range(2):
            oldest = next(iter(self._taken))
            taken = self._taken[oldest]
            idle = not taken or taken[-1] <= now - self._seconds
            if not idle and len(self._taken) <= self._most_keys:
                return
            del self._taken[oldest]
            if not self._taken:
                return

    def __len__(self) -> int:
        return len(self._taken)
