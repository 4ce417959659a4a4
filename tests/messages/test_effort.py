"""What one may not see costs nothing: SQLite's own steps are counted, so no clock is needed."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from appliance.features.messages import actions
from appliance.features.messages.actions import Messages, Place
from appliance.features.messages.model import UNREAD_CAP, Post, Read
from appliance.features.rooms.actions import Rooms
from appliance.features.rooms.model import AddMember, CreateRoom
from appliance.kernel.migrate import migrate
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.client import client_id

HELLO = msgspec.Raw(b'{"type":"text","text":"Hello"}')
PAST = 3000


class Steps:
    """Counts what SQLite does, in tens of instructions of its virtual machine."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self.tens = 0

    def of(self, work: Callable[[], object]) -> int:
        self.tens = 0
        self._conn.set_progress_handler(self._step, 10)
        try:
            work()
        finally:
            self._conn.set_progress_handler(None, 0)
        return self.tens

    def _step(self) -> int:
        self.tens += 1
        return 0


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    migrate(tmp_path / "safevoice.db")
    with closing(sqlite3.connect(tmp_path / "safevoice.db", isolation_level=None)) as made:
        yield made


def test_a_newcomer_does_not_walk_over_a_past_that_is_not_theirs(conn: sqlite3.Connection) -> None:
    tx = Tx(conn, 1_750_000_000_000)
    conn.execute("BEGIN")
    ada, bela = (
        Who(auth.add_account(tx, NewAccount(name, name, "no hash")).id, "device") for name in ("ada", "bela")
    )
    rooms = Rooms(100)
    made = rooms.create(tx, ada, CreateRoom(client_id=client_id(), name="Garden", history="joined"))
    for _ in range(PAST):
        Messages(8192).post(tx, ada, Post(client_id=client_id(), room=made.subject, content=HELLO))
    entered = rooms.add_member(
        tx, ada, AddMember(client_id=client_id(), room=made.subject, person=bela.account)
    )
    steps = Steps(conn)

    def look(place: Place) -> int:
        return steps.of(lambda: actions.page(tx, bela, made.subject, place))

    few = PAST // 10
    assert look(Place()) < few
    assert look(Place(before=entered.seq)) < few
    assert look(Place(after=0)) < few
    assert steps.of(lambda: actions.summaries(tx, bela.account, [made.subject])) < few


def test_a_page_costs_no_more_however_many_listened_to_what_is_on_it(conn: sqlite3.Connection) -> None:
    tx = Tx(conn, 1_750_000_000_000)
    conn.execute("BEGIN")
    ada, bela = (
        Who(auth.add_account(tx, NewAccount(name, name, "no hash")).id, "device") for name in ("ada", "bela")
    )
    rooms = Rooms(100)
    room = rooms.create(tx, ada, CreateRoom(client_id=client_id(), name="Garden")).subject
    rooms.add_member(tx, ada, AddMember(client_id=client_id(), room=room, person=bela.account))
    ack = Messages(8192).post(tx, ada, Post(client_id=client_id(), room=room, content=HELLO))
    for listener in (bela.account, *(f"listener {number}" for number in range(PAST))):
        tx.run(
            "INSERT INTO listened (room, seq, account, at) VALUES (:room, :seq, :account, 1)",
            room=room,
            seq=ack.seq,
            account=listener,
        )
    steps = Steps(conn)
    assert steps.of(lambda: actions.page(tx, bela, room, Place())) < PAST // 10
    (mine,) = actions.page(tx, bela, room, Place()).heard
    (counted,) = actions.page(tx, ada, room, Place()).heard
    assert (mine.message, mine.count, counted.count) == (ack.subject, 0, PAST + 1)


def test_what_is_for_me_is_found_without_walking_over_what_is_not(conn: sqlite3.Connection) -> None:
    tx = Tx(conn, 1_750_000_000_000)
    conn.execute("BEGIN")
    ada, bela, chidi = (
        Who(auth.add_account(tx, NewAccount(name, name, "no hash")).id, "device")
        for name in ("ada", "bela", "chidi")
    )
    rooms = Rooms(100)
    room = rooms.create(tx, ada, CreateRoom(client_id=client_id(), name="Garden")).subject
    for who in (bela, chidi):
        rooms.add_member(tx, ada, AddMember(client_id=client_id(), room=room, person=who.account))

    def post(who: Who, **fields: Any) -> int:
        command = Post(client_id=client_id(), room=room, content=HELLO, **fields)
        return Messages(8192).post(tx, who, command).seq

    seqs = [post(ada) for _ in range(PAST)]
    post(ada, everyone=True)
    post(chidi, mentions=[bela.account])
    steps = Steps(conn)
    few = PAST // 10
    assert steps.of(lambda: actions.mentioned(tx, bela, "w", 20)) < few
    middle = seqs[PAST // 2]
    # Of thousands only so many are counted.
    counted = steps.of(lambda: actions.summaries(tx, bela.account, [room]))
    assert counted < 3 * UNREAD_CAP
    jump = steps.of(lambda: actions.page(tx, bela, room, Place(around_seq=middle)))
    assert jump - counted < few
    actions.read(tx, bela, Read(room=room, seq=seqs[-1]))
    (summary,) = actions.summaries(tx, bela.account, [room])
    assert (summary.unread, summary.mentions) == (2, 2)
    assert steps.of(lambda: actions.summaries(tx, bela.account, [room])) < few // 3


def test_a_post_asks_the_database_no_more_than_it_must(conn: sqlite3.Connection) -> None:
    tx = Tx(conn, 1_750_000_000_000)
    conn.execute("BEGIN")
    ada = Who(auth.add_account(tx, NewAccount("ada", "ada", "no hash")).id, "device")
    room = Rooms(100).create(tx, ada, CreateRoom(client_id=client_id(), name="Garden")).subject
    asked: list[str] = []
    conn.set_trace_callback(lambda sql: asked.append(sql.split()[0]))
    Messages(8192).post(tx, ada, Post(client_id=client_id(), room=room, content=HELLO))
    conn.set_trace_callback(None)
    # How one stands there, the place in the log, the message, and whether it was a draft.
    assert asked == ["SELECT", "UPDATE", "INSERT", "SELECT"]
