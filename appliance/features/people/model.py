"""Profiles, blocks, nicknames, preferences: the words."""

import re
import unicodedata
from typing import Annotated

import msgspec

from appliance.features.auth.model import Display, Person
from appliance.kernel.session import CommunityRole
from appliance.wire.codec import Id, Lasting, LogEvent, Millis, Noun

MOST_BLOCKS = 500
MOST_NICKNAMES = 500
PEOPLE_PAGE = 50

STATUS_LENGTH = 80
ABOUT_LENGTH = 500

StatusText = Annotated[str, msgspec.Meta(max_length=STATUS_LENGTH)]
About = Annotated[str, msgspec.Meta(max_length=ABOUT_LENGTH)]
Nickname = Annotated[str, msgspec.Meta(max_length=64)]


class Preferences(Noun, frozen=True):
    """What I chose, equal on all my devices. `receipts`: others see what I have read, and I see what they
    have. `last_seen`: the same for when we were here. `invisible`: nobody sees me online, and I see nobody.
    `sounds`, `toasts`: be told of new messages inside the app. `enter_sends`: Enter sends, and Shift+Enter
    begins a new line; else the other way round. `relay_calls`: calls go through the server, so that the other
    side does not learn my network address; of guests by default."""

    receipts: bool
    last_seen: bool
    invisible: bool
    sounds: bool
    toasts: bool
    enter_sends: bool
    relay_calls: bool


class NicknameOf(Noun, frozen=True):
    """What I call `person` (an id)."""

    person: str
    name: str


class BlockedChanged(LogEvent, tag="blocked", frozen=True):
    """Whom I blocked, all of them (account log)."""

    people: list[Person]


class NicknamesChanged(LogEvent, tag="nicknames", frozen=True):
    """What I call others, all of it (account log)."""

    nicknames: list[NicknameOf]


class PreferencesChanged(LogEvent, tag="preferences", frozen=True):
    """What I chose (account log)."""

    preferences: Preferences


class ChangeProfile(Lasting, tag="change_profile", frozen=True):
    """Change what is given of how others see me, and leave the rest. `status_until` 0: until it is changed;
    a `status` without it has no end."""

    display: Display | None = None
    status: StatusText | None = None
    status_until: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] | None = None
    about: About | None = None


class Block(Lasting, tag="block", frozen=True):
    """Hear nothing more from `person`: they cannot open a direct message with me, and what they say counts as
    nothing unread; clients fold it away. Blocking twice counts as done; they are not told."""

    person: Id


class Unblock(Lasting, tag="unblock", frozen=True):
    """Take a block back. Unblocking twice counts as done."""

    person: Id


class SetNickname(Lasting, tag="set_nickname", frozen=True):
    """Call `person` by a name of my own, which only I see; an empty one takes it back."""

    person: Id
    name: Nickname


class SetPreferences(Lasting, tag="set_preferences", frozen=True):
    """Choose what is given, and leave the rest."""

    receipts: bool | None = None
    last_seen: bool | None = None
    invisible: bool | None = None
    sounds: bool | None = None
    toasts: bool | None = None
    enter_sends: bool | None = None
    relay_calls: bool | None = None


class People(Noun, frozen=True):
    """`GET /api/people?q=&after=<id>`: members of whose name or display name a word begins with each word of
    `q`, whatever its case and accents; by display name, at most 50. `more`: ask again with `after` set to the
    last one's id."""

    people: list[Person]
    more: bool = False


class Profile(Noun, frozen=True):
    """`GET /api/people/{person}`: somebody whom I may see. `role`: in the community; `since`: when they came.
    `rooms`: ids of the rooms that we are both in. A guest sees, and is seen by, only people of their room."""

    person: Person
    about: str
    role: CommunityRole
    since: Millis
    rooms: list[str]


class PictureSet(Noun, frozen=True):
    """Answer to `PUT /api/me/picture`."""

    picture: str


_OVERRULES = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of all that follows, also outside of the text that it stands in."""


def tidy_line(text: str) -> str:
    """On one line, without controls; what joins emoji stays."""
    shown = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in _OVERRULES.sub("", text))
    return " ".join("".join(shown).split())


def tidy_text(text: str) -> str:
    """Lines without controls, and none empty at either end."""
    return "\n".join(tidy_line(line) for line in text.splitlines()).strip()


def folded(text: str) -> str:
    """The letters alone, without case and accents: what is compared when somebody is looked for."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))


def is_found_by(wanted: list[str], name: str, display: str) -> bool:
    """Whether each of the folded words `wanted` begins a word of one of the folded names."""
    words = [*re.split(r"[\s._-]+", display), *re.split(r"[._-]+", name), display, name]
    return all(any(word.startswith(one) for word in words) for one in wanted)
