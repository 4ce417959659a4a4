"""Going, or being taken out."""

from appliance.features.audit import actions as audit
from appliance.features.rooms import store
from appliance.features.rooms.actions.ending import abandon
from appliance.features.rooms.actions.entering import leave_unseen
from appliance.features.rooms.actions.seeing import require_over
from appliance.features.rooms.actions.telling import MEMBER, announce, take_leave, tell_member
from appliance.features.rooms.model import Leave, LeftReason, RemoveMember
from appliance.features.rooms.permissions import may
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx


def leave(tx: Tx, who: Who, command: Leave) -> Outcome:
    """Leave a room; who is longest there inherits it from its owner."""
    role = store.role_of(tx, command.room, who.account)
    found = store.room(tx, command.room) if role is not None else None
    if found is None or role is None:
        return Outcome(command.room)
    if not may(role, found.kind, "leave"):
        raise Refusal("forbidden", text="This conversation cannot be left.")
    return Outcome(command.room, dismiss(tx, command.room, who.account, "left", actor=who.account))


def remove_member(tx: Tx, who: Who, command: RemoveMember) -> Outcome:
    """Take somebody out."""
    if require_over(tx, who, command.room, command.person, "remove_member") is None:
        return Outcome(command.room, journal.head(tx, command.room))
    audit.note(tx, who, "room.remove", command.person, room=command.room)
    return Outcome(command.room, dismiss(tx, command.room, command.person, "removed", actor=who.account))


def dismiss(tx: Tx, room: str, account: str, reason: LeftReason, *, actor: str) -> int:
    """End a membership and tell everybody; returns the room's seq. An owner's room goes to the oldest
    moderator, else to the oldest member."""
    role = store.role_of(tx, room, account)
    if role == "staff":
        leave_unseen(tx, room, account)
        return journal.head(tx, room)
    tx.unfollow(account, room)
    seq = journal.append(tx, room, MEMBER, account, actor)
    store.drop_member(tx, room, account, seq=seq)
    count = store.count_members(tx, room, -1)
    tell_member(tx, room, account, None, seq, count)
    take_leave(tx, account, room, reason, actor=actor)
    heir = store.heir(tx, room) if role == "owner" else None
    if heir is not None:
        store.set_role(tx, room, heir, "owner")
        tell_member(tx, room, heir, "owner", journal.append(tx, room, MEMBER, heir, actor), count)
        announce(tx, heir, room, actor=actor)
    if not count:
        abandon(tx, room)
    return seq
