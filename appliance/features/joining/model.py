"""Ways in: the words."""

from typing import Annotated, Literal

import msgspec

from appliance.features.auth.model import DeviceKind, Display, Name, Password, Person, ShortText
from appliance.features.signin.model import Signed
from appliance.wire.codec import Body, Id, Millis, Noun

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
InviteRole = Literal["moderator", "member"]
GUEST_LINKS_PER_ROOM = 10


class Register(Body, kw_only=True, frozen=True):
    """`POST /api/register`; `invite` is needed where sign-up is by invitation. `passkey`: what an
    authenticator answered to `register/challenge`; then the password may be left out."""

    name: Name
    display: Display = ""
    password: Password = ""
    passkey: Signed | None = None
    invite: ShortText = ""
    device_name: ShortText = ""
    device_kind: DeviceKind = "other"
    bearer: bool = False


class Invite(Noun, frozen=True):
    """A link that lets people register. `uses` in all (0: not known), of which `uses_left` remain; `url` is
    made of the public URL, and empty for those of the staff who could not have made the link. Whoever comes
    by it becomes `role` and is in `rooms` from the start. `creator` made it; `people` came by it."""

    id: str
    url: str
    uses: int
    uses_left: int
    expires_at: Millis
    created_at: Millis
    creator: Person
    role: InviteRole = "member"
    rooms: list[str] = msgspec.field(default_factory=list)
    note: str = ""
    revoked_at: Millis = 0
    people: list[Person] = msgspec.field(default_factory=list)


class NewInvite(Body, frozen=True):
    """`POST /api/invites` (staff; only admins make moderators). `note` reminds of whom it is for; `rooms`:
    public ones, or such that one may add people to."""

    uses: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 7
    role: InviteRole = "member"
    rooms: Annotated[list[Id], msgspec.Meta(max_length=20)] = msgspec.field(default_factory=list)
    note: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Invites(Noun, frozen=True):
    """`GET /api/invites?spent=1` (staff): those that still work, newest first, up to 200; `spent`: all."""

    invites: list[Invite]


class InviteInfo(Noun, frozen=True):
    """`GET /api/invites/{code}`: what somebody who opens the link sees. `by` is who made it."""

    community: str
    valid: bool
    by: str = ""


class GuestLink(Noun, frozen=True):
    """A link that lets people talk in `room` under a display name only. `guests` came by it and are still
    guests there."""

    id: str
    room: str
    url: str
    uses: int
    uses_left: int
    expires_at: Millis
    created_at: Millis
    creator: Person
    guests: list[Person] = msgspec.field(default_factory=list)


class NewGuestLink(Body, frozen=True):
    """`POST /api/rooms/{room}/guest-links` (see the permission table): at most 10 in a room."""

    uses: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10
    hours: Annotated[int, msgspec.Meta(ge=1, le=24 * 90)] = 24


class GuestLinks(Noun, frozen=True):
    """`GET /api/rooms/{room}/guest-links`: those that still work, or by which guests are still here."""

    links: list[GuestLink]


class GuestDoor(Noun, frozen=True):
    """`GET /api/guest-links/{code}`: what somebody who opens the link sees; nothing of the room when it does
    not work."""

    community: str
    valid: bool
    room_name: str = ""
    icon: str = ""
    by: str = ""


class EnterAsGuest(Body, kw_only=True, frozen=True):
    """`POST /api/guests`: come into the room of the link `code`. A display name that can be mistaken for a
    member's is refused (name_confusable)."""

    code: Code
    display: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    device_name: ShortText = ""
    device_kind: DeviceKind = "other"
    bearer: bool = False


class BecomeMember(Body, kw_only=True, frozen=True):
    """`POST /api/guests/me/member` (guests): an account under the same id, which keeps what was written.
    `invite` as in Register."""

    name: Name
    display: Display = ""
    password: Password
    invite: ShortText = ""
