"""`safevoice dev bench`: runs the cases, prints the table; its exit status says whether all budgets hold."""

import argparse
import json
import signal
import sys
import threading
import time
from itertools import groupby
from pathlib import Path
from typing import Any

from appliance.dev.bench import budget
from appliance.dev.bench.budget import Verdict, table
from appliance.dev.bench.cases import CASES, Case
from appliance.dev.bench.floor import floor
from appliance.dev.bench.hotspots import Hotspots, hotspots_of
from appliance.dev.bench.pages import newest_pages, write_history
from appliance.dev.bench.stage import Stage
from appliance.dev.flood.options import Options

STARTS = 3
BUSY = 1.0
"""Processes that want to run, averaged over a minute, before anything was started here."""
PROFILE_S = 5
MOST_PROFILES = 4
BIG = 10_000_000
BIG_ROOMS = 200


class Bench:
    """`say` gets each line for people as soon as it is known."""

    def __init__(self, *, profiles: int) -> None:
        self._profiles = profiles
        self.verdicts: list[Verdict] = []
        self.figures: dict[str, Any] = {}

    def machine(self) -> None:
        """What the machine itself costs right now."""
        self.figures["machine"] = floor()
        self._judge("this machine, without any server", budget.FLOOR, self.figures["machine"])

    def run(self, cases: list[Case]) -> None:
        """Each case; those that follow each other with the same crowd share a server."""
        for (sockets, rooms_of), some in groupby(cases, key=lambda case: case.stage):
            with Stage(sockets, rooms_of) as stage:
                if "start" not in self.figures:
                    self._starts(stage)
                for case in some:
                    self._case(stage, case)

    def pages(self, messages: int) -> None:
        """The newest page among `messages`."""
        title = f"newest page of a room among {messages:,} messages, over HTTP"
        say(title)
        with Stage(BIG_ROOMS * 2, 2, prepare=lambda folder: write_history(folder, messages)) as stage:
            figures = newest_pages(stage)
        self.figures["pages"] = figures
        self._judge(title, (budget.page("p50"), budget.page("p95", 5), budget.page("p99")), figures)

    def _starts(self, stage: Stage) -> None:
        taken = [stage.server.started_s]
        for _ in range(STARTS - 1):
            stage.restart()
            taken.append(stage.server.started_s)
        figures = {"start_s": sorted(taken)[len(taken) // 2], "rss_idle": stage.server.resident()}
        self.figures["start"] = figures
        self._judge("start", (budget.START, budget.IDLE), figures)

    def _case(self, stage: Stage, case: Case) -> None:
        say(case.title)
        figures = stage.flood(case.options)
        self.figures[case.name] = figures
        if self._judge(case.title, case.budgets, figures) or not self._profiles:
            return
        self._profiles -= 1
        found = _profile(stage, case.options)
        say(f"\n  where the time goes: {case.title}")
        say(found.table() if found else "  py-spy may not look into processes here")

    def _judge(self, title: str, budgets: tuple[budget.Budget, ...], figures: dict[str, Any]) -> bool:
        verdicts = [Verdict(title, one, one.measured(figures)) for one in budgets]
        self.verdicts += verdicts
        for verdict in verdicts:
            if not verdict.kept:
                say(f"  MISS {' '.join(verdict.row()[:3])}")
        return all(verdict.kept for verdict in verdicts)


def _profile(stage: Stage, options: Options) -> Hotspots | None:
    """The same load once more, watched: watching costs time, so its figures do not count."""
    load = threading.Thread(target=stage.flood, args=(options,))
    load.start()
    # Only the sockets' connecting is waited for; how long that takes shows in the server's own count.
    stage.wait_for_sockets(options.sockets)
    time.sleep(options.warmup)
    found = hotspots_of(stage.server.pid, PROFILE_S)
    load.join()
    return found


def say(line: str) -> None:
    """To people, at once; standard output is for the result."""
    print(line, file=sys.stderr, flush=True)


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="safevoice dev bench", description=__doc__)
    names = ", ".join(case.name for case in CASES)
    p.add_argument(
        "cases",
        nargs="*",
        metavar="CASE",
        help=f"only these: {names}; web: the app in a browser; search; or calls",
    )
    p.add_argument("--big", action="store_true", help=f"also the newest page among {BIG:,} messages")
    p.add_argument("--no-profile", action="store_true", help="do not look where the time goes")
    p.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    return p


def main(argv: list[str] | None = None) -> int:
    """Exit status 0 if every budget holds."""
    given = sys.argv[1:] if argv is None else argv
    if given[:1] == ["web"]:
        # Wants a browser, which the rest does without.
        from appliance.dev.bench.web.command import main as web

        return web(given[1:])
    if given[:1] == ["search"]:
        from appliance.dev.bench.search.command import main as search

        return search(given[1:])
    if given[:1] == ["calls"]:
        from appliance.dev.bench.calls.command import main as calls

        return calls(given[1:])
    p = parser()
    options = p.parse_args(given)
    unknown = set(options.cases) - {case.name for case in CASES}
    if unknown:
        p.error(f"unknown: {', '.join(sorted(unknown))}")
    chosen = [case for case in CASES if not options.cases or case.name in options.cases]
    began = time.monotonic()
    bench = Bench(profiles=0 if options.no_profile else MOST_PROFILES)
    # Ended by a signal, the server that was started here must not stay behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    bench.machine()
    bench.run(chosen)
    bench.pages(BIG if options.big else BIG // 100)
    if options.json:
        options.json.write_text(json.dumps(bench.figures, indent=1))
    missed = [verdict for verdict in bench.verdicts if not verdict.kept]
    print(table(bench.verdicts))
    print(f"\n{len(missed)} of {sum(v.budget.bound is not None for v in bench.verdicts)} budgets missed")
    print(f"{time.monotonic() - began:.0f} s; server and load in processes of their own on this machine")
    if bench.figures["machine"]["load"] > BUSY:
        print("Other processes were busy on this machine: the figures are worse than they should be.")
    return 1 if missed else 0
