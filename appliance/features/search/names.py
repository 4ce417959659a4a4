"""Names that are about what was typed: as it stands, as a beginning, inside, with a slip of the finger."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from appliance.features.search.folding import words

T = TypeVar("T")

WHOLE, FIRST, BEGINS, INSIDE, SLIP = 5, 4, 3, 2, 1


def best(typed: str, named: Iterable[tuple[T, str]], most: int) -> list[T]:
    """Those whose names are about what was typed, best first; of equals the shorter name. `named`: (what, all
    its names)."""
    wanted = words(typed)
    if not wanted:
        return []
    scored = []
    for what, name in named:
        worth = closeness(wanted, name)
        if worth:
            scored.append((-worth, len(name), name, what))
    return [each[-1] for each in sorted(scored, key=lambda each: each[:3])[:most]]


@lru_cache(50_000)
def _folded(name: str) -> str:
    """Its words, a space before each."""
    return "".join(f" {word}" for word in words(name))


def closeness(wanted: list[str], name: str) -> int:
    """How near a name is to what was typed; 0 for not at all. Each word typed has to be about one of it."""
    folded = _folded(name)
    together = "".join(wanted)
    # Nearly all names are put aside here: there may be thousands, at each letter that somebody types.
    if not all(f" {each[0]}" in folded or each in folded for each in wanted) and together not in (
        folded.replace(" ", "")
    ):
        return 0
    spoken = folded.split()
    joined = "".join(spoken)
    if joined == together:
        return WHOLE
    if joined.startswith(together):
        return FIRST
    worth = min(max((_near(each, one) for one in spoken), default=0) for each in wanted)
    return max(worth, INSIDE if len(together) > 1 and together in joined else 0)


def _near(typed: str, word: str) -> int:
    if word.startswith(typed):
        return BEGINS
    if len(typed) > 1 and typed in word:
        return INSIDE
    # The end of the word may still be to come.
    return SLIP if len(typed) >= 4 and any(slipped(typed, word[:n]) for n in _lengths(typed, word)) else 0


def _lengths(typed: str, word: str) -> set[int]:
    return {min(len(word), len(typed) + more) for more in (-1, 0, 1)}


def slipped(one: str, other: str) -> bool:
    """Whether one becomes the other by one letter more, less, another, or two that changed places."""
    if abs(len(one) - len(other)) > 1 or one[:1] != other[:1]:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return True
    return (
        one[at + 1 :] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or one[at:] == other[at + 1 :]
        or (one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :])
    )
