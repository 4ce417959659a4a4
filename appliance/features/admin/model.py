"""Administration: the words."""

from typing import Annotated, Literal

import msgspec

from appliance.features.auth.model import Device, Person
from appliance.features.rooms.model import Room
from appliance.kernel.session import CommunityRole
from appliance.wire.codec import Body, Millis, Noun

MEMBERS_PAGE = 50
Standing = Literal["active", "suspended", "muted", "newcomer", "guest", "deleted"]


class AccountRow(Noun, frozen=True):
    """One account in the list of members. `standing`: the gravest that holds."""

    person: Person
    role: CommunityRole
    standing: Standing
    created_at: Millis
    last_seen: Millis
    devices: int = 0
    rooms: int = 0
    suspended_until: Millis = 0
    suspended_why: str = ""
    muted_until: Millis = 0
    trusted_at: Millis = 0


class Accounts(Noun, frozen=True):
    """`GET /api/accounts?q=&standing=&role=&after=<id>` (staff): newest first, at most 50; `total` counts all
    that match."""

    accounts: list[AccountRow]
    total: int
    more: bool


class AccountDetails(Noun, frozen=True):
    """`GET /api/accounts/{account}` (staff): one account. `devices` without addresses, which are not kept."""

    account: AccountRow
    about: str = ""
    devices: list[Device] = msgspec.field(default_factory=list)
    invited_by: Person | None = None
    invited: list[Person] = msgspec.field(default_factory=list)
    owned_rooms: list[Room] = msgspec.field(default_factory=list)
    reports: int = 0
    credits: int = 0


class SetCommunityRole(Body, frozen=True):
    """`POST /api/accounts/{account}/role` (admins): the last admin stays one."""

    role: Literal["admin", "moderator", "member"]


class RoomRow(Noun, frozen=True):
    """One room in the list of rooms. Of direct messages and groups nothing is shown but that they are."""

    room: Room
    owner: Person | None = None
    messages: int = 0
    last_at: Millis = 0


class AllRooms(Noun, frozen=True):
    """`GET /api/admin/rooms?q=&kind=&after=<id>` (admins): newest first, at most 50."""

    rooms: list[RoomRow]
    total: int
    more: bool


class RoomOrder(Body, frozen=True):
    """`POST /api/admin/rooms/{room}` (admins): archive, open again, delete, or undo that, without being in
    it; not for direct messages and groups."""

    order: Literal["archive", "unarchive", "delete", "restore"]
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Series(Noun, frozen=True):
    """One figure over the last hour, a value a minute, oldest first."""

    name: str
    unit: str
    now: float
    values: list[float]


class Figures(Noun, frozen=True):
    """`GET /api/admin/figures` (admins): how the server is doing. `counts`: members, guests, rooms, messages,
    files on disk and the like."""

    started_at: Millis
    version: str
    series: list[Series]
    counts: dict[str, int]
