"""What somebody typed, taken apart. Whatever it is, it means something: there is no wrong query.

Words side by side must all be there; `OR` (or `|`) between two lets either do; `-` before one keeps out what
has it; quotes keep words together as they are. `from: in: has: mentions: is: before: after: on:` ask for
other things than words. What looks like one of those but is not (`has:bananas`) is taken as the words that it
is."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from appliance.features.search.folding import words

Name = Literal["from", "in", "has", "mentions", "is", "before", "after", "on"]
NAMES: tuple[Name, ...] = ("from", "in", "has", "mentions", "is", "before", "after", "on")
KINDS: dict[str, str] = {
    "link": "link",
    "links": "link",
    "file": "file",
    "files": "file",
    "image": "image",
    "images": "image",
    "picture": "image",
    "photo": "image",
    "video": "video",
    "audio": "audio",
    "voice": "audio",
}
"""What `has:` knows, by all its names."""
STATES = ("pinned", "mine")
MOST_PARTS = 24
"""More is not looked at: nobody means it."""

_QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c\u201d", "\u00ab": "\u00bb", "\u300c": "\u300d"}
_MARKS = "".join(sorted({*_QUOTES, *"".join(_QUOTES.values())}))
_NO_MARKS = {ord(mark): " " for mark in _MARKS}
_PIECE = re.compile(f"[^\\s{''.join(mark for mark in _MARKS if mark not in _QUOTES)}]")
_DASHES = re.compile("(?:[-\u2212\u2013]+(?=\\S))?")
_BARE = re.compile(f"[^\\s{_MARKS}]*")
_SIGNS = re.compile(r"\A[@#\s]+")
_YEAR = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand beside each other: `words` as they are compared. `exact`: in quotes, so the last one
    is whole; else it may go on."""

    text: str
    words: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One of NAMES and its value, as it is compared; of dates the first day and the day after the last."""

    name: Name
    value: str
    days: tuple[date, date] | None = None


Part = Term | Filter


@dataclass(frozen=True, slots=True)
class Query:
    """`groups`: of each at least one must hold; `excluded`: none of these."""

    groups: tuple[tuple[Part, ...], ...] = ()
    excluded: tuple[Part, ...] = field(default=())

    @property
    def parts(self) -> tuple[Part, ...]:
        """All of it, in the order in which it is written down."""
        return (*(part for group in self.groups for part in group), *self.excluded)


def parse(typed: str, today: date) -> Query:
    """What was meant. `today`: where the person is. Never raises."""
    groups: list[list[Part]] = []
    excluded: list[Part] = []
    joining = False
    for piece in _pieces(typed)[: 4 * MOST_PARTS]:
        if piece.bare and piece.text in ("OR", "|", "||"):
            joining = bool(groups)
            continue
        part = _part(piece, today)
        if part is None or len(groups) + len(excluded) >= MOST_PARTS:
            continue
        if piece.minus:
            excluded.append(part)
        elif joining and len(groups[-1]) < MOST_PARTS:
            groups[-1].append(part)
        else:
            groups.append([part])
        joining = False
    return Query(tuple(tuple(dict.fromkeys(group)) for group in groups), tuple(dict.fromkeys(excluded)))


def render(query: Query) -> str:
    """What to type for it: `parse` makes the same of it again."""
    groups = [" OR ".join(written(part) for part in group) for group in query.groups]
    return " ".join([*groups, *(f"-{written(part)}" for part in query.excluded)])


def written(part: Part) -> str:
    """One part as it is typed."""
    if isinstance(part, Filter):
        return f"{part.name}:{_quoted(part.value) if ' ' in part.value else part.value}"
    return _quoted(part.text) if part.exact else part.text


# Pieces


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    name: Name | None = None
    minus: bool = False
    quoted: bool = False

    @property
    def bare(self) -> bool:
        return not (self.name or self.minus or self.quoted)


def _pieces(typed: str) -> list[_Piece]:
    """Cut at spaces outside of quotes; a quote that is never closed goes on to the end."""
    found: list[_Piece] = []
    at = 0
    while (begin := _PIECE.search(typed, at)) is not None:
        at = _behind(_DASHES, typed, begin.start())
        minus = at > begin.start()
        name, at = _name(typed, at)
        if at < len(typed) and typed[at] in _QUOTES:
            text, at = _until_closed(typed, at)
            found.append(_Piece(text, name, minus, quoted=True))
            continue
        end = _behind(_BARE, typed, at)
        found.append(_Piece(typed[at:end], name, minus))
        at = max(end, begin.end())
    return found


def _behind(run: re.Pattern[str], typed: str, at: int) -> int:
    found = run.match(typed, at)
    return at if found is None else found.end()


def _name(typed: str, at: int) -> tuple[Name | None, int]:
    """(the filter's name that begins there or None, where what follows begins)."""
    for name in NAMES:
        for colon in (":", "\uff1a"):
            if typed[at : at + len(name) + 1].casefold() == name + colon:
                return name, at + len(name) + 1
    return None, at


def _until_closed(typed: str, at: int) -> tuple[str, int]:
    ends = [found for mark in _QUOTES[typed[at]] if (found := typed.find(mark, at + 1)) >= 0]
    end = min(ends, default=len(typed))
    return typed[at + 1 : end], end + 1


def _part(piece: _Piece, today: date) -> Part | None:
    """What a piece asks for; None for nothing, such as a lone dash or a name that is still to be typed."""
    text = " ".join(piece.text.translate(_NO_MARKS).split())
    if piece.name:
        found = _filter(piece.name, text, today) if text else None
        if found is not None or not text:
            return found
        text = f"{piece.name}:{text}"
    spoken = tuple(words(text))
    return Term(text, spoken, exact=piece.quoted) if spoken else None


def _filter(name: Name, text: str, today: date) -> Filter | None:
    folded = text.casefold()
    if name == "has":
        return Filter(name, KINDS[folded]) if folded in KINDS else None
    if name == "is":
        return Filter(name, folded) if folded in STATES else None
    if name in ("before", "after", "on"):
        days = days_of(folded, today)
        return Filter(name, folded, days) if days else None
    bare = _SIGNS.sub("", folded)
    return Filter(name, bare) if bare else None


def days_of(text: str, today: date) -> tuple[date, date] | None:
    """(first day, the day after the last) of "2026-11-20", "2026-11", "2026", "20.11.2026", "today",
    "yesterday", "7d" (so many days ago) or "2w"; None for anything else."""
    named = {"today": 0, "yesterday": 1}.get(text)
    ago = re.fullmatch(r"([0-9]{1,4})([dw])", text)
    try:
        if named is not None or ago is not None:
            back = named if ago is None else int(ago[1]) * (7 if ago[2] == "w" else 1)
            day = today - timedelta(days=back or 0)
            return day, day + timedelta(days=1)
        if (found := _DAY_FIRST.match(text)) is not None:
            day = date(int(found[3]), int(found[2]), int(found[1]))
            return day, day + timedelta(days=1)
        if (found := _YEAR.match(text)) is None:
            return None
        year, month, day_of_month = (int(each) if each else 0 for each in found.groups())
        first = date(year, month if found[2] else 1, day_of_month if found[3] else 1)
        if found[3]:
            return first, first + timedelta(days=1)
        if found[2]:
            return first, (first + timedelta(days=31)).replace(day=1)
        return first, date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None


def _quoted(text: str) -> str:
    return '"' + text + '"'
