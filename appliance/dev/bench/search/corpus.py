"""What a community that speaks several languages has said: words as often as Zipf's law has them."""

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

_SQL = Path(__file__).with_name("corpus.sql")
_BEGAN = 1_600_000_000_000
EVERY_MS = 60_000
AT_ONCE = 10_000

LATIN = "etaoinshrdlucmfwypvbgk"
LANGUAGES = {"en": LATIN, "de": LATIN + "äöüß", "ru": "оеаинтсрвлкмдпуяыьгзбчй"}
WORDS = {"en": 120_000, "de": 80_000, "ru": 80_000}
SPOKEN = {"en": 55, "de": 20, "ru": 15, "zh": 10}
HAN = 3500
MEAN_WORDS = 11
LINK = " https://example.org/"

ELSEWHERE = {"ubiquitous": 0.35, "omnipresent": 0.13}
"""Words that stand in so many of the messages of all rooms but the asker's."""


def _cumulated(count: int, power: float) -> list[float]:
    return list(accumulate(1 / (rank + 1.7) ** power for rank in range(1, count + 1)))


@dataclass
class Corpus:
    """The same for the same seed. `mine`: rooms in which the asker is; `phrases`: some of what was said there
    side by side; `pairs`: the same of Chinese characters."""

    messages: int
    seed: int = 5
    mine: frozenset[str] = frozenset()
    phrases: list[str] = field(default_factory=list)
    pairs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self.words = {language: self._vocabulary(language) for language in LANGUAGES}
        self.words["zh"] = [chr(0x4E00 + each) for each in self._dice.sample(range(0x5000), HAN)]

    def _vocabulary(self, language: str) -> list[str]:
        """The more frequent, the shorter."""
        dice, letters = self._dice, LANGUAGES[language]
        found: dict[str, None] = {}
        while len(found) < WORDS[language]:
            length = round(dice.gauss(2 + 1.1 * len(found) ** 0.17, 1.6))
            found["".join(dice.choices(letters, k=min(14, max(1 + (len(found) > 20), length))))] = None
        return list(found)

    @cached_property
    def _weights(self) -> dict[str, list[float]]:
        return {
            each: _cumulated(len(some), 0.9 if each == "zh" else 1.05) for each, some in self.words.items()
        }

    def texts(self, rooms: list[str]) -> Iterator[tuple[str, str]]:
        """(room, text) of each message, oldest first; some rooms talk much more than others."""
        dice, busy = self._dice, _cumulated(len(rooms), 0.8)
        for _ in range(0, self.messages, AT_ONCE):
            where = dice.choices(rooms, cum_weights=busy, k=AT_ONCE)
            spoken = dice.choices(list(SPOKEN), weights=list(SPOKEN.values()), k=AT_ONCE)
            lengths = [min(60, 1 + int(dice.expovariate(1 / MEAN_WORDS))) for _ in where]
            lengths = [n * (1 + (each == "zh")) for n, each in zip(lengths, spoken, strict=True)]
            # All words of a language at once: one by one they would take ten times as long.
            needed = Counter[str]()
            for length, language in zip(lengths, spoken, strict=True):
                needed[language] += length
            stock = {
                each: iter(dice.choices(self.words[each], cum_weights=self._weights[each], k=needed[each]))
                for each in SPOKEN
            }
            for room, language, length in zip(where, spoken, lengths, strict=True):
                yield room, self._said(room, language, list(islice(stock[language], length)))

    def _said(self, room: str, language: str, words: list[str]) -> str:
        chance = self._dice.random()
        if room in self.mine:
            if len(words) > 1 and chance < 0.02:
                kept = self.pairs if language == "zh" else self.phrases
                kept.append(("" if language == "zh" else " ").join(words[:2]))
        else:
            words += [word for word, share in ELSEWHERE.items() if chance < share]
        text = ("" if language == "zh" else " ").join(words)
        return text + LINK + words[0] if chance > 0.98 else text

    def write(self, folder: Path, members: dict[str, list[str]]) -> None:
        """Put it into the database of a data folder on which no server runs. `members`: accounts by room."""
        insert, head, entries, as_new = _SQL.read_text().split(";\n\n")
        heads: dict[str, int] = {}
        with closing(sqlite3.connect(folder / "safevoice.db", isolation_level=None)) as conn:
            for pragma in (
                "journal_mode=OFF",
                "synchronous=OFF",
                "cache_size=-524288",
                "locking_mode=EXCLUSIVE",
            ):
                conn.execute(f"PRAGMA {pragma}").fetchall()
            heads.update(conn.execute("SELECT log, head FROM logs").fetchall())
            conn.execute("BEGIN")
            conn.executemany(insert, self._rows(heads, members))
            for room in members:
                conn.execute(head, (room, heads[room]))
                conn.execute(entries, (room,))
            conn.execute(as_new)
            conn.execute("COMMIT")

    def _rows(self, heads: dict[str, int], members: dict[str, list[str]]) -> Iterator[tuple[Any, ...]]:
        # Who talks much elsewhere says little here: the order in which rooms are drawn is by chance.
        rooms = self._dice.sample(list(members), len(members))
        for number, (room, text) in enumerate(self.texts(rooms)):
            heads[room] += 1
            content = json.dumps({"type": "text", "text": text}, ensure_ascii=False).encode()
            author = members[room][number % len(members[room])]
            yield room, heads[room], f"{number:026d}", author, _BEGAN + number * EVERY_MS, content
