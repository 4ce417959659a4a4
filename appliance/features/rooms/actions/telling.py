"""What is said of a change: to everybody in the room, and to the one whom it is about."""

from typing import Any

import msgspec

from appliance.features.auth import actions as auth
from appliance.features.rooms import rolls, store
from appliance.features.rooms.model import Joined, Left, LeftReason, MemberChanged, Role, Room, RoomChanged
from appliance.kernel import journal
from appliance.kernel.transaction import Reader, Tx

MEMBER = "member"
ROOM = "room"
MEMBERSHIP = "membership"

WITH_PEOPLE = ("dm", "group")
"""Kinds of rooms that are known by who is in them."""


def announce(tx: Tx, account: str, room: str, *, actor: str) -> None:
    """Tell the account's devices that the room is theirs, or what they are in it now; from here on they
    follow it."""
    seq = journal.append(tx, account, MEMBERSHIP, room, actor)
    tx.follow(account, room)
    tx.emit(account, joined(tx, account, seq, *rolls.standing(tx, account, room)[0]))


def take_leave(tx: Tx, account: str, room: str, reason: LeftReason, *, actor: str) -> None:
    """Tell the account's devices that the room is no longer theirs; they have heard the last of it."""
    tx.unfollow(account, room)
    seq = journal.append(tx, account, MEMBERSHIP, room, actor)
    tx.emit(account, Left(log=account, seq=seq, room=room, reason=reason))


def tell_member(tx: Tx, room: str, account: str, role: Role | None, seq: int, count: int) -> None:
    """Tell the room who came, went or changed."""
    person = auth.person(tx, account)
    assert person is not None
    muted = store.muted_until(tx, room, account)
    tx.emit(
        room,
        MemberChanged(log=room, seq=seq, person=person, role=role, member_count=count, muted_until=muted),
    )


def tell_changed_member(tx: Tx, room: str, account: str, *, actor: str) -> int:
    """Write down that a member is something else now, and tell both sides; returns the room's seq."""
    seq = journal.append(tx, room, MEMBER, account, actor)
    role = store.role_of(tx, room, account)
    tell_member(tx, room, account, role, seq, store.member_count(tx, room))
    announce(tx, account, room, actor=actor)
    return seq


def retell_person(tx: Tx, account: str) -> None:
    """Tell every room that shows the account how it looks now."""
    for room in store.rooms_of(tx, account):
        role = store.role_of(tx, room, account)
        if role != "staff":
            seq = journal.append(tx, room, MEMBER, account, account)
            tell_member(tx, room, account, role, seq, store.member_count(tx, room))


def change(tx: Tx, changed: Room, *, actor: str) -> int:
    """Store what the room is from now on, and tell everybody in it; returns its seq."""
    seq = journal.append(tx, changed.id, ROOM, changed.id, actor)
    store.rewrite_room(tx, msgspec.structs.replace(changed, rev=seq))
    tell_room(tx, changed.id, seq)
    return seq


def tell_room(tx: Tx, room: str, seq: int) -> None:
    """Tell the room how it is now."""
    found = store.room(tx, room)
    assert found is not None
    tx.emit(room, RoomChanged(log=room, seq=seq, room=found))


def tell_who_may_see(tx: Tx, room: str, place: int, event: Any) -> None:
    """Tell those members who may see what stands at `place`: those who joined later may not, where a room
    shows newcomers only what comes after them. They see a hole in the log."""
    found = store.room(tx, room)
    if found is not None and found.history == "all":
        tx.emit(room, event)
        return
    for account in store.members_who_see(tx, room, place):
        tx.emit(account, event)


def joined(db: Reader, account: str, seq: int, room: Room, role: Role, muted_until: int, head: int) -> Joined:
    """That the account is in the room, as it stands now."""
    people = rolls.others(db, room.id, account) if room.kind in WITH_PEOPLE else []
    return Joined(
        log=account, seq=seq, room=room, role=role, head=head, people=people, muted_until=muted_until
    )
