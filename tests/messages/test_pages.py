"""Pages of history against a plain list, for any past and any place in it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from appliance.features.messages import actions
from appliance.features.messages.actions import Messages, Place
from appliance.features.messages.model import Delete, Edit, Page, Post, Read
from appliance.features.rooms import actions as rooms
from appliance.features.rooms.actions import Rooms
from appliance.features.rooms.model import AddMember, CreateRoom, RemoveMember
from appliance.kernel.errors import Refusal
from appliance.kernel.migrate import migrate
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.client import client_id
from tests.edge.browser import browser
from tests.messages.pages import page
from tests.rooms.making import make_room
from tests.server import Server

HELLO = msgspec.Raw(b'{"type":"text","text":"Hello"}')


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("pages") / "safevoice.db"
    migrate(path)
    conn = sqlite3.connect(path, isolation_level=None)
    yield conn
    conn.close()


@dataclass
class Said:
    """A message as the plain list has it."""

    id: str
    seq: int
    mine: bool
    deleted: bool = False


@dataclass
class Model:
    """A room, and a list of all that was said in it; I come and go."""

    tx: Tx
    owner: Who
    me: Who
    room: str
    from_join: bool
    said: list[Said] = field(default_factory=list)
    stretches: list[tuple[int, int | None]] = field(default_factory=list)
    inside: bool = False
    mark: int = 0

    def step(self, op: str, pick: int) -> None:
        messages = Messages(8192)
        author = self.me if op == "mine" and self.inside else self.owner
        if op in ("mine", "theirs"):
            done = messages.post(self.tx, author, Post(client_id=client_id(), room=self.room, content=HELLO))
            self.said.append(Said(done.subject, done.seq, author is self.me))
        elif op == "move":
            self.move()
        elif op == "read" and self.inside and self.said:
            seq = self.said[pick % len(self.said)].seq
            actions.read(self.tx, self.me, Read(room=self.room, seq=seq))
            self.mark = max(self.mark, seq)
        elif op in ("edit", "delete") and self.said:
            message = self.said[pick % len(self.said)]
            by = self.me if message.mine and self.inside else self.owner
            try:
                if op == "delete":
                    actions.delete(self.tx, by, Delete(client_id=client_id(), message=message.id))
                    message.deleted = True
                else:
                    edit = Edit(client_id=client_id(), message=message.id, content=HELLO)
                    messages.edit(self.tx, by, edit)
            except Refusal as refusal:
                # Gone already, of somebody else, or out of my sight.
                if refusal.code not in ("message_deleted", "forbidden", "not_found"):
                    raise

    def move(self) -> None:
        person = self.me.account
        if self.inside:
            out = RemoveMember(client_id=client_id(), room=self.room, person=person)
            done = rooms.remove_member(self.tx, self.owner, out)
            self.stretches[-1] = (self.stretches[-1][0], done.seq)
        else:
            come = AddMember(client_id=client_id(), room=self.room, person=person)
            done = Rooms(100).add_member(self.tx, self.owner, come)
            self.stretches.append((done.seq, None))
            self.mark = max(self.mark, done.seq)
        self.inside = not self.inside

    def visible(self) -> list[Said]:
        if not self.from_join:
            return self.said
        return [
            message
            for message in self.said
            if any(a <= message.seq and (b is None or message.seq <= b) for a, b in self.stretches)
        ]

    def check(self, place: Place) -> None:
        seen, most = self.visible(), place.limit
        below = above = 0
        if place.around is not None:
            at = next((n for n, message in enumerate(seen) if message.id == place.around), None)
            if at is None:
                with pytest.raises(Refusal, match="not_found"):
                    self.page(place)
                return
            start, end = max(0, at - most // 2), at + most - most // 2
        elif place.around_seq is not None:
            at = sum(message.seq < place.around_seq for message in seen)
            start, end = max(0, at - most // 2), at + most - most // 2
        elif place.after is not None:
            below = sum(message.seq <= place.after for message in seen)
            start, end = below, below + most
        else:
            edge = place.before if place.before is not None else 2**53
            above = sum(message.seq < edge for message in seen)
            start, end = max(0, above - most), above
        found = self.page(place)
        assert [message.id for message in found.messages] == [message.id for message in seen[start:end]]
        assert found.has_before == (start > 0)
        assert found.has_after == (end < len(seen))
        assert [message.content is None for message in found.messages] == [
            message.deleted for message in seen[start:end]
        ]
        assert found.read_seq == self.mark
        unread = [m for m in seen if m.seq > self.mark and not m.mine and not m.deleted]
        assert found.unread == len(unread)

    def page(self, place: Place) -> Page:
        return actions.page(self.tx, self.me, self.room, place)


def account(tx: Tx, name: str) -> Who:
    return Who(auth.add_account(tx, NewAccount(name, name, "x")).id, f"device of {name}")


ops = some.tuples(
    some.sampled_from(["mine", "theirs", "theirs", "theirs", "move", "read", "edit", "delete"]),
    some.integers(0, 50),
)


@given(some.lists(ops, max_size=45), some.booleans(), some.data())
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_page_is_a_run_of_the_list(
    database: sqlite3.Connection, past: list[tuple[str, int]], from_join: bool, data: some.DataObject
) -> None:
    database.execute("BEGIN")
    try:
        tx = Tx(database, 1_750_000_000_000)
        owner, me = account(tx, "ada"), account(tx, "bela")
        kind = CreateRoom(client_id=client_id(), name="Room", history="joined" if from_join else "all")
        room = Rooms(100).create(tx, owner, kind).subject
        model = Model(tx, owner, me, room, from_join)
        for op, pick in past:
            model.step(op, pick)
        if not model.inside:
            model.move()
        limit = data.draw(some.integers(1, 9))
        seqs = some.integers(0, len(past) * 2 + 4)
        model.check(Place(limit=limit))
        model.check(Place(before=data.draw(seqs), limit=limit))
        model.check(Place(after=data.draw(seqs), limit=limit))
        model.check(Place(around_seq=data.draw(seqs), limit=limit))
        if model.said:
            message = data.draw(some.sampled_from(model.said))
            model.check(Place(around=message.id, limit=limit))
            model.check(Place(before=message.seq, limit=limit))
            model.check(Place(after=message.seq, limit=limit))
    finally:
        database.execute("ROLLBACK")


async def test_twenty_at_a_time_up_and_down_meets_every_message_once(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await make_room(a)
        posted = [(await a.post(room, f"{n}"))["subject"] for n in range(45)]
        found = await page(server, ada, room, "")
        assert [m["id"] for m in found["messages"]] == posted[25:]
        assert (found["has_before"], found["has_after"], found["head"]) == (True, False, 46)
        up = found["messages"]
        while found["has_before"]:
            found = await page(server, ada, room, f"?before={up[0]['seq']}")
            up = found["messages"] + up
        assert [m["id"] for m in up] == posted
        found = await page(server, ada, room, "?after=0")
        down = found["messages"]
        while found["has_after"]:
            assert len(found["messages"]) == 20
            found = await page(server, ada, room, f"?after={down[-1]['seq']}")
            down += found["messages"]
        assert [m["id"] for m in down] == posted
        found = await page(server, ada, room, f"?around={posted[20]}")
        assert [m["id"] for m in found["messages"]] == posted[10:30]


async def test_a_quoted_message_outside_the_page_comes_along_as_it_stands_now(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        first = (await b.post(room, "first"))["subject"]
        gone = (await b.post(room, "gone"))["subject"]
        near = (await a.post(room, "near"))["subject"]
        for target in (first, gone, near):
            await a.post(room, "a reply", reply_to=target)
        await b.do("edit", message=first, content={"type": "text", "text": "changed"})
        await b.do("delete", message=gone)
        found = await page(server, ada, room, "?limit=4")
        quoted = {m["id"]: m["content"] for m in found["quoted"]}
        assert quoted == {first: {"type": "text", "text": "changed"}, gone: None}
        assert {person["name"] for person in found["people"]} == {"ada", "bela"}
        other = await make_room(a)
        elsewhere = await a.post(other, "no", reply_to=first)
        assert (elsewhere["code"], elsewhere["field"]) == ("not_found", "reply_to")


BAD_QUERIES: dict[str, int] = {
    "?limit=0": 400,
    "?limit=101": 400,
    "?limit=x": 400,
    "?limit=": 400,
    "?limit=1.5": 400,
    "?before=-1": 400,
    "?before=9007199254740992": 400,
    "?around=x": 400,
    "?around=" + "0" * 26: 404,
    "?before=1&after=1": 400,
    "?around_seq=1&after=1": 400,
    "?around_seq=-1": 400,
    "?around_seq=9007199254740991": 200,
    "?around=" + "0" * 26 + "&before=1": 400,
    "?offset=3": 400,
    "?before=%ff": 400,
    "?after=%00": 400,
    "?after=9007199254740991": 200,
    "?before=0": 200,
    "?limit=100": 200,
}


async def test_a_query_that_makes_no_sense_is_refused(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a, browser(server, ada.token) as b:
        room = await make_room(a)
        await a.post(room, "only")
        for query, status in BAD_QUERIES.items():
            answer = await b.get(f"/api/rooms/{room}/messages{query}")
            assert answer.status_code == status, query
        ahead: dict[str, Any] = (await b.get(f"/api/rooms/{room}/messages?after=9007199254740991")).json()
        assert (ahead["messages"], ahead["has_before"]) == ([], True)
