"""What is shown of a message that was found."""

from appliance.features.search.folding import tokens
from appliance.features.search.matching import Spoken, places

LENGTH = 180
LEAD = 48
"""Code points of a snippet, and how many of them before what was found."""
MOST_WORDS = 20

Span = tuple[int, int]


def spans(text: str, terms: list[Spoken]) -> list[Span]:
    """Where in a text the words are that were looked for, in code points; in order, none over another."""
    cut = tokens(text)
    spoken = [token.word for token in cut]
    found = sorted(
        (cut[first].start, cut[behind - 1].end)
        for each in terms
        for first, behind, _ in places(each.term, spoken, wide=each.wide)
    )
    joined: list[Span] = []
    for start, end in found:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def snippet(text: str, marked: list[Span]) -> list[str]:
    """A piece of the text around what was found first: plain and found in turns, beginning with plain."""
    first, last = _window(text, marked)
    pieces, at = [], first
    for start, end in marked:
        if start < first or start >= last:
            continue
        end = min(end, last)
        pieces += [text[at:start], text[start:end]]
        at = end
    pieces.append(text[at:last])
    pieces[0] = ("\u2026" if first else "") + pieces[0]
    pieces[-1] += "\u2026" if last < len(text) else ""
    return [_one_line(piece) for piece in pieces]


def found_words(text: str, marked: list[Span]) -> list[str]:
    """What was found as it stands there, each once."""
    return list(dict.fromkeys(text[start:end] for start, end in marked))[:MOST_WORDS]


def _window(text: str, marked: list[Span]) -> Span:
    start, end = marked[0] if marked else (0, 0)
    first = max(0, min(start - LEAD, len(text) - LENGTH))
    last = min(len(text), max(first + LENGTH, min(end, first + 2 * LENGTH)))
    # To where a word begins and ends, where one does so nearby.
    if first:
        space = text.find(" ", first, min(start, first + LEAD // 2))
        first = space + 1 if space >= 0 else first
    if last < len(text):
        space = text.rfind(" ", max(end, last - LEAD // 2), last)
        last = space if space >= 0 else last
    return first, last


def _one_line(piece: str) -> str:
    return "".join(" " if each.isspace() else each for each in piece)
