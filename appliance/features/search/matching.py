"""Whether a message is what was asked for. The index only proposes: what is shown was held against this."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from appliance.features.search.folding import stands_alone, words
from appliance.features.search.model import Said
from appliance.features.search.query import Term

LEAST_BEGINNING = 2
"""Letters from which on a word may go on; a single one is only found as a word."""
LEAST_INSIDE = 3

EXACT, BEGINNING, INSIDE = 3.0, 2.0, 1.0


class Text:
    """A message's words, folded when somebody first looks."""

    def __init__(self, said: Said) -> None:
        self.said = said

    @cached_property
    def words(self) -> list[str]:
        return words(self.said.text)


def goes_on(term: Term) -> bool:
    """Whether the last word may be the beginning of a longer one."""
    last = term.words[-1]
    return not term.exact and len(last) >= LEAST_BEGINNING and not stands_alone(last)


def may_be_inside(term: Term) -> bool:
    """Whether what was typed may stand inside of a word."""
    return goes_on(term) and len(term.words) == 1 and len(term.words[0]) >= LEAST_INSIDE


def places(term: Term, text: list[str], *, wide: bool) -> Iterator[tuple[int, int, float]]:
    """(first, behind the last, how well) of each time that the term stands in a text's words."""
    *first, last = term.words
    open_end, inside, count = goes_on(term), wide and may_be_inside(term), len(term.words)
    for at in range(len(text) - count + 1):
        found = text[at + count - 1]
        if found == last:
            how = EXACT
        elif open_end and found.startswith(last):
            how = BEGINNING
        elif inside and last in found:
            how = INSIDE
        else:
            continue
        if not first or text[at : at + count - 1] == first:
            yield at, at + count, how


@dataclass(frozen=True, slots=True)
class Spoken:
    """Has these words."""

    term: Term
    wide: bool = False

    def holds(self, text: Text) -> bool:
        return next(places(self.term, text.words, wide=self.wide), None) is not None


@dataclass(frozen=True, slots=True)
class By:
    """Was written by one of them."""

    people: frozenset[str]

    def holds(self, text: Text) -> bool:
        return text.said.author in self.people


@dataclass(frozen=True, slots=True)
class Within:
    """Stands in one of these rooms."""

    rooms: frozenset[str]

    def holds(self, text: Text) -> bool:
        return text.said.room in self.rooms


@dataclass(frozen=True, slots=True)
class Has:
    """Has a link, a file …"""

    kind: str

    def holds(self, text: Text) -> bool:
        return self.kind in text.said.kinds


@dataclass(frozen=True, slots=True)
class Names:
    """Names one of them; `me`: or is for the whole room, and not by myself."""

    people: frozenset[str]
    me: str = ""

    def holds(self, text: Text) -> bool:
        said = text.said
        if said.author == self.me:
            return False
        return bool(self.me and said.everyone) or not self.people.isdisjoint(said.mentions)


@dataclass(frozen=True, slots=True)
class Between:
    """Was written from `since` on and before `until` (milliseconds)."""

    since: int
    until: int

    def holds(self, text: Text) -> bool:
        return self.since <= text.said.at < self.until


Condition = Spoken | By | Within | Has | Names | Between


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of each of `groups` one condition, and none of `excluded`."""

    groups: tuple[tuple[Condition, ...], ...]
    excluded: tuple[Condition, ...]

    def fits(self, text: Text) -> bool:
        """Whether it is what was asked for, whoever asks."""
        return all(any(each.holds(text) for each in group) for group in self.groups) and not any(
            each.holds(text) for each in self.excluded
        )

    @property
    def terms(self) -> list[Spoken]:
        """The words that are looked for."""
        return [each for group in self.groups for each in group if isinstance(each, Spoken)]

    def worth(self, text: Text) -> float:
        """How well it fits: whole words before beginnings before what is inside; close to each other; the
        first words; in a short text."""
        total, starts = 0.0, []
        for spoken in self.terms:
            found = list(places(spoken.term, text.words, wide=spoken.wide))
            if found:
                total += max(how for _, _, how in found) * len(spoken.term.words)
                starts.append(min(at for at, _, _ in found))
        if not starts:
            return 0.0
        spread = (max(starts) - min(starts) + 1) / len(starts)
        return total + 1 / spread + 0.5 / (1 + min(starts)) + 1 / (1 + len(text.words) / 8)
