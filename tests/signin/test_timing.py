"""How long an answer takes tells a stranger nothing."""

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import median, mode
from typing import Any

import pytest

from appliance.kernel.db import Database
from tests.edge.browser import browser
from tests.server import ROOMY, serving
from tests.signin.people import mark, member

ROUNDS = 25
NOISE = 1.3
"""Without the decoy the ratio is 10 and more."""


@pytest.mark.serial
async def test_unknown_wrong_suspended_and_passwordless_take_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time is that of this process's threads, whatever else the machine has to do; what else an answer could
    wait for is the database, so its work is counted."""
    work: Counter[str] = Counter()
    for name in ("read", "submit"):
        monkeypatch.setattr(Database, name, _counted(getattr(Database, name), name, work))
    limits = replace(ROOMY, sign_in_tries=1000, sign_in_tries_per_address=1000)
    async with serving(tmp_path / "data", limits=limits) as server, browser(server) as b:
        await member(server, "known")
        suspended, keyed = await member(server, "suspended"), await member(server, "keyed")
        await mark(server, suspended.id, "suspended_until", server.house.clock.now_ms() + 3_600_000)
        await mark(server, keyed.id, "password", "")
        names = ["known", "unknown", "suspended", "keyed", "no such name!"]
        took: dict[str, list[float]] = {name: [] for name in names}
        asked: dict[str, list[tuple[int, int]]] = {name: [] for name in names}
        for number in range(ROUNDS):
            # Each goes first as often as the others, so that nobody always follows the same one.
            start = number % len(names)
            for name in names[start:] + names[:start]:
                work.clear()
                began = time.process_time()
                answer = await b.post("/api/sign-in", json={"name": name, "password": "wrong"})
                took[name].append(time.process_time() - began)
                assert answer.status_code == 401
                asked[name].append((work["read"], work["submit"]))
        # Not each time: the server's own errands go to the database as well.
        assert {name: mode(each) for name, each in asked.items()} == dict.fromkeys(names, (1, 0))
        medians = {name: median(each) for name, each in took.items()}
        assert max(medians.values()) < NOISE * min(medians.values()), medians


def _counted(method: Any, name: str, work: Counter[str]) -> Any:
    def counted(*given: Any, **more: Any) -> Any:
        work[name] += 1
        return method(*given, **more)

    return counted
