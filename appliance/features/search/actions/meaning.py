"""What a query means for who asks: names become people and rooms, days become times."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from appliance.features.search import names, store
from appliance.features.search.folding import words
from appliance.features.search.matching import (
    Between,
    By,
    Condition,
    Has,
    Names,
    Spoken,
    Wanted,
    Within,
)
from appliance.features.search.model import Search, Understood, UnderstoodAs
from appliance.features.search.query import Filter, Part, Query, Term, parse, written
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader

MOST_NAMED = 20
FOREVER_MS = 2**53


@dataclass
class Asker:
    """Who asks, from where, and whom and what they can know of."""

    db: Reader
    who: Who
    utc_offset: int

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self.db.now / 1000 + self.utc_offset * 60, UTC).date()

    def begins(self, day: date) -> int:
        """The moment at which a day begins there, in milliseconds."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return midnight // timedelta(milliseconds=1) - self.utc_offset * 60_000

    @cached_property
    def people(self) -> list[tuple[str, str, str, str]]:
        return store.people(self.db, self.who.account, of_my_rooms=self.who.guest)

    @cached_property
    def rooms(self) -> list[tuple[str, str, str]]:
        return store.rooms(self.db, self.who.account)

    def people_called(self, value: str) -> list[str]:
        """Ids of who may be meant."""
        if value == "me":
            return [self.who.account]
        exact = [person for person, name, _, _ in self.people if value in (person, name)]
        return exact or _called(value, [(person, all_names) for person, *all_names in self.people])

    def rooms_called(self, value: str) -> list[str]:
        """Ids of my rooms that may be meant; a person stands for the direct message with them."""
        if any(room == value for room, _, _ in self.rooms):
            return [value]
        found = _called(value, [(room, [name]) for room, name, _ in self.rooms])
        if found or not any(other for _, _, other in self.rooms):
            return found
        people = set(self.people_called(value))
        return [room for room, _, other in self.rooms if other in people]


def _called(value: str, named: list[tuple[str, list[str]]]) -> list[str]:
    """Those with the nearest names: called just so, else beginning so, else with it inside."""
    wanted = words(value)
    near: dict[int, list[str]] = {}
    for what, all_names in named:
        near.setdefault(max(names.closeness(wanted, name) for name in all_names), []).append(what)
    for how in (names.WHOLE, names.FIRST, names.BEGINS, names.INSIDE):
        if near.get(how):
            return near[how][:MOST_NAMED]
    return []


@dataclass(frozen=True)
class Meaning:
    """A query as it was understood, and what its filters stand for."""

    query: Query
    understood: list[Understood]
    conditions: dict[Part, Condition]

    @property
    def terms(self) -> list[Term]:
        """The words that are looked for."""
        return [part for group in self.query.groups for part in group if isinstance(part, Term)]

    @property
    def named(self) -> str:
        """By what people and rooms may be called: all that was typed, if it is nothing but words."""
        terms = self.terms
        return " ".join(term.text for term in terms) if len(terms) == len(self.query.parts) else ""

    def wanted(self, *, wide: bool) -> Wanted:
        """What to look for. Several people or rooms side by side can only be meant as one or another."""
        groups: list[tuple[Condition, ...]] = []
        either: dict[str, list[Condition]] = {}
        for group in self.query.groups:
            meant = tuple(self._condition(part, wide=wide) for part in group)
            only = group[0].name if len(group) == 1 and isinstance(group[0], Filter) else ""
            if only in ("from", "in"):
                either.setdefault(only, []).extend(meant)
            else:
                groups.append(meant)
        together = tuple(tuple(each) for each in either.values())
        excluded = tuple(self._condition(part, wide=False) for part in self.query.excluded)
        return Wanted((*groups, *together), excluded)

    def _condition(self, part: Part, *, wide: bool) -> Condition:
        return Spoken(part, wide) if isinstance(part, Term) else self.conditions[part]


def understand(asker: Asker, asked: Search) -> Meaning:
    """What was typed, as it is meant."""
    query = parse(asked.query, asker.today)
    understood: list[Understood] = []
    conditions: dict[Part, Condition] = {}
    for group in query.groups:
        for number, part in enumerate(group):
            understood.append(_told(asker, part, conditions, alternative=number > 0))
    understood += [_told(asker, part, conditions, excluded=True) for part in query.excluded]
    return Meaning(query, understood, conditions)


def _told(
    asker: Asker,
    part: Part,
    conditions: dict[Part, Condition],
    *,
    alternative: bool = False,
    excluded: bool = False,
) -> Understood:
    text = f"-{written(part)}" if excluded else written(part)
    if isinstance(part, Term):
        kind: UnderstoodAs = "phrase" if part.exact else "word"
        return Understood(text=text, kind=kind, value=part.text, alternative=alternative, excluded=excluded)
    condition = conditions.setdefault(part, _condition(asker, part))
    return Understood(
        text=text,
        kind=part.name,
        value=part.value,
        alternative=alternative,
        excluded=excluded,
        people=sorted(condition.people) if isinstance(condition, By | Names) else [],
        rooms=sorted(condition.rooms) if isinstance(condition, Within) else [],
        since=condition.since if isinstance(condition, Between) else 0,
        until=condition.until % FOREVER_MS if isinstance(condition, Between) else 0,
    )


def _condition(asker: Asker, part: Filter) -> Condition:
    if part.days is not None:
        first, behind = asker.begins(part.days[0]), asker.begins(part.days[1])
        if part.name == "before":
            return Between(0, first)
        return Between(behind, FOREVER_MS) if part.name == "after" else Between(first, behind)
    me = asker.who.account
    match part.name:
        case "from":
            return By(frozenset(asker.people_called(part.value)))
        case "in":
            return Within(frozenset(asker.rooms_called(part.value)))
        case "mentions":
            people = frozenset(asker.people_called(part.value))
            return Names(people, me if me in people else "")
        case "is" if part.value == "mine":
            return By(frozenset((me,)))
        case _:
            return Has(part.value)
