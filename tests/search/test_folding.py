"""What counts as the same when something is looked for."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.features.search.folding import MOST_LETTERS, stands_alone, tokens, words

WHOLE_OF_UNICODE = range(sys.maxunicode + 1)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Crème BRÛLÉE", "creme brulee"),
        ("Straße", "STRASSE"),
        ("Łódź Ærø", "lodz aero"),
        ("ＦＵＬＬ Ｗｉｄｔｈ １２", "full width 12"),
        ("İstanbul ıssız", "istanbul issiz"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("ёлка", "елка"),
        ("שָׁלוֹם", "שלום"),
        ("مَرْحَبًا مرحـــبا", "مرحبا مرحبا"),
        ("ﾊﾟｿｺﾝ", "パソコン"),
        ("か\u3099", "が"),
        ("\u1112\u1161\u11ab", "한"),
        ("ﬁve", "five"),
        ("e\u0301", "é"),
        ("soft\u00adhyphen zero\u200dwidth", "softhyphen zerowidth"),
        ("👍🏽", "👍"),
        ("नमस्ते", "नमस्ते"),
    ],
)
def test_what_looks_or_sounds_the_same_is_the_same(text: str, same: str) -> None:
    assert words(text) == words(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [("か", "が"), ("कि", "की"), ("กา", "กี"), ("a", "b"), ("1", "2")],
)
def test_what_is_another_letter_stays_another(one: str, other: str) -> None:
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("don't stop_me-now, please.", ["don", "t", "stop", "me", "now", "please"]),
        ("我喜欢abc中文", ["我", "喜", "欢", "abc", "中", "文"]),
        ("서울역", ["서", "울", "역"]),
        ("コーヒー", ["コ", "ー", "ヒ", "ー"]),
        ("กิน", ["ก", "ิ", "น"]),
        ("tea🍵time", ["tea", "🍵", "time"]),
        ("", []),
        ("*** --- !!!", []),
    ],
)
def test_text_is_cut_into_words_and_single_characters(text: str, cut: list[str]) -> None:
    assert words(text) == cut


def test_a_very_long_word_counts_as_several() -> None:
    assert words("x" * (2 * MOST_LETTERS + 1)) == ["x" * MOST_LETTERS, "x" * MOST_LETTERS, "x"]


def test_every_character_there_is_folds_to_what_stays_as_it_is() -> None:
    for code in WHOLE_OF_UNICODE:
        folded = words(chr(code))
        assert words(" ".join(folded)) == folded, hex(code)
        # The index splits at these, and its own marks begin with one of them.
        assert not any(one.isascii() and not one.isalnum() for word in folded for one in word), hex(code)


@given(st.text())
def test_tokens_are_the_words_with_their_places(text: str) -> None:
    found = tokens(text)
    assert [token.word for token in found] == words(text)
    for token in found:
        assert 0 <= token.start < token.end <= len(text)
    assert [token.start for token in found] == sorted(token.start for token in found)


@given(st.text())
def test_however_it_is_composed_it_folds_the_same(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert words(unicodedata.normalize(form, text)) == words(text)


def test_a_token_covers_the_marks_that_belong_to_it() -> None:
    text = "n\u0303u\u0308 ok"
    assert [text[token.start : token.end] for token in tokens(text)] == ["n\u0303u\u0308", "ok"]


def test_only_what_is_cut_off_by_itself_stands_alone() -> None:
    assert [stands_alone(word) for word in ("中", "a", "🍵", "한", "ab", "1")] == [
        True,
        False,
        True,
        True,
        False,
        False,
    ]
