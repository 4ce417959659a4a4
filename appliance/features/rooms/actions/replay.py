"""What a device missed: what the rows of this feature's logs point to, as it stands now."""

from typing import Any

from appliance.features.auth import actions as auth
from appliance.features.rooms import rolls, store
from appliance.features.rooms.actions.telling import joined
from appliance.features.rooms.model import Joined, Left, LeftReason, MemberChanged, RoomChanged
from appliance.kernel import journal
from appliance.kernel.transaction import Reader


def whole(db: Reader, account: str) -> list[Joined]:
    """All my rooms, for a client that knows nothing."""
    seq = journal.head(db, account)
    return [joined(db, account, seq, *row) for row in rolls.standing(db, account)]


def load_memberships(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """Rooms that I joined or left since."""
    return [_membership(db, account, room, seq) for room, seq in subjects]


def load_members(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """People who came, went or changed in a room."""
    count = store.member_count(db, log)
    events = []
    for subject, seq in subjects:
        person, role = auth.person(db, subject), store.role_of(db, log, subject)
        # Who came and went before my time is not mine to know; who is there now is on the list of members.
        if person is not None and (role is not None or store.may_see(db, log, account, seq)):
            muted = store.muted_until(db, log, subject)
            events.append(
                MemberChanged(
                    log=log, seq=seq, person=person, role=role, member_count=count, muted_until=muted
                )
            )
    return events


def load_rooms(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """The room itself."""
    found = store.room(db, log)
    return [RoomChanged(log=log, seq=seq, room=found) for _, seq in subjects if found is not None]


def load_changed_room(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """The room itself, if it changed after the position that is held of its log."""
    found = store.room(db, log)
    if found is None:
        return []
    return [RoomChanged(log=log, seq=found.rev, room=found) for _, after in subjects if found.rev > after]


def _membership(db: Reader, account: str, room: str, seq: int) -> Joined | Left:
    standing = rolls.standing(db, account, room)
    if standing:
        return joined(db, account, seq, *standing[0])
    return Left(log=account, seq=seq, room=room, reason=_reason(db, account, room, seq))


def _reason(db: Reader, account: str, room: str, seq: int) -> LeftReason:
    if store.room(db, room) is None or store.was_dismissed(db, room, account):
        return "deleted"
    if store.is_banned(db, room, account):
        return "banned"
    return "left" if journal.actor(db, account, seq) == account else "removed"
