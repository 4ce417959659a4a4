"""Numbered migrations: append only, a transaction each, a copy of the database beside it first."""

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class SchemaError(Exception):
    """The database cannot be brought to this version's schema; the text is for the admin."""


@dataclass(frozen=True, slots=True)
class Migration:
    """`number` from 1; `owner` is the feature whose tables it makes."""

    number: int
    owner: str
    sql: str


def migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """All migrations in order; their numbers are 1, 2, 3 …"""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        match = re.fullmatch(r"(\d{4})_([a-z_]+)", path.stem)
        if match is None or int(match[1]) != len(found) + 1:
            raise SchemaError(f"{path.name}: expected number {len(found) + 1:04d} and a name")
        found.append(Migration(int(match[1]), match[2], path.read_text(encoding="utf-8")))
    return found


def migrate(path: Path, folder: Path = MIGRATIONS) -> tuple[int, int]:
    """Bring the database at `path` to the newest schema; returns (version before, version after).

    Raises SchemaError when the database is newer than this program."""
    path.touch(mode=0o600, exist_ok=True)
    todo = migrations(folder)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=5)) as conn:
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("PRAGMA synchronous=FULL")
        before: int = conn.execute("PRAGMA user_version").fetchone()[0]
        if before > len(todo):
            raise SchemaError(
                f"{path} has schema {before}, but this SafeVoice knows only up to {len(todo)}."
                " It was used with a newer version: install that one, or restore a backup."
            )
        if before and before < len(todo):
            _copy(conn, path.with_name(f"{path.stem}.before-{before + 1:04d}.db"))
        for migration in todo[before:]:
            _apply(conn, migration)
        return before, len(todo)


def _copy(conn: sqlite3.Connection, target: Path) -> None:
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    with closing(sqlite3.connect(partial)) as copy:
        conn.backup(copy)
    partial.replace(target)
    # Else the migration could survive a power cut and the copy's name not.
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _apply(conn: sqlite3.Connection, migration: Migration) -> None:
    # Off while tables are rebuilt, as SQLite's ALTER TABLE page asks; checked before COMMIT instead.
    conn.execute("PRAGMA foreign_keys=0")
    conn.execute("BEGIN IMMEDIATE")
    try:
        for statement in _statements(migration.sql):
            conn.execute(statement)
        broken = conn.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise SchemaError(f"migration {migration.number:04d} leaves {broken[0]} pointing nowhere")
        conn.execute(f"PRAGMA user_version={migration.number}")
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _statements(sql: str) -> list[str]:
    """Split a script, because executescript would commit behind our back."""
    found, pending = [], ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    if pending.strip():
        raise SchemaError(f"a migration ends in the middle of a statement: {pending.strip()[:60]}")
    return found
