"""The lab of networks: each case of a call through NATs, on ground of its own; prints a table, or `--docs`
writes it into docs/calls.md. All that is not listed here is for pytest."""

import argparse
import json
import os
import statistics
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.nat import ground
from tests.nat.cases import CASES, MOVES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/calls.md"
BEGIN, END = "<!-- the lab of networks writes this -->\n", "<!-- until here -->\n"
HEAD = "| networks | by way of | time to connect |\n| --- | --- | --- |\n"


def row_of(name: str, rounds: list[dict[str, Any]]) -> str:
    """A line of the table: the median of all rounds."""
    ends = [(each["ada"], each["ben"]) for each in rounds]
    way = " or ".join(sorted({_way(*pair) for pair in ends}))
    took = [
        (max(end["connected"] for end in pair) - max(end["made"] for end in pair)) / 1000
        for pair in ends
        if all(end["connected"] for end in pair)
    ]
    return f"| {name} | {way} | {f'{statistics.median(took):.2f} s' if took else 'never'} |\n"


def _way(ada: dict[str, Any], ben: dict[str, Any]) -> str:
    if not ada["connected"]:
        return "no way"
    if ada["mine"] != "relay":
        return "peer to peer"
    protocols = sorted({ada["protocol"], ben["protocol"]}, key=["udp", "tcp", "tls"].index)
    return f"the relay, {' and '.join(each.upper() for each in protocols)}"


def table(rows: Path) -> str:
    """Of what the tests recorded, in the order of the cases."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in rows.read_text().splitlines() if rows.exists() else ():
        row = json.loads(line)
        found[row["case"]].append(row)
    return HEAD + "".join(
        row_of(case.name, found[case.name]) for case in (*CASES, *MOVES) if case.name in found
    )


def write_into_page(made: str) -> None:
    """In place of the table that stands there."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + made + END + after)


def main(argv: list[str] | None = None) -> int:
    """The exit status."""
    p = argparse.ArgumentParser(prog="python -m tests.nat", description=__doc__)
    p.add_argument("--docs", action="store_true", help="write the table into docs/calls.md")
    p.add_argument("--rounds", type=int, default=1, help="how often each case is tried (1)")
    options, rest = p.parse_known_args(argv)
    with TemporaryDirectory(prefix="safevoice-nat-") as folder:
        rows = Path(folder) / "rows"
        os.environ["SAFEVOICE_TEST_NAT_ROWS"] = str(rows)
        pytest = [sys.executable, "-m", "pytest", "-n0", "-q", "-m", "nat", *rest, str(Path(__file__).parent)]
        status = 0
        for _ in range(options.rounds):
            status = status or ground.run_there(pytest)
        made = table(rows)
    print(f"\n{made}", flush=True)
    if options.docs and not status:
        write_into_page(made)
    return status


if __name__ == "__main__":
    sys.exit(main())
