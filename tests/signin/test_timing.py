"""How long an answer takes tells a stranger nothing."""

import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from tests.edge.browser import browser
from tests.server import ROOMY, serving
from tests.signin.people import mark, member

ROUNDS = 25
NOISE = 1.4
"""Without the decoy the ratio is 10 and more; what a busy machine does to the middle of 25 interleaved tries
stays far below this."""


@pytest.mark.serial
async def test_unknown_wrong_suspended_and_passwordless_take_the_same_time(tmp_path: Path) -> None:
    limits = replace(ROOMY, sign_in_tries=1000, sign_in_tries_per_address=1000)
    async with serving(tmp_path / "data", limits=limits) as server, browser(server) as b:
        await member(server, "known")
        suspended, keyed = await member(server, "suspended"), await member(server, "keyed")
        await mark(server, suspended.id, "suspended_until", server.house.clock.now_ms() + 3_600_000)
        await mark(server, keyed.id, "password", "")
        names = ["known", "unknown", "suspended", "keyed", "no such name!"]
        took: dict[str, list[float]] = {name: [] for name in names}
        for number in range(ROUNDS):
            # Each goes first as often as the others, so that nobody always follows the same one.
            start = number % len(names)
            for name in names[start:] + names[:start]:
                began = time.perf_counter()
                answer = await b.post("/api/sign-in", json={"name": name, "password": "wrong"})
                took[name].append(time.perf_counter() - began)
                assert answer.status_code == 401
        medians = {name: median(each) for name, each in took.items()}
        assert max(medians.values()) < NOISE * min(medians.values()), medians
