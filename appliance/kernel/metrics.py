"""What is measured. Plain numbers while running; prometheus-client turns them into text when asked.

A labelled prometheus-client counter costs about a microsecond (a lookup and a lock), too much for
something that happens once a delivery. So each number here is a plain attribute that one thread changes,
and a collector reads all of them at scrape time.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric
    from prometheus_client.registry import CollectorRegistry

_LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_COMMIT = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
_UNITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)


class Counter:
    """Only rises: `counter.value += n`."""

    __slots__ = ("help", "name", "value")

    def __init__(self, name: str, help: str) -> None:
        self.name = name
        self.help = help
        self.value = 0


class CounterBy:
    """Only rises, one number for each value of a label; the label's values must be few and known."""

    __slots__ = ("help", "label", "name", "values")

    def __init__(self, name: str, label: str, help: str) -> None:
        self.name = name
        self.label = label
        self.help = help
        self.values: dict[str, int] = {}

    def add(self, value: str) -> None:
        self.values[value] = self.values.get(value, 0) + 1


class Gauge:
    """How many there are now: set `value`, or set `read` to a function that tells."""

    __slots__ = ("help", "name", "read", "value")

    def __init__(self, name: str, help: str) -> None:
        self.name = name
        self.help = help
        self.value: float = 0
        self.read: Callable[[], float] = lambda: self.value


class GaugeBy:
    """How much there is now, one number for each value of a label; the label's values must be few."""

    __slots__ = ("help", "label", "name", "values")

    def __init__(self, name: str, label: str, help: str) -> None:
        self.name = name
        self.label = label
        self.help = help
        self.values: dict[str, float] = {}


class Histogram:
    """How often which size was seen; `bounds` are the inclusive upper bounds of the buckets."""

    __slots__ = ("bounds", "counts", "help", "name", "total")

    def __init__(self, name: str, bounds: tuple[float, ...], help: str) -> None:
        self.name = name
        self.help = help
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, size: float, times: int = 1) -> None:
        self.counts[bisect_left(self.bounds, size)] += times
        self.total += size * times


class Metrics:
    """Every number of one server. Times are in seconds."""

    def __init__(self) -> None:
        self.sockets = Gauge("safevoice_sockets", "Open sockets.")
        self.messages = Counter("safevoice_messages", "Messages, edits and deletions committed.")
        self.deliveries = Counter("safevoice_deliveries", "Events written to sockets.")
        self.overflows = Counter("safevoice_overflows", "Sockets closed because their reader was too slow.")
        self.errors = CounterBy("safevoice_errors", "code", "Refusals and failures by their code.")
        self.jobs = Gauge("safevoice_jobs", "Durable jobs that are not done.")
        self.writer_queue = Gauge("safevoice_writer_queue", "Units of work that wait for the writer.")
        self.ack = Histogram("safevoice_ack_seconds", _LATENCY, "From a command's arrival to its ack.")
        self.delivery = Histogram(
            "safevoice_delivery_seconds", _LATENCY, "From a commit to the write on a socket."
        )
        self.client_delivery = Histogram(
            "safevoice_client_delivery_seconds",
            _LATENCY,
            "From a commit to the screen, as clients measure it.",
        )
        self.commit_seconds = Histogram("safevoice_commit_seconds", _COMMIT, "Time of one commit.")
        self.commit_units = Histogram("safevoice_commit_units", _UNITS, "Units of work in one commit.")
        self.calls = Gauge("safevoice_calls", "Calls that ring or are under way.")
        self.relay_allocations = Gauge(
            "safevoice_relay_allocations", "Addresses that calls hold of the relay."
        )
        self.relay_packets = Counter("safevoice_relay_packets", "Packets of calls that were passed on.")
        self.relay_bytes = Counter("safevoice_relay_bytes", "Bytes in them.")
        self.relay_dropped = CounterBy("safevoice_relay_dropped", "why", "Packets of calls that were not.")
        self.relay_refused = CounterBy("safevoice_relay_refused", "code", "Requests the relay refused.")
        self.relay_test_ok = GaugeBy(
            "safevoice_relay_test_ok", "way", "Whether the relay was found to work by this way, 0 or 1."
        )
        self.relay_test_seconds = GaugeBy(
            "safevoice_relay_test_seconds", "way", "How long it took to connect by it, 0 where it did not."
        )
        self.relay_test_time = GaugeBy(
            "safevoice_relay_test_timestamp_seconds", "way", "When it was last tried, in Unix time."
        )
        self._registry: CollectorRegistry | None = None

    def commit(self, units: int, seconds: float) -> None:
        """One commit of so many units of work was done."""
        self.commit_units.observe(units)
        self.commit_seconds.observe(seconds)

    def render(self) -> bytes:
        """The Prometheus text format, version 0.0.4; `CONTENT_TYPE` is its media type."""
        from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, generate_latest

        if self._registry is None:
            self._registry = CollectorRegistry()
            ProcessCollector(registry=self._registry)
            GCCollector(registry=self._registry)
            self._registry.register(self)
        return generate_latest(self._registry)

    def collect(self) -> "Iterator[Metric]":
        """What the registry asks for at scrape time."""
        from prometheus_client import metrics_core as core

        for each in vars(self).values():
            match each:
                case Counter():
                    yield core.CounterMetricFamily(each.name, each.help, value=each.value)
                case Gauge():
                    yield core.GaugeMetricFamily(each.name, each.help, value=each.read())
                case GaugeBy():
                    held = core.GaugeMetricFamily(each.name, each.help, labels=[each.label])
                    for label, value in list(each.values.items()):
                        held.add_metric([label], value)
                    yield held
                case CounterBy():
                    labelled = core.CounterMetricFamily(each.name, each.help, labels=[each.label])
                    for label, count in list(each.values.items()):
                        labelled.add_metric([label], count)
                    yield labelled
                case Histogram():
                    yield core.HistogramMetricFamily(each.name, each.help, _buckets(each), each.total)


CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    running = 0
    buckets: list[tuple[str, float]] = []
    for bound, count in zip((*map(repr, histogram.bounds), "+Inf"), histogram.counts, strict=True):
        running += count
        buckets.append((bound, running))
    return buckets
