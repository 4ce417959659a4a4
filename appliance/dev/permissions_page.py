"""`docs/permissions.md`: the table of who may do what in a room, for those who run a community."""

from appliance.dev.rights import KINDS
from appliance.features.rooms.model import Role, RoomKind
from appliance.features.rooms.permissions import RIGHTS, Right

HEADINGS: dict[RoomKind, str] = {
    "public": "Public",
    "private": "Private",
    "secret": "Secret",
    "dm": "Direct message",
    "group": "Group",
    "support": "Support",
}
EVERYBODY: tuple[tuple[tuple[Role, ...], str], ...] = (
    (("owner", "moderator", "member", "guest"), "everybody"),
    (("owner", "moderator", "member"), "members"),
    (("owner", "moderator"), "moderators"),
    (("owner",), "owner"),
    (("member", "staff"), "both sides"),
    (("member",), "everybody"),
    (("staff",), "staff"),
    ((), "–"),
)
"""How the roles that the table has are said in short."""

INTRO = """\
# Who may do what in a room

Made by `python -m appliance.dev.protocol` from `appliance/features/rooms/permissions.py`; do not edit.

A room has one **owner**, who can hand it over. When the owner goes, the moderator who is longest there
inherits it, else the member who is. **Moderators** are made by the owner. What is done to a person is done to
somebody below oneself: moderators never judge one another, nor the owner. **Members** are everybody else with
an account. **Guests** came by a link of this room and are nowhere else. In a direct message and in a group
all are equal. In a support room somebody asks and the **staff** answers.

"moderators" below includes the owner, and "members" both of them.
"""

AFTER = """\
Beside this table a room may be archived (all read, nobody adds anything), deleted (only its owner still finds
it, for a day), in slow mode, or have only its moderators post; people may be muted in it or banned from it.
Admins and moderators of the community have no rights in a room by being that. What they do from outside, such
as deciding about a report or closing a room, is written down in the audit log.
"""


def render() -> str:
    """The whole page."""
    rows = [("To", *HEADINGS.values()), ("---",) * (len(HEADINGS) + 1), *map(_row, RIGHTS)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([INTRO, table, "", AFTER])


def _row(right: Right) -> tuple[str, ...]:
    said = dict(EVERYBODY)
    return (right.what, *(said[right.roles(kind)] for kind in KINDS))
