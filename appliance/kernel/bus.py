"""In-process publish/subscribe: a hint, never the truth; the journal is that.

Everything here runs on the event loop and never waits. What a transaction wants to happen afterwards is a
list of effects; `Bus.apply` carries them out in commit order, so a change of membership takes hold exactly
between the events before and after it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

from appliance.kernel import logs
from appliance.kernel.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Publish:
    """`event` goes to everybody who follows `topic`; it is encoded once."""

    topic: str
    event: Any


@dataclass(frozen=True, slots=True)
class Follow:
    """From here on all sockets of `account` follow `topic`."""

    account: str
    topic: str


@dataclass(frozen=True, slots=True)
class Unfollow:
    """From here on no socket of `account` follows `topic`."""

    account: str
    topic: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """The sockets of `device` are closed with the error `code`."""

    device: str
    code: str


@dataclass(frozen=True, slots=True)
class Wake:
    """Whoever waits for `what` (say, the job runner) looks again."""

    what: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Whoever listens for `what` hears that something about `about` (the id of a room, say) changed."""

    what: str
    about: str


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`event` goes to everybody who is connected; of guests and others alike, so it may say nothing that
    not all may know."""

    event: Any


Effect = Publish | Broadcast | Follow | Unfollow | HangUp | Wake | Hint


class Subscriber(Protocol):
    """One socket, as the bus sees it. The bus appends frames to `out` itself and asks for one `flush`
    per round, because a method call per delivery is what fan-out costs most."""

    account: str
    device: str
    out: list[bytes]
    topics: set[str]
    revoked: set[str] | None

    def flush(self) -> None: ...
    def hang_up(self, code: str) -> None: ...


class Bus:
    """Topics and who follows them. `prepare` turns an event into the bytes that go on the wire."""

    def __init__(
        self,
        prepare: Callable[[Any], bytes],
        defer: Callable[[Callable[[], None]], object],
        metrics: Metrics,
    ) -> None:
        self._prepare = prepare
        self._defer = defer
        self._deliveries = metrics.deliveries
        self._delivery = metrics.delivery
        self._queued = 0
        self._queued_since = 0.0
        self._topics: dict[str, set[Subscriber]] = {}
        self._accounts: dict[str, set[Subscriber]] = {}
        self._dirty: list[Subscriber] = []
        self._sleepers: dict[str, list[Callable[[], None]]] = {}
        self._movers: list[Callable[[Subscriber, bool], None]] = []
        self._listeners: dict[str, list[Callable[[str], None]]] = {}
        self._ended: list[Callable[[str, str], None]] = []

    # Subscribers

    def attach(self, subscriber: Subscriber) -> None:
        """Make a socket known, following only its account's own topic.

        From here until `begin`, topics taken from it are remembered in `revoked`: what it will ask to
        follow was read from the database at some moment in between."""
        subscriber.revoked = set()
        self._accounts.setdefault(subscriber.account, set()).add(subscriber)
        self._add(subscriber, subscriber.account)
        for moved in self._movers:
            moved(subscriber, True)

    def begin(self, subscriber: Subscriber, topics: Iterable[str]) -> None:
        """Follow `topics`, except those taken away since `attach`."""
        revoked = subscriber.revoked or set()
        subscriber.revoked = None
        for topic in topics:
            if topic not in revoked:
                self._add(subscriber, topic)

    def detach(self, subscriber: Subscriber) -> None:
        """Forget a socket."""
        for topic in list(subscriber.topics):
            self._remove(subscriber, topic)
        mine = self._accounts.get(subscriber.account)
        if mine is None or subscriber not in mine:
            return
        mine.discard(subscriber)
        if not mine:
            del self._accounts[subscriber.account]
        for moved in self._movers:
            moved(subscriber, False)

    def of_account(self, account: str) -> frozenset[Subscriber]:
        """The sockets of one account."""
        return frozenset(self._accounts.get(account, ()))

    def everyone(self) -> list[Subscriber]:
        """All sockets."""
        return [subscriber for mine in self._accounts.values() for subscriber in mine]

    def followers(self, topic: str) -> frozenset[Subscriber]:
        """The sockets that follow `topic`."""
        return frozenset(self._topics.get(topic, ()))

    # Effects

    def apply(self, effects: Iterable[Effect]) -> None:
        """Carry out what a transaction asked for, in order. Cannot fail the sender."""
        for effect in effects:
            match effect:
                case Publish(topic, event):
                    self.publish(topic, event)
                case Broadcast(event):
                    self.send(self.everyone(), event)
                case Follow(account, topic):
                    for subscriber in self._accounts.get(account, ()):
                        if subscriber.revoked is not None:
                            subscriber.revoked.discard(topic)
                        self._add(subscriber, topic)
                case Unfollow(account, topic):
                    for subscriber in self._accounts.get(account, ()):
                        if subscriber.revoked is not None:
                            subscriber.revoked.add(topic)
                        self._remove(subscriber, topic)
                case HangUp(device, code):
                    for ended in self._ended:
                        ended(device, code)
                    for subscriber in self.everyone():
                        if subscriber.device == device:
                            subscriber.hang_up(code)
                case Wake(what):
                    for wake in self._sleepers.get(what, ()):
                        wake()
                case Hint(what, about):
                    for listen in self._listeners.get(what, ()):
                        listen(about)

    def publish(self, topic: str, event: Any) -> None:
        """Queue `event` at every follower of `topic`."""
        followers = self._topics.get(topic)
        if followers:
            self.send(followers, event)

    def send(self, subscribers: Iterable[Subscriber], event: Any) -> None:
        """Queue `event` at each of `subscribers`. Written at the end of the loop turn, one write a socket."""
        frame = self._prepare(event)
        dirty = self._dirty
        if not dirty:
            self._defer(self._flush)
        if not self._queued:
            self._queued_since = perf_counter()
        count = 0
        for subscriber in subscribers:
            out = subscriber.out
            if not out:
                dirty.append(subscriber)
            out.append(frame)
            count += 1
        self._deliveries.value += count
        self._queued += count

    def touch(self, subscriber: Subscriber, frame: bytes) -> None:
        """Queue a frame that is already prepared (an answer) at one socket."""
        if not self._dirty:
            self._defer(self._flush)
        if not subscriber.out:
            self._dirty.append(subscriber)
        subscriber.out.append(frame)

    def on_wake(self, what: str, wake: Callable[[], None]) -> None:
        """Call `wake` whenever a transaction said `Wake(what)`."""
        self._sleepers.setdefault(what, []).append(wake)

    def on_hint(self, what: str, listen: Callable[[str], None]) -> None:
        """Call `listen` with what a transaction's `Hint(what, about)` is about."""
        self._listeners.setdefault(what, []).append(listen)

    def on_move(self, moved: Callable[[Subscriber, bool], None]) -> None:
        """Call `moved` with each socket that was attached (True) or detached (False)."""
        self._movers.append(moved)

    def on_hang_up(self, ended: Callable[[str, str], None]) -> None:
        """Call `ended` with each device whose sockets a transaction closes, and the error's code."""
        self._ended.append(ended)

    # Inside

    def _flush(self) -> None:
        # A flush may queue again (a socket that hangs up detaches), so the list changes hands first.
        dirty, self._dirty = self._dirty, []
        for subscriber in dirty:
            try:
                subscriber.flush()
            except Exception as error:
                # Whoever comes behind it in the list would else never be flushed again.
                logs.failure("flush.failed", error)
        # One look at the clock a round and none a delivery: all of a round count as long as its oldest.
        if self._queued:
            self._delivery.observe(perf_counter() - self._queued_since, self._queued)
            self._queued = 0

    def _add(self, subscriber: Subscriber, topic: str) -> None:
        subscriber.topics.add(topic)
        self._topics.setdefault(topic, set()).add(subscriber)

    def _remove(self, subscriber: Subscriber, topic: str) -> None:
        subscriber.topics.discard(topic)
        followers = self._topics.get(topic)
        if followers is not None:
            followers.discard(subscriber)
            if not followers:
                del self._topics[topic]
