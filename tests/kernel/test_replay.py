"""Replays of many logs at once; what is in a single one is the features' matter, and tested there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.kernel import journal
from appliance.kernel.migrate import migrate
from appliance.kernel.replay import FULL_LOGS, Replays
from appliance.kernel.transaction import Tx

ROWS = 4
"""Rows of one log that are replayed."""


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Tx]:
    migrate(tmp_path / "safevoice.db")
    with closing(sqlite3.connect(tmp_path / "safevoice.db")) as conn:
        yield Tx(conn, 1_750_000_000_000)


def _log(tx: Tx, name: str, rows: int) -> str:
    journal.open_log(tx, name)
    for number in range(rows):
        journal.append(tx, name, "change", f"{name}{number}", "ada")
    return name


def test_logs_that_together_hold_too_much_are_reset_from_the_longest_down(tx: Tx) -> None:
    full = [_log(tx, f"full{number:02}", ROWS) for number in range(FULL_LOGS)]
    short = _log(tx, "short", 1)
    replays = Replays(ROWS)
    replays.rooms_of = lambda db, account: [*full, short]
    states, _ = replays.all(tx, "ada", dict.fromkeys([*full, short], 0), fresh=False)
    assert {state.log: state.to for state in states} == {**dict.fromkeys(full, ROWS), short: 1}
    assert [state.log for state in states if state.reset] == [full[-1]]


def test_logs_that_fit_are_all_replayed(tx: Tx) -> None:
    full = [_log(tx, f"full{number:02}", ROWS) for number in range(FULL_LOGS)]
    replays = Replays(ROWS)
    replays.rooms_of = lambda db, account: full
    states, _ = replays.all(tx, "ada", dict.fromkeys(full, 0), fresh=False)
    assert not any(state.reset for state in states)
