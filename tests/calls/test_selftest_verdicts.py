"""What the tries of the self-test mean together, and the words for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from appliance.config import Config
from appliance.config.calls import Calls
from appliance.features.calls.model import RelayTest, RelayWay
from appliance.features.calls.selftest import words
from appliance.features.calls.selftest.program import Outcome, Place
from appliance.features.calls.selftest.verdicts import led_astray, tries_of, untried, verdict
from appliance.features.calls.ways import Way, public_host, relay_host, shared, way

HOME = Way("udp", "turn:{host}:3478", ("127.0.0.1", 3478))
GOOD, SILENT = Outcome("", "", 40), Outcome("no_answer", "", 0)


def test_clients_addresses_are_tried_first_and_the_machine_itself_only_after() -> None:
    assert tries_of(HOME, "chat.example.org") == [
        Place("chat.example.org", 3478, "chat.example.org"),
        Place("127.0.0.1", 3478, "chat.example.org"),
    ]
    assert tries_of(HOME, "") == [Place("127.0.0.1", 3478, "")]
    theirs = Way("tls", "turns:turn.example.org?transport=tcp")
    assert tries_of(theirs, "chat.example.org") == [Place("turn.example.org", 5349, "turn.example.org")]


@pytest.mark.parametrize(
    ("found", "astray", "said"),
    [
        ([GOOD], "", ("ok", "", 40)),
        ([GOOD], "198.51.100.1", ("ok", "", 40)),
        ([SILENT, GOOD], "", ("here", "no_answer", 40)),
        ([SILENT, GOOD], "198.51.100.1", ("here", "elsewhere", 40)),
        ([Outcome("certificate_name", "", 0), GOOD], "198.51.100.1", ("here", "certificate_name", 40)),
        ([SILENT, Outcome("full", "486", 0)], "", ("bad", "full", 0)),
        ([SILENT, SILENT], "198.51.100.1", ("bad", "no_answer", 0)),
    ],
)
def test_what_a_way_is_judged_by(found: list[Outcome], astray: str, said: tuple[str, str, int]) -> None:
    judged = verdict(HOME, "chat.example.org", found, astray=astray)
    assert (judged.state, judged.code, judged.ms) == said


@pytest.mark.parametrize(
    ("meant", "configured", "own", "astray"),
    [
        (["203.0.113.7"], ["203.0.113.7"], ["10.0.0.2"], ""),
        (["203.0.113.9"], ["203.0.113.7"], ["10.0.0.2"], "203.0.113.9"),
        (["8.8.4.4"], [], ["8.8.8.8"], "8.8.4.4"),
        (["8.8.4.4"], [], ["10.0.0.2"], ""),
        (["2606:4700::1"], [], ["8.8.8.8"], ""),
        ([], [], ["8.8.8.8"], ""),
    ],
    ids=["as named", "not as named", "another machine", "behind a router", "other family", "nowhere"],
)
def test_a_name_is_held_against_what_is_known_of_this_machine(
    meant: list[str], configured: list[str], own: list[str], astray: str
) -> None:
    assert led_astray(meant, configured, own) == astray


def test_the_shared_https_port_is_called_what_people_reach_it_by() -> None:
    config = Config(data=Path(), listen="0.0.0.0:8443", public_url="https://chat.example.org")
    found = shared(config, 8443)
    assert (found.url, found.here) == ("turns:{host}:443?transport=tcp", ("127.0.0.1", 8443))
    assert shared(replace(config, public_url="https://x.org:9443"), 8443).place[1] == 9443
    assert shared(replace(config, public_url=""), 8443).place[1] == 8443
    assert public_host(config) == "chat.example.org"
    assert public_host(replace(config, public_url="http://localhost:8080")) == ""
    assert way("tcp", "::", 3478).here == ("::1", 3478)


def test_the_relay_is_looked_for_at_its_own_name_where_it_has_one() -> None:
    config = Config(data=Path(), public_url="https://chat.example.org")
    assert relay_host(config) == "chat.example.org"
    assert relay_host(replace(config, calls=Calls(relay_host="turn.example.org"))) == "turn.example.org"
    assert relay_host(Config(data=Path(), calls=Calls(relay_host="127.0.0.1"))) == "127.0.0.1"


def test_an_address_of_ipv6_stands_in_brackets() -> None:
    assert untried(HOME, "2001:db8::7").url == "turn:[2001:db8::7]:3478"
    assert verdict(HOME, "2001:db8::7", [GOOD]).url == "turn:[2001:db8::7]:3478"


def test_every_code_has_its_advice() -> None:
    here = Path(words.__file__)
    source = "".join(file.read_text() for file in here.parents[1].rglob("*.py") if file != here)
    assert all(f'"{code}"' in source for code in words.ADVICE if code != "broken")
    way = RelayWay(name="udp:3478", kind="udp", url="turn:x:3478", state="bad", code="full", detail="486")
    test = RelayTest(relay="own", host="", running=False, ran_at=1, every_s=0, ways=[way])
    assert words.lines(test)[:2] == [
        "udp:3478  does not work: full (486)",
        "          full: The relay gives no more addresses. Look at its quotas.",
    ]
