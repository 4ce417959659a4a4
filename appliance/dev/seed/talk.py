"""Everyday talk, made from templates: exchanges by theme, with words to fill in.

An exchange is a block of rows: `?` opens it, `-` answers, `+` is what the one who began says at the end. A
mark with a tongue (`?fr`) wants somebody who grew up with it. `[a|b]` is one of several, `{crop}` a word.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from appliance.dev.seed.script import FOLDER

_ROW = re.compile(r"(?P<mark>[?+-])(?P<tongue>[a-z]{2})? (?P<text>.*)", re.DOTALL)
_SLOT = re.compile(r"\{(?P<name>[a-z]+)\d?\}")
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_TRIES = 60
_ASIDE_SHARE = 0.12
_REPLY_SHARE = 0.16
_CLOSING_SHARE = 0.7


@dataclass(frozen=True)
class Phrase:
    """A template, and in which tongue it is ("" for the common one)."""

    text: str
    tongue: str


@dataclass(frozen=True)
class Exchange:
    """An opening, answers by others, and what the one who began says at the end."""

    opening: Phrase
    answers: tuple[Phrase, ...]
    closings: tuple[Phrase, ...]


@dataclass(frozen=True)
class Turn:
    """One message of an exchange. `speaker` 0 began it; `replies`: it quotes the opening."""

    speaker: int
    text: str
    tongue: str
    replies: bool = False


def _phrases(name: str) -> Iterator[tuple[str, Phrase]]:
    """(mark, phrase) of each row of a file; a blank row is ("", ...)."""
    rows: list[str] = []
    for row in (FOLDER / "talk" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("|"):
            rows[-1] += "\n" + row[2:]
        else:
            rows.append(row)
    for row in rows:
        found = _ROW.fullmatch(row)
        if row and not found:
            raise ValueError(f"{name}: {row!r} is not understood")
        yield (found["mark"], Phrase(found["text"], found["tongue"] or "")) if found else ("", Phrase("", ""))


def _exchanges(theme: str) -> list[Exchange]:
    blocks: list[dict[str, list[Phrase]]] = [{}]
    for mark, phrase in _phrases(theme):
        if mark:
            blocks[-1].setdefault(mark, []).append(phrase)
        elif blocks[-1]:
            blocks.append({})
    return [Exchange(b["?"][0], tuple(b["-"]), tuple(b.get("+", ()))) for b in blocks if b]


def _words() -> dict[str, list[str]]:
    rows = (FOLDER / "talk" / "words.txt").read_text(encoding="utf-8").splitlines()
    split = (row.split(": ", 1) for row in rows if row and not row.startswith("#"))
    return {name: [word.strip() for word in words.split("|")] for name, words in split}


class Talk:
    """Endless exchanges about some themes. Each template comes once before any comes again, and none opens
    with the same words twice as long as there are others."""

    def __init__(self, themes: list[str], chance: random.Random) -> None:
        self._chance = chance
        self._words = _words()
        self._asides = [phrase for _, phrase in _phrases("asides")]
        self._all = [exchange for theme in themes for exchange in _exchanges(theme)]
        self._left: list[Exchange] = []
        self._opened: set[str] = set()

    def exchange(self) -> list[Turn]:
        """The next one."""
        for _ in range(_TRIES):
            turns = self._act(self._draw())
            if turns[0].text not in self._opened:
                break
        self._opened.add(turns[0].text)
        return turns

    def _draw(self) -> Exchange:
        if not self._left:
            self._left = self._chance.sample(self._all, len(self._all))
        return self._left.pop()

    def _act(self, exchange: Exchange) -> list[Turn]:
        chance = self._chance
        filled: dict[str, str] = {}

        def turn(speaker: int, phrase: Phrase, replies: bool = False) -> Turn:
            return Turn(speaker, self._fill(phrase.text, filled), phrase.tongue, replies)

        answers = chance.sample(exchange.answers, chance.randint(1, len(exchange.answers)))
        turns = [turn(0, exchange.opening)]
        turns += [turn(n, answer, chance.random() < _REPLY_SHARE) for n, answer in enumerate(answers, 1)]
        if exchange.closings and chance.random() < _CLOSING_SHARE:
            turns.append(turn(0, exchange.closings[0]))
        if chance.random() < _ASIDE_SHARE:
            turns.append(turn(len(answers) + 1, chance.choice(self._asides)))
        return turns

    def _fill(self, template: str, filled: dict[str, str]) -> str:
        """One of each `[a|b]`, and words for `{slots}`, which stay the same within an exchange."""
        text = _CHOICE.sub(lambda found: self._chance.choice(found[1].split("|")), template)

        def word(found: re.Match[str]) -> str:
            slot = found[0]
            if slot not in filled:
                words = self._words[found["name"]]
                fresh = [word for word in words if word not in filled.values()]
                filled[slot] = self._chance.choice(fresh or words)
            return filled[slot]

        whole = _SLOT.sub(word, text)
        return whole[:1].upper() + whole[1:] if template[:1] in "{[" else whole
