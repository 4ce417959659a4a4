"""Accounts, devices, invites: the words."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from appliance.kernel.session import CommunityRole
from appliance.kernel.transaction import Row
from appliance.wire.codec import Body, Event, LogEvent, Millis, Noun

SignUp = Literal["open", "invite", "closed"]
DeviceKind = Literal["desktop", "phone", "other"]

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Display = Annotated[str, msgspec.Meta(max_length=64)]
Password = Annotated[str, msgspec.Meta(max_length=1024)]
ShortText = Annotated[str, msgspec.Meta(max_length=64)]

MIN_PASSWORD = 8

person_columns = (
    "a.id, a.name, a.display, a.picture, a.status, a.status_until, a.role = 'guest', a.deleted_at > 0"
)
"""SQL: what `as_person` takes of a row `a` of accounts."""
_WIDTH = 8

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?")


class Person(Noun, frozen=True):
    """An account as others see it. `name` is unique and typed to sign in; `display` is shown. `picture` is
    at `GET /api/pictures/{picture}`. `status` holds until `status_until` (0: until it is changed).
    `guest`: here by a room's link, without an account of their own. `gone`: deleted their account; then
    there is no name any more."""

    id: str
    name: str
    display: str
    picture: str = ""
    status: str = ""
    status_until: Millis = 0
    guest: bool = False
    gone: bool = False


class Me(Noun, frozen=True):
    """The signed-in account as it sees itself."""

    id: str
    name: str
    display: str
    role: CommunityRole = "member"
    picture: str = ""
    status: str = ""
    status_until: Millis = 0
    about: str = ""
    muted_until: Millis = 0


class Device(Noun, frozen=True):
    """A browser or client that signed in; revoking it ends its session and closes its sockets."""

    id: str
    name: str
    kind: DeviceKind
    created_at: Millis
    last_seen: Millis
    current: bool = False


class Settings(Noun, frozen=True):
    """What admins set for the whole community. `locked`: what the configuration file says, and the app cannot
    change. `sign_up` is what was set; while no admin or moderator was here for `quiet_weeks` (0: never mind),
    open counts as by invitation. `start_credits`: what everybody begins with. `newcomer_hours`: how long who
    came without an invitation sends no links and opens no direct messages."""

    name: str
    sign_up: SignUp
    welcome: str = ""
    accent: str = ""
    guests: bool = True
    credits: bool = False
    start_credits: int = 100
    newcomer_hours: int = 24
    quiet_weeks: int = 4
    locked: list[str] = msgspec.field(default_factory=list)


class SettingsChanged(Event, tag="settings", frozen=True):
    """An admin changed what is set for the whole community: load `GET /api/community` again."""


class ChangeSettings(Body, kw_only=True, frozen=True):
    """`PATCH /api/settings` (admins): what is given changes; what is locked is refused."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    sign_up: SignUp | None = None
    welcome: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    accent: Annotated[str, msgspec.Meta(pattern="^(#[0-9a-fA-F]{6})?$")] | None = None
    guests: bool | None = None
    credits: bool | None = None
    start_credits: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    newcomer_hours: Annotated[int, msgspec.Meta(ge=0, le=8760)] | None = None
    quiet_weeks: Annotated[int, msgspec.Meta(ge=0, le=520)] | None = None


class MeChanged(LogEvent, tag="me", frozen=True):
    """My own account changed (account log)."""

    me: Me


class DevicesChanged(LogEvent, tag="devices", frozen=True):
    """A device signed in, was renamed or revoked (account log): load the list again if it is shown."""


class SignInProvider(Noun, frozen=True):
    """Another site by whose sign-in one comes in here; `label` is on the button."""

    name: str
    label: str


class Community(Noun, frozen=True):
    """`GET /api/community`: what a visitor needs before anything else. `protected` is false when the
    page came over plain http from another machine: then say so loudly. `text_bytes` is how long a message
    may be, in bytes of UTF-8. `logo`: its id, for `GET /api/logo/{logo}/{form}`; empty for none."""

    name: str
    version: str
    needs_setup: bool
    sign_up: SignUp
    protected: bool
    text_bytes: int
    welcome: str = ""
    accent: str = ""
    logo: str = ""
    credits: bool = False
    providers: list[SignInProvider] = msgspec.field(default_factory=list)
    development: bool = False
    me: Me | None = None
    device: str = ""


class SignedIn(Noun, frozen=True):
    """Answer to setup, register and sign-in. The session itself travels in the cookie; `token` only
    for clients that asked for it with `"bearer": true`."""

    me: Me
    device: str
    token: str = ""


class SetUp(Body, kw_only=True, frozen=True):
    """`POST /api/setup`: once, with the code that the terminal printed."""

    code: ShortText
    community: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    name: Name
    display: Display = ""
    password: Password
    device_name: ShortText = ""
    device_kind: DeviceKind = "other"


class Devices(Noun, frozen=True):
    """`GET /api/devices`."""

    devices: list[Device]


def as_person(row: Row, now: Millis) -> Person:
    """The person of a row that begins with person_columns; a status whose time is over is left out."""
    account, name, display, picture, status, until, guest, gone = row[:_WIDTH]
    if gone:
        return Person(id=account, name="", display="", gone=True)
    if not status or 0 < until <= now:
        status, until = "", 0
    return Person(
        id=account,
        name=name,
        display=display,
        picture=picture,
        status=status,
        status_until=until,
        guest=bool(guest),
    )


_JOINING = frozenset("\u200c\u200d") | frozenset(map(chr, range(0xE0020, 0xE0080)))
"""What makes one letter or emoji of several (Persian and Indic names, a family, the flag of Wales)."""

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def normal_name(name: str) -> str | None:
    """The form under which a sign-in name is stored and compared, or None if it cannot be one.

    Lower-case Latin letters, digits, dot, dash and underscore only: names that merely look alike
    cannot exist, whatever display names do."""
    folded = unicodedata.normalize("NFKC", name).strip().casefold()
    return folded if _NAME.fullmatch(folded) else None


def tidy_display(display: str, name: str) -> str:
    """The display name without controls, runs of space and what cannot be seen, but for the signs that join
    letters and emoji; the sign-in name where nothing can be seen of it."""
    kept = "".join(c if c in _JOINING or is_visible(c) else " " for c in display)
    return " ".join(kept.split()) if is_visible(kept) else name


def one_line(text: str) -> str:
    """Without controls and runs of space, and without the signs that turn the direction of what stands
    beside it (UAX #9); what joins letters and emoji stays."""
    kept = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text if c not in _TURNING)
    return " ".join(kept.split())


def is_visible(text: str) -> bool:
    """Whether anything of it can be seen."""
    # An emoji of this year is not assigned yet for an older Python.
    return any(unicodedata.category(c)[0] not in "CZ" or "\U0001f000" <= c <= "\U0001faff" for c in text)


@dataclass(frozen=True, slots=True)
class StoredInvite:
    """One row of invites. `rooms`: ids of the rooms that it leads to."""

    id: str
    code: str
    creator: str
    uses: int
    uses_left: int
    expires_at: int
    created_at: int
    role: CommunityRole
    rooms: tuple[str, ...]
    note: str
    revoked_at: int = 0


invite_columns = "id, code, creator, uses, uses_left, expires_at, created_at, role, rooms, note, revoked_at"
invite_works = "uses_left > 0 AND expires_at > :now AND revoked_at = 0"
"""SQL: what `as_invite` takes of a row of invites, and which of them still work."""


def as_invite(row: Row) -> StoredInvite:
    values: list[Any] = [*row]
    values[8] = tuple(values[8].split())
    return StoredInvite(*values)
