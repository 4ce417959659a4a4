"""`safevoice dev bench calls`: the relay and coturn take turns under the same load, and then people chat."""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from websockets.sync.client import connect
from websockets.typing import Subprotocol

from appliance.dev.bench.budget import Budget, Verdict, table
from appliance.dev.bench.calls import coturn
from appliance.dev.bench.stage import Stage, environment
from appliance.dev.flood.options import Options
from appliance.dev.flood.usage import cpu_between, usage_of
from appliance.features.calls.turn.credentials import issue
from appliance.wire.frames import PROTOCOL

PAIRS = 2
BYTES = 1000
RATES = (2000, 40_000)
"""Packets a second: a handful of relayed calls, and what no small machine's link would carry."""
ROUNDS = 3
SECONDS = 6.0
CALL_PPS = 300
"""One relayed video call in both directions."""
TALKS = {
    "100 messages/s": Options(sockets=500, rooms_of=100, window=100, rate=100, duration=12),
    "as many as it takes": Options(sockets=500, rooms_of=10, window=100, duration=12),
}
MOST_RATIO = 1.3
MOST_P99_MS = 15


@dataclass(frozen=True)
class Rival:
    """A relay that runs, and keys for it."""

    pid: int
    port: int
    keys: list[tuple[str, str]]


def measure(rival: Rival, pps: int, seconds: float) -> dict[str, Any]:
    """One load on one relay: CPU for each packet that arrived, how many did not, and how long they took."""
    with subprocess.Popen(
        [sys.executable, "-m", "appliance.dev.bench.calls.generator"],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked = {"port": rival.port, "keys": rival.keys, "pps": pps, "seconds": seconds, "bytes": BYTES}
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
        if process.stdout.readline() != b"ready\n":
            raise SystemExit("The calls did not connect.")
        before = usage_of(rival.pid)
        figures: dict[str, Any] = json.loads(process.stdout.readline())
        used = cpu_between(before, usage_of(rival.pid))
    figures["us"] = used * 1e6 / max(1, figures["received"])
    figures["pps"] = figures["received"] / seconds
    figures["lost"] = 1 - figures["received"] / max(1, figures["sent"])
    return figures


def keys_of(stage: Stage, tokens: list[str]) -> Rival:
    """The server's own relay, with the keys that it gives to these people."""
    keys, port = [], 0
    for token in tokens:
        url = stage.server.url.replace("http:", "ws:") + "/api/socket"
        headers = {"Authorization": f"Bearer {token}"}
        with connect(url, additional_headers=headers, subprotocols=[Subprotocol(PROTOCOL)]) as socket:
            for asked, answer in (("hello", "welcome"), ("ask_relay", "relay_keys")):
                socket.send(json.dumps({"op": asked, "id": asked}))
                while (frame := json.loads(socket.recv(timeout=10)))["op"] != answer:
                    continue
        [given] = frame["servers"]
        keys.append((given["username"], given["credential"]))
        port = int(given["urls"][0].split(":")[2])
    return Rival(stage.server.pid, port, keys)


@contextmanager
def their_own() -> Iterator[Rival]:
    """A coturn, and keys that it takes."""
    with coturn.running("a secret for a moment") as theirs:
        now = round(time.time() * 1000)
        issued = [issue(theirs.secret, f"p{number}", "bench", now) for number in range(2 * PAIRS)]
        yield Rival(theirs.pid, theirs.port, [key[:2] for key in issued])


def side_by_side(rounds: int, seconds: float) -> dict[str, dict[str, Any]]:
    """Figures by title; the relays take turns, so that what else the machine does meets both."""
    found: dict[str, dict[str, Any]] = {}
    with Stage(2 * PAIRS, 2) as stage, their_own() as theirs:
        rivals = {"ours": keys_of(stage, _tokens(stage)), "coturn": theirs}
        for pps in RATES:
            say(f"{pps:,} packets/s of {BYTES} bytes, {rounds} times each")
            runs: dict[str, list[dict[str, Any]]] = {name: [] for name in rivals}
            for _ in range(rounds):
                for name, rival in rivals.items():
                    runs[name].append(measure(rival, pps, seconds))
            found[f"{pps:,} packets/s through the relay"] = compared(runs)
    return found


def compared(runs: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The medians of both, and how they stand to each other."""
    ours, theirs = (statistics.median(run["us"] for run in runs[name]) for name in ("ours", "coturn"))
    return {
        "ours": ours,
        "coturn": theirs,
        "pps": statistics.median(run["pps"] for run in runs["ours"]),
        "ratio": statistics.median(
            mine["us"] / its["us"] for mine, its in zip(runs["ours"], runs["coturn"], strict=True)
        ),
        "lost": max(run["lost"] for run in runs["ours"]) * 100,
        "coturn_lost": max(run["lost"] for run in runs["coturn"]) * 100,
        "p50": statistics.median(run["ms"]["p50"] for run in runs["ours"]),
        "p99": statistics.median(run["ms"]["p99"] for run in runs["ours"]),
        "coturn_p99": statistics.median(run["ms"]["p99"] for run in runs["coturn"]),
    }


def beside_talk(talk: Options) -> dict[str, Any]:
    """How long a call's packets take while people chat, and how long the chat's do; first each alone. What
    coturn's take meanwhile is what this machine has left for a process that only relays."""
    with Stage(talk.sockets, talk.rooms_of) as stage, their_own() as theirs, ThreadPoolExecutor(2) as pool:
        ours = keys_of(stage, _tokens(stage)[: 2 * PAIRS])
        alone, quiet = measure(ours, CALL_PPS, talk.duration / 2), stage.flood(replace(talk, warmup=1))
        flood: dict[str, Any] = {}
        talking = threading.Thread(target=lambda: flood.update(stage.flood(talk)))
        talking.start()
        stage.wait_for_sockets(talk.sockets)
        time.sleep(talk.warmup)
        busy, their_busy = pool.map(lambda each: measure(each, CALL_PPS, talk.duration - 2), (ours, theirs))
        talking.join()
    return {
        "alone": alone["ms"],
        "busy": busy["ms"],
        "coturn_busy": their_busy["ms"],
        "added": busy["ms"]["p99"] - alone["ms"]["p99"],
        "lost": busy["lost"] * 100,
        "messages_per_s": flood["messages_per_s"],
        "chat_alone": quiet["delivery_ms"],
        "chat_busy": flood["delivery_ms"],
    }


LOST = Budget("lost, the worst run", "lost", "%")
RELAYED = (
    Budget("relayed by ours", "pps", "packets/s"),
    Budget("CPU a packet", "ours", "us"),
    Budget("coturn's", "coturn", "us"),
    Budget("ours to coturn's", "ratio", "", MOST_RATIO),
    LOST,
    Budget("coturn's", "coturn_lost", "%"),
    Budget("on its way p50", "p50", "ms"),
    Budget("on its way p99", "p99", "ms"),
    Budget("coturn's p99", "coturn_p99", "ms"),
)
TALKED = (
    Budget("messages meanwhile", "messages_per_s", "/s"),
    Budget("on its way p99, nobody chats", "alone.p99", "ms"),
    Budget("on its way p99", "busy.p99", "ms"),
    Budget("coturn's p99 meanwhile", "coturn_busy.p99", "ms"),
    Budget("added p99", "added", "ms", MOST_P99_MS),
    replace(LOST, bound=0.1),
    Budget("delivery of messages p99, no call", "chat_alone.p99", "ms"),
    Budget("delivery of messages p99", "chat_busy.p99", "ms"),
)


def _tokens(stage: Stage) -> list[str]:
    cast: dict[str, list[str]] = json.loads((stage.folder / "cast.json").read_text())
    return [token for some in cast.values() for token in some]


def say(line: str) -> None:
    """To people, at once; standard output is for the result."""
    print(line, file=sys.stderr, flush=True)


def main(argv: list[str] | None = None) -> int:
    """Exit status 0 if every budget holds."""
    p = argparse.ArgumentParser(prog="safevoice dev bench calls", description=__doc__)
    p.add_argument("--rounds", type=int, default=ROUNDS, help=f"measurements of each relay ({ROUNDS})")
    p.add_argument("--seconds", type=float, default=SECONDS, help=f"of each measurement ({SECONDS:g})")
    p.add_argument("--no-chat", action="store_true", help="only beside coturn")
    p.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    options = p.parse_args(argv)
    if not 1 <= options.rounds <= 20 or not 1 <= options.seconds <= 60:
        p.error("--rounds is from 1 to 20, --seconds from 1 to 60")
    if not coturn.installed():
        p.error("coturn is missing: apt-get install coturn")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    load = os.getloadavg()[0]
    figures = side_by_side(options.rounds, options.seconds)
    for title, talk in {} if options.no_chat else TALKS.items():
        say(f"a call while 500 people chat: {title}")
        figures[f"a call of {CALL_PPS} packets/s while 500 people chat: {title}"] = beside_talk(talk)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    verdicts = [
        Verdict(title, budget, budget.measured(found))
        for title, found in figures.items()
        for budget in (RELAYED if "ratio" in found else TALKED)
    ]
    missed = [verdict for verdict in verdicts if not verdict.kept]
    print(table(verdicts))
    print(f"\n{len(missed)} of {sum(v.budget.bound is not None for v in verdicts)} budgets missed")
    if load > 1:
        print("Other processes were busy on this machine: the figures are worse than they should be.")
    return 1 if missed else 0
