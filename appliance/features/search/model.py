"""Search: the words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

import msgspec

from appliance.features.auth.model import Person
from appliance.features.rooms.model import Room
from appliance.kernel.transaction import Reader
from appliance.wire.codec import Body, Id, Millis, Noun

MOST_HITS = 50
QUERY_LENGTH = 500

VERSION = 1
"""Of folding and of what the index holds. Whoever changes either counts on: the index is then made anew."""

UnderstoodAs = Literal[
    "word", "phrase", "from", "in", "has", "mentions", "is", "before", "after", "on", "everything"
]


class Said(NamedTuple):
    """What is looked at of a message. `kinds`: what it has, as `has:` and `is:` call it ("link", "file"
    …)."""

    id: str
    room: str
    seq: int
    at: Millis
    author: str
    text: str
    mentions: tuple[str, ...] = ()
    everyone: bool = False
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """Where messages come from; they are further up, so they put it here. Each gives what is said and was not
    deleted. `newer`: (db, above id, below id, most) in the order of their ids; `older`: (db, below id, most),
    newest first; both also the last id that was looked at, or None where there is no more. `tail`: (db,
    account, above id, most), newest first, of the account's rooms. `seen`: (db, account, places) those of
    (room, seq) whose authors the account did not block, with the people."""

    newer: Callable[[Reader, str, str, int], tuple[list[Said], str | None]]
    older: Callable[[Reader, str, int], tuple[list[Said], str | None]]
    tail: Callable[[Reader, str, str, int], list[Said]]
    seen: Callable[[Reader, str, list[tuple[str, int]]], list[tuple[Said, Person]]]


class Search(Body, frozen=True):
    """`POST /api/search`: not a GET, so that what people look for stands in no address and no log. `query`:
    as typed; every one means something. `room`: only there, whatever the query says. `order`: `newest` first,
    or `best` first of the newest 300 that fit. `cursor`: from the answer before, for the next page of the
    same question. `wide`: also what is inside of words, true or false; by itself it is where else there would
    not be a page. `names`: also people and rooms with such a name. `utc_offset`: minutes east of UTC where
    the person is, for days."""

    query: Annotated[str, msgspec.Meta(max_length=QUERY_LENGTH)]
    room: Id | None = None
    order: Literal["newest", "best"] = "newest"
    cursor: Annotated[str, msgspec.Meta(max_length=64)] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_HITS)] = 20
    wide: bool | None = None
    names: bool = True
    utc_offset: Annotated[int, msgspec.Meta(ge=-840, le=840)] = 0


class Understood(Noun, frozen=True):
    """One part of the query as it was understood, in order; a chip on the screen. `text`: how to type it, so
    the texts of the other parts, with " OR " before those that are `alternative` to the one before and a
    space before all others, are the query without it. `kind`: what it asks for; a word that looks like a
    filter, but is none, is a `word`. `value`: without the filter's name. `excluded`: what has it is left out;
    `text` then begins with "-". `people`, `rooms`: ids that a name stands for; empty where nobody (or nothing
    that I may see) is called so, and nothing is found then. `since`, `until`: the days, `until` not included;
    0: open."""

    text: str
    kind: UnderstoodAs
    value: str
    excluded: bool = False
    alternative: bool = False
    people: list[str] = msgspec.field(default_factory=list)
    rooms: list[str] = msgspec.field(default_factory=list)
    since: Millis = 0
    until: Millis = 0


class Hit(Noun, frozen=True):
    """A message that was found; `GET /api/rooms/{room}/messages?around=<message>` is the place where it
    stands. `snippet`: a piece of its text, cut into plain and found in turns: the first, third … are plain
    (the first may be empty), the second, fourth … are what was found. Text, never markup. `words`: all that
    was found in the whole message, as it stands there, each once; to be marked on arrival."""

    message: str
    room: str
    seq: int
    author: str
    at: Millis
    snippet: list[str]
    words: list[str] = msgspec.field(default_factory=list)


class Found(Noun, frozen=True):
    """`hits` in the order asked for, with the `people` who wrote them. `more`: ask again with `cursor`, even
    where a page is not full: so many were looked through that it was time to answer. `wide`: what is inside
    of words was looked for as well. `indexed_since`: what was said before that is still being made findable;
    0: all is. `named_people`, `named_rooms`: who and what is called about so, best first; only on the first
    page; of rooms mine, and public ones."""

    hits: list[Hit]
    people: list[Person]
    understood: list[Understood]
    more: bool = False
    cursor: str = ""
    wide: bool = False
    indexed_since: Millis = 0
    named_people: list[Person] = msgspec.field(default_factory=list)
    named_rooms: list[Room] = msgspec.field(default_factory=list)
