"""The one place where we lean on something of aiosqlite that is not public."""

import inspect
import sqlite3
import threading
from importlib.metadata import version
from pathlib import Path

import aiosqlite
import pytest

from appliance.kernel.db import _hop

CHANGED = (
    "aiosqlite changed how work reaches its thread. kernel/db.py runs whole units of work through"
    " Connection._execute(fn, *args): read the new version, adapt _hop (or give the writer a thread of its"
    " own), and move the pin in pyproject.toml."
)


def test_the_version_is_the_one_that_was_read() -> None:
    assert version("aiosqlite").startswith("0.22."), CHANGED


def test_execute_still_takes_a_function_and_its_arguments() -> None:
    assert hasattr(aiosqlite.Connection, "_execute"), CHANGED
    assert inspect.iscoroutinefunction(aiosqlite.Connection._execute), CHANGED
    parameters = inspect.signature(aiosqlite.Connection._execute).parameters.values()
    kinds = [parameter.kind for parameter in parameters]
    assert kinds == [
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
        inspect.Parameter.VAR_KEYWORD,
    ], CHANGED


async def test_a_hop_runs_whole_on_the_thread_that_owns_the_connection(tmp_path: Path) -> None:
    conn = await aiosqlite.connect(tmp_path / "hop.db", isolation_level=None)
    try:
        assert isinstance(conn._conn, sqlite3.Connection), CHANGED
        raw = conn._conn

        def work(first: int, second: int) -> tuple[int, int]:
            raw.execute("BEGIN")
            raw.execute("SELECT 1")
            raw.execute("ROLLBACK")
            return threading.get_ident(), first + second

        threads = {(await _hop(conn, work, 2, 3)) for _ in range(3)}
        assert len(threads) == 1, CHANGED
        thread, total = threads.pop()
        assert total == 5
        assert thread != threading.get_ident(), CHANGED
        with pytest.raises(ZeroDivisionError):
            await _hop(conn, lambda: 1 // 0)
    finally:
        await conn.close()
