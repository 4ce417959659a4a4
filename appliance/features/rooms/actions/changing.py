"""What a room is: its name, its rules, its place in the directory."""

import msgspec

from appliance.features.audit import actions as audit
from appliance.features.audit.model import Action
from appliance.features.auth.model import one_line
from appliance.features.people import actions as people
from appliance.features.people.model import folded
from appliance.features.rooms import rolls, store
from appliance.features.rooms.actions.entering import known_category, named
from appliance.features.rooms.actions.seeing import require, require_member
from appliance.features.rooms.actions.telling import change
from appliance.features.rooms.model import ArchiveRoom, Category, ChangeRoom, NewCategory, Room
from appliance.features.rooms.permissions import Deed, may
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx

NEEDS: dict[str, Deed] = {
    "name": "change",
    "topic": "change",
    "icon": "change",
    "posting": "moderate",
    "slow_s": "moderate",
    "kind": "reshape",
    "category": "reshape",
    "history": "reshape",
    "member_limit": "reshape",
}
"""For each part of a room that `change_room` can change: the right that it takes."""


def change_room(tx: Tx, who: Who, command: ChangeRoom) -> Outcome:
    """Change what is given of a room, and leave the rest."""
    found, role = require_member(tx, who, command.room)
    given = {name: getattr(command, name) for name in NEEDS if getattr(command, name) is not None}
    if not all(may(role, found.kind, NEEDS[name]) for name in given):
        raise Refusal("forbidden")
    if found.deleted_at:
        raise Refusal("room_deleted", field="room")
    changes = {
        name: value for name, value in _tidied(tx, found, given).items() if value != getattr(found, name)
    }
    if not changes:
        return Outcome(command.room, found.rev)
    if found.kind != "group":
        audit.note(tx, who, "room.change", command.room, room=command.room, detail=", ".join(changes))
    if changes.get("history") == "all":
        store.open_history(tx, command.room)
    return Outcome(command.room, change(tx, msgspec.structs.replace(found, **changes), actor=who.account))


def _tidied(tx: Tx, room: Room, given: dict[str, str | int]) -> dict[str, str | int]:
    texts = {name: one_line(str(given[name])) for name in ("name", "topic", "icon") if name in given}
    if "name" in given and room.kind != "group":
        texts["name"] = named(texts["name"])
    if "kind" in given and room.kind not in ("public", "private"):
        raise Refusal("bad_request", field="kind", text="A secret room stays one.")
    if "category" in given:
        known_category(tx, str(given["category"]))
    return given | texts


def archive(tx: Tx, who: Who, command: ArchiveRoom) -> Outcome:
    """Nobody posts there any more, or they do again."""
    found, _ = require(tx, who, command.room, "archive")
    if bool(found.archived_at) == command.archived:
        return Outcome(command.room, found.rev)
    action: Action = "room.archive" if command.archived else "room.unarchive"
    audit.note(tx, who, action, command.room, room=command.room)
    changed = msgspec.structs.replace(found, archived_at=tx.now if command.archived else 0)
    return Outcome(command.room, change(tx, changed, actor=who.account))


def set_picture(tx: Tx, who: Who, room: str, picture: str) -> None:
    """Show a room by this picture, which `people.keep_picture` put on the disk, or by none."""
    found, _ = require(tx, who, room, "change")
    if found.picture == picture:
        return
    if picture:
        people.use_picture(tx, picture)
    if found.picture:
        people.drop_picture(tx, found.picture)
    if found.kind != "group":
        audit.note(tx, who, "room.change", room, room=room, detail="picture")
    change(tx, msgspec.structs.replace(found, picture=picture), actor=who.account)


def set_categories(tx: Tx, who: Who, wanted: list[NewCategory]) -> list[Category]:
    """These categories, in this order; returns them. Raises bad_request, or not_found for an unknown id."""
    known = {category.id for category in rolls.categories(tx)}
    made = [Category(id=each.id or new_id(tx.now), name=one_line(each.name)) for each in wanted]
    if not all(each.id is None or each.id in known for each in wanted):
        raise Refusal("not_found", field="categories")
    names = [folded(category.name) for category in made]
    if "" in names or len(set(names)) < len(names) or len({category.id for category in made}) < len(made):
        raise Refusal("bad_request", field="categories", text="Each category needs a name of its own.")
    store.put_categories(tx, made)
    audit.note(tx, who, "categories.change", "", detail=", ".join(category.name for category in made))
    return made
