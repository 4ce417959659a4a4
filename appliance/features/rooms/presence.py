"""What lives only for the moment: who looks at what, who types, who is here. Nothing here is stored."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from appliance.features.people import actions as people
from appliance.features.people.model import Preferences
from appliance.features.rooms.model import (
    PresenceChanged,
    PresenceState,
    SetAway,
    StartTyping,
    Typing,
    View,
    Watch,
)
from appliance.features.rooms.rolls import voice_in
from appliance.kernel.bus import Bus, Subscriber
from appliance.kernel.house import House
from appliance.kernel.tasks import Alarm
from appliance.kernel.transaction import Reader
from appliance.kernel.verbs import Peer

TYPING_EVERY_S = 3.0
GRACE_S = 10.0
"""Whoever is away for less never was: phones change networks, and pages are loaded anew."""
CALM_S = 3.0
"""So often at most others hear of one person."""
ANSWER_EVERY_S = 0.5
"""So often at most one socket is answered, however often it turns to other people."""


def view(bus: Bus, peer: Peer, command: View, now: float) -> None:
    """This socket shows `room`. A room that it does not follow, it cannot watch."""
    peer.viewing = command.room if command.room in peer.topics else None


def start_typing(bus: Bus, peer: Peer, command: StartTyping, now: float) -> None:
    """Tell those who have the room on screen."""
    if command.room not in peer.topics or now - peer.typed.get(command.room, -1e9) < TYPING_EVERY_S:
        return
    # What is older no longer holds anything back, so the dict stays small.
    recent = {room: at for room, at in peer.typed.items() if now - at < TYPING_EVERY_S}
    peer.typed = {**recent, command.room: now}
    onlookers = [
        other
        for other in bus.followers(command.room)
        if getattr(other, "viewing", None) == command.room and other.account != peer.account
    ]
    bus.send(onlookers, Typing(room=command.room, person=voice_in(peer.topics, command.room) or peer.account))


Why = Literal["moved", "asked", "chose"]
"""Why somebody is told of a person: their sockets came or went, it was asked for, or one of the two chose to
show themselves otherwise."""


@dataclass(frozen=True, slots=True)
class _Person:
    """What the database says of somebody: `here`: there is such an account, and it is not suspended."""

    here: bool
    chosen: Preferences
    devices: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class _Known:
    """All that a round of telling needs of the database. `blocks`: (watcher, whom they must not see)."""

    people: dict[str, _Person]
    watchers: dict[str, Preferences]
    blocks: set[tuple[str, str]]


class Presence:
    """Who is here, told to sockets that have them on screen, and to no others: where nobody watches, coming
    and going costs one look into a dict. What one chose about being seen is read when it is told."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._bus = house.bus
        self._lists: dict[Subscriber, frozenset[str]] = {}
        self._watchers: dict[str, set[Subscriber]] = {}
        self._told: dict[str, tuple[PresenceState, float]] = {}
        self._due: dict[str, float] = {}
        self._asked: dict[Subscriber, Why] = {}
        self._answered: dict[Subscriber, float] = {}
        self._chose: set[str] = set()
        self._alarm = Alarm()
        self._turn = asyncio.Lock()
        house.bus.on_move(self._moved)
        house.bus.on_hint(people.PRESENCE, self._chosen)

    # What is said to us

    def watch(self, bus: Bus, peer: Peer, command: Watch, now: float) -> None:
        """These people are on this socket's screen, and no others."""
        wanted = frozenset(command.people) - {peer.account}
        held = self._lists.get(peer, frozenset())
        self._unwatch(peer, held - wanted)
        for person in wanted - held:
            self._watchers.setdefault(person, set()).add(peer)
            self._told.setdefault(person, (self._state(person), now - CALM_S))
        self._lists[peer] = wanted
        self._asked[peer] = "asked"
        self._alarm.wake()

    def set_away(self, bus: Bus, peer: Peer, command: SetAway, now: float) -> None:
        """The person turned away from this device, or back to it."""
        peer.away = command.away
        self._look_later(peer.account)

    def _moved(self, subscriber: Subscriber, here: bool) -> None:
        if not here and subscriber in self._lists:
            self._unwatch(subscriber, self._lists.pop(subscriber))
            self._asked.pop(subscriber, None)
            self._answered.pop(subscriber, None)
        self._look_later(subscriber.account)

    def _chosen(self, account: str) -> None:
        if account in self._watchers:
            self._chose.add(account)
        for subscriber in self._bus.of_account(account):
            if subscriber in self._lists:
                self._asked[subscriber] = "chose"
        self._alarm.wake()

    def _unwatch(self, subscriber: Subscriber, dropped: frozenset[str]) -> None:
        for person in dropped:
            watchers = self._watchers[person]
            watchers.discard(subscriber)
            if not watchers:
                del self._watchers[person], self._told[person]
                self._due.pop(person, None)
                self._chose.discard(person)

    def _look_later(self, person: str) -> None:
        if person not in self._watchers:
            return
        state, (told, at) = self._state(person), self._told[person]
        if state == told:
            self._due.pop(person, None)
            return
        now = self._house.clock.monotonic()
        self._due[person] = max(now + (GRACE_S if state == "offline" else 0), at + CALM_S)
        self._alarm.wake()

    def _state(self, person: str) -> PresenceState:
        sockets = self._bus.of_account(person)
        if not sockets:
            return "offline"
        return "away" if all(getattr(socket, "away", False) for socket in sockets) else "online"

    # What we say

    async def run(self) -> None:
        """Tell what there is to tell, until cancelled."""
        await self._alarm.follow(self.round)

    async def round(self) -> float | None:
        """Tell everything that is due; returns seconds until there is more, None while nobody moves."""
        async with self._turn:
            return await self._round()

    async def _round(self) -> float | None:
        now = self._house.clock.monotonic()
        due = [person for person, at in self._due.items() if at <= now]
        ready = [peer for peer in self._asked if now - self._answered.get(peer, -1e9) >= ANSWER_EVERY_S]
        asked = {peer: self._asked.pop(peer) for peer in ready}
        chose, self._chose = self._chose, set()
        self._answered.update(dict.fromkeys(asked, now))
        told: dict[str, dict[Subscriber, Why]] = {}
        for person in due:
            told[person] = dict.fromkeys(self._watchers[person], "moved")
        for peer, why in asked.items():
            for person in self._lists[peer]:
                told.setdefault(person, {})[peer] = why
        for person in chose:
            told[person] = dict.fromkeys(self._watchers[person], "chose")
        if told:
            whose = {person: {peer.account for peer in peers} for person, peers in told.items()}
            known = await self._house.db.read(lambda db: _look(db, whose))
            for person in due:
                self._settle(person, now)
            for person, peers in told.items():
                self._tell(person, peers, known)
        times = [at - now for at in self._due.values()]
        times += [self._answered.get(peer, now) + ANSWER_EVERY_S - now for peer in self._asked]
        return max(0.0, min(times)) if times else None

    def _settle(self, person: str, now: float) -> None:
        """What is told from here on is how the person is at this moment."""
        if person in self._watchers:
            self._told[person] = (self._state(person), now)
            self._due.pop(person, None)

    def _tell(self, person: str, peers: dict[Subscriber, Why], known: _Known) -> None:
        alike: dict[PresenceChanged, list[Subscriber]] = {}
        for peer, why in peers.items():
            # Meanwhile it may have gone, or turned to something else.
            if person not in self._lists.get(peer, ()):
                continue
            shown = self._shown(person, peer.account, why, known)
            if shown is not None:
                alike.setdefault(shown, []).append(peer)
        for shown, listeners in alike.items():
            self._bus.send(listeners, shown)

    def _shown(self, person: str, watcher: str, why: Why, known: _Known) -> PresenceChanged | None:
        """How the watcher sees the person, None where they are to hear nothing: that something was sent would
        itself say that the person moved."""
        found, mine = known.people[person], known.watchers[watcher]
        nothing = PresenceChanged(person=person, state="offline")
        if not found.here:
            return None if why == "asked" else nothing
        if mine.invisible or (watcher, person) in known.blocks:
            return nothing if why == "chose" else None
        if found.chosen.invisible:
            return None if why == "moved" else nothing
        state, _ = self._told[person]
        if state != "offline" or not (found.chosen.last_seen and mine.last_seen):
            return PresenceChanged(person=person, state=state)
        newest = self._house.of_feature["last_seen"].newest
        seen = max((newest(device, at) for device, at in found.devices), default=0)
        return PresenceChanged(person=person, state=state, last_seen=seen)


def _look(db: Reader, whose: dict[str, set[str]]) -> _Known:
    """What the database says of these people and of each one's watchers."""
    watchers = {watcher for mine in whose.values() for watcher in mine}
    return _Known(
        people={person: _person(db, person) for person in whose},
        watchers={watcher: people.preferences(db, watcher) for watcher in watchers},
        blocks={
            (watcher, person)
            for person, mine in whose.items()
            for watcher in mine
            if people.blocked_by(db, watcher, person)
        },
    )


def _person(db: Reader, person: str) -> _Person:
    here = db.value(
        "SELECT 1 FROM accounts WHERE id = :id AND deleted_at = 0 AND suspended_until <= :now",
        id=person,
        now=db.now,
    )
    devices = db.rows("SELECT id, last_seen FROM devices WHERE account = :account", account=person)
    return _Person(
        here=here is not None,
        chosen=people.preferences(db, person),
        devices=[(device, at) for device, at in devices],
    )
