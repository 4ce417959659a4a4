"""The count that a flood keeps: how long things took, and whether each came once and in order."""

from array import array
from collections import Counter
from typing import Any

from appliance.dev.flood.reading import Acked, Told

PERCENTILES = (50, 95, 99, 100)


def percentiles_ms(nanos: "array[int]") -> dict[str, float]:
    """p50, p95, p99 and the worst, in milliseconds; zeros where nothing was measured."""
    ordered = sorted(nanos)
    if not ordered:
        return {f"p{p}": 0.0 for p in PERCENTILES}
    last = len(ordered) - 1
    return {f"p{p}": round(ordered[min(last, len(ordered) * p // 100)] / 1e6, 2) for p in PERCENTILES}


class Tally:
    """Shared by all sockets of a flood. Latencies are kept only while `measuring`; truth always."""

    def __init__(self) -> None:
        self.measuring = False
        self.ack_ns = array("q")
        self.delivery_ns = array("q")
        self.posted = 0
        self.acks = 0
        self.deliveries = 0
        self.other: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.closes: Counter[int] = Counter()
        self.doubles = 0
        self.order_errors = 0
        self.late = 0
        self.heads: dict[bytes, int] = {}
        """For each room the highest acknowledged position."""
        self._acked: dict[bytes, int] = {}
        self._told: dict[bytes, tuple[bytes, int]] = {}

    def acked(self, ack: Acked, room: bytes) -> None:
        """The server says that this post to `room` is on disk."""
        if ack.key in self._acked:
            self.doubles += 1
        self._acked[ack.key] = ack.seq
        self.heads[room] = max(self.heads.get(room, 0), ack.seq)

    def told_first(self, events: list[Told]) -> None:
        """These messages were read; the same one at two places was stored twice."""
        for event in events:
            place = (event.log, event.seq)
            if self._told.setdefault(event.key, place) != place:
                self.doubles += 1
        events.clear()

    def never_told(self) -> int:
        """Acknowledged messages that no socket heard of, or at another place than acknowledged."""
        return sum(self._told.get(key, (b"", -1))[1] != seq for key, seq in self._acked.items())

    def counts(self) -> dict[str, int]:
        """What may be subtracted to get a rate."""
        return {"posted": self.posted, "messages": self.acks, "deliveries": self.deliveries, **self.other}

    def faults(self, lost: int) -> dict[str, Any]:
        """The part of the report where zeros are wanted. `lost` is what sockets themselves still miss."""
        return {
            "losses": lost + self.never_told(),
            "doubles": self.doubles,
            "order_errors": self.order_errors,
            "late": self.late,
            "errors": dict(self.errors),
            "closed": {str(code): n for code, n in self.closes.items()},
        }
