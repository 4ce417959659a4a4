"""Names as the eye sees them: two that look alike have the same skeleton (Unicode UTS #39, 4)."""

import json
import unicodedata
from functools import cache
from importlib.resources import files


def skeleton(name: str) -> str:
    """What is left of `name` without all that the eye passes over: case, space, what has no width, and which
    of several letters of the same shape it is. Only to be compared."""
    seen = _bare_shapes(name)
    # Once more: only capitals look like some letters, only small ones like others.
    seen = _bare_shapes(seen.casefold()).casefold()
    # A capital i is a small L to the eye, and was made one above; so a small i has to become one as well.
    return seen.replace("i", "l")


def _bare_shapes(text: str) -> str:
    kept = (letter for letter in unicodedata.normalize("NFKD", text) if _visible(letter))
    shown = "".join(_shapes().get(letter, letter) for letter in kept)
    return unicodedata.normalize("NFKD", shown)


def _visible(letter: str) -> bool:
    # Variation selectors and the combining grapheme joiner are marks that show nothing.
    joins = letter == "\u034f" or "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"
    return unicodedata.category(letter)[0] not in "CZ" and not joins


@cache
def _shapes() -> dict[str, str]:
    """For each letter that looks like another one, the one that stands for all of that shape."""
    # Read by ourselves: the package's own functions answer another question, and keep 18 MB to do it.
    source = files("confusable_homoglyphs").joinpath("confusables.json").read_text()
    listed = {_bare(of): [_bare(other["c"]) for other in others] for of, others in json.loads(source).items()}
    shapes = {}
    for letter, others in listed.items():
        # The list goes both ways. What many look like stands for them; of a lone pair the longer one does, so
        # that an m and an r with an n meet.
        if len(letter) == 1 and len(others) == 1:
            other = others[0]
            if len(listed[other]) > 1 or (len(other), other) > (1, letter):
                shapes[letter] = other
    return shapes


def _bare(text: str) -> str:
    # Letters that are written from right to left stand between two marks in the list.
    return text.strip("\u200e") or text
