"""The end of a room: deleted with a day to undo that, expired, or left by everybody; then gone for good."""

import msgspec

from appliance.features.audit import actions as audit
from appliance.features.people import actions as people
from appliance.features.rooms import store
from appliance.features.rooms.actions.seeing import require
from appliance.features.rooms.actions.telling import ROOM, announce, change, take_leave, tell_room
from appliance.features.rooms.model import DeleteRoom, RestoreRoom, Room
from appliance.kernel import jobs, journal
from appliance.kernel.commands import Outcome
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

UNDO_MS = 24 * 3_600_000
PURGE = "rooms.purge"
EXPIRE = "rooms.expire"


def delete(tx: Tx, who: Who, command: DeleteRoom) -> Outcome:
    """Take everybody else out; a day later the room is gone for good. Deleting twice counts as done."""
    found, _ = require(tx, who, command.room, "delete")
    if found.deleted_at:
        return Outcome(command.room, found.rev)
    audit.note(tx, who, "room.delete", command.room, room=command.room)
    return Outcome(command.room, close(tx, found, but=who.account, actor=who.account))


def close(tx: Tx, room: Room, *, but: str, actor: str, undo_ms: int = UNDO_MS) -> int:
    """Take out everybody but one, and let the room go in a day, or when it can no longer be undone; returns
    its seq."""
    deleted = msgspec.structs.replace(room, deleted_at=tx.now)
    seq = journal.append(tx, room.id, ROOM, room.id, actor)
    store.rewrite_room(tx, msgspec.structs.replace(deleted, rev=seq))
    for account in store.dismiss_all(tx, room.id, but=but, seq=seq):
        take_leave(tx, account, room.id, "deleted", actor=actor)
    tell_room(tx, room.id, seq)
    jobs.enqueue(tx, PURGE, {"room": room.id}, key=f"{PURGE}:{room.id}", delay_ms=undo_ms)
    return seq


def restore(tx: Tx, who: Who, command: RestoreRoom) -> Outcome:
    """Undo that: all who were in it are in it again, as they were, and see what they saw."""
    found, _ = require(tx, who, command.room, "delete")
    if not found.deleted_at:
        return Outcome(command.room, found.rev)
    audit.note(tx, who, "room.restore", command.room, room=command.room)
    back = store.readmit_all(tx, command.room, seq=found.rev)
    seq = change(tx, msgspec.structs.replace(found, deleted_at=0), actor=who.account)
    for account in back:
        announce(tx, account, command.room, actor=who.account)
    return Outcome(command.room, seq)


def abandon(tx: Tx, room: str) -> None:
    """Everybody left. Where nobody could come again, the room goes in a day."""
    found = store.room(tx, room)
    if found is not None and found.kind in ("group", "private") and not found.deleted_at:
        close(tx, found, but="", actor="")


def expire_later(tx: Tx, room: str, expires_at: int) -> None:
    """Let the room end by itself. Asking again with another time leaves the first one without effect."""
    key = f"{EXPIRE}:{room}:{expires_at}"
    jobs.enqueue(tx, EXPIRE, {"room": room}, key=key, delay_ms=expires_at - tx.now)


def expire(tx: Tx, room: str) -> None:
    """Take everybody out of a room whose time is over; nobody is left who could undo that."""
    found = store.room(tx, room)
    if found is None or not _expired(found, tx.now):
        return
    if not found.deleted_at:
        close(tx, found, but="", actor="", undo_ms=0)
    else:
        # Deleted before that, and so far with a day to undo it.
        jobs.enqueue(tx, PURGE, {"room": room}, key=f"{PURGE}:{room}:expired")


def due_in(db: Reader, room: str) -> int | None:
    """Milliseconds until the room may be purged; None for one that shall stay, or is gone."""
    found = store.room(db, room)
    if found is None or not found.deleted_at:
        return None
    return 0 if _expired(found, db.now) else max(0, found.deleted_at + UNDO_MS - db.now)


def purge(tx: Tx, room: str) -> None:
    """Nothing is left of the room, once every other feature has let go of it."""
    for account in store.accounts_in(tx, room):
        take_leave(tx, account, room, "deleted", actor="")
    found = store.room(tx, room)
    if found is not None and found.picture:
        people.drop_picture(tx, found.picture)
    store.purge_room(tx, room)
    journal.drop_log(tx, room)
    audit.note(tx, None, "room.purge", room, room=room)


def _expired(room: Room, now: int) -> bool:
    return 0 < room.expires_at <= now
