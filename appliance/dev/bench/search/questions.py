"""What the asker looks for, a kind at a time."""

import random
from collections.abc import Callable
from typing import Any

from appliance.dev.bench.search.corpus import ELSEWHERE, Corpus

RARE = "a rare word"
FREQUENT = "a frequent word"
ELSE = "a word that is everywhere but in my rooms"
CHARACTERS = "two Chinese characters"
PART = "a part of a word"
BEGINNING = "the beginning of a word, two to four letters"
PHRASE = "a phrase"
FILTERS = "only filters"
MIXED = "several of these, with OR and without"
BEST = "a frequent word, best first"

Question = dict[str, Any]


def questions(corpus: Corpus, count: int) -> dict[str, list[Question]]:
    """`count` of each kind, the same for the same corpus."""
    dice, words = random.Random(7), corpus.words

    def frequent() -> str:
        return dice.choice(words[dice.choice(("en", "de", "ru"))][:20])

    def part() -> str:
        word = dice.choice([word for word in words["en"][50:5000] if len(word) >= 6])
        return word[1:-1]

    def filters() -> str:
        return dice.choice(
            (
                f"from:p{dice.randrange(1, 1000)}",
                "has:link",
                f"in:room before:{dice.randrange(2021, 2026)}",
                "is:mine",
                f"has:link after:{dice.randrange(2021, 2025)}-06 -from:p7",
                "mentions:me",
            )
        )

    makers: dict[str, Callable[[], str]] = {
        RARE: lambda: dice.choice(words["en"][20_000:60_000]),
        FREQUENT: frequent,
        ELSE: lambda: dice.choice(list(ELSEWHERE)),
        CHARACTERS: lambda: dice.choice(corpus.pairs),
        PART: part,
        BEGINNING: lambda: dice.choice(words["en"][20:2000])[: dice.randrange(2, 5)],
        PHRASE: lambda: f'"{dice.choice(corpus.phrases)}"',
        FILTERS: filters,
        MIXED: lambda: f"{frequent()} OR {part()} -{frequent()} after:2021",
    }
    asked: dict[str, list[Question]] = {
        kind: [{"query": make()} for _ in range(count)] for kind, make in makers.items()
    }
    asked[BEST] = [{"query": frequent(), "order": "best"} for _ in range(count)]
    return asked
