"""Which networks a call has to get through, and how."""

from dataclasses import dataclass, replace
from typing import Literal

from tests.nat.lab import HOUSE, Cloud, Home

ORDINARY = Home("ordinary")
SYMMETRIC = Home("symmetric")
OPEN = Home("none")
NO_UDP = Home("ordinary", "meta l4proto != udp")
ONLY_HTTPS = Home("ordinary", "tcp dport 443")

Browser = Literal["chromium", "firefox"]
WITH_FIREFOX: tuple[Browser, Browser] = ("chromium", "firefox")
FIREFOX_FIRST: tuple[Browser, Browser] = ("firefox", "chromium")
"""Who calls decides on the pair, and Firefox takes the first that works, be it by UDP or by TCP."""


@dataclass(frozen=True)
class Case:
    """`way`: "direct", "relay udp", "relay tcp", "relay tls", "relay" by any of them, or "none" where nothing
    can connect these two. `refused`: whose keys the relay does not take. `announced`: what the server
    believes it is called; `cloud`: what stands before it. `browsers`: Ada's and Ben's."""

    name: str
    ada: Home
    ben: Home
    way: str
    refused: tuple[str, ...] = ()
    announced: str = HOUSE
    cloud: Cloud = "none"
    browsers: tuple[Browser, Browser] = ("chromium", "chromium")


WAYS = ("direct", "relay udp", "relay tcp", "relay tls")

CASES = (
    Case("ordinary NATs", ORDINARY, ORDINARY, "direct"),
    Case("an ordinary and a symmetric NAT", ORDINARY, SYMMETRIC, "relay udp"),
    Case("symmetric NATs", SYMMETRIC, SYMMETRIC, "relay udp"),
    Case("symmetric NAT and open; the relay refuses the open side", SYMMETRIC, OPEN, "direct", ("ben",)),
    Case("symmetric NAT and open; the relay refuses the other side", SYMMETRIC, OPEN, "direct", ("ada",)),
    Case("symmetric NATs; the relay refuses one side", SYMMETRIC, SYMMETRIC, "none", ("ben",)),
    Case("UDP is blocked on both sides", NO_UDP, NO_UDP, "relay tcp"),
    Case("UDP is blocked on one side", NO_UDP, ORDINARY, "relay tcp"),
    Case("only port 443 on both sides", ONLY_HTTPS, ONLY_HTTPS, "relay tls"),
    Case("only port 443 on one side, a symmetric NAT", ONLY_HTTPS, SYMMETRIC, "relay tls"),
    Case("server behind a 1:1 NAT, symmetric NATs", SYMMETRIC, SYMMETRIC, "relay udp", cloud="1:1"),
    Case(
        "the same, and it announces a wrong address",
        SYMMETRIC,
        SYMMETRIC,
        "relay udp",
        announced="198.51.100.99",
        cloud="1:1",
    ),
    Case(
        "server behind a proxy that hides addresses, ordinary NATs",
        ORDINARY,
        ORDINARY,
        "relay udp",
        cloud="hiding",
    ),
    Case("Chromium calls Firefox, symmetric NATs", SYMMETRIC, SYMMETRIC, "relay udp", browsers=WITH_FIREFOX),
    Case("Chromium calls Firefox, UDP is blocked", NO_UDP, NO_UDP, "relay tcp", browsers=WITH_FIREFOX),
    Case("Firefox calls Chromium, symmetric NATs", SYMMETRIC, SYMMETRIC, "relay", browsers=FIREFOX_FIRST),
)

MOVES = tuple(
    replace(case, name=f"{case.name}; then one side changes its network")
    for case in (next(each for each in CASES if each.way == way) for way in WAYS)
)
"""A call by each way, and then somebody takes their phone from one network to another of the same kind."""
