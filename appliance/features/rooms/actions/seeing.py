"""Who finds what: a room through one's own membership, lists of people and of rooms."""

from appliance.features.auth import actions as auth
from appliance.features.auth.model import Person
from appliance.features.rooms import rolls, store
from appliance.features.rooms.model import Bans, Directory, Member, Role, Room
from appliance.features.rooms.permissions import Deed, may, outranks
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader

MAY_SEE = (
    "EXISTS (SELECT 1 FROM member_intervals i WHERE i.room = m.room AND i.account = :account"
    " AND m.seq >= i.from_seq AND (i.to_seq IS NULL OR m.seq <= i.to_seq))"
)
"""SQL: row `m` (room, seq) lies in a stretch of history that `:account` may see."""


def require_member(db: Reader, who: Who, room: str) -> tuple[Room, Role]:
    """The room and what one is in it; raises not_found for everybody else, as if there were no room."""
    role = store.role_of(db, room, who.account)
    found = store.room(db, room) if role is not None else None
    if found is None or role is None:
        raise Refusal("not_found", field="room")
    return found, role


def require(db: Reader, who: Who, room: str, deed: Deed) -> tuple[Room, Role]:
    """The room and what one is in it, for whom the table allows the deed; raises not_found, forbidden, or
    room_deleted for everything but undoing that."""
    found, role = require_member(db, who, room)
    if not may(role, found.kind, deed):
        raise Refusal("forbidden")
    if found.deleted_at and deed != "delete":
        raise Refusal("room_deleted", field="room")
    return found, role


def require_over(db: Reader, who: Who, room: str, person: str, deed: Deed) -> Role | None:
    """What `person` is in the room, None for nothing, where one may do the deed to them; else forbidden, also
    for what one would do to oneself."""
    _, role = require(db, who, room, deed)
    theirs = store.role_of(db, room, person)
    if person == who.account or (theirs is not None and not outranks(role, theirs)):
        raise Refusal("forbidden", field="person")
    return theirs


def require_person(db: Reader, account: str) -> Person:
    """Somebody who has an account and did not delete it; raises not_found. The desk is nobody."""
    found = auth.person(db, account)
    if found is None or found.gone or account == auth.desk_of(db):
        raise Refusal("not_found", field="person")
    return found


def members(db: Reader, who: Who, room: str) -> list[Member]:
    """Everybody in a room that one is in, but for hidden staff."""
    found, role = require_member(db, who, room)
    return rolls.members(db, room, staff=may(role, found.kind, "see_staff"))


def bans(db: Reader, who: Who, room: str) -> Bans:
    """Who is kept out of a room."""
    require(db, who, room, "ban")
    return Bans(bans=rolls.bans(db, room))


def directory(db: Reader, who: Who, *, words: str, category: str, after: str) -> Directory:
    """The public rooms that anybody may join."""
    found, more = rolls.directory(db, who.account, words=words, category=category, after=after)
    return Directory(rooms=found, categories=rolls.categories(db), more=more)


def public_room(db: Reader, who: Who, room: str) -> Room:
    """A room that one may look at before joining; raises not_found, also for whom it keeps out."""
    found = store.room(db, room)
    open_to_all = found is not None and found.kind == "public" and not found.deleted_at
    if found is None or not open_to_all or store.is_banned(db, room, who.account):
        raise Refusal("not_found", field="room")
    return found
