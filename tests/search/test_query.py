"""What somebody types is always understood, one way or another."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.features.search.query import Filter, Query, Term, days_of, parse, render

TODAY = date(2026, 3, 1)

BITS = st.sampled_from(
    [
        *("from:", "in:", "has:", "mentions:", "is:", "before:", "after:", "on:", "FROM:", "from："),
        *("link", "me", "mine", "pinned", "2026-11", "31.02.2026", "today", "7d", "9999w", "OR", "or", "|"),
        *(
            '"',
            "“",
            "”",
            "„",
            "«",
            "»",
            "「",
            "」",
            "-",
            "--",
            "–",
            "−",
            " ",
            "\u3000",
            "\x1c",
            "@",
            "#",
            ":",
        ),
        *("a", "Ab", "中文", "é", "ß", "'", "x:y", "foo", "*", "(", ")", "NEAR", "AND", "NOT", "^", "\0"),
    ]
)
UNFINISHED = re.compile(r"(OR|[|:：–−-])[\W_]*$")
"""What waits for a word: an OR, a filter or an exclusion, and after it nothing that is one."""
TYPED = st.one_of(st.text(), st.lists(st.one_of(BITS, st.text(max_size=3))).map("".join))


def one(typed: str) -> Query:
    return parse(typed, TODAY)


def term(text: str, *words: str, exact: bool = False) -> Term:
    return Term(text, words or (text,), exact)


@given(TYPED)
def test_whatever_is_typed_is_understood_and_written_down_it_is_understood_the_same(typed: str) -> None:
    query = one(typed)
    assert one(render(query)) == query


@given(TYPED, TYPED)
def test_more_words_leave_what_was_understood_before(first: str, second: str) -> None:
    alone = one(first)
    closed = first.count('"') % 2 == 0 and not set(first) & set("“”„«»「」")
    if closed and not UNFINISHED.search(first):
        both = one(f"{first} zebra {second}")
        assert both.groups[: len(alone.groups)] == alone.groups or len(alone.parts) > 20


def test_words_side_by_side_are_all_wanted() -> None:
    assert one("red Kettle") == Query(((term("red"),), (term("Kettle", "kettle"),)))


def test_or_lets_either_do_and_binds_closer() -> None:
    assert one("tea OR coffee morning").groups == ((term("tea"), term("coffee")), (term("morning"),))
    assert one("tea | coffee") == one("tea OR coffee")
    assert one("OR tea OR") == one("tea")
    assert one("tea or coffee").groups == ((term("tea"),), (term("or"),), (term("coffee"),))


def test_a_dash_before_a_word_keeps_it_out_and_inside_of_one_does_nothing() -> None:
    assert one("tea -milk") == Query(((term("tea"),),), (term("milk"),))
    assert one("well-known").groups == ((term("well-known", "well", "known"),),)
    assert one("- tea") == one("tea")


@pytest.mark.parametrize(
    "typed", ['"red kettle"', "“red kettle”", "„red kettle“", "«red kettle»", '"red kettle']
)
def test_quotes_of_many_languages_keep_words_together(typed: str) -> None:
    assert one(typed) == Query(((term("red kettle", "red", "kettle", exact=True),),))


def test_filters_are_told_by_their_name() -> None:
    assert one('from:@Ada in:"tea room" has:links is:mine mentions:me -from:Béla') == Query(
        (
            (Filter("from", "ada"),),
            (Filter("in", "tea room"),),
            (Filter("has", "link"),),
            (Filter("is", "mine"),),
            (Filter("mentions", "me"),),
        ),
        (Filter("from", "béla"),),
    )


@pytest.mark.parametrize("typed", ["has:bananas", "is:late", "before:long", "on:31.02.2026", "https://x.y"])
def test_what_only_looks_like_a_filter_is_words(typed: str) -> None:
    ((found,),) = one(typed).groups
    assert isinstance(found, Term)
    assert found.text == typed


@pytest.mark.parametrize("typed", ["", "   ", "-", '"', "from:", "OR", "!?", 'in:""', "-\u3000"])
def test_what_asks_for_nothing_is_nothing(typed: str) -> None:
    assert one(typed) == Query()


@pytest.mark.parametrize(
    ("typed", "first", "behind"),
    [
        ("2026-11-20", date(2026, 11, 20), date(2026, 11, 21)),
        ("2026-2", date(2026, 2, 1), date(2026, 3, 1)),
        ("2025", date(2025, 1, 1), date(2026, 1, 1)),
        ("20.11.2026", date(2026, 11, 20), date(2026, 11, 21)),
        ("today", date(2026, 3, 1), date(2026, 3, 2)),
        ("yesterday", date(2026, 2, 28), date(2026, 3, 1)),
        ("2w", date(2026, 2, 15), date(2026, 2, 16)),
    ],
)
def test_days_are_written_in_many_ways(typed: str, first: date, behind: date) -> None:
    assert days_of(typed, TODAY) == (first, behind)


@pytest.mark.parametrize("typed", ["2026-13", "2026-02-30", "9999", "0000", "12", "tomorrow", ""])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert days_of(typed, TODAY) is None
