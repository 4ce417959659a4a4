"""Who may do what in a room: the one table of it. Every check in rooms and messages goes through here.

Whether somebody is in the room at all comes first (who is not gets not_found), and what a room is at the
moment comes after (archived, slow mode, muted, banned, full).
"""

from dataclasses import dataclass
from typing import Literal

from appliance.features.rooms.model import Role, RoomKind

Deed = Literal[
    "post",
    "post_freely",
    "mention_everyone",
    "delete_any",
    "add_member",
    "remove_member",
    "mute_member",
    "ban",
    "change",
    "moderate",
    "reshape",
    "set_role",
    "transfer",
    "archive",
    "delete",
    "see_secret",
    "change_secret",
    "guest_link",
    "leave",
    "see_staff",
]

_NOBODY: tuple[Role, ...] = ()
_OWNER: tuple[Role, ...] = ("owner",)
_LEADERS: tuple[Role, ...] = ("owner", "moderator")
_MEMBERS: tuple[Role, ...] = ("owner", "moderator", "member")
_ALL: tuple[Role, ...] = ("owner", "moderator", "member", "guest")
_EQUALS: tuple[Role, ...] = ("member",)
"""In direct messages and groups all are plain members, and nobody is above another."""
_STAFF: tuple[Role, ...] = ("staff",)
_BOTH_SIDES: tuple[Role, ...] = ("member", "staff")
"""In a support room: who asks, and who answers."""


@dataclass(frozen=True, slots=True)
class Right:
    """One row: a deed, in words, and which roles may do it in each kind of room."""

    deed: Deed
    what: str
    public: tuple[Role, ...]
    private: tuple[Role, ...]
    secret: tuple[Role, ...]
    dm: tuple[Role, ...] = _NOBODY
    group: tuple[Role, ...] = _NOBODY
    support: tuple[Role, ...] = _NOBODY

    def roles(self, kind: RoomKind) -> tuple[Role, ...]:
        """Who may do it in a room of this kind."""
        found: tuple[Role, ...] = getattr(self, kind)
        return found


def _led(
    deed: Deed,
    what: str,
    roles: tuple[Role, ...],
    group: tuple[Role, ...] = _NOBODY,
    support: tuple[Role, ...] = _NOBODY,
) -> Right:
    """A right that is the same in every room that somebody owns."""
    return Right(deed, what, roles, roles, roles, group=group, support=support)


RIGHTS: tuple[Right, ...] = (
    Right("post", "post where everyone may", _ALL, _ALL, _ALL, _EQUALS, _EQUALS, _BOTH_SIDES),
    _led("post_freely", "post where only moderators may, and without waiting in slow mode", _LEADERS),
    _led("mention_everyone", "mention the whole room", _LEADERS, group=_EQUALS),
    _led("delete_any", "delete messages of others", _LEADERS, support=_STAFF),
    Right("add_member", "bring people in", _MEMBERS, _LEADERS, _LEADERS, group=_EQUALS),
    _led("remove_member", "take people out", _LEADERS),
    _led("mute_member", "mute people", _LEADERS),
    _led("ban", "ban people, lift bans and read the list of them", _LEADERS),
    _led("change", "change name, topic, icon and picture", _LEADERS, group=_EQUALS),
    _led("moderate", "change who may post, and slow mode", _LEADERS),
    _led("reshape", "change kind, category, member limit and what newcomers see", _OWNER),
    _led("set_role", "make moderators, and plain members of them", _OWNER),
    _led("transfer", "make somebody else the owner", _OWNER),
    _led("archive", "archive the room, or open it again", _OWNER),
    _led("delete", "delete the room, and undo that within a day", _OWNER),
    Right("see_secret", "see the code of a secret room", _NOBODY, _NOBODY, _LEADERS),
    Right("change_secret", "change code, password and end of a secret room", _NOBODY, _NOBODY, _OWNER),
    _led("guest_link", "make links for guests, and revoke them", _LEADERS),
    _led("leave", "leave", _ALL, group=_EQUALS),
    Right("see_staff", "see who of the staff is there", _NOBODY, _NOBODY, _NOBODY, support=_STAFF),
)

_RANK: dict[Role, int] = {"owner": 3, "moderator": 2, "member": 1, "guest": 0, "staff": 1}

_ALLOWED = frozenset(
    (role, kind, right.deed)
    for right in RIGHTS
    for kind in ("public", "private", "secret", "dm", "group", "support")
    for role in right.roles(kind)
)


def may(role: Role, kind: RoomKind, deed: Deed) -> bool:
    """Whether somebody of this role may do the deed in a room of this kind."""
    return (role, kind, deed) in _ALLOWED


def outranks(role: Role, other: Role) -> bool:
    """Whether what one does to a person may be done to somebody of the `other` role: moderators never judge
    one another, nor the owner."""
    return _RANK[role] > _RANK[other]
