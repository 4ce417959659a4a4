"""Where a request comes from, and where it believes to be: whom to believe."""

from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from appliance.config import Config
from appliance.edge.doorstep import look

PLAIN = Config(data=Path("data"))
PROXIED = replace(
    PLAIN, trusted_proxies=tuple(map(ip_network, ("127.0.0.1", "10.0.0.0/8", "fd00::/8", "::1")))
)
PUBLIC = replace(PLAIN, public_url="https://chat.example.org")


def address(peer: str, *forwarded: str, config: Config = PROXIED) -> str:
    headers = [("host", "chat.example.org"), *(("x-forwarded-for", value) for value in forwarded)]
    return look(headers, (peer, 1), False, config).address


@pytest.mark.parametrize(
    ("peer", "forwarded", "believed"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1, nonsense, 10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", ["10.1.2.3, 10.1.2.4"], "10.1.2.3"),
        ("127.0.0.1", ["", " , "], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1:4711"], "127.0.0.1"),
        ("::1", ["2001:db8::7"], "2001:db8::/64"),
        ("::1", ["2001:db8::ffff:1:2:3"], "2001:db8::/64"),
        ("fd00::5", ["2001:db8:0:7::7, fd00::6"], "2001:db8:0:7::/64"),
        ("::1", [], "::1"),
        ("::ffff:127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["unknown"], "127.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_says_who_stands_behind_it(
    peer: str, forwarded: list[str], believed: str
) -> None:
    assert address(peer, *forwarded) == believed


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert address("127.0.0.1", "198.51.100.1", config=PLAIN) == "127.0.0.1"


def test_the_scheme_is_believed_of_a_proxy_only() -> None:
    headers = [("host", "chat.example.org"), ("x-forwarded-proto", "https")]
    assert look(headers, ("127.0.0.1", 1), False, PROXIED).site.secure
    assert not look(headers, ("203.0.113.9", 1), False, PROXIED).site.secure
    assert not look(headers, ("127.0.0.1", 1), False, PLAIN).site.secure
    plain = [("host", "chat.example.org"), ("x-forwarded-proto", "http")]
    assert not look(plain, ("127.0.0.1", 1), True, PROXIED).site.secure
    assert look(plain, ("203.0.113.9", 1), True, PROXIED).site.secure


def test_the_public_url_wins_over_what_a_request_says() -> None:
    here = look([("host", "evil.example")], ("203.0.113.9", 1), False, PUBLIC).site
    assert (here.secure, here.host, here.url) == (True, "chat.example.org", "https://chat.example.org")


@pytest.mark.parametrize("header", ["forwarded", "x-forwarded-for", "x-real-ip", "via"])
def test_a_forwarded_request_is_not_direct(header: str) -> None:
    assert look([("host", "x")], ("127.0.0.1", 1), False, PLAIN).direct
    assert not look([("host", "x"), (header, "for=1.2.3.4")], ("127.0.0.1", 1), False, PLAIN).direct


@pytest.mark.parametrize(
    ("headers", "token", "bearer"),
    [
        ([("authorization", "Bearer abc")], "abc", True),
        ([("authorization", "bearer abc ")], "abc", True),
        ([("authorization", "Bearer ")], "", False),
        ([("authorization", "Basic abc")], "", False),
        ([("authorization", "abc")], "", False),
        ([("cookie", "safevoice=abc")], "abc", False),
        ([("cookie", 'a=1;safevoice="abc"; b=2')], "abc", False),
        ([("cookie", 'a={"x": [1]}; a b; =; ;;safevoice=abc; safevoice=second')], "abc", False),
        ([("cookie", "xsafevoice=abc; safevoicex=abc; x=safevoice=abc")], "", False),
        ([("cookie", "__Host-safevoice=abc")], "", False),
        ([("cookie", "safevoice=abc"), ("authorization", "Bearer own")], "own", True),
        ([("cookie", "; " * 20_000 + "safevoice=abc")], "", False),
    ],
)
def test_where_the_token_is(headers: list[tuple[str, str]], token: str, bearer: bool) -> None:
    here = look(headers, ("127.0.0.1", 1), False, PLAIN)
    assert (here.token, here.bearer) == (token, bearer)


def test_over_https_only_the_cookie_counts_that_no_other_site_can_set() -> None:
    assert look([("cookie", "safevoice=abc")], ("127.0.0.1", 1), True, PLAIN).token == ""
    assert look([("cookie", "__Host-safevoice=abc")], ("127.0.0.1", 1), True, PLAIN).token == "abc"


@pytest.mark.parametrize("peer", [None, ("not an address", 1), ("fe80::1%eth0", 1), ""])
def test_a_peer_of_any_form_is_no_reason_to_fall_over(peer: object) -> None:
    assert look([("x-forwarded-for", "1.2.3.4")], peer, False, PROXIED).address != "1.2.3.4"
