"""What stands in the index for a message: its room, who wrote it, what it has, then its words."""

from collections.abc import Iterable, Mapping

from appliance.features.search.folding import words
from appliance.features.search.model import Said

LEAST_LETTERS = 4
"""Shorter words hold nothing inside that is not found at their beginning."""
ALL = "_all"


def ids(said: Said) -> set[str]:
    """What its line has under short numbers."""
    return {said.room, said.author, *said.mentions}


def parts(said: Said, numbers: Mapping[str, int]) -> list[str]:
    """Words that begin with `_` are nobody's: folding leaves none."""
    marks = [f"_r{numbers[said.room]}", f"_a{numbers[said.author]}"]
    if said.mentions:
        marks += [mention(numbers[each]) for each in said.mentions]
    if said.everyone:
        marks.append(ALL)
    if said.kinds:
        marks += [kind(each) for each in sorted(said.kinds)]
    return marks + words(said.text)


def line(said: Said, numbers: Mapping[str, int]) -> str:
    return " ".join(parts(said, numbers))


def room(number: int) -> str:
    return f"_r{number}"


def author(number: int) -> str:
    return f"_a{number}"


def mention(number: int) -> str:
    return f"_m{number}"


def kind(name: str) -> str:
    return f"_is_{name}"


def worth_keeping(cut: Iterable[list[str]]) -> set[str]:
    """The words of these lines in which something can be looked for inside."""
    found: set[str] = set().union(*cut)
    return {word for word in found if len(word) >= LEAST_LETTERS and word[0] != "_"}
