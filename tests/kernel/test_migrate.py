import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from appliance.kernel import migrate as module
from appliance.kernel.migrate import SchemaError, migrate, migrations

ROOMS = "-- Rooms; they have a name.\nCREATE TABLE rooms (name TEXT);\n"
TOPICS = (
    "ALTER TABLE rooms ADD COLUMN topic TEXT NOT NULL DEFAULT '';\nCREATE INDEX by_topic ON rooms (topic);\n"
)
BROKEN = "CREATE TABLE half (done TEXT);\nINSERT INTO nowhere VALUES (1);\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one migration."""
    made = tmp_path / "migrations"
    made.mkdir()
    (made / "0001_rooms.sql").write_text(ROOMS)
    return made


@pytest.fixture
def path(tmp_path: Path, folder: Path) -> Path:
    """A database that has had that migration and holds a room."""
    found = tmp_path / "safevoice.db"
    assert migrate(found, folder) == (0, 1)
    with closing(sqlite3.connect(found)) as conn, conn:
        conn.execute("INSERT INTO rooms VALUES ('garden')")
    return found


def tables(path: Path) -> tuple[int, set[str]]:
    """The version, and the names of all tables."""
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = {row[0] for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        return conn.execute("PRAGMA user_version").fetchone()[0], names


def copies(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.glob("*before*"))


def test_the_shipped_migrations_make_a_whole_schema_in_one_go(tmp_path: Path) -> None:
    path = tmp_path / "safevoice.db"
    count = len(migrations())
    assert migrate(path) == (0, count)
    assert migrate(path) == (count, count)
    version, names = tables(path)
    assert version == count
    assert {"logs", "log_entries", "commands", "jobs", "accounts", "rooms", "messages"} <= names
    assert copies(path) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_copy_is_made_before_and_only_its_owner_may_read_it(path: Path, folder: Path) -> None:
    (folder / "0002_rooms.sql").write_text(TOPICS)
    assert migrate(path, folder) == (1, 2)
    assert copies(path) == ["safevoice.before-0002.db"]
    copy = path.with_name("safevoice.before-0002.db")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert tables(copy) == (1, {"rooms"})
    with closing(sqlite3.connect(copy)) as conn:
        assert conn.execute("SELECT * FROM rooms").fetchall() == [("garden",)]
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("SELECT * FROM rooms").fetchall() == [("garden", "")]


def test_the_copy_can_take_the_place_of_the_database(path: Path, folder: Path) -> None:
    (folder / "0002_rooms.sql").write_text(TOPICS)
    migrate(path, folder)
    path.with_name("safevoice.before-0002.db").replace(path)
    (folder / "0002_rooms.sql").unlink()
    assert migrate(path, folder) == (1, 1)


def test_the_copy_holds_what_still_stood_in_the_log_of_a_crashed_server(path: Path, folder: Path) -> None:
    with closing(sqlite3.connect(path)) as crashed:
        with crashed:
            crashed.execute("INSERT INTO rooms VALUES ('cellar')")
        assert path.with_name("safevoice.db-wal").stat().st_size
        left = path.parent / "left"
        left.mkdir()
        for name in ("safevoice.db", "safevoice.db-wal"):
            shutil.copy(path.with_name(name), left)
    (folder / "0002_rooms.sql").write_text(TOPICS)
    migrate(left / "safevoice.db", folder)
    with closing(sqlite3.connect(left / "safevoice.before-0002.db")) as copy:
        assert copy.execute("SELECT * FROM rooms").fetchall() == [("garden",), ("cellar",)]


def test_a_migration_that_fails_leaves_the_version_before_it(path: Path, folder: Path) -> None:
    (folder / "0002_rooms.sql").write_text(TOPICS)
    (folder / "0003_rooms.sql").write_text(BROKEN)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(path, folder)
    assert tables(path) == (2, {"rooms"})
    (folder / "0003_rooms.sql").write_text("CREATE TABLE whole (done TEXT);")
    assert migrate(path, folder) == (2, 3)
    assert tables(path) == (3, {"rooms", "whole"})
    # The one from before the first try is still there, besides the one from before the second.
    assert copies(path) == ["safevoice.before-0002.db", "safevoice.before-0003.db"]
    assert tables(path.with_name("safevoice.before-0002.db"))[0] == 1


def test_a_migration_that_leaves_references_to_nothing_is_taken_back(path: Path, folder: Path) -> None:
    (folder / "0002_rooms.sql").write_text(
        "CREATE TABLE people (id INTEGER PRIMARY KEY);\n"
        "CREATE TABLE members (person INTEGER REFERENCES people (id));\n"
        "INSERT INTO members VALUES (7);\n"
    )
    with pytest.raises(SchemaError, match="0002 leaves members pointing nowhere"):
        migrate(path, folder)
    assert tables(path) == (1, {"rooms"})


def test_what_an_interrupted_copy_left_behind_does_not_matter(path: Path, folder: Path) -> None:
    partial = path.with_name("safevoice.before-0002.partial")
    stale = path.with_name("safevoice.before-0002.db")
    partial.write_bytes(b"half a file")
    partial.with_name(partial.name + "-journal").write_bytes(
        b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 600
    )
    stale.write_bytes(b"of an earlier try")
    (folder / "0002_rooms.sql").write_text(TOPICS)
    migrate(path, folder)
    assert tables(stale) == (1, {"rooms"})
    assert not partial.exists()


def test_when_no_copy_can_be_made_nothing_is_changed(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(conn: sqlite3.Connection, target: Path) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    (folder / "0002_rooms.sql").write_text(TOPICS)
    monkeypatch.setattr(module, "_copy", full)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        migrate(path, folder)
    assert tables(path) == (1, {"rooms"})


def test_a_newer_schema_is_refused_and_left_as_it_is(path: Path, folder: Path) -> None:
    (folder / "0002_rooms.sql").write_text(TOPICS)
    migrate(path, folder)
    (folder / "0002_rooms.sql").unlink()
    with pytest.raises(SchemaError) as refused:
        migrate(path, folder)
    text = str(refused.value)
    assert str(path) in text
    assert "has schema 2, but this SafeVoice knows only up to 1" in text
    assert "install that one, or restore a backup" in text
    assert tables(path) == (2, {"rooms"})


@pytest.mark.parametrize("name", ["0003_rooms.sql", "2_rooms.sql", "0002-rooms.sql", "0001_again.sql"])
def test_numbers_without_gaps_or_doubles(folder: Path, name: str) -> None:
    (folder / name).write_text(TOPICS)
    with pytest.raises(SchemaError, match="expected number 000"):
        migrations(folder)


def test_a_script_is_split_where_its_statements_end(tmp_path: Path) -> None:
    made = tmp_path / "tricky"
    made.mkdir()
    (made / "0001_rooms.sql").write_text(
        "CREATE TABLE t (a TEXT DEFAULT 'x;y'); -- a comment; with a semicolon\n"
        "CREATE TABLE u (b TEXT);\n"
        "CREATE TRIGGER copied AFTER INSERT ON t BEGIN\n"
        "    INSERT INTO u VALUES (new.a);\n"
        "    INSERT INTO u VALUES ('and;again');\n"
        "END;\n"
        "INSERT INTO t VALUES ('1');\n"
    )
    path = tmp_path / "tricky.db"
    migrate(path, made)
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("SELECT b FROM u").fetchall() == [("1",), ("and;again",)]


def test_a_script_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "cut"
    made.mkdir()
    (made / "0001_rooms.sql").write_text("CREATE TABLE rooms (name TEXT)")
    with pytest.raises(SchemaError, match="middle of a statement"):
        migrate(tmp_path / "cut.db", made)
