"""The audit log: the words."""

from typing import Literal

from appliance.features.auth.model import Person
from appliance.wire.codec import Millis, Noun

MOST_ENTRIES = 50

Action = Literal[
    "account.role",
    "account.suspend",
    "account.unsuspend",
    "account.mute",
    "account.unmute",
    "account.trust",
    "account.reset_link",
    "account.wipe",
    "account.delete",
    "room.role",
    "room.transfer",
    "room.remove",
    "room.mute",
    "room.unmute",
    "room.ban",
    "room.unban",
    "room.wipe",
    "room.change",
    "room.archive",
    "room.unarchive",
    "room.delete",
    "room.restore",
    "room.purge",
    "room.secret",
    "message.delete",
    "invite.make",
    "invite.revoke",
    "guest_link.make",
    "guest_link.revoke",
    "report.resolve",
    "support.assign",
    "support.close",
    "support.reopen",
    "credits.grant",
    "settings.change",
    "categories.change",
]
"""Everything that is written down. A new deed of power gets a word here."""


class AuditEntry(Noun, frozen=True):
    """One deed. `actor` is null for the server itself. `subject`: the id of what it was done to; `person` is
    it when it is somebody. `room`, `room_name`: where; empty outside of rooms. `detail`: a few words more."""

    id: str
    at: Millis
    actor: Person | None
    action: Action
    subject: str
    person: Person | None = None
    room: str = ""
    room_name: str = ""
    detail: str = ""


class AuditLog(Noun, frozen=True):
    """`GET /api/audit?before=<id>&subject=<id>&actor=<id>` (staff): newest first, at most 50."""

    entries: list[AuditEntry]
    more: bool
