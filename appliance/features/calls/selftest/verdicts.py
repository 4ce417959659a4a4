"""What the tries of one way mean together."""

from ipaddress import ip_address

from appliance.features.calls.model import RelayWay
from appliance.features.calls.selftest.program import Outcome, Place
from appliance.features.calls.ways import Closed, Way, filled_in

ASTRAY = {"no_answer", "refused", "unreachable", "keys_refused", "not_turn", "no_tls", "turn_error"}
"""What one meets on a machine that is not this one."""


def tries_of(way: Way, host: str) -> list[Place]:
    """First where clients are sent, then this machine itself. `host`: by which clients find
    this server's relay, if known."""
    address, port = way.place
    if way.here is None:
        return [Place(address, port, address)]
    here = Place(*way.here, host)
    return [Place(host, port, host), here] if host else [here]


def verdict(way: Way, host: str, found: list[Outcome], *, astray: str = "") -> RelayWay:
    """`astray`: where the public name leads, if that is not this machine."""
    url = filled_in(way.url, host or "localhost")
    first, last = found[0], found[-1]
    if not first.code:
        return RelayWay(name=way.name, kind=way.kind, url=url, state="ok", ms=first.ms)
    if not last.code:
        code, detail = (
            ("elsewhere", astray) if astray and first.code in ASTRAY else (first.code, first.detail)
        )
        return RelayWay(
            name=way.name, kind=way.kind, url=url, state="here", code=code, detail=detail, ms=last.ms
        )
    # What fails on the machine itself has to be put right first.
    return RelayWay(name=way.name, kind=way.kind, url=url, state="bad", code=last.code, detail=last.detail)


def untried(way: Way, host: str) -> RelayWay:
    """It is there, and nothing is known of it."""
    return RelayWay(
        name=way.name, kind=way.kind, url=filled_in(way.url, host or "localhost"), state="unknown"
    )


def missing(way: Closed) -> RelayWay:
    """It should be there."""
    return RelayWay(name=way.name, kind=way.kind, url="", state="bad", code=way.code, detail=way.detail)


def led_astray(meant: list[str], configured: list[str], own: list[str]) -> str:
    """Where a name leads that should lead here, if it does not, in words: `meant` is what it says,
    `configured` what the admin said this machine is called, `own` what the machine finds itself. An address
    of a private network says nothing: a router may pass on what comes to the one that the name means."""
    mine = configured or [each for each in own if ip_address(each).is_global]
    families = {ip_address(each).version for each in mine}
    said = [each for each in meant if ip_address(each).version in families]
    return "" if not said or set(said) & set(mine) else ", ".join(said)
