"""What people do with rooms."""

from typing import Any

from appliance.features.auth import actions as auth
from appliance.features.rooms import permissions, store
from appliance.features.rooms.model import (
    AddMember,
    CreateRoom,
    DirectoryRoom,
    Join,
    Joined,
    Leave,
    Left,
    LeftReason,
    Member,
    MemberChanged,
    PostingStanding,
    RemoveMember,
    Role,
    Room,
    RoomChanged,
    StartDm,
)
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

MEMBER = "member"
ROOM = "room"
MEMBERSHIP = "membership"

may = permissions.may
outranks = permissions.outranks
require_floor = permissions.require_floor

MAY_SEE = (
    "EXISTS (SELECT 1 FROM member_intervals i WHERE i.room = m.room AND i.account = :account"
    " AND m.seq >= i.from_seq AND (i.to_seq IS NULL OR m.seq <= i.to_seq))"
)
"""SQL: row `m` (room, seq) lies in a stretch of history that `:account` may see."""


class Rooms:
    """The verbs that need a limit from the configuration."""

    def __init__(self, room_members: int) -> None:
        self._room_members = room_members

    def create(self, tx: Tx, who: Who, command: CreateRoom) -> Outcome:
        """Make a room and own it."""
        name = " ".join(command.name.split())
        if not name:
            raise Refusal("bad_request", field="name", text="A room needs a name.")
        made = Room(
            id=new_id(tx.now),
            kind=command.kind,
            name=name,
            topic=" ".join(command.topic.split()),
            history=command.history,
        )
        store.add_room(tx, made, None)
        journal.open_log(tx, made.id)
        seq = self.admit(tx, made.id, who.account, "owner", actor=who.account)
        return Outcome(made.id, seq)

    def start_dm(self, tx: Tx, who: Who, command: StartDm) -> Outcome:
        """Open the one direct message between two people, or find it."""
        if command.person == who.account or auth.person(tx, command.person) is None:
            raise Refusal("not_found", field="person")
        pair = ":".join(sorted((who.account, command.person)))
        found = store.dm_of(tx, pair)
        if found is not None:
            return Outcome(found, journal.head(tx, found))
        made = Room(id=new_id(tx.now), kind="dm")
        store.add_room(tx, made, pair)
        journal.open_log(tx, made.id)
        # Both rows first, so that each side's first sight of the room shows the other person.
        for account in (who.account, command.person):
            seq = self._enter(tx, made.id, account, "member", actor=who.account)
        for account in (who.account, command.person):
            announce(tx, account, made.id, actor=who.account)
        return Outcome(made.id, seq)

    def join(self, tx: Tx, who: Who, command: Join) -> Outcome:
        """Join a public room."""
        if store.role_of(tx, command.room, who.account) is not None:
            return Outcome(command.room, journal.head(tx, command.room))
        found = store.room(tx, command.room)
        if found is None or found.kind != "public":
            raise Refusal("not_found", field="room")
        # A room that everybody left would else have no owner for ever.
        role: Role = "member" if found.member_count else "owner"
        return Outcome(command.room, self.admit(tx, command.room, who.account, role, actor=who.account))

    def add_member(self, tx: Tx, who: Who, command: AddMember) -> Outcome:
        """Bring somebody in."""
        found, role = require_member(tx, who, command.room)
        if found.kind == "dm" or (found.kind == "private" and role != "owner"):
            raise Refusal("forbidden")
        if auth.person(tx, command.person) is None:
            raise Refusal("not_found", field="person")
        if store.role_of(tx, command.room, command.person) is not None:
            return Outcome(command.room, journal.head(tx, command.room))
        seq = self.admit(tx, command.room, command.person, "member", actor=who.account)
        return Outcome(command.room, seq)

    def admit(self, tx: Tx, room: str, account: str, role: Role, *, actor: str) -> int:
        """Make the account a member and tell everybody; returns the room's seq. The room must exist."""
        seq = self._enter(tx, room, account, role, actor=actor)
        announce(tx, account, room, actor=actor)
        return seq

    def _enter(self, tx: Tx, room: str, account: str, role: Role, *, actor: str) -> int:
        found = store.room(tx, room)
        assert found is not None
        if 0 < self._room_members <= found.member_count:
            raise Refusal("room_full", limit="room_members")
        seq = journal.append(tx, room, MEMBER, account, actor)
        from_seq = 0 if found.history == "all" else seq
        store.add_member(tx, room, account, role, seq=seq, from_seq=from_seq)
        count = store.count_members(tx, room, 1)
        tell_member(tx, room, account, role, seq, count)
        return seq


def announce(tx: Tx, account: str, room: str, *, actor: str) -> None:
    """Tell the account's devices that the room is theirs now; from here on they follow it."""
    seq = journal.append(tx, account, MEMBERSHIP, room, actor)
    tx.follow(account, room)
    tx.emit(account, _joined(tx, account, room, seq))


def tell_member(tx: Tx, room: str, account: str, role: Role | None, seq: int, count: int) -> None:
    """Tell the room who came, went or changed."""
    person = auth.person(tx, account)
    assert person is not None
    tx.emit(room, MemberChanged(log=room, seq=seq, person=person, role=role, member_count=count))


def leave(tx: Tx, who: Who, command: Leave) -> Outcome:
    """Leave a room; its oldest member inherits it from the last owner."""
    found = store.room(tx, command.room)
    if found is None or store.role_of(tx, command.room, who.account) is None:
        return Outcome(command.room)
    if found.kind == "dm":
        raise Refusal("forbidden", text="A direct message cannot be left.")
    return Outcome(command.room, dismiss(tx, command.room, who.account, "left", actor=who.account))


def remove_member(tx: Tx, who: Who, command: RemoveMember) -> Outcome:
    """Take somebody out; owners only."""
    found, role = require_member(tx, who, command.room)
    if found.kind == "dm" or role != "owner" or command.person == who.account:
        raise Refusal("forbidden")
    if store.role_of(tx, command.room, command.person) is None:
        return Outcome(command.room, journal.head(tx, command.room))
    return Outcome(command.room, dismiss(tx, command.room, command.person, "removed", actor=who.account))


def dismiss(tx: Tx, room: str, account: str, reason: LeftReason, *, actor: str) -> int:
    """End a membership and tell everybody; returns the room's seq."""
    tx.unfollow(account, room)
    seq = journal.append(tx, room, MEMBER, account, actor)
    store.drop_member(tx, room, account, seq=seq)
    count = store.count_members(tx, room, -1)
    tell_member(tx, room, account, None, seq, count)
    mine = journal.append(tx, account, MEMBERSHIP, room, actor)
    tx.emit(account, Left(log=account, seq=mine, room=room, reason=reason))
    heir = None if store.has_owner(tx, room) else store.oldest_member(tx, room)
    if heir is not None:
        store.set_role(tx, room, heir, "owner")
        tell_member(tx, room, heir, "owner", journal.append(tx, room, MEMBER, heir, actor), count)
        announce(tx, heir, room, actor=actor)
    return seq


def require_member(db: Reader, who: Who, room: str) -> tuple[Room, Role]:
    """The room and what one is in it; raises not_found for everybody else, as if there were no room."""
    role = store.role_of(db, room, who.account)
    found = store.room(db, room) if role is not None else None
    if found is None or role is None:
        raise Refusal("not_found", field="room")
    return found, role


def tell_who_may_see(tx: Tx, room: str, place: int, event: Any) -> None:
    """Tell those members who may see what stands at `place`: those who joined later may not, where a room
    shows newcomers only what comes after them. They see a hole in the log."""
    found = store.room(tx, room)
    if found is not None and found.history == "all":
        tx.emit(room, event)
        return
    for account in store.members_who_see(tx, room, place):
        tx.emit(account, event)


def members(db: Reader, who: Who, room: str) -> list[Member]:
    """Everybody in a room that one is in."""
    require_member(db, who, room)
    return store.members(db, room)


def directory(db: Reader, who: Who) -> list[DirectoryRoom]:
    """The public rooms."""
    return store.directory(db, who.account)


def posting_standing(db: Reader, who: Who, room: str) -> PostingStanding:
    """What a post needs to know of its author and the room, in one read; raises not_found. `require_floor`
    judges it."""
    found = store.posting_standing(db, room, who.account)
    if found is None:
        raise Refusal("not_found", field="room")
    return found


# Replay

rooms_of = store.rooms_of
role_of = store.role_of
stretches = store.stretches
member_count = store.member_count
FOREVER = store.FOREVER


def whole(db: Reader, account: str) -> list[Joined]:
    """All my rooms, for a client that knows nothing."""
    seq = journal.head(db, account)
    return [_joined_of(db, account, seq, *row) for row in store.standing(db, account)]


def load_memberships(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """Rooms that I joined or left since."""
    return [_joined(db, account, room, seq) for room, seq in subjects]


def load_members(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """People who came or went in a room."""
    found = store.room(db, log)
    count = found.member_count if found else 0
    events = []
    for subject, seq in subjects:
        person, role = auth.person(db, subject), store.role_of(db, log, subject)
        # Who came and went before my time is not mine to know; who is there now is on the list of members.
        if person is not None and (role is not None or store.may_see(db, log, account, seq)):
            events.append(MemberChanged(log=log, seq=seq, person=person, role=role, member_count=count))
    return events


def load_rooms(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """The room itself."""
    found = store.room(db, log)
    return [RoomChanged(log=log, seq=seq, room=found) for _, seq in subjects if found is not None]


def _joined(db: Reader, account: str, room: str, seq: int) -> Joined | Left:
    standing = store.standing(db, account, room)
    if not standing:
        own = journal.actor(db, account, seq) == account
        return Left(log=account, seq=seq, room=room, reason="left" if own else "removed")
    return _joined_of(db, account, seq, *standing[0])


def _joined_of(db: Reader, account: str, seq: int, room: Room, role: Role, head: int) -> Joined:
    people = store.others(db, room.id, account) if room.kind == "dm" else []
    return Joined(log=account, seq=seq, room=room, role=role, head=head, people=people)


# People as they change


def retell_person(tx: Tx, account: str) -> None:
    """Tell every room that shows the account how it looks now."""
    person = auth.person(tx, account)
    assert person is not None
    for room, role, muted_until, count in tx.rows(
        "SELECT m.room, m.role, m.muted_until, r.member_count FROM members m JOIN rooms r ON r.id = m.room"
        " WHERE m.account = :account AND m.role <> 'staff'",
        account=account,
    ):
        seq = journal.append(tx, room, MEMBER, account, account)
        tx.emit(
            room,
            MemberChanged(
                log=room, seq=seq, person=person, role=role, member_count=count, muted_until=muted_until
            ),
        )


def shared_rooms(db: Reader, account: str, other: str) -> list[str]:
    """The rooms in which `account` sees `other`: of the staff in a support room nobody is seen."""
    return [
        row[0]
        for row in db.rows(
            "SELECT mine.room FROM members mine JOIN members theirs ON theirs.room = mine.room"
            " WHERE mine.account = :account AND theirs.account = :other"
            " AND (theirs.role <> 'staff' OR mine.role = 'staff') ORDER BY mine.room",
            account=account,
            other=other,
        )
    ]
