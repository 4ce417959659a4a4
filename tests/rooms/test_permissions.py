"""The permission table is what happens: every deed, by every role, in every kind of room."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from appliance.config import Config
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from appliance.features.joining import actions as joining
from appliance.features.joining.model import NewGuestLink
from appliance.features.messages import actions as messages
from appliance.features.messages.model import Delete, Post
from appliance.features.rooms import actions, store
from appliance.features.rooms.model import (
    AddMember,
    ArchiveRoom,
    Ban,
    ChangeRoom,
    ChangeSecretRoom,
    DeleteRoom,
    Leave,
    MuteMember,
    RemoveMember,
    RestoreRoom,
    Role,
    Room,
    RoomKind,
    SetRole,
    TransferRoom,
    Unban,
)
from appliance.features.rooms.permissions import RIGHTS, Deed, may, outranks
from appliance.kernel import journal
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.migrate import migrate
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.client import client_id

KINDS: tuple[RoomKind, ...] = get_args(RoomKind)
ROLES: tuple[Role, ...] = get_args(Role)
HELLO = msgspec.Raw(b'{"type":"text","text":"Hello"}')
CONFIG = Config(data=Path())


@dataclass
class Scene:
    """A room with one person of each role in it, whether such a room has that role or not. `low`: a guest on
    whom deeds are tried; `plain`: a member; `message`: by somebody who has left."""

    tx: Tx
    kind: RoomKind
    room: str
    people: dict[str, Who]
    message: str

    def account(self, name: str) -> str:
        return self.people[name].account


def cast(tx: Tx) -> dict[str, Who]:
    names = (*ROLES, "low", "plain", "stranger", "author")
    return {name: Who(auth.add_account(tx, NewAccount(name, name, "no hash")).id, "device") for name in names}


def scene_of(tx: Tx, kind: RoomKind, people: dict[str, Who]) -> Scene:
    room = new_id(tx.now)
    store.add_room(tx, Room(id=room, kind=kind, name="Room"), None)
    journal.open_log(tx, room)
    if kind == "secret":
        store.put_secret(tx, room, room[-8:], "")
    rooms = actions.Rooms(0)
    roles: dict[str, Role] = {role: role for role in ROLES if role != "staff"}
    for name, role in {**roles, "low": "guest", "plain": "member", "author": "member"}.items():
        rooms.admit(tx, room, people[name].account, role, actor=people[name].account)
    actions.enter_unseen(tx, room, people["staff"].account)
    post = Post(client_id=client_id(), room=room, content=HELLO)
    said = messages.Messages(8192).post(tx, people["author"], post).subject
    actions.dismiss(tx, room, people["author"].account, "left", actor=people["author"].account)
    return Scene(tx, kind, room, people, said)


Attempt = Callable[[Scene, Who], object]


def post(scene: Scene, who: Who, **fields: Any) -> object:
    command = Post(client_id=client_id(), room=scene.room, content=HELLO, **fields)
    return messages.Messages(8192).post(scene.tx, who, command)


def post_where_few_may(scene: Scene, who: Who) -> object:
    found = store.room(scene.tx, scene.room)
    assert found is not None
    store.rewrite_room(scene.tx, msgspec.structs.replace(found, posting="moderators"))
    return post(scene, who)


def change(**fields: Any) -> Attempt:
    return lambda scene, who: actions.change_room(
        scene.tx, who, ChangeRoom(client_id=client_id(), room=scene.room, **fields)
    )


def to(command: Any, verb: Any, name: str, **fields: Any) -> Attempt:
    """The verb, done to somebody."""
    return lambda scene, who: verb(
        scene.tx,
        who,
        command(client_id=client_id(), room=scene.room, person=scene.account(name), **fields),
    )


def whole(command: Any, verb: Any, **fields: Any) -> Attempt:
    """The verb, done to the room."""
    return lambda scene, who: verb(scene.tx, who, command(client_id=client_id(), room=scene.room, **fields))


def sees_staff(scene: Scene, who: Who) -> None:
    shown = {member.person.id for member in actions.members(scene.tx, who, scene.room)}
    if scene.account("staff") not in shown:
        raise Refusal("forbidden")


def guest_link(scene: Scene, who: Who) -> object:
    wanted = NewGuestLink()
    return joining.open_guest_link(scene.tx, CONFIG, who, scene.room, wanted, "https://chat.example.org")


ATTEMPTS: dict[Deed, list[Attempt]] = {
    "post": [post],
    "post_freely": [post_where_few_may],
    "mention_everyone": [lambda scene, who: post(scene, who, everyone=True)],
    "delete_any": [
        lambda scene, who: messages.delete(
            scene.tx, who, Delete(client_id=client_id(), message=scene.message)
        )
    ],
    "add_member": [to(AddMember, actions.Rooms(0).add_member, "stranger")],
    "remove_member": [to(RemoveMember, actions.remove_member, "low")],
    "mute_member": [
        to(MuteMember, actions.mute, "low", until=actions.FOREVER - 1),
        to(MuteMember, actions.mute, "low", until=0),
    ],
    "ban": [
        to(Ban, actions.ban, "low"),
        to(Ban, actions.ban, "stranger"),
        to(Unban, actions.unban, "stranger"),
        lambda scene, who: actions.bans(scene.tx, who, scene.room),
    ],
    "change": [
        change(name="Another"),
        change(topic="Another"),
        change(icon="🌻"),
        lambda scene, who: actions.set_picture(scene.tx, who, scene.room, new_id(scene.tx.now)),
    ],
    "moderate": [change(posting="moderators"), change(slow_s=10)],
    "reshape": [change(member_limit=10), change(history="joined"), change(category="")],
    "set_role": [
        to(SetRole, actions.set_role, "plain", role="moderator"),
        to(SetRole, actions.set_role, "moderator", role="member"),
    ],
    "transfer": [to(TransferRoom, actions.transfer, "plain")],
    "archive": [
        whole(ArchiveRoom, actions.archive, archived=True),
        whole(ArchiveRoom, actions.archive, archived=False),
    ],
    "delete": [whole(DeleteRoom, actions.delete), whole(RestoreRoom, actions.restore)],
    "see_secret": [lambda scene, who: actions.show_secret(scene.tx, who, scene.room, "https://x.example")],
    "change_secret": [
        lambda scene, who: actions.alter_secret(
            scene.tx, who, scene.room, ChangeSecretRoom(new_code=True), None, "https://x.example"
        )
    ],
    "guest_link": [guest_link],
    "leave": [whole(Leave, actions.leave)],
    "see_staff": [sees_staff],
}

SAYS_NO = ("forbidden", "posting_closed")


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Tx]:
    migrate(tmp_path / "safevoice.db")
    with closing(sqlite3.connect(tmp_path / "safevoice.db", isolation_level=None)) as conn:
        conn.execute("PRAGMA foreign_keys=1")
        conn.execute("BEGIN")
        yield Tx(conn, 1_750_000_000_000)


def allowed(attempt: Attempt, scene: Scene, who: Who) -> bool:
    """Whether it is not forbidden; what it did is undone."""
    scene.tx.run("SAVEPOINT attempt")
    try:
        attempt(scene, who)
    except Refusal as refusal:
        if refusal.code not in SAYS_NO:
            raise
        return False
    finally:
        scene.tx.run("ROLLBACK TO attempt")
    return True


def test_every_deed_of_the_table_is_tried() -> None:
    assert [right.deed for right in RIGHTS] == list(get_args(Deed))
    assert set(ATTEMPTS) == set(get_args(Deed))


@pytest.mark.parametrize("kind", KINDS)
def test_each_role_can_do_in_each_kind_of_room_what_the_table_says_and_nothing_else(
    tx: Tx, kind: RoomKind
) -> None:
    scene = scene_of(tx, kind, cast(tx))
    for deed, attempts in ATTEMPTS.items():
        for role in ROLES:
            found = {allowed(attempt, scene, scene.people[role]) for attempt in attempts}
            assert found == {may(role, kind, deed)}, (deed, kind, role)


@pytest.mark.parametrize("kind", ["public", "private", "secret"])
def test_nothing_is_done_to_somebody_of_ones_own_rank_or_a_higher_one(tx: Tx, kind: RoomKind) -> None:
    scene = scene_of(tx, kind, cast(tx))
    leaders: tuple[Role, ...] = ("owner", "moderator")
    others: tuple[tuple[str, Role], ...] = (
        *((role, role) for role in leaders),
        ("plain", "member"),
        ("low", "guest"),
    )
    for command, verb in ((RemoveMember, actions.remove_member), (Ban, actions.ban)):
        for role in leaders:
            for other, theirs in others:
                found = allowed(to(command, verb, other), scene, scene.people[role])
                assert found == outranks(role, theirs), (verb, role, other)


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_not_in_the_room_finds_nothing_whatever_they_try(tx: Tx, kind: RoomKind) -> None:
    scene = scene_of(tx, kind, cast(tx))
    for deed, attempts in ATTEMPTS.items():
        for attempt in attempts:
            if deed == "leave":
                continue
            for name in ("stranger", "author"):
                with pytest.raises(Refusal) as refused:
                    attempt(scene, scene.people[name])
                assert refused.value.code == "not_found", (deed, name)
