"""The whole of search against a plain reference: every message is looked at, word by word, with nothing but
Unicode's own definitions. Small corpora in six scripts, and queries made of what stands in them."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from appliance.features.messages.finding import SOURCE
from appliance.features.search import actions
from appliance.features.search.model import Search
from appliance.kernel.ids import first_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx
from tests.server import migrated

ME, OTHER, ROOM = "a" * 26, "b" * 26, "r" * 26

SCRIPTS = {
    "latin": ["Krankenhaus", "haus", "CRÈME", "brûlée", "don't", "Straße", "a", "ﬁne", "well-known"],
    "cyrillic": ["ёлка", "Елка", "мой", "МОИ", "подъезд", "езда"],
    "greek": ["Σίσυφος", "ΣΊΣΥΦΟΣ", "σοφία", "φος"],
    "hebrew": ["שָׁלוֹם", "שלום", "עולם", "לום"],
    "han": ["我喜欢西瓜", "西瓜", "瓜西", "喜"],
    "hangul": ["서울역", "울역", "서", "ﾊﾟｿｺﾝ", "パソコン", "ソコ"],
}
WORDS = [word for script in SCRIPTS.values() for word in script]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


# The reference


def plain(text: str) -> list[str]:
    """Folded words: compatibility forms, no case, no accents; Han, kana and Hangul one by one."""
    found: list[str] = []
    word = ""
    for one in unicodedata.normalize("NFKC", text):
        name = unicodedata.name(one, "")
        if name.startswith(("CJK UNIFIED", "HANGUL SYLLABLE", "KATAKANA", "HIRAGANA")):
            found += [word, one]
            word = ""
            continue
        bare = unicodedata.normalize("NFD", one.casefold())
        bare = "".join(each for each in bare if not unicodedata.combining(each))
        if bare.isalnum():
            word += bare
        elif not unicodedata.combining(one):
            found.append(word)
            word = ""
    return [each for each in (*found, word) if each]


def has(text: str, typed: str, *, exact: bool, wide: bool) -> bool:
    """Whether the text has what was typed, as a person would look for it."""
    spoken, wanted = plain(text), plain(typed)
    single = len(wanted[-1]) == 1
    for at in range(len(spoken) - len(wanted) + 1):
        here = spoken[at : at + len(wanted)]
        if here[:-1] != wanted[:-1]:
            continue
        if here[-1] == wanted[-1] or (not exact and not single and here[-1].startswith(wanted[-1])):
            return True
        if wide and not exact and len(wanted) == 1 and len(wanted[0]) >= 3 and wanted[0] in here[0]:
            return True
    return False


# What is tried


@dataclass(frozen=True)
class Asked:
    """One thing that is looked for: `typed`, in quotes or not, wanted or not."""

    typed: str
    exact: bool
    excluded: bool
    alternative: bool

    def written(self) -> str:
        return f"{'-' * self.excluded}{self.typed if not self.exact else chr(34) + self.typed + chr(34)}"


@st.composite
def pieces(draw: st.DrawFn) -> Asked:
    """A word of some script, a piece of one, or two side by side."""
    first = draw(st.sampled_from(WORDS))
    start = draw(st.integers(0, max(0, len(first) - 1)))
    end = draw(st.integers(start + 1, len(first)))
    shape = draw(st.sampled_from(("word", "piece", "pair")))
    exact = draw(st.booleans()) if shape != "pair" else True
    typed = {"word": first, "piece": first[start:end], "pair": f"{first} {draw(st.sampled_from(WORDS))}"}[
        shape
    ]
    # A mark without its letter is nothing that somebody types.
    assume(plain(typed) and typed[0] not in "-'\uff9f" and not unicodedata.combining(typed[0]))
    return Asked(typed, exact, draw(st.sampled_from((False, False, True))), draw(st.booleans()))


def fits(text: str, asked: list[Asked], *, wide: bool) -> bool:
    groups: list[list[Asked]] = []
    follows = False
    for each in asked:
        if each.excluded:
            if has(text, each.typed, exact=each.exact, wide=False):
                return False
            follows = False
        elif each.alternative and follows:
            groups[-1].append(each)
        else:
            groups.append([each])
            follows = True
    return all(any(has(text, one.typed, exact=one.exact, wide=wide) for one in group) for group in groups)


def typed(asked: list[Asked]) -> str:
    """What to type for it: OR only between two that are wanted."""
    said = asked[0].written()
    for before, each in pairwise(asked):
        joined = each.alternative and not each.excluded and not before.excluded
        said += (" OR " if joined else " ") + each.written()
    return said


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Two people in a room in which nothing was said."""
    file = tmp_path_factory.mktemp("house") / "safevoice.db"
    file.write_bytes(migrated())
    with closing(sqlite3.connect(file, isolation_level=None)) as conn:
        for account, name in ((ME, "me"), (OTHER, "other")):
            conn.execute(
                "INSERT INTO accounts (id, name, display, password, created_at) VALUES (?, ?, ?, '', 0)",
                (account, name, name),
            )
            conn.execute("INSERT INTO members VALUES (?, ?, 'member', 0, 0, 0)", (ROOM, account))
            conn.execute("INSERT INTO member_intervals VALUES (?, ?, 0, NULL)", (ROOM, account))
        yield conn


def say(conn: sqlite3.Connection, texts: list[str]) -> None:
    for number, text in enumerate(texts, 1):
        content = json.dumps({"type": "text", "text": text}).encode()
        conn.execute(
            "INSERT INTO messages (room, seq, id, rev, author, device, client_id, at, content)"
            " VALUES (?, ?, ?, 1, ?, 'd', ?, ?, ?)",
            (ROOM, number, first_id(number), (ME, OTHER)[number % 2], str(number), number, content),
        )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=8),
    asked=st.lists(pieces(), min_size=1, max_size=4),
    indexed=st.integers(0, 8),
)
def test_search_finds_what_the_reference_finds(
    house: sqlite3.Connection, texts: list[str], asked: list[Asked], indexed: int
) -> None:
    assume(any(not each.excluded for each in asked))
    house.execute("BEGIN")
    try:
        actions.begin(Tx(house, 0), SOURCE)
        say(house, texts)
        if indexed:
            actions.fold(Tx(house, 1000), SOURCE, actions.Known(), indexed)
        for wide in (False, True):
            query = Search(query=typed(asked), wide=wide)
            found = actions.search(Reader(house, 1000), Who(ME, "d"), query, SOURCE)
            expected = [n for n, text in enumerate(texts, 1) if fits(text, asked, wide=wide)]
            assert [hit.seq for hit in found.hits] == expected[::-1], (query.query, texts)
            best = Search(query=typed(asked), wide=wide, order="best")
            hits = actions.search(Reader(house, 1000), Who(ME, "d"), best, SOURCE).hits
            assert sorted(hit.seq for hit in hits) == expected
            for hit in found.hits:
                assert "".join(hit.snippet) == texts[hit.seq - 1]
    finally:
        house.execute("ROLLBACK")
