"""The newest page of a room, asked for over HTTP as the app does, in a small and in a huge history."""

import http.client
import json
import random
import sqlite3
from array import array
from contextlib import closing
from pathlib import Path
from time import perf_counter_ns
from typing import Any
from urllib.parse import urlsplit

from appliance.dev.bench.stage import Stage
from appliance.dev.flood.tally import percentiles_ms

ASKED = 400
_SQL = Path(__file__).with_name("history.sql")
_BEGAN = 1_600_000_000_000


def write_history(folder: Path, messages: int, room: str = "") -> None:
    """Give the rooms of a data folder, or one of them, `messages` messages altogether. No server may run on
    it."""
    insert, *rest = _SQL.read_text().split(";\n")
    with closing(sqlite3.connect(folder / "safevoice.db", isolation_level=None)) as conn:
        # Until the server starts nothing here is worth keeping, so nothing waits for the disk.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144", "locking_mode=EXCLUSIVE"):
            conn.execute(f"PRAGMA {pragma}").fetchall()
        sql = "SELECT room, min(account), max(account) FROM members WHERE room = ?1 OR ?1 = '' GROUP BY room"
        rooms = conn.execute(sql, (room,)).fetchall()
        each = -(-messages // len(rooms))
        conn.execute("BEGIN")
        for number, (room, one, other) in enumerate(rooms):
            head = conn.execute("SELECT head FROM logs WHERE log = ?", (room,)).fetchone()[0]
            row = {"room": room, "one": one, "other": other, "head": head, "count": each}
            conn.execute(insert, row | {"start": number * each, "at": _BEGAN})
            for statement in rest:
                conn.execute(statement, row)
        conn.execute("COMMIT")


def newest_pages(stage: Stage, asked: int = ASKED) -> dict[str, Any]:
    """{"page_ms": percentiles} of newest pages of random rooms, one request after the other."""
    cast: dict[str, list[str]] = json.loads((stage.folder / "cast.json").read_text())
    seats = [(room, token) for room, tokens in cast.items() for token in tokens]
    url = urlsplit(stage.server.url)
    took = array("q")
    with closing(http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)) as connection:
        for room, token in random.choices(seats, k=asked):
            began = perf_counter_ns()
            path = f"/api/rooms/{room}/messages?limit=20"
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            response = connection.getresponse()
            body = response.read()
            took.append(perf_counter_ns() - began)
            if response.status != 200:
                raise SystemExit(f"A page was refused: {response.status} {body[:200]!r}")
    return {"page_ms": percentiles_ms(took), "page_bytes": len(body)}
