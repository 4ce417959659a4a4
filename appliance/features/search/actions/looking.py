"""Going through what the index proposes, newest first, for somebody who may see only some of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from appliance.features.auth.model import Person
from appliance.features.search import lines, store
from appliance.features.search.matching import (
    Between,
    By,
    Condition,
    Has,
    Names,
    Spoken,
    Text,
    Wanted,
    Within,
    goes_on,
    may_be_inside,
)
from appliance.features.search.model import VERSION, Said, Source
from appliance.kernel.errors import Refusal
from appliance.kernel.transaction import Reader

LOOKED_AT = 4000
"""Proposals after which a search answers with what it has, and where to go on."""
TAIL = 2000
"""The newest messages that are not in the index yet, at most: what many people say in ten seconds."""
MOST_INSIDE = 100
"""Words inside of which something stands that are looked for at once, the shortest."""
AT_ONCE = 24
TOP = 2**62
NOTHING = '"_nothing"'
"""A word that no message has."""

Stretches = dict[str, list[tuple[int, int]]]


class Seen(NamedTuple):
    """A message that fits, who wrote it, and its place in the index (0: it is too new for that)."""

    text: Text
    person: Person
    place: int

    @property
    def said(self) -> Said:
        return self.text.said


class Cursor(NamedTuple):
    """Where a page ends: `wide` as it was; of the newest the last one's place (0: not in the index) and id,
    of the best how many were shown."""

    wide: bool
    place: int = 0
    id: str = ""
    shown: int = 0

    def __str__(self) -> str:
        return f"{'w' if self.wide else 'n'}.{self.place}.{self.id}.{self.shown}"


def cursor_of(text: str) -> Cursor:
    """Raises bad_request for what no answer said."""
    try:
        wide, place, last, shown = text.split(".")
        found = Cursor(wide == "w", int(place), last, int(shown))
    except ValueError:
        raise Refusal("bad_request", field="cursor") from None
    if str(found) != text or not 0 <= found.place < TOP or found.shown < 0:
        raise Refusal("bad_request", field="cursor")
    return found


@dataclass(slots=True)
class Look:
    """One look at all there is: who asks, where they may look, what for, and from where on. `tired`: it ended
    because it had looked at enough; `place` is how far it came."""

    db: Reader
    account: str
    source: Source
    wanted: Wanted
    stretches: Stretches
    start: Cursor
    looked_at: int = 0
    place: int = 0

    def hits(self) -> Iterator[Seen]:
        """What fits, newest first."""
        proposed = self._proposed()
        while some := list(islice(proposed, AT_ONCE)):
            places = {(room, seq): place for place, room, seq in some}
            for said, person in self.source.seen(self.db, self.account, list(places)):
                # What was not in the index when the page before was made may be in it by now.
                further = not self.start.id or said.id < self.start.id
                if further and self.wanted.fits(text := Text(said)):
                    yield Seen(text, person, places[said.room, said.seq])

    @property
    def tired(self) -> bool:
        return self.looked_at >= LOOKED_AT

    def _may_see(self, room: str, seq: int) -> bool:
        return any(first <= seq <= last for first, last in self.stretches.get(room, ()))

    def _proposed(self) -> Iterator[tuple[int, str, int]]:
        if not self.start.place:
            yield from ((0, said.room, said.seq) for said in self._too_new())
        if state_of(self.db) is not None:
            yield from self._of_index()

    def _too_new(self) -> Iterator[Said]:
        """What fits and is not in the index yet."""
        state = state_of(self.db)
        for said in self.source.tail(self.db, self.account, state.newest if state else "", TAIL):
            if self._may_see(said.room, said.seq) and self.wanted.fits(Text(said)):
                yield said

    def finds_inside(self) -> bool:
        """Whether there is anything to be found inside of words."""
        parts = [each.term.words[0] for each in self.wanted.terms if may_be_inside(each.term)]
        return any(store.words_with(self.db, part, 1) or next(self._too_new(), None) for part in parts)

    def _of_index(self) -> Iterator[tuple[int, str, int]]:
        within = _only(self.wanted, self.stretches)
        numbers = store.numbers(self.db, {*within, *_named(self.wanted)})
        rooms = {numbers[room]: room for room in within if room in numbers}
        if not rooms:
            return
        since, until = _times(self.wanted)
        first = store.first_place_from(self.db, since) if since else 0
        below = store.place_behind(self.db, until) if until < store.EVER else TOP
        below = min(below, self.start.place or TOP)
        match = match_of(self.db, self.wanted, sorted(rooms), numbers)
        for place, number, seq in store.candidates(self.db, match, first, below):
            self.looked_at += 1
            self.place = place
            room = rooms.get(number)
            if room is not None and self._may_see(room, seq):
                yield place, room, seq
            if self.tired:
                return


def state_of(db: Reader) -> store.State | None:
    """How far the index goes; None while there is none of this version."""
    found = store.state(db)
    return found if found is not None and found.version == VERSION else None


# What the index is asked for


def match_of(db: Reader, wanted: Wanted, rooms: list[int], numbers: dict[str, int]) -> str:
    """The full-text query (FTS5) for at least all that fits. It only sees folded words, which need no quoting
    but the quotes."""
    groups = [_group(db, group, numbers) for group in wanted.groups]
    within = _any_of(f'"{lines.room(room)}"' for room in rooms)
    match = " AND ".join([within, *(group for group in groups if group)])
    # Only what the index knows exactly may be left out by it.
    out = [_asked(db, each, numbers) for each in wanted.excluded if isinstance(each, Spoken | By | Has)]
    return f"({match}) NOT {_any_of(out)}" if out else match


def _group(db: Reader, group: tuple[Condition, ...], numbers: dict[str, int]) -> str:
    """Empty where the index cannot say it."""
    if any(isinstance(each, Between) for each in group):
        return ""
    return _any_of(_asked(db, each, numbers) for each in group)


def _asked(db: Reader, condition: Condition, numbers: dict[str, int]) -> str:
    match condition:
        case Spoken(term, wide):
            phrase = f'"{" ".join(term.words)}"' + (" *" if goes_on(term) else "")
            inside = store.words_with(db, term.words[0], MOST_INSIDE) if wide and may_be_inside(term) else []
            return _any_of([phrase, *(f'"{word}"' for word in inside)])
        case By(people):
            return _any_of(f'"{lines.author(numbers[one])}"' for one in people if one in numbers)
        case Within(rooms):
            return _any_of(f'"{lines.room(numbers[one])}"' for one in rooms if one in numbers)
        case Names(people, me):
            named = [f'"{lines.mention(numbers[one])}"' for one in people if one in numbers]
            return _any_of([*named, f'"{lines.ALL}"'] if me else named)
        case Has(kind):
            return f'"{lines.kind(kind)}"'
        case Between():
            return NOTHING


def _any_of(these: Iterable[str]) -> str:
    return f"({' OR '.join(these) or NOTHING})"


def _only(wanted: Wanted, stretches: Stretches) -> set[str]:
    """The rooms in which it can be."""
    within = set(stretches)
    for group in wanted.groups:
        if all(isinstance(each, Within) for each in group):
            within &= {room for each in group if isinstance(each, Within) for room in each.rooms}
    return within


def _named(wanted: Wanted) -> set[str]:
    """Whom and what the conditions speak of, other than by words."""
    found: set[str] = set()
    for condition in (*(each for group in wanted.groups for each in group), *wanted.excluded):
        if isinstance(condition, By | Names):
            found |= condition.people
        elif isinstance(condition, Within):
            found |= condition.rooms
    return found


def _times(wanted: Wanted) -> tuple[int, int]:
    """(since, until) in which it must lie."""
    since, until = 0, store.EVER
    for group in wanted.groups:
        if all(isinstance(each, Between) for each in group):
            between = [each for each in group if isinstance(each, Between)]
            since = max(since, min(each.since for each in between))
            until = min(until, max(each.until for each in between))
    return since, until
