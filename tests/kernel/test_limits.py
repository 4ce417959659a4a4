import pytest

from appliance.kernel.clock import HandClock
from appliance.kernel.limits import Limiter, Window


def test_a_burst_passes_at_once_and_then_one_each_second() -> None:
    clock = HandClock()
    limiter = Limiter(clock, 60, 60, burst=20)
    assert [limiter.take("ada") for _ in range(20)] == [0] * 20
    assert limiter.take("ada") == 1000
    clock.advance(0.4)
    assert limiter.take("ada") == 600
    clock.advance(0.6)
    assert limiter.take("ada") == 0
    assert limiter.take("ada") == 1000


def test_a_refused_try_does_not_push_the_next_one_away() -> None:
    clock = HandClock()
    limiter = Limiter(clock, 1, 10)
    limiter.take("ada")
    assert {limiter.take("ada") for _ in range(50)} == {10_000}


def test_waiting_as_long_as_told_is_enough() -> None:
    clock = HandClock()
    limiter = Limiter(clock, 7, 3, burst=3)
    for _ in range(200):
        clock.advance(limiter.take("ada") / 1000)
    assert limiter.take("ada") in range(0, 430)


def test_one_persons_flood_is_not_anothers() -> None:
    limiter = Limiter(HandClock(), 1, 60)
    limiter.take("ada")
    assert limiter.take("ada") > 0
    assert limiter.take("ben") == 0


def test_without_a_count_nothing_is_limited_or_remembered() -> None:
    limiter = Limiter(HandClock(), 0, 60)
    assert not any(limiter.take("ada") for _ in range(1000))
    assert len(limiter) == 0


def test_what_did_not_happen_is_given_back() -> None:
    limiter = Limiter(HandClock(), 1, 60)
    limiter.take("ada")
    limiter.give_back("ada")
    limiter.give_back("nobody")
    assert limiter.take("ada") == 0


def test_idle_keys_are_forgotten() -> None:
    clock = HandClock()
    limiter = Limiter(clock, 60, 60, burst=5)
    for number in range(1000):
        limiter.take(number)
        clock.advance(0.5)
    assert len(limiter) < 10


@pytest.mark.parametrize("kind", [Limiter, Window])
def test_a_crowd_does_not_fill_the_memory(kind: type[Limiter] | type[Window]) -> None:
    limiter = kind(HandClock(), 1, 3600, most_keys=100)
    for number in range(1000):
        assert limiter.take(number) == 0
    assert len(limiter) == 100
    assert limiter.take(999) > 0


def test_tries_count_within_any_window() -> None:
    clock = HandClock()
    tries = Window(clock, 3, 300)
    for _ in range(3):
        assert tries.take("ada") == 0
        clock.advance(100)
    assert tries.take("ada") == 0
    assert tries.take("ada") == 100_000
    clock.advance(100)
    assert tries.take("ada") == 0


def test_a_try_that_was_right_does_not_count() -> None:
    tries = Window(HandClock(), 2, 300)
    for _ in range(10):
        assert tries.take("ada") == 0
        tries.give_back("ada")


def test_old_tries_are_forgotten() -> None:
    clock = HandClock()
    tries = Window(clock, 3, 300)
    for number in range(1000):
        tries.take(number)
        clock.advance(100)
    assert len(tries) < 10
