"""The power fails: only what was synced is certain, and of the rest any part may be there."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from appliance.kernel.migrate import MIGRATIONS, migrate, migrations
from tests.client import connected
from tests.durability import trace
from tests.durability.disk import Disk
from tests.durability.process import ROOT, SMALL_LOG, Process, accounts_in, running
from tests.durability.trace import Call
from tests.server import Account, room_of, serving

CLIENTS = 4
EACH = 25
FATES = 2
"""Images a cut with a random part of what was not synced, besides the one without any of it."""
STEPS = 70
"""Roughly so many cuts."""


def passing(name: str) -> bool:
    """Files of a data folder that say nothing after a power cut."""
    return name in ("lock", "control.sock") or name.endswith("-shm")


@dataclass
class Run:
    """A server's life under strace. `before`: its folder as it was at the start; `promised`: messages that
    an earlier server had acknowledged by then; `room` is where they were said."""

    folder: Path
    before: Path
    calls: list[Call] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    room: str = ""
    accounts: list[Account] = field(default_factory=list)


async def lived(tmp_path: Path, prelude: str) -> Run:
    """Messages, a SIGKILL, a start that must recover, many messages with checkpoints, a clean stop."""
    run = Run(tmp_path / "data", tmp_path / "before")
    run.accounts = await accounts_in(run.folder, *(f"client{number}" for number in range(CLIENTS)))
    async with running(run.folder) as first:
        async with connected(first.port, run.accounts[0].token) as owner:
            run.room = await room_of(owner, *run.accounts[1:])
            run.promised = [(await owner.post(run.room, f"early {n}"))["subject"] for n in range(5)]
        first.kill()
        await first.ended()
    await asyncio.to_thread(copied, run)

    async def talk(process: Process, account: Account) -> None:
        async with connected(process.port, account.token) as client:
            for number in range(EACH):
                ack = await client.post(run.room, f"{number} " + "and so on " * 150)
                assert ack["op"] == "ack"

    output = tmp_path / "trace"
    async with running(run.folder, before=trace.strace(output), prelude=prelude) as second:
        await asyncio.gather(*(talk(second, account) for account in run.accounts))
        assert await second.stop() == 0
    run.calls = await asyncio.to_thread(trace.read, output)
    return run


def copied(run: Run) -> None:
    run.before.mkdir()
    for file in run.folder.iterdir():
        if file.is_file() and not passing(file.name):
            shutil.copy(file, run.before)


def cuts(run: Run, folder: Path, random: Random, steps: int = STEPS) -> Iterator[tuple[Path, set[str]]]:
    """(folder as found after a cut, messages acknowledged before it). Cuts lie everywhere, and after each
    sync of the database itself, which is a checkpoint."""
    acked = trace.acks(run.calls)
    disk = Disk(run.folder, run.before, passing)
    count = sum(1 for call in run.calls if call.path.startswith(str(run.folder)))
    number = 0
    for line, call in disk.play(run.calls):
        checkpoint = call.path.endswith(".db") and call.name == "fdatasync"
        if not checkpoint and random.random() > steps / count:
            continue
        promised = {*run.promised, *(subject for at, subject in acked if at <= line)}
        for fate in range(1 + FATES):
            number += 1
            target = folder / f"cut{number}"
            disk.cut(target, random if fate else None)
            # What shared memory held is gone; its file may still be there, with anything in it.
            (target / "safevoice.db-shm").write_bytes(random.randbytes(32768))
            yield target, promised
            shutil.rmtree(target)  # unless that one was found wanting


def lost(found: Path, promised: set[str]) -> set[str]:
    """What of the promised is not there after a start; raises when the database is not whole."""
    with closing(sqlite3.connect(found / "safevoice.db")) as conn:
        # Only so that the test is quick: it looks at what was on the disk, it does not cut again.
        conn.execute("PRAGMA synchronous=OFF")
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        there = {row[0] for row in conn.execute("SELECT id FROM messages")}
        # A message is there with all that belongs to it, or not at all.
        for table in ("commands", "log_rows"):
            assert there <= {row[0] for row in conn.execute(f"SELECT subject FROM {table}")}
        for length, newest in conn.execute("SELECT count(*), max(seq) FROM log_rows GROUP BY log"):
            assert length == newest, "a hole in a log"
    # Rooms are acknowledged too, and devices; only messages are asked for here.
    return promised - there


async def test_whatever_the_disk_had_not_yet_written_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    run = await lived(tmp_path, SMALL_LOG)
    random = Random(20)
    checked = with_messages = 0
    last: set[str] = set()
    for found, promised in cuts(run, tmp_path, random):
        if checked % 40 == 20:
            await starts(found, run, promised)
        assert lost(found, promised) == set()
        checked += 1
        with_messages += len(promised) > len(run.promised)
        last = promised
    assert len(last) == len(run.promised) + CLIENTS * EACH
    assert checked > 120
    assert with_messages > 80


async def starts(found: Path, run: Run, promised: set[str]) -> None:
    """The server itself starts on what was found, shows everything, and takes more."""
    async with serving(found) as server, server.connect(run.accounts[0], hello=False) as client:
        welcome = await client.hello({run.room: 0})
        log = next(log for log in welcome["logs"] if log["log"] == run.room)
        told = {event["message"]["id"] for event in log["events"] if event["op"] == "message"}
        assert promised <= told
        ack = await client.post(run.room, "after the cut")
        assert ack["seq"] == log["to"] + 1


async def test_a_server_that_does_not_sync_would_be_found_out(tmp_path: Path) -> None:
    run = await lived(tmp_path, f"{SMALL_LOG}; db.PRAGMAS = (*db.PRAGMAS, 'synchronous=OFF')")
    losses = 0
    for found, promised in cuts(run, tmp_path, Random(21)):
        try:
            losses += bool(lost(found, promised))
        except (AssertionError, sqlite3.DatabaseError):
            losses += 1
    assert losses > 20


# Migrations

NEXT = len(migrations()) + 1
TABLE = """CREATE TABLE rebuilt (
    room TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, mood TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (room, seq)
) WITHOUT ROWID;
INSERT INTO rebuilt (room, seq, id) SELECT room, seq, id FROM messages;
"""


async def test_a_power_cut_in_a_migration_leaves_the_old_schema_or_the_new_one_with_its_copy(
    tmp_path: Path,
) -> None:
    run = Run(tmp_path / "data", tmp_path / "before")
    run.accounts = await accounts_in(run.folder, "ada")
    async with running(run.folder) as server:
        async with connected(server.port, run.accounts[0].token) as ada:
            room = await room_of(ada)
            run.promised = [(await ada.post(room, f"number {n}"))["subject"] for n in range(30)]
        server.kill()
        await server.ended()
    await asyncio.to_thread(copied, run)
    newer = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, newer)
    (newer / f"{NEXT:04d}_messages.sql").write_text(TABLE)
    program = (
        "import sys; from pathlib import Path; from appliance.kernel.migrate import migrate;"
        f"migrate(Path({str(run.folder / 'safevoice.db')!r}), Path({str(newer)!r}))"
    )
    command = [*trace.strace(tmp_path / "trace"), sys.executable, "-c", program]
    await asyncio.to_thread(subprocess.run, command, check=True, cwd=ROOT)
    run.calls = trace.read(tmp_path / "trace")
    seen = {NEXT - 1: 0, NEXT: 0}
    copies = 0
    for found, promised in cuts(run, tmp_path, Random(22), 40):
        copy = found / f"safevoice.before-{NEXT:04d}.db"
        with closing(sqlite3.connect(found / "safevoice.db")) as conn:
            version = conn.execute("PRAGMA user_version").fetchone()[0]
            if version == NEXT:
                assert conn.execute("SELECT count(*) FROM rebuilt").fetchone() == (len(promised),)
        seen[version] += 1
        if copy.exists():
            copies += 1
            assert lost_from_copy(copy, promised) == set()
        assert version == NEXT - 1 or copy.exists(), "migrated, and the copy is not there"
        migrate(found / "safevoice.db", newer)
        with closing(sqlite3.connect(found / "safevoice.db")) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert promised <= {row[0] for row in conn.execute("SELECT id FROM rebuilt")}
    assert min(seen.values()) > 5
    assert copies > 5


def lost_from_copy(copy: Path, promised: set[str]) -> set[str]:
    with closing(sqlite3.connect(copy)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA user_version").fetchone() == (NEXT - 1,)
        return promised - {row[0] for row in conn.execute("SELECT id FROM messages")}
