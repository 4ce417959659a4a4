"""What this feature keeps between requests, for minutes and in memory only."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from appliance.kernel.clock import Clock

T = TypeVar("T")

MOST = 20_000
CHALLENGE_S = 300
SECRET_S = 600
CONFIRMED_S = 300


class Brief(Generic[T]):
    """Values that are forgotten after `seconds`, and the oldest before, past `most`: what strangers can fill
    must not grow without end."""

    def __init__(self, clock: Clock, seconds: float, *, most: int = MOST) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._kept: dict[Hashable, tuple[float, T]] = {}

    def keep(self, key: Hashable, value: T) -> None:
        """Remember it from now on; what stood under `key` is gone."""
        self._kept.pop(key, None)
        self._kept[key] = (self._clock.monotonic() + self._seconds, value)
        # In the order of keeping, so the ones that are over stand in front.
        while len(self._kept) > self._most or self._over(next(iter(self._kept.values()))):
            del self._kept[next(iter(self._kept))]

    def look(self, key: Hashable) -> T | None:
        """It, if it is still kept."""
        found = self._kept.get(key)
        return None if found is None or self._over(found) else found[1]

    def take(self, key: Hashable) -> T | None:
        """It, if it is still kept; the next who asks gets nothing."""
        found = self.look(key)
        self._kept.pop(key, None)
        return found

    def _over(self, kept: tuple[float, T]) -> bool:
        return kept[0] <= self._clock.monotonic()

    def __len__(self) -> int:
        return len(self._kept)
