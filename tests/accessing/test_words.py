"""Names out of what other sites tell, addresses that may be asked, and when somebody is left alone."""

from typing import Any

import pytest

from appliance.features.access.breaker import Breaker, UnavailableError
from appliance.features.access.model import wished_names
from appliance.features.access.outgoing import may_ask
from appliance.kernel.clock import HandClock
from appliance.kernel.errors import Refusal


@pytest.mark.parametrize(
    ("claims", "names", "display"),
    [
        ({}, (), ""),
        ({"name": "Ada Lindqvist"}, ("ada.lindqvist",), "Ada Lindqvist"),
        ({"preferred_username": "ada", "name": "Ada"}, ("ada",), "Ada"),
        ({"preferred_username": "ada_l", "nickname": "Addie"}, ("ada_l", "addie"), "ada_l"),
        ({"preferred_username": "ada@example.org", "email": "ada@example.org"}, (), ""),
        ({"name": "ada@example.org", "given_name": "Ada"}, ("ada",), "Ada"),
        ({"name": "Béla Nováková-Øst"}, ("bela.novakova-ost",), "Béla Nováková-Øst"),
        ({"name": "يلدز"}, (), "يلدز"),
        ({"name": "  "}, (), ""),
        ({"name": 5, "nickname": ["x"], "given_name": None}, (), ""),
        ({"name": "..x.."}, ("x",), "..x.."),
        ({"name": "x" * 200}, ("x" * 24,), "x" * 64),
    ],
)
def test_names_are_taken_of_claims_and_nothing_of_an_address(
    claims: dict[str, Any], names: tuple[str, ...], display: str
) -> None:
    assert wished_names(claims) == (names, display)


@pytest.mark.parametrize(
    ("issuer", "url", "allowed"),
    [
        ("https://accounts.google.com", "https://accounts.google.com/o/oauth2/v2/auth", True),
        ("https://accounts.google.com", "https://oauth2.googleapis.com/token", True),
        ("https://accounts.google.com", "https://accounts.google.com:443/x", True),
        ("https://accounts.google.com", "http://accounts.google.com/token", False),
        ("https://accounts.google.com", "https://oauth2.googleapis.com:8443/token", False),
        ("https://accounts.google.com", "https://user@oauth2.googleapis.com/token", False),
        ("https://accounts.google.com", "https://localhost/token", False),
        ("https://accounts.google.com", "https://intranet/token", False),
        ("https://accounts.google.com", "https://printer.local/token", False),
        ("https://accounts.google.com", "https://192.168.1.1/token", False),
        ("https://accounts.google.com", "https://[::1]/token", False),
        ("https://accounts.google.com", "https://[::1/token", False),
        ("https://accounts.google.com", "ftp://accounts.google.com/", False),
        ("https://accounts.google.com", "https:///token", False),
        ("https://accounts.google.com", "https://oauth2.googleapis.com/token#x", False),
        ("https://auth.lan:8443/realms/x", "https://auth.lan:8443/realms/x/token", True),
        ("https://auth.lan:8443/realms/x", "https://auth.lan/token", False),
        ("http://localhost:9", "http://localhost:9/token", True),
        ("http://localhost:9", "http://localhost:10/token", False),
        ("http://localhost:9", "http://127.0.0.1:9/token", False),
    ],
)
def test_where_a_provider_may_be(issuer: str, url: str, allowed: bool) -> None:
    assert may_ask(issuer, url) is allowed


def fail(breaker: Breaker) -> int:
    """One question that gets no answer; returns how long to wait."""
    with pytest.raises(Refusal) as refused, breaker.call():
        raise UnavailableError
    return refused.value.retry_after_ms


def test_only_failures_in_a_row_open_it() -> None:
    breaker = Breaker(HandClock())
    for _ in range(3):
        assert [fail(breaker) for _ in range(4)] == [0] * 4
        with breaker.call():
            pass
    assert [fail(breaker) for _ in range(5)] == [0, 0, 0, 0, 30_000]


def test_when_the_rest_is_over_one_may_try_and_the_others_wait_for_it() -> None:
    clock = HandClock()
    breaker = Breaker(clock)
    for _ in range(5):
        fail(breaker)
    clock.advance(30)
    with breaker.call():
        with pytest.raises(Refusal) as refused, breaker.call():
            pass
        assert refused.value.retry_after_ms == 1000
    with breaker.call(), breaker.call():
        pass


def test_whoever_goes_away_in_the_middle_leaves_the_try_to_the_next() -> None:
    clock = HandClock()
    breaker = Breaker(clock)
    for _ in range(5):
        fail(breaker)
    clock.advance(30)
    with pytest.raises(KeyboardInterrupt), breaker.call():
        raise KeyboardInterrupt
    with breaker.call():
        pass
