"""Devices, programs and other sites' sign-in: the words."""

import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from appliance.features.auth.model import DeviceKind, ShortText, SignedIn, normal_name
from appliance.kernel.session import Scope
from appliance.wire.codec import Body, Event, Millis, Noun

MOST_IDENTITIES = 10
LINK_SECONDS = 300

Purpose = Literal["sign_in", "link", "confirm"]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
GivenName = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


_LATIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
"""Letters that are not made of another one and a mark."""


class RenameDevice(Body, frozen=True):
    """`PATCH /api/devices/{device}`: what I call one of my devices."""

    name: GivenName


class LinkClaimant(Noun, frozen=True):
    """A device that wants to join. `number` is on its screen too: where the two differ, it is another one."""

    device_name: str
    device_kind: DeviceKind
    number: str


class DeviceLink(Noun, frozen=True):
    """`POST /api/device-links`: a code for one new device, good for 5 minutes and once. `url` is what a QR
    code shows; whoever cannot read it types `code`. One of this device that is still open is void from then
    on. `GET /api/device-links/{link}` answers without the two: to see whether an event was missed."""

    id: str
    expires_at: Millis
    url: str = ""
    code: str = ""
    claimant: LinkClaimant | None = None


class LinkClaimed(Event, tag="link_claimed", frozen=True):
    """A new device used the code that this device shows, and waits to be let in."""

    link: str
    claimant: LinkClaimant


class DecideLink(Body, frozen=True):
    """`POST /api/device-links/{link}/decide`: let the device in or not. No also withdraws a code that nobody
    used."""

    confirm: bool


class ClaimLink(Body, kw_only=True, frozen=True):
    """`POST /api/device-links/claim`: the new device asks to be let in. Codes that are wrong, used or too old
    are all the same."""

    code: Code
    device_name: ShortText = ""
    device_kind: DeviceKind = "other"
    bearer: bool = False


class LinkClaim(Noun, frozen=True):
    """Show `number` until the other device decided. `claim` is the secret to ask `wait` with; `display`:
    whose account it will be."""

    claim: str
    number: str
    display: str
    expires_at: Millis


class AwaitLink(Body, frozen=True):
    """`POST /api/device-links/wait`: answered as soon as the other device decided, or else after 50 s: then
    ask again."""

    claim: Code


class LinkVerdict(Noun, frozen=True):
    """`signed_in` is null while nothing is decided. No is the error `link_refused`."""

    signed_in: SignedIn | None = None


class ApiToken(Noun, frozen=True):
    """What lets a program act for me, without its secret. `last_used` is 0 until it is; `expires_at` 0:
    never. `read` is part of every scope; `admin`: what the staff may do; `write`: all that changes
    anything."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: Millis
    last_used: Millis = 0
    expires_at: Millis = 0


class ApiTokens(Noun, frozen=True):
    """`GET /api/tokens`."""

    tokens: list[ApiToken]


class NewApiToken(Body, kw_only=True, frozen=True):
    """`POST /api/tokens`; `days` 0: it never expires."""

    name: GivenName
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=3)]
    days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 0


class ApiTokenMade(Noun, frozen=True):
    """`secret` is sent as `Authorization: Bearer <secret>`. It is shown this once."""

    token: ApiToken
    secret: str


class SocketTicket(Noun, frozen=True):
    """`POST /api/tickets`: opens one socket within 60 s, where no header can be set. It goes into
    Sec-WebSocket-Protocol, after our own: `safevoice.v1, safevoice.ticket.<ticket>`."""

    ticket: str
    expires_at: Millis


class BeginOidc(Body, kw_only=True, frozen=True):
    """`POST /api/oidc/{provider}/begin`. `link`: to sign in here with an account there from now on;
    `confirm`: to show once more who one is, as `POST /api/confirm` does, with an account that is linked."""

    purpose: Purpose = "sign_in"
    device_name: ShortText = ""
    device_kind: DeviceKind = "other"


class OidcBegun(Noun, frozen=True):
    """Where the browser goes. It comes back to `/returned#` with what it went for, or the code of an
    error."""

    url: str


class Identity(Noun, frozen=True):
    """An account elsewhere that opens mine. `provider` is its name here, empty where it is not configured any
    more."""

    id: str
    provider: str
    label: str
    created_at: Millis


class Identities(Noun, frozen=True):
    """`GET /api/identities`."""

    identities: list[Identity]


@dataclass(frozen=True, slots=True)
class Proven:
    """Who somebody is, as a provider vouches for it. `names`: what they may be called here, the best
    first."""

    issuer: str
    subject: str
    names: tuple[str, ...] = ()
    display: str = ""


def wished_names(claims: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    """(names to sign in with, the best first; display name) of a person's standard claims (OpenID Connect
    Core, 5.1). Nothing of an e-mail address is taken: those who have it are not asked whether others may know
    it."""
    told = [claims.get(name) for name in ("preferred_username", "nickname", "given_name", "name")]
    words = [word for word in told if isinstance(word, str) and word.strip() and "@" not in word]
    names = [name for name in map(_as_name, words) if name]
    full = claims.get("name")
    display = full if full in words else words[0] if words else ""
    return tuple(dict.fromkeys(names)), display[:64]


def _as_name(word: str) -> str | None:
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    plain = plain.translate(_LATIN)
    kept = "".join(c for c in plain if c.isspace() or c in "._-" or (c.isascii() and c.isalnum()))
    # Shorter than a name may be, for a number has to fit behind it.
    return normal_name(".".join(kept.split())[:24].strip("._-"))
