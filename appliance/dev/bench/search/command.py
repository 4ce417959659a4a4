"""`safevoice dev bench search`: a million messages, somebody who looks for something, and what it costs."""

import argparse
import asyncio
import gc
import http.client
import json
import random
import resource
import signal
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from appliance import app
from appliance.config import Config
from appliance.dev.bench.budget import Budget, Verdict, table
from appliance.dev.bench.crowd import Cast
from appliance.dev.bench.floor import floor
from appliance.dev.bench.search.corpus import Corpus
from appliance.dev.bench.search.questions import Question, questions
from appliance.dev.bench.search.town import move_in
from appliance.dev.bench.stage import Stage
from appliance.dev.flood.options import Options
from appliance.kernel.transaction import Reader

MESSAGES = 1_000_000
ROOMS = 500
MINE = 50
ASKED = 40
"""Times that each kind of question is asked."""
TALK = Options(sockets=2 * ROOMS, rooms_of=2, rate=200, warmup=3, duration=60, drain=10)
PAUSE_S = 0.02
LOOK_S = 0.1
MOST_LOOKS = 18_000
"""Half an hour."""

INDEX = "What being findable costs a message"
BUDGETS = {
    INDEX: (
        Budget("CPU", "us", "us", 25),
        Budget("on the disk", "bytes", "bytes", 350),
        Budget("the whole index", "seconds", "s"),
    )
}
LATENCY = (
    Budget("answered, median", "ms.p50", "ms"),
    Budget("answered, p95", "ms.p95", "ms", 50),
    Budget("slowest", "ms.most", "ms"),
    Budget("hits, of 20 at most", "hits", ""),
)
BESIDE = "200 messages/s beside it"
BESIDE_BUDGETS = (
    Budget("written", "messages_per_s", "/s", 180, least=True),
    Budget("acknowledged, p95", "ack_ms.p95", "ms"),
    Budget("losses", "losses", "", 0),
)
"""Else the questions would have been answered by a server with less to do than was said."""


@dataclass
class Town:
    """A community with its history, made findable. `figures`: what that cost."""

    messages: int
    corpus: Corpus = field(init=False)
    token: str = ""
    figures: dict[str, float] = field(default_factory=dict)

    def people(self, config: Config) -> Cast:
        say(f"{ROOMS} rooms and {self.messages:,} messages")
        cast, self.token, members, mine = move_in(config, ROOMS, MINE)
        self.corpus = Corpus(self.messages, mine=mine)
        self.corpus.write(config.data, members)
        say("making them findable")
        self.figures = asyncio.run(_index(config, self.messages))
        return cast


async def _index(config: Config, messages: int) -> dict[str, float]:
    """Let the server itself take all of it in, as after an upgrade, and look at what that takes."""
    database = config.data / app.DATABASE
    # As the server itself does at its start.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    size, began, spent = database.stat().st_size, time.monotonic(), _cpu()
    async with app.opened(config) as house:
        for _ in range(MOST_LOOKS):
            if not await house.db.read(_to_be_indexed):
                break
            await asyncio.sleep(LOOK_S)
    # By now the log is in the database as well.
    return {
        "us": (_cpu() - spent) * 1e6 / messages,
        "bytes": (database.stat().st_size - size) / messages,
        "seconds": time.monotonic() - began,
    }


def _to_be_indexed(db: Reader) -> bool:
    return bool(db.value("SELECT coalesce((SELECT oldest FROM search_state), '-') <> ''"))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def ask(stage: Stage, token: str, asked: dict[str, list[Question]]) -> dict[str, dict[str, Any]]:
    """The questions of all kinds in turns, one after the other, over HTTP as the app asks them."""
    took: dict[str, list[float]] = {kind: [] for kind in asked}
    hits: dict[str, list[int]] = {kind: [] for kind in asked}
    url = urlsplit(stage.server.url)
    with closing(http.client.HTTPConnection(url.hostname or "", url.port, timeout=30)) as connection:
        for kind, question in _in_turns(asked):
            time.sleep(PAUSE_S)
            began = time.perf_counter()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            connection.request("POST", "/api/search", json.dumps(question), headers)
            response = connection.getresponse()
            body = response.read()
            took[kind].append((time.perf_counter() - began) * 1e3)
            if response.status != 200:
                raise SystemExit(f"A search was refused: {response.status} {body[:200]!r}")
            hits[kind].append(len(json.loads(body)["hits"]))
    return {kind: {"ms": _spread(took[kind]), "hits": statistics.mean(hits[kind])} for kind in asked}


def _in_turns(asked: dict[str, list[Question]]) -> Iterator[tuple[str, Question]]:
    everything = [(kind, question) for kind, some in asked.items() for question in some]
    random.Random(1).shuffle(everything)
    yield from everything


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    at = min(len(ordered) - 1, int(len(ordered) * 0.95))
    return {"p50": statistics.median(ordered), "p95": ordered[at], "most": ordered[-1]}


def measure(messages: int, asked: int) -> dict[str, dict[str, Any]]:
    """All figures by title."""
    town = Town(messages)
    with Stage(0, 0, people=town.people) as stage:
        found: dict[str, dict[str, Any]] = {INDEX: town.figures}
        kinds = questions(town.corpus, asked)
        # As long as the questions may take, and a little more.
        seconds = min(60.0, max(10.0, asked * len(kinds) * (PAUSE_S + 0.05)))
        talk = replace(TALK, duration=seconds)
        flood: dict[str, Any] = {}
        talking = threading.Thread(target=lambda: flood.update(stage.flood(talk)))
        talking.start()
        stage.wait_for_sockets(talk.sockets)
        time.sleep(talk.warmup)
        say(f"{asked} questions of each of {len(kinds)} kinds, while {talk.rate:g} messages/s are written")
        found |= ask(stage, town.token, kinds)
        still = talking.is_alive()
        talking.join()
        found[BESIDE] = flood | {"all_along": still}
    return found


def say(line: str) -> None:
    """To people, at once; standard output is for the result."""
    print(line, file=sys.stderr, flush=True)


def main(argv: list[str] | None = None) -> int:
    """Exit status 0 if every budget holds."""
    p = argparse.ArgumentParser(prog="safevoice dev bench search", description=__doc__)
    p.add_argument("--messages", type=int, default=MESSAGES, help=f"how many there are ({MESSAGES:,})")
    p.add_argument("--asked", type=int, default=ASKED, help=f"questions of each kind ({ASKED})")
    p.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    options = p.parse_args(argv)
    if not 10_000 <= options.messages <= 10_000_000 or not 1 <= options.asked <= 1000:
        p.error("--messages is from 10,000 to 10,000,000, --asked from 1 to 1,000")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    load = floor()["load"]
    figures = measure(options.messages, options.asked)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    budgets = {title: BESIDE_BUDGETS if title == BESIDE else BUDGETS.get(title, LATENCY) for title in figures}
    verdicts = [
        Verdict(title, one, one.measured(figures[title])) for title, some in budgets.items() for one in some
    ]
    print(table(verdicts))
    missed = [verdict for verdict in verdicts if not verdict.kept]
    print(f"\n{len(missed)} of {sum(v.budget.bound is not None for v in verdicts)} budgets missed")
    if not figures[BESIDE]["all_along"]:
        print("The talk beside it ended before the last question.")
    if load > 1:
        print("Other processes were busy on this machine: the figures are worse than they should be.")
    return 1 if missed or not figures[BESIDE]["all_along"] else 0
