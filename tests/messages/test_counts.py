"""Unread messages and mentions: the server, and what screens make of its events, against plain lists.

`Model` says in the plainest way what should be counted: it walks over everything that was ever said.
"""

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import get_args

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from appliance.features.messages import actions
from appliance.features.messages.actions import Messages
from appliance.features.messages.model import Delete, Edit, MarkUnread, Post, Read
from appliance.features.people.model import Block, Unblock
from appliance.features.rooms import actions as rooms
from appliance.features.rooms.actions import Rooms
from appliance.features.rooms.model import CreateRoom, History, Join, Leave
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.migrate import migrate
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.client import client_id
from tests.messages.screens import Scene, Screen

HELLO = msgspec.Raw(b'{"type":"text","text":"Hello"}')
PEOPLE = 3
"""The first owns both rooms and stays in them."""

people = some.integers(0, PEOPLE - 1)
movers = some.integers(1, PEOPLE - 1)
places = some.integers(0, 1)
messages = some.integers(0, 11)
named = some.sets(people)

_names = itertools.count(1)


@dataclass
class Said:
    id: str
    seq: int
    author: int
    named: set[int]
    everyone: bool
    deleted: bool = False


@dataclass
class Model:
    """A room. `stretches`: what each may see, `mark` and `aside`: how far they read, and who put it aside
    since they came."""

    history: History
    said: list[Said] = field(default_factory=list)
    inside: set[int] = field(default_factory=set)
    stretches: dict[int, list[list[int]]] = field(default_factory=dict)
    mark: dict[int, int] = field(default_factory=dict)
    aside: set[int] = field(default_factory=set)

    def come(self, person: int, seq: int) -> None:
        begin = 0 if self.history == "all" else seq
        self.inside.add(person)
        self.stretches.setdefault(person, []).append([begin, 2**60])
        self.mark[person] = max(self.mark.get(person, 0), seq)
        self.aside.discard(person)

    def go(self, person: int, seq: int) -> None:
        self.inside.discard(person)
        self.stretches[person][-1][1] = seq

    def sees(self, person: int, said: Said) -> bool:
        return any(first <= said.seq <= last for first, last in self.stretches.get(person, []))

    def counts(self, person: int, blocked: set[int]) -> tuple[int, int, int, bool]:
        unread = mentions = 0
        for said in self.said:
            mine = said.author == person or said.author in blocked
            if not mine and not said.deleted and said.seq > self.mark[person] and self.sees(person, said):
                unread += 1
                mentions += said.everyone or person in said.named
        return self.mark[person], unread, mentions, person in self.aside


class Counting(RuleBasedStateMachine):
    """Everybody has two screens, which go on and off."""

    conn: sqlite3.Connection

    def __init__(self) -> None:
        super().__init__()
        self.conn.execute("BEGIN")
        tx = Tx(self.conn, 1_750_000_000_000)
        self.scene = Scene(tx)
        self.who = []
        for _ in range(PEOPLE):
            name = f"person{next(_names)}"
            self.who.append(Who(auth.add_account(tx, NewAccount(name, name, "x")).id, f"of {name}"))
        self.blocked: list[set[int]] = [set() for _ in range(PEOPLE)]
        self.models: list[Model] = []
        self.rooms: list[str] = []
        for person in self.who:
            for device in ("laptop", "phone"):
                screen = Screen(person.account, device)
                self.scene.screens.append(screen)
                self.scene.turn_on(screen)
        for history in get_args(History):
            self.make(history)
        for place in (0, 1):
            self.come_or_go(1, place)

    def make(self, history: History) -> None:
        command = CreateRoom(client_id=client_id(), name="Room", history=history)
        done: Outcome = self.scene.do(lambda tx: Rooms(100).create(tx, self.who[0], command))
        self.rooms.append(done.subject)
        self.models.append(Model(history))
        self.models[-1].come(0, done.seq)

    def teardown(self) -> None:
        self.conn.execute("ROLLBACK")

    def _accounts(self, people: set[int]) -> list[str]:
        return [self.who[person].account for person in sorted(people)]

    @rule(author=people, place=places, names=named, everyone=some.booleans())
    def post(self, author: int, place: int, names: set[int], everyone: bool) -> None:
        model = self.models[place]
        author = author if author in model.inside else 0
        everyone = everyone and author == 0
        command = Post(
            client_id=client_id(),
            room=self.rooms[place],
            content=HELLO,
            mentions=self._accounts(names),
            everyone=everyone,
        )
        done: Outcome = self.scene.do(lambda tx: Messages(8192).post(tx, self.who[author], command))
        model.said.append(Said(done.subject, done.seq, author, names & model.inside, everyone))

    def _pick(self, place: int, number: int) -> Said | None:
        """Of the newest ones, whose author could still change it."""
        model = self.models[place]
        left = [
            said
            for said in model.said[-12:]
            if not said.deleted and said.author in model.inside and model.sees(said.author, said)
        ]
        return left[number % len(left)] if left else None

    @rule(place=places, message=messages, names=named)
    def edit(self, place: int, message: int, names: set[int]) -> None:
        model, said = self.models[place], self._pick(place, message)
        if said is not None:
            command = Edit(
                client_id=client_id(), message=said.id, content=HELLO, mentions=self._accounts(names)
            )
            self.scene.do(lambda tx: Messages(8192).edit(tx, self.who[said.author], command))
            said.named = {person for person in names & model.inside if model.sees(person, said)}

    @rule(place=places, message=messages, by_owner=some.booleans())
    def delete(self, place: int, message: int, by_owner: bool) -> None:
        said = self._pick(place, message)
        if said is not None:
            by = self.who[0 if by_owner else said.author]
            self.scene.do(lambda tx: actions.delete(tx, by, Delete(client_id=client_id(), message=said.id)))
            said.deleted = True

    @rule(person=people, place=places, back=some.integers(0, 6))
    def read(self, person: int, place: int, back: int) -> None:
        model, room = self.models[place], self.rooms[place]
        if person in model.inside:
            seq = max(0, journal.head(self.scene.tx, room) - back)
            self.scene.do(lambda tx: actions.read(tx, self.who[person], Read(room=room, seq=seq)))
            model.mark[person] = max(model.mark[person], seq)
            model.aside.discard(person)

    @rule(person=people, place=places)
    def mark_unread(self, person: int, place: int) -> None:
        model = self.models[place]
        if person in model.inside:
            command = MarkUnread(client_id=client_id(), room=self.rooms[place])
            self.scene.do(lambda tx: actions.mark_unread(tx, self.who[person], command))
            model.aside.add(person)

    @rule(person=people, other=people)
    def block_or_not(self, person: int, other: int) -> None:
        if person == other:
            return
        mine, who, whom = self.blocked[person], self.who[person], self.who[other].account
        if other in mine:
            unblock = Unblock(client_id=client_id(), person=whom)
            self.scene.do(lambda tx: actions.unblock(tx, who, unblock))
        else:
            self.scene.do(lambda tx: actions.block(tx, who, Block(client_id=client_id(), person=whom)))
        mine ^= {other}

    @rule(person=movers, place=places)
    def come_or_go(self, person: int, place: int) -> None:
        model, room, who = self.models[place], self.rooms[place], self.who[person]
        if person in model.inside:
            done = self.scene.do(lambda tx: rooms.leave(tx, who, Leave(client_id=client_id(), room=room)))
            model.go(person, done.seq)
        else:
            join = Join(client_id=client_id(), room=room)
            done = self.scene.do(lambda tx: Rooms(100).join(tx, who, join))
            model.come(person, done.seq)

    @rule(number=some.integers(0, 2 * PEOPLE - 1))
    def switch(self, number: int) -> None:
        screen = self.scene.screens[number]
        self.scene.turn_off(screen) if screen.on else self.scene.turn_on(screen)

    @invariant()
    def everybody_counts_the_same(self) -> None:
        for person, who in enumerate(self.who):
            inside = {
                room: model.counts(person, self.blocked[person])
                for room, model in zip(self.rooms, self.models, strict=True)
                if person in model.inside
            }
            told = {
                each.room: (each.read_seq, each.unread, each.mentions, each.marked_unread)
                for each in actions.summaries(self.scene.tx, who.account, sorted(inside))
            }
            assert told == inside
            for screen in self.scene.screens:
                if screen.account == who.account and screen.on:
                    assert {room: held.shown for room, held in screen.rooms.items()} == inside

    @rule()
    def look_for_mentions(self) -> None:
        """The list of what is for me has what counts as such, read or not."""
        for person in range(PEOPLE):
            found: list[str] = []
            while True:
                part = actions.mentioned(self.scene.tx, self.who[person], found[-1] if found else "w", 3)
                found += [message.id for message in part.messages]
                if not part.more:
                    break
            wanted = {
                said.id
                for model in self.models
                if person in model.inside
                for said in model.said
                if said.author not in {person, *self.blocked[person]}
                and not said.deleted
                and model.sees(person, said)
                and (said.everyone or person in said.named)
            }
            assert found == sorted(wanted, reverse=True)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("counts") / "safevoice.db"
    migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        yield conn


def test_what_is_unread_is_the_same_for_the_server_every_screen_and_a_plain_list(
    database: sqlite3.Connection,
) -> None:
    Counting.conn = database
    run_state_machine_as_test(
        Counting,
        settings=settings(
            max_examples=100,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
