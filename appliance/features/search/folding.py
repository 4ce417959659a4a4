"""Text as it is compared: without case, width and marks, cut into words and single characters.

Follows NFKC (UAX #15) and full case folding. Scripts that put no spaces between words are cut into
characters, so that a part of what stands there is found like a word elsewhere."""

import re
import unicodedata
from typing import NamedTuple

MOST_LETTERS = 64
"""A word longer than that (an address, something encoded) counts as several."""

_DROPPED_MARKS = frozenset((1, *range(10, 37), *range(200, 241)))
"""Canonical combining classes of what is laid over or put around a letter: accents, vowel points of Hebrew
and Arabic. Not those that make another letter of it: nukta, voicing of kana, virama, vowels below."""

# Letters that have a stroke or are joined, which have no decomposition, as people without the key type them.
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}

_IGNORED = frozenset("\u0640\u034f\u00ad\u061c\u180e\ufeff") | {
    chr(code)
    for first, last in (
        (0x200C, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2064),
        (0x2066, 0x206F),
        (0xFE00, 0xFE0F),
        (0x1F3FB, 0x1F3FF),
        (0xE0000, 0xE01EF),
    )
    for code in range(first, last + 1)
}
"""Shows nothing of its own: joiners, directions, variants, skin tones, the stretching of Arabic letters."""

_ALONE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c"  # radicals, numerals, repetition
    "\u3041-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff"  # kana, bopomofo, jamo
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"  # Han, Hangul
    "\u1100-\u11ff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
# What may become one character together with what stands beside it; these are composed before anything else.
_TOGETHER = re.compile(
    "[\uac00-\ud7a3]?[\u1100-\u11ff\u3131-\u318e\uffa0-\uffdc]+|.[\u3099\u309a\uff9e\uff9f]", re.DOTALL
)
_ANY_TOGETHER = re.compile("[\u1100-\u11ff\u3099\u309a\u3131-\u318e\uff9e-\uffdc]")
_ASCII_WORDS = re.compile("[a-z0-9]+")


class Token(NamedTuple):
    """A word or a character, folded; `start` and `end` in code points of the text it was found in. `alone`: a
    character that is a token by itself, and so has no beginnings."""

    word: str
    start: int
    end: int
    alone: bool


class _Table(dict[int, str]):
    """What each character becomes, worked out when it is first met; spaces around what stands alone."""

    def __missing__(self, code: int) -> str:
        if len(self) > 50_000:
            self.clear()
        found = self[code] = _folded_character(chr(code))
        return found


def _folded_character(character: str) -> str:
    if character in _IGNORED:
        return ""
    if _ALONE.match(character):
        return "".join(f" {one} " for one in unicodedata.normalize("NFKC", character))
    before, after = "", character
    # One kind of folding may bring forth what another one folds.
    while before != after:
        before = after
        after = unicodedata.normalize("NFKD", before).casefold()
        after = "".join(_PLAIN.get(one, one) for one in after if _is_kept(one))
    if after == character:
        return _placed(after)
    return "".join(_TABLE[ord(one)] for one in after)


def _is_kept(one: str) -> bool:
    return (
        unicodedata.combining(one) not in _DROPPED_MARKS
        and unicodedata.category(one) != "Me"
        and one not in _IGNORED
    )


def _placed(one: str) -> str:
    category = unicodedata.category(one)
    if category == "So":
        return f" {one} "
    return one if category[0] in "LMN" or category in ("Co", "Cn") else " "


_TABLE = _Table()


def words(text: str) -> list[str]:
    """The folded words and characters of a text, in order."""
    if text.isascii():
        found = _ASCII_WORDS.findall(text.lower())
    else:
        # Looked for first: most texts have none, and a set of characters is found ten times as fast.
        whole = _TOGETHER.sub(_composed, text) if _ANY_TOGETHER.search(text) else text
        found = whole.translate(_TABLE).split()
    if max(map(len, found), default=0) > MOST_LETTERS:
        return [piece for word in found for piece in _pieces(word)]
    return found


def _composed(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found[0])


def _pieces(word: str) -> list[str]:
    return [word[start : start + MOST_LETTERS] for start in range(0, len(word), MOST_LETTERS)]


def tokens(text: str) -> list[Token]:
    """The same, with where each one stands. A character that becomes several keeps its place in each."""
    found: list[Token] = []
    word, start, end = "", 0, 0

    def close() -> None:
        nonlocal word
        found.extend(Token(piece, start, end, stands_alone(piece)) for piece in _pieces(word))
        word = ""

    for first, last, folded in _steps(text):
        for one in folded:
            if one == " ":
                close()
                continue
            if not word:
                start = first
            word, end = word + one, last
        # Marks that are folded away belong to the letter before.
        if not folded and word and end == first:
            end = last
    close()
    return found


def _steps(text: str) -> list[tuple[int, int, str]]:
    """(start, end, what it is folded into) of each character, or of several that become one."""
    steps: list[tuple[int, int, str]] = []
    at = 0
    for together in _TOGETHER.finditer(text):
        steps += [(i, i + 1, _TABLE[ord(text[i])]) for i in range(at, together.start())]
        at = together.end()
        steps.append((together.start(), at, _composed(together).translate(_TABLE)))
    return steps + [(i, i + 1, _TABLE[ord(text[i])]) for i in range(at, len(text))]


def stands_alone(word: str) -> bool:
    """Whether a folded word is a character that is a token by itself."""
    return len(word) == 1 and _TABLE[ord(word)] == f" {word} "
