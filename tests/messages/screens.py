"""Screens that count as docs/protocol.md asks of clients, on a bus without sockets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.features.auth import actions as auth
from appliance.features.messages import actions
from appliance.features.people import actions as people
from appliance.features.rooms import actions as rooms
from appliance.kernel.bus import Bus
from appliance.kernel.metrics import Metrics
from appliance.kernel.replay import Replays
from appliance.kernel.transaction import Reader, Tx


@dataclass
class Counts:
    """What a screen shows of a room."""

    read_seq: int
    unread: int = 0
    mentions: int = 0
    marked: bool = False

    @property
    def shown(self) -> tuple[int, int, int, bool]:
        return self.read_seq, self.unread, self.mentions, self.marked


class Screen:
    """One device of an account. Whatever comes while it is off is lost to it; then it asks for a replay."""

    def __init__(self, account: str, device: str) -> None:
        self.account = account
        self.device = device
        self.out: list[Any] = []
        self.topics: set[str] = set()
        self.revoked: set[str] | None = None
        self.on = False
        self.rooms: dict[str, Counts] = {}
        self.blocked: set[str] = set()
        self.position: int | None = None

    def hang_up(self, code: str) -> None:
        raise AssertionError(code)

    def flush(self) -> None:
        heard, self.out = self.out, []
        for event in heard:
            self.hear(event)

    def hear(self, event: Any) -> None:
        """Take a live event."""
        match event.__struct_config__.tag:
            case "message":
                self._count(event)
            case "joined":
                self.rooms.setdefault(event.room.id, Counts(event.head))
            case "left":
                self.rooms.pop(event.room, None)
            case _:
                self.take(event)
        if event.log == self.account:
            self.position = event.seq

    def take(self, event: Any) -> None:
        """Take what is said in so many words, live or replayed."""
        match event.__struct_config__.tag:
            case "read":
                self._stand(event)
            case "blocked":
                self.blocked = {person.id for person in event.people}

    def _stand(self, event: Any) -> None:
        told = Counts(event.read_seq, event.unread, event.mentions, event.marked_unread)
        if event.room in self.rooms:
            self.rooms[event.room] = told

    def _count(self, event: Any) -> None:
        message, room = event.message, self.rooms[event.log]
        own = message.author == self.account
        if own or message.author in self.blocked or message.seq <= room.read_seq:
            return
        if message.seq == event.seq:
            room.unread += 1
            room.mentions += message.everyone or self.account in message.mentions
        elif message.deleted_at:
            room.unread -= 1
            room.mentions -= message.everyone

    def welcome(self, events: list[Any], summaries: list[Any], to: int) -> None:
        """The answer to hello."""
        self.position = to
        for event in events:
            self.take(event)
        self.rooms = {summary.room: Counts(0) for summary in summaries}
        for summary in summaries:
            self._stand(summary)


class Scene:
    """A bus and the screens on it; `do` carries out a unit as the writer does."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.screens: list[Screen] = []
        self._turn: list[Callable[[], None]] = []
        self._bus = Bus(lambda event: event, self._turn.append, Metrics())
        self._replays = Replays(500)
        self._replays.rooms_of = rooms.rooms_of
        self._replays.summaries = actions.summaries
        for whole in (auth.whole, people.whole, rooms.whole, actions.whole):
            self._replays.register_whole(whole)
        self._replays.register(people.BLOCKED, people.load_blocked)
        self._replays.register(actions.READ, actions.load_reads)

    def do(self, act: Callable[[Tx], Any]) -> Any:
        """Do it; then everybody who is on has heard of it. Raises what `act` raises."""
        self.tx.effects.clear()
        result = act(self.tx)
        self._bus.apply(self.tx.effects)
        while self._turn:
            self._turn.pop(0)()
        return result

    def turn_on(self, screen: Screen) -> None:
        db: Reader = self.tx
        self._bus.attach(screen)
        self._bus.begin(screen, rooms.rooms_of(db, screen.account))
        held = {} if screen.position is None else {screen.account: screen.position}
        states, summaries = self._replays.all(db, screen.account, held, fresh=True)
        screen.welcome(states[0].events, summaries, states[0].to)
        screen.on = True

    def turn_off(self, screen: Screen) -> None:
        self._bus.detach(screen)
        screen.on = False
