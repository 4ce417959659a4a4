"""What owners and moderators do about others."""

from appliance.features.audit import actions as audit
from appliance.features.audit.model import Action
from appliance.features.auth.model import one_line
from appliance.features.rooms import store
from appliance.features.rooms.actions.leaving import dismiss
from appliance.features.rooms.actions.seeing import require, require_over, require_person
from appliance.features.rooms.actions.telling import tell_changed_member
from appliance.features.rooms.model import Ban, MuteMember, Role, SetRole, TransferRoom, Unban
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx


def set_role(tx: Tx, who: Who, command: SetRole) -> Outcome:
    """Make somebody a moderator, or a plain member again."""
    theirs = require_over(tx, who, command.room, command.person, "set_role")
    _require_in_own_right(theirs)
    if theirs == command.role:
        return Outcome(command.room, journal.head(tx, command.room))
    audit.note(tx, who, "room.role", command.person, room=command.room, detail=command.role)
    return Outcome(
        command.room, change_role(tx, command.room, command.person, command.role, actor=who.account)
    )


def transfer(tx: Tx, who: Who, command: TransferRoom) -> Outcome:
    """Make somebody else the one owner; whoever was it stays as a moderator."""
    _require_in_own_right(require_over(tx, who, command.room, command.person, "transfer"))
    audit.note(tx, who, "room.transfer", command.person, room=command.room)
    change_role(tx, command.room, who.account, "moderator", actor=who.account)
    seq = change_role(tx, command.room, command.person, "owner", actor=who.account)
    return Outcome(command.room, seq)


def change_role(tx: Tx, room: str, account: str, role: Role, *, actor: str) -> int:
    """Say what a member is from now on, and tell everybody; returns the room's seq."""
    store.set_role(tx, room, account, role)
    return tell_changed_member(tx, room, account, actor=actor)


def mute(tx: Tx, who: Who, command: MuteMember) -> Outcome:
    """Let somebody read but not post for a while, or post again."""
    theirs = require_over(tx, who, command.room, command.person, "mute_member")
    if theirs is None:
        raise Refusal("not_found", field="person")
    until = command.until if command.until > tx.now else 0
    action: Action = "room.mute" if until else "room.unmute"
    audit.note(tx, who, action, command.person, room=command.room, detail=str(until or ""))
    store.mute(tx, command.room, command.person, until)
    return Outcome(command.room, tell_changed_member(tx, command.room, command.person, actor=who.account))


def ban(tx: Tx, who: Who, command: Ban) -> Outcome:
    """Take somebody out and keep them out, also whoever is not there right now."""
    require_over(tx, who, command.room, command.person, "ban")
    require_person(tx, command.person)
    if 0 < command.until <= tx.now:
        raise Refusal("bad_request", field="until", text="This ban would be over already.")
    detail = one_line(f"{command.until or ''} {command.reason}")
    audit.note(tx, who, "room.ban", command.person, room=command.room, detail=detail)
    keep_out(tx, command.room, command.person, by=who.account, reason=command.reason, until=command.until)
    return Outcome(command.room, journal.head(tx, command.room))


def keep_out(tx: Tx, room: str, account: str, *, by: str, reason: str, until: int) -> None:
    """Nobody lets the account in `until` then (0: ever); whoever is in is taken out."""
    store.ban(tx, room, account, by=by, reason=one_line(reason), until=until)
    if store.role_of(tx, room, account) is not None:
        dismiss(tx, room, account, "banned", actor=by)


def unban(tx: Tx, who: Who, command: Unban) -> Outcome:
    """Let somebody come again; where no ban is, that counts as done."""
    require(tx, who, command.room, "ban")
    if is_banned(tx, command.room, command.person):
        audit.note(tx, who, "room.unban", command.person, room=command.room)
        store.unban(tx, command.room, command.person)
    return Outcome(command.room, journal.head(tx, command.room))


def is_banned(db: Reader, room: str, account: str) -> bool:
    """Whether the room keeps the account out now."""
    return store.is_banned(db, room, account)


def _require_in_own_right(role: Role | None) -> None:
    """Guests are here by a link, so nothing can be handed to them."""
    if role is None:
        raise Refusal("not_found", field="person")
    if role == "guest":
        raise Refusal("forbidden", field="person", text="A guest cannot have this role.")
