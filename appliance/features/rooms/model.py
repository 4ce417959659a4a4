"""Rooms and memberships: the words."""

from typing import Annotated, Literal

import msgspec

from appliance.features.auth.model import Person
from appliance.wire.codec import Command, Event, Id, Lasting, LogEvent, Millis, Noun

RoomKind = Literal["public", "private", "dm"]
History = Literal["all", "joined"]
Role = Literal["owner", "member"]
LeftReason = Literal["left", "removed"]

RoomName = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Topic = Annotated[str, msgspec.Meta(max_length=200)]


class Room(Noun, frozen=True):
    """A room as its members see it. `name` is empty for a direct message: clients show the other
    person. `rev` is the `seq` of its last change; of two versions the higher is the newer."""

    id: str
    kind: RoomKind
    name: str = ""
    topic: str = ""
    history: History = "all"
    member_count: int = 0
    created_at: Millis = 0
    rev: int = 0


class Member(Noun, frozen=True):
    """A person in a room."""

    person: Person
    role: Role
    joined_at: Millis


class RoomChanged(LogEvent, tag="room", frozen=True):
    """The room itself changed (room log)."""

    room: Room


class MemberChanged(LogEvent, tag="member", frozen=True):
    """Somebody joined (`role` set) or is no longer there (`role` null) (room log)."""

    person: Person
    role: Role | None
    member_count: int


class Joined(LogEvent, tag="joined", frozen=True):
    """I am a member of this room (account log). `people` holds the other person of a direct message.
    `head` is the room log's position at the moment I joined (or at replay)."""

    room: Room
    role: Role
    head: int
    people: list[Person] = msgspec.field(default_factory=list)


class Left(LogEvent, tag="left", frozen=True):
    """I am no longer a member (account log): drop everything of the room."""

    room: str
    reason: LeftReason = "left"


class Typing(Event, tag="typing", frozen=True):
    """Somebody is writing in a room that I have on screen; forget it after 6 s."""

    room: str
    person: str


class CreateRoom(Lasting, tag="create_room", frozen=True):
    """Make a room and own it. Ack: `subject` is its id."""

    name: RoomName
    kind: Literal["public", "private"] = "public"
    topic: Topic = ""
    history: History = "all"


class StartDm(Lasting, tag="start_dm", frozen=True):
    """Open the one direct message with `person`. Ack: `subject` is its room id, old or new."""

    person: Id


class Join(Lasting, tag="join", frozen=True):
    """Join a public room. Joining where one already is counts as done."""

    room: Id


class Leave(Lasting, tag="leave", frozen=True):
    """Leave a room. Leaving twice counts as done."""

    room: Id


class AddMember(Lasting, tag="add_member", frozen=True):
    """Bring `person` into a room: by any member of a public room, by the owner of a private one."""

    room: Id
    person: Id


class RemoveMember(Lasting, tag="remove_member", frozen=True):
    """Take `person` out of the room; owner only."""

    room: Id
    person: Id


class View(Command, tag="view", frozen=True):
    """This socket has `room` on screen (null: none); typing is sent only for it."""

    room: Id | None = None


class StartTyping(Command, tag="typing", frozen=True):
    """I am writing in `room`; the server passes on at most one every 3 s."""

    room: Id


class DirectoryRoom(Noun, frozen=True):
    """A public room in the directory."""

    room: Room
    joined: bool


class Directory(Noun, frozen=True):
    """`GET /api/rooms`: the public rooms, largest first; at most 200."""

    rooms: list[DirectoryRoom]


class Members(Noun, frozen=True):
    """`GET /api/rooms/{room}/members`."""

    members: list[Member]
