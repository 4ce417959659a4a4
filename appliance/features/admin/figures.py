"""The last hour in figures: one value a minute of what is measured anyway."""

import asyncio
import resource
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from appliance.features.admin.model import Series
from appliance.kernel.house import House
from appliance.kernel.metrics import Counter, Histogram, Metrics

EVERY_S = 60.0
KEPT = 60
_PAGE = resource.getpagesize()


class Rate:
    """How much a counter rose, per second, since the last look."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._last = counter.value

    def __call__(self, seconds: float) -> float:
        rose = self._counter.value - self._last
        self._last = self._counter.value
        return round(rose / seconds, 3) if seconds > 0 else 0.0


class Share:
    """The smallest bucket of a histogram under which 95 of 100 new observations lie, in milliseconds."""

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._last = list(histogram.counts)

    def __call__(self, seconds: float) -> float:
        counts = [now - before for now, before in zip(self._histogram.counts, self._last, strict=True)]
        self._last = list(self._histogram.counts)
        wanted, running = 0.95 * sum(counts), 0
        if not wanted:
            return 0.0
        for bound, count in zip((*self._histogram.bounds, self._histogram.bounds[-1]), counts, strict=True):
            running += count
            if running >= wanted:
                return bound * 1000
        return self._histogram.bounds[-1] * 1000


class Cpu:
    """The share of one core that this process used since the last look, in percent."""

    def __init__(self) -> None:
        self._last = time.process_time()

    def __call__(self, seconds: float) -> float:
        used = time.process_time() - self._last
        self._last = time.process_time()
        return round(100 * used / seconds, 1) if seconds > 0 else 0.0


def resident_mib() -> float:
    """The memory that this process holds, in MiB."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        # Not Linux: the highest it ever was, in KiB.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return round(pages * _PAGE / 2**20, 1)


class Figures:
    """Looks once a minute, and remembers an hour."""

    def __init__(self, house: House) -> None:
        metrics: Metrics = house.metrics
        self._clock = house.clock
        self._looked_at = house.clock.monotonic()
        self.started_at = house.clock.now_ms()
        self._looks: list[tuple[str, str, Callable[[float], float]]] = [
            ("sockets", "", lambda _: metrics.sockets.read()),
            ("messages", "/s", Rate(metrics.messages)),
            ("deliveries", "/s", Rate(metrics.deliveries)),
            ("ack_p95", "ms", Share(metrics.ack)),
            ("delivery_p95", "ms", Share(metrics.delivery)),
            ("commit_p95", "ms", Share(metrics.commit_seconds)),
            ("cpu", "%", Cpu()),
            ("memory", "MiB", lambda _: resident_mib()),
            ("jobs", "", lambda _: metrics.jobs.read()),
        ]
        self._kept: dict[str, deque[float]] = {name: deque(maxlen=KEPT) for name, _, _ in self._looks}

    def look(self) -> None:
        """Take one value of each."""
        now = self._clock.monotonic()
        seconds, self._looked_at = now - self._looked_at, now
        for name, _, read in self._looks:
            self._kept[name].append(read(seconds))

    def series(self) -> list[Series]:
        """All of them, oldest value first."""
        return [
            Series(
                name=name,
                unit=unit,
                now=self._kept[name][-1] if self._kept[name] else 0.0,
                values=list(self._kept[name]),
            )
            for name, unit, _ in self._looks
        ]

    async def run(self) -> None:
        """Look every minute until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            self.look()
