"""What the bench of search asks, and of what."""

import pytest

from appliance.dev.bench.search.command import main
from appliance.dev.bench.search.corpus import ELSEWHERE, Corpus
from appliance.dev.bench.search.questions import questions

ROOMS = [f"room{number}" for number in range(20)]
MINE = frozenset(ROOMS[:2])


def test_the_corpus_is_the_same_every_time_and_what_is_everywhere_else_is_not_in_my_rooms() -> None:
    corpus = Corpus(10_000, mine=MINE)
    said = list(corpus.texts(ROOMS))
    assert len(said) == 10_000
    assert said == list(Corpus(10_000, mine=MINE).texts(ROOMS))
    for word, share in ELSEWHERE.items():
        assert not any(word in text for room, text in said if room in MINE)
        others = [text for room, text in said if room not in MINE]
        assert sum(word in text for text in others) / len(others) == pytest.approx(share, abs=0.03)
    for phrase in corpus.phrases + corpus.pairs:
        assert any(phrase in text for room, text in said if room in MINE)
    asked = questions(corpus, 5)
    assert {len(some) for some in asked.values()} == {5}
    assert asked == questions(corpus, 5)


def test_a_bench_without_bounds_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--messages", "1000000000"])
    assert "10,000,000" in capsys.readouterr().err
