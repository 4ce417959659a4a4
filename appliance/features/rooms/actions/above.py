"""What happens to rooms from above: by those who run the community, and by features that stand on rooms."""

from contextlib import suppress
from typing import Literal

import msgspec

from appliance.features.audit import actions as audit
from appliance.features.audit.model import Action
from appliance.features.rooms import rolls, store
from appliance.features.rooms.actions.ending import close
from appliance.features.rooms.actions.entering import Rooms, named
from appliance.features.rooms.actions.telling import announce, change
from appliance.features.rooms.model import Room
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

Order = Literal["archive", "unarchive", "delete", "restore"]
_ACTIONS: dict[Order, Action] = {
    "archive": "room.archive",
    "unarchive": "room.unarchive",
    "delete": "room.delete",
    "restore": "room.restore",
}


def order(tx: Tx, who: Who, room: Room, what: Order, reason: str) -> None:
    """Archive a room, open it again, delete it or undo that, without being in it. What is so already stays
    so, and is not written down again."""
    done = {
        "archive": bool(room.archived_at),
        "unarchive": not room.archived_at,
        "delete": bool(room.deleted_at),
        "restore": not room.deleted_at,
    }
    if done[what]:
        return
    audit.note(tx, who, _ACTIONS[what], room.id, room=room.id, detail=reason)
    if what == "delete":
        close(tx, room, but=_owner(tx, room.id), actor=who.account)
    elif what == "restore":
        bring_back(tx, room, actor=who.account)
    else:
        put_away(tx, room.id, archived=what == "archive", actor=who.account)


def put_away(tx: Tx, room: str, *, archived: bool, actor: str) -> None:
    """Nobody posts there any more, or they do again; `actor` is who seems to have done it."""
    found = store.room(tx, room)
    assert found is not None
    change(tx, msgspec.structs.replace(found, archived_at=tx.now if archived else 0), actor=actor)


def bring_back(tx: Tx, room: Room, *, actor: str) -> int:
    """All who were in a deleted room are in it again, as they were; returns its seq."""
    back = store.readmit_all(tx, room.id, seq=room.rev)
    seq = change(tx, msgspec.structs.replace(room, deleted_at=0), actor=actor)
    for account in back:
        announce(tx, account, room.id, actor=actor)
    return seq


def open_room(db: Reader, room: str) -> Room | None:
    """The room, while people can come in: neither archived nor deleted."""
    found = store.room(db, room)
    return None if found is None or found.archived_at or found.deleted_at else found


def admit_if_possible(tx: Tx, halls: Rooms, room: str, account: str, *, actor: str) -> None:
    """Make the account a member; nothing where the room is full, closed to it or gone."""
    if open_room(tx, room) is not None:
        # Refused before anything is written, so what came before in the transaction stays.
        with suppress(Refusal):
            halls.admit(tx, room, account, "member", actor=actor)


def start_support(tx: Tx, halls: Rooms, who: Who, subject: str, desk: str) -> Outcome:
    """Open a room for somebody and the desk."""
    made = Room(id=new_id(tx.now), kind="support", name=named(subject)[:64])
    return halls.gather(tx, who, made, None, [who.account, desk])


def _owner(db: Reader, room: str) -> str:
    owners = [member.person.id for member in rolls.members(db, room, staff=False) if member.role == "owner"]
    return owners[0] if owners else ""
