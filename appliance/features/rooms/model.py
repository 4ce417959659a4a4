"""Rooms and memberships: the words."""

from typing import Annotated, Literal, NamedTuple

import msgspec

from appliance.features.auth.model import Person
from appliance.kernel.transaction import Row
from appliance.wire.codec import Body, ClientId, Command, Event, Id, Lasting, LogEvent, Millis, Noun

RoomKind = Literal["public", "private", "secret", "dm", "group", "support"]
History = Literal["all", "joined"]
Posting = Literal["everyone", "moderators"]
Role = Literal["owner", "moderator", "member", "guest", "staff"]
LeftReason = Literal["left", "removed", "banned", "deleted"]
PresenceState = Literal["online", "away", "offline"]

RoomName = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
GroupName = Annotated[str, msgspec.Meta(max_length=64)]
Topic = Annotated[str, msgspec.Meta(max_length=200)]
Icon = Annotated[str, msgspec.Meta(max_length=32)]
SlowSeconds = Annotated[int, msgspec.Meta(ge=0, le=21_600)]
MemberLimit = Annotated[int, msgspec.Meta(ge=0, le=100_000)]
Reason = Annotated[str, msgspec.Meta(max_length=300)]
RoomPassword = Annotated[str, msgspec.Meta(max_length=256)]
Until = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
FOR_EVER: Millis = 2**53 - 1


class Room(Noun, frozen=True):
    """A room as its members see it. `name` is empty for a direct message (clients show the people), may be
    for a group. `rev` is the `seq` of its last change; of two versions the higher is the newer.
    `icon`: one emoji; `picture` as a person's. `category`: the id of one, or empty. `posting`: who may post;
    `slow_s`: seconds that a member waits between two messages. `member_limit` 0: the server's own. `locked`:
    a secret room with a password. `expires_at`: when it is deleted by itself. `archived_at`: readable, but
    nobody posts. `deleted_at`: gone for good a day later; only its owner still sees it and can undo that."""

    id: str
    kind: RoomKind
    name: str = ""
    topic: str = ""
    history: History = "all"
    icon: str = ""
    picture: str = ""
    category: str = ""
    posting: Posting = "everyone"
    slow_s: int = 0
    member_limit: int = 0
    member_count: int = 0
    locked: bool = False
    created_at: Millis = 0
    expires_at: Millis = 0
    archived_at: Millis = 0
    deleted_at: Millis = 0
    rev: int = 0


class PostingStanding(NamedTuple):
    """What decides whether somebody may post. `silenced_until`, `trusted_at`: theirs in the community."""

    person: Person
    role: Role
    kind: RoomKind
    posting: Posting
    slow_s: int
    archived: int
    muted_until: int
    silenced_until: int
    trusted_at: int


room_columns = ", ".join(f"r.{name}" for name in Room.__struct_fields__)
"""SQL: what `as_room` takes of a row `r` of rooms."""


def as_room(row: Row) -> Room:
    """The room of a row that begins with room_columns."""
    fields = dict(zip(Room.__struct_fields__, row, strict=False))
    return Room(**{**fields, "locked": bool(fields["locked"])})


class Member(Noun, frozen=True):
    """A person in a room. `staff`: looks after a support room, unseen there. `muted_until`: only reads."""

    person: Person
    role: Role
    joined_at: Millis
    muted_until: Millis = 0


class RoomChanged(LogEvent, tag="room", frozen=True):
    """The room itself changed (room log). One that was deleted or restored: load its members again."""

    room: Room


class MemberChanged(LogEvent, tag="member", frozen=True):
    """Somebody joined, or changed (`role` set), or is no longer there (`role` null) (room log)."""

    person: Person
    role: Role | None
    member_count: int
    muted_until: Millis = 0


class Joined(LogEvent, tag="joined", frozen=True):
    """I am a member of this room (account log). `people` holds the others of a direct message or group.
    `head` is the room log's position at the moment I joined (or at replay)."""

    room: Room
    role: Role
    head: int
    people: list[Person] = msgspec.field(default_factory=list)
    muted_until: Millis = 0


class Left(LogEvent, tag="left", frozen=True):
    """I am no longer a member (account log): drop everything of the room."""

    room: str
    reason: LeftReason = "left"


class CategoriesChanged(Event, tag="categories", frozen=True):
    """An admin changed the directory's categories: load them again if shown."""


class Typing(Event, tag="typing", frozen=True):
    """Somebody is writing in a room that I have on screen; forget it after 6 s."""

    room: str
    person: str


class PresenceChanged(Event, tag="presence", frozen=True):
    """How somebody whom I watch is here. `last_seen` only when offline, and only where both of us show it."""

    person: str
    state: PresenceState
    last_seen: Millis = 0


class CreateRoom(Lasting, tag="create_room", frozen=True):
    """Make a room and own it. Ack: `subject` is its id."""

    name: RoomName
    kind: Literal["public", "private"] = "public"
    topic: Topic = ""
    history: History = "all"
    icon: Icon = ""
    category: Id | None = None
    posting: Posting = "everyone"


class ChangeRoom(Lasting, tag="change_room", frozen=True):
    """Change what is given, and leave the rest; owners and moderators (see the permission table).
    Between `public` and `private` the kind can change."""

    room: Id
    name: GroupName | None = None
    topic: Topic | None = None
    icon: Icon | None = None
    category: Annotated[str, msgspec.Meta(max_length=26, pattern="^([0-9a-v]{26})?$")] | None = None
    history: History | None = None
    posting: Posting | None = None
    slow_s: SlowSeconds | None = None
    member_limit: MemberLimit | None = None
    kind: Literal["public", "private"] | None = None


class StartDm(Lasting, tag="start_dm", frozen=True):
    """Open the one direct message with `person`. Ack: `subject` is its room id, old or new."""

    person: Id


class StartGroup(Lasting, tag="start_group", frozen=True):
    """Open a group direct message with `people`; all are equal in it. Ack: `subject` is its room id."""

    people: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=50)]
    name: GroupName = ""


class Join(Lasting, tag="join", frozen=True):
    """Join a public room. Joining where one already is counts as done."""

    room: Id


class Leave(Lasting, tag="leave", frozen=True):
    """Leave a room. Leaving twice counts as done."""

    room: Id


class AddMember(Lasting, tag="add_member", frozen=True):
    """Bring `person` into a room (see the permission table)."""

    room: Id
    person: Id


class RemoveMember(Lasting, tag="remove_member", frozen=True):
    """Take `person` out of the room; they may come again where anybody may."""

    room: Id
    person: Id


class SetRole(Lasting, tag="set_role", frozen=True):
    """Make `person` a moderator or a plain member."""

    room: Id
    person: Id
    role: Literal["moderator", "member"]


class TransferRoom(Lasting, tag="transfer_room", frozen=True):
    """Make `person` the owner in my place; I stay as a moderator."""

    room: Id
    person: Id


class MuteMember(Lasting, tag="mute_member", frozen=True):
    """Let `person` read but not post `until` then; 0 lifts it."""

    room: Id
    person: Id
    until: Until


class Ban(Lasting, tag="ban", frozen=True):
    """Take `person` out and keep them out `until` then (0: for ever)."""

    room: Id
    person: Id
    reason: Reason = ""
    until: Until = 0


class Unban(Lasting, tag="unban", frozen=True):
    """Let `person` come again."""

    room: Id
    person: Id


class ArchiveRoom(Lasting, tag="archive_room", frozen=True):
    """Nobody posts any more, all may read; or undo that. Owner only."""

    room: Id
    archived: bool


class DeleteRoom(Lasting, tag="delete_room", frozen=True):
    """Take everybody else out; after a day the room and all in it are gone for good. Owner only."""

    room: Id


class RestoreRoom(Lasting, tag="restore_room", frozen=True):
    """Undo `delete_room` within the day: all who were in it are in it again."""

    room: Id


class View(Command, tag="view", frozen=True):
    """This socket has `room` on screen (null: none); typing and receipts are sent only for it."""

    room: Id | None = None


class StartTyping(Command, tag="typing", frozen=True):
    """I am writing in `room`; the server passes on at most one every 3 s."""

    room: Id


class Watch(Command, tag="watch", frozen=True):
    """These people are on this socket's screen: tell me how they are here now, and when that changes. Each
    `watch` replaces the one before; people whom I may not see stay silent."""

    people: Annotated[list[Id], msgspec.Meta(max_length=200)]


class SetAway(Command, tag="away", frozen=True):
    """The person is (or is no longer) away from this device. Whoever is away on all devices shows as away."""

    away: bool


class Category(Noun, frozen=True):
    """A heading of the directory."""

    id: str
    name: str


class DirectoryRoom(Noun, frozen=True):
    """A public room in the directory."""

    room: Room
    joined: bool


class Directory(Noun, frozen=True):
    """`GET /api/rooms?q=&category=&after=`: public rooms, largest first, at most 100; `more`: ask again with
    `after` set to the last one's id. `categories` in the order that the admin chose."""

    rooms: list[DirectoryRoom]
    categories: list[Category] = msgspec.field(default_factory=list)
    more: bool = False


class Members(Noun, frozen=True):
    """`GET /api/rooms/{room}/members`."""

    members: list[Member]


class BannedPerson(Noun, frozen=True):
    """Who may not come back `until` then (0: ever)."""

    person: Person
    by: Person
    reason: str
    at: Millis
    until: Millis = 0


class Bans(Noun, frozen=True):
    """`GET /api/rooms/{room}/bans` (owners and moderators of the room)."""

    bans: list[BannedPerson]


class NewCategory(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A category as it shall be; without `id` a new one."""

    id: Id | None = None
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class NewCategories(Body, frozen=True):
    """`PUT /api/categories` (admins): all, in their order. The rooms of a missing one have none."""

    categories: Annotated[list[NewCategory], msgspec.Meta(max_length=50)]


class Categories(Noun, frozen=True):
    """Answer to `PUT /api/categories`."""

    categories: list[Category]


class NewSecretRoom(Body, kw_only=True, frozen=True):
    """`POST /api/secret-rooms`; `expires_in_s` 0: never. A repeat with the same `client_id` finds it."""

    client_id: ClientId
    name: RoomName
    password: RoomPassword = ""
    member_limit: MemberLimit = 0
    expires_in_s: Annotated[int, msgspec.Meta(ge=0, le=366 * 86_400)] = 0
    history: History = "joined"


class SecretRoom(Noun, frozen=True):
    """`GET /api/rooms/{room}/secret` (owners and moderators), and what `POST /api/secret-rooms` answers:
    `code` of 8 letters and digits without look-alikes, and `url` with the code in its fragment."""

    room: str
    code: str
    url: str
    locked: bool
    expires_at: Millis = 0


class ChangeSecretRoom(Body, kw_only=True, frozen=True):
    """`PATCH /api/rooms/{room}/secret` (owner): another code, another password ("" for none), another end."""

    new_code: bool = False
    password: RoomPassword | None = None
    expires_in_s: Annotated[int, msgspec.Meta(ge=0, le=366 * 86_400)] | None = None


class EnterSecretRoom(Body, kw_only=True, frozen=True):
    """`POST /api/secret-rooms/enter`. Whatever is wrong (code, password, the room is full or over, a ban):
    the same answer in the same time, not_found."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    password: RoomPassword = ""


class EnteredRoom(Noun, frozen=True):
    """Answer to `POST /api/secret-rooms/enter`."""

    room: str
