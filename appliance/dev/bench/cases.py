"""What the bench does, one after the other."""

from dataclasses import dataclass, replace

from appliance.dev.bench import budget as b
from appliance.dev.bench.budget import Budget
from appliance.dev.flood.options import Options


@dataclass(frozen=True)
class Case:
    """One load on one stage; cases with the same `sockets` and `rooms_of` that follow each other share it."""

    name: str
    title: str
    options: Options
    budgets: tuple[Budget, ...]

    @property
    def stage(self) -> tuple[int, int]:
        return self.options.sockets, self.options.rooms_of


CHATTY = "with typing and read marks"
_TENS = Options(sockets=500, rooms_of=10, window=100, duration=8)
_HUNDREDS = Options(sockets=500, rooms_of=100, window=100, duration=8)
_SINGLE = replace(_HUNDREDS, window=5)
_CALM = replace(_HUNDREDS, rate=100, duration=6)
_MANY = Options(sockets=10_000, rooms_of=100, rate=170, warmup=2, duration=12)


_THROUGHPUT = (b.DELIVERIES, *b.LATENCY, b.WORST, b.WRITTEN, b.GENERATOR)
_TARGET = replace(b.WORST, bound=25)


def _tens() -> tuple[Case, ...]:
    return (
        Case(
            "tens",
            "500 sockets, rooms of 10, closed loop with 100 in flight",
            _TENS,
            (
                replace(b.RATE, bound=6000, least=True),
                replace(b.PER_MESSAGE, bound=110),
                *_THROUGHPUT,
                b.PER_SOCKET,
                *b.FLAWLESS,
            ),
        ),
        Case(
            "tens-chatty",
            f"500 sockets, rooms of 10, {CHATTY}",
            replace(_TENS, chatter=True),
            (b.RATE, b.PER_MESSAGE, *_THROUGHPUT, *b.FLAWLESS),
        ),
    )


def _hundreds() -> tuple[Case, ...]:
    return (
        Case(
            "hundreds",
            "500 sockets, rooms of 100, closed loop with 100 in flight: several messages a write",
            _HUNDREDS,
            (b.RATE, replace(b.PER_DELIVERY, bound=5), *_THROUGHPUT, *b.FLAWLESS),
        ),
        Case(
            "hundreds-single",
            "500 sockets, rooms of 100, one message in flight a room: hardly two share a write",
            _SINGLE,
            (b.RATE, replace(b.PER_DELIVERY, bound=5), *_THROUGHPUT, *b.FLAWLESS),
        ),
        # Nearly idle, both processes sleep between messages: what waking up costs is not the server's.
        Case(
            "hundreds-calm",
            "500 sockets, rooms of 100, 100 messages/s",
            _CALM,
            (b.RATE, b.PER_DELIVERY, *_THROUGHPUT, *b.FLAWLESS),
        ),
        Case(
            "hundreds-chatty",
            f"500 sockets, rooms of 100, {CHATTY}",
            replace(_HUNDREDS, chatter=True),
            (b.RATE, b.PER_DELIVERY, *_THROUGHPUT, *b.FLAWLESS),
        ),
    )


def _many() -> tuple[Case, ...]:
    return (
        Case(
            "many",
            "10,000 sockets, rooms of 100, 170 messages/s",
            _MANY,
            (
                b.RATE,
                b.PER_DELIVERY,
                b.DELIVERIES,
                *b.LATENCY,
                _TARGET,
                b.PER_SOCKET,
                b.GENERATOR,
                *b.FLAWLESS,
            ),
        ),
        Case(
            "many-chatty",
            f"10,000 sockets, 170 messages/s, one in ten looking, {CHATTY}",
            replace(_MANY, chatter=True, watching=0.1),
            (b.RATE, b.PER_DELIVERY, b.DELIVERIES, *b.LATENCY, _TARGET, b.GENERATOR, *b.FLAWLESS),
        ),
    )


CASES = (*_tens(), *_hundreds(), *_many())
