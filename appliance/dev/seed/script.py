"""Reads the hand-written part of the demo community: people, rooms, and what was said in them of late.

A room's file is headers (`name: value`; `archived`: so many days before the end, when all is said there), an
empty line, then its newest conversation:

    == 2d 18:05            two days before the end, at five past six
    ada: a message         a later one by somebody, a little later
    walter > ada: a reply  to ada's newest message above
    noor +20: later        twenty minutes after the one before
    joe ~: edited          and `x:` deleted
    | another line of the message above
"""

import re
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable

FOLDER: Traversable = files("appliance.dev.seed") / "community"

_MARK = re.compile(r"== (?P<days>\d+)d (?P<hour>\d\d):(?P<minute>\d\d)")
_LINE = re.compile(
    r"(?P<who>[a-z]+)(?: > (?P<to>[a-z]+))?(?: \+(?P<gap>\d+))?(?: (?P<change>[~x]))?: (?P<text>.*)"
)


@dataclass(frozen=True)
class Character:
    """Somebody of the community. `talks`: how much, compared to others; `tongue`: what they fall into now
    and then; `since_days`: how long they have been there, None for from the beginning; `moderator`: of the
    community."""

    name: str
    display: str
    talks: int
    tongue: str
    since_days: int | None
    moderator: bool


@dataclass
class Line:
    """One message. `gap_s`: seconds after the one before, or None for a natural pause; `at` (days before
    the end, hour, minute) begins a stretch. `change`: "~" edited later, "x" deleted later."""

    who: str
    text: str
    reply_to: str = ""
    gap_s: int | None = None
    at: tuple[int, int, int] | None = None
    change: str = ""


@dataclass
class Script:
    """A room, or a direct message, with its newest lines."""

    headers: dict[str, str]
    lines: list[Line] = field(default_factory=list)

    def words(self, header: str) -> list[str]:
        return self.headers.get(header, "").split()

    def number(self, header: str) -> int:
        return int(self.headers.get(header, "0"))

    @property
    def members(self) -> list[str]:
        """Who is in it, the owner first: those named, and whoever speaks."""
        named = [self.headers.get("owner", ""), *self.words("members"), *self.words("with")]
        spoke = [line.who for line in self.lines]
        return [name for name in dict.fromkeys([*named, *spoke]) if name and name != "all"]

    @property
    def everybody(self) -> bool:
        return self.words("members") == ["all"]


def people() -> list[Character]:
    """Everybody, the admin first."""
    found = []
    for row in (FOLDER / "people.txt").read_text(encoding="utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        cells = [cell.strip() for cell in row.split("|")]
        name, display, talks, tongue, since, role = (*cells, "")[:6]
        days = int(since) if since else None
        found.append(Character(name, display, int(talks), tongue, days, role == "moderator"))
    return found


def rooms() -> list[Script]:
    """The rooms, by file name."""
    folder = sorted((FOLDER / "rooms").iterdir(), key=lambda file: file.name)
    return [_read(file.read_text(encoding="utf-8")) for file in folder]


def categories() -> list[str]:
    """The headings of the directory, in their order."""
    return (FOLDER / "categories.txt").read_text(encoding="utf-8").splitlines()


def dms() -> list[Script]:
    """The direct messages, and groups: those `with` more than two."""
    text = (FOLDER / "dms.txt").read_text(encoding="utf-8")
    return [_read(part) for part in re.split(r"^(?=with: )", text, flags=re.MULTILINE)[1:]]


def _read(text: str) -> Script:
    head, _, body = text.partition("\n\n")
    script = Script(dict(row.split(": ", 1) for row in head.splitlines() if ": " in row))
    at: tuple[int, int, int] | None = None
    for number, row in enumerate(body.splitlines(), 1):
        mark = _MARK.fullmatch(row)
        line = _LINE.fullmatch(row)
        if mark:
            at = int(mark["days"]), int(mark["hour"]), int(mark["minute"])
        elif row.startswith("|"):
            script.lines[-1].text += "\n" + row[2:]
        elif line:
            gap = int(line["gap"]) * 60 if line["gap"] else None
            script.lines.append(
                Line(line["who"], line["text"], line["to"] or "", gap, at, line["change"] or "")
            )
            at = None
        elif row:
            raise ValueError(f"{script.headers}: line {number} of the talk is not understood: {row}")
    return script
