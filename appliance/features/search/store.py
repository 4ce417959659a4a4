"""The index on disk, and what a search reads of rooms and people."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from appliance.features.search.model import Said
from appliance.kernel.transaction import Reader, Row, Tx

MIDDLE = 1 << 32
"""The first place that is given. What was said before there was an index takes those below."""
EVER = 2**53


class State(NamedTuple):
    """How far the index goes; see the migration."""

    version: int
    newest: str
    oldest: str


def state(db: Reader) -> State | None:
    row = db.row("SELECT version, newest, oldest FROM search_state")
    return None if row is None else State(*row)


def set_state(tx: Tx, new: State) -> None:
    tx.run(
        "INSERT INTO search_state (id, version, newest, oldest) VALUES (1, :version, :newest, :oldest)"
        " ON CONFLICT (id) DO UPDATE SET version = excluded.version, newest = excluded.newest,"
        " oldest = excluded.oldest",
        version=new.version,
        newest=new.newest,
        oldest=new.oldest,
    )


def clear(tx: Tx) -> None:
    """Nothing is in the index any more."""
    tx.run("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    tx.run("INSERT INTO search_parts (search_parts) VALUES ('delete-all')")
    tx.run("DELETE FROM search_words")
    tx.run("DELETE FROM search_places")
    tx.run("DELETE FROM search_keys")


# Places


def numbers(db: Reader, ids: Iterable[str]) -> dict[str, int]:
    """The short numbers of those that have one."""
    rows = db.rows(
        "SELECT k.id, k.number FROM json_each(:ids) j CROSS JOIN search_keys k ON k.id = j.value",
        ids=json.dumps(list(ids)),
    )
    return {row[0]: row[1] for row in rows}


def number_all(tx: Tx, ids: set[str]) -> dict[str, int]:
    """The short numbers of all of them."""
    found = numbers(tx, ids)
    for missing in sorted(ids - found.keys()):
        found[missing] = tx.value("INSERT INTO search_keys (id) VALUES (:id) RETURNING number", id=missing)
    return found


def drop_key(tx: Tx, key: str) -> None:
    tx.run("DELETE FROM search_keys WHERE id = :id", id=key)


def ends(db: Reader) -> tuple[int, int]:
    """(lowest place, highest place); MIDDLE for both, where there is none."""
    lowest: int | None = db.value("SELECT min(place) FROM search_places")
    highest: int | None = db.value("SELECT max(place) FROM search_places")
    return lowest or MIDDLE, highest or MIDDLE


def lowest_at(db: Reader) -> int:
    """When the first message in the index was said; now, where there is none."""
    found: int | None = db.value("SELECT at FROM search_places ORDER BY place LIMIT 1")
    return found if found is not None else db.now


def place_of(db: Reader, said: Said) -> int | None:
    found: int | None = db.value(
        "SELECT p.place FROM search_keys k JOIN search_places p ON p.room = k.number"
        " WHERE k.id = :room AND p.at = :at AND p.seq = :seq",
        room=said.room,
        at=said.at,
        seq=said.seq,
    )
    return found


def first_place_from(db: Reader, at: int) -> int:
    """The lowest place of what was said at `at` or later. Places rise with time."""
    found: int | None = db.value(
        "SELECT min(place) FROM search_places WHERE at ="
        " (SELECT at FROM search_places WHERE at >= :at ORDER BY at LIMIT 1)",
        at=at,
    )
    return ends(db)[1] + 1 if found is None else found


def place_behind(db: Reader, at: int) -> int:
    """The place after the last of what was said before `at`. Not the first of what came later: where the
    clock was ahead once, that may stand below the present."""
    found: int | None = db.value(
        "SELECT max(place) FROM search_places WHERE at ="
        " (SELECT at FROM search_places WHERE at < :at ORDER BY at DESC LIMIT 1)",
        at=at,
    )
    return 0 if found is None else found + 1


# Words


def add(tx: Tx, rows: list[tuple[int, int, Said]], written: list[str]) -> None:
    """Put messages into the index: (place, number of its room, message) of each, and its line. Those that are
    there stay as they are."""
    new = tx.run_many(
        "INSERT INTO search_places (place, room, seq, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (at, room, seq) DO NOTHING",
        [(place, room, said.seq, said.at) for place, room, said in rows],
    )
    taken = [(place, line) for (place, _, _), line in zip(rows, written, strict=True)]
    if new != len(rows):
        taken = [each for each in taken if _is_place(tx, each[0])]
    tx.run_many("INSERT INTO search_index (rowid, words) VALUES (?, ?)", taken)


def _is_place(db: Reader, place: int) -> bool:
    return db.value("SELECT 1 FROM search_places WHERE place = :place", place=place) is not None


def rewrite(tx: Tx, place: int, before: str, after: str) -> None:
    """Another line at the same place. `before` has to be exactly what is there."""
    _take_out(tx, place, before)
    tx.run("INSERT INTO search_index (rowid, words) VALUES (:place, :line)", place=place, line=after)


def remove(tx: Tx, place: int, before: str) -> None:
    """Nothing at this place any more. `before` has to be exactly what is there."""
    _take_out(tx, place, before)
    tx.run("DELETE FROM search_places WHERE place = :place", place=place)


def _take_out(tx: Tx, place: int, line: str) -> None:
    tx.run(
        "INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', :place, :line)",
        place=place,
        line=line,
    )


def add_words(tx: Tx, words: Iterable[str]) -> None:
    """Let these be found by what is inside of them; those that are there stay."""
    rows = tx.rows(
        "INSERT INTO search_words (word) SELECT value FROM json_each(:words) WHERE true"
        " ON CONFLICT (word) DO NOTHING RETURNING number, word",
        words=json.dumps(list(words)),
    )
    tx.run_many("INSERT INTO search_parts (rowid, word) VALUES (?, ?)", rows)


def words_with(db: Reader, part: str, most: int) -> list[str]:
    """Words that hold `part` (three letters at least) not at their beginning, the shortest first."""
    threes = {part[at : at + 3] for at in range(len(part) - 2)}
    rows = db.rows(
        "SELECT w.word FROM search_parts CROSS JOIN search_words w ON w.number = search_parts.rowid"
        " WHERE search_parts MATCH :threes AND instr(substr(w.word, 2), :part) > 0"
        " ORDER BY length(w.word), w.word LIMIT :most",
        threes=" AND ".join(f'"{three}"' for three in sorted(threes)),
        part=part,
        most=most,
    )
    return [row[0] for row in rows]


def candidates(db: Reader, match: str, since: int, below: int) -> Iterator[Row]:
    """(place, number of the room, seq) of what the index proposes at places from `since` on and below
    `below`, the highest place first; read as it is asked for."""
    return db.each(
        "SELECT p.place, p.room, p.seq FROM search_index CROSS JOIN search_places p"
        " ON p.place = search_index.rowid WHERE search_index MATCH :match"
        " AND search_index.rowid >= :since AND search_index.rowid < :below ORDER BY search_index.rowid DESC",
        match=match,
        since=since,
        below=below,
    )


# Compaction


def gather(tx: Tx, pages: int, *, begin: bool) -> bool:
    """One step of writing the index together, of about so many pages; whether there is more to do. What was
    taken out is gone from what has been written together."""
    before: int = tx.value("SELECT total_changes()")
    size = -pages if begin else pages
    tx.run("INSERT INTO search_index (search_index, rank) VALUES ('merge', :pages)", pages=size)
    tx.run("INSERT INTO search_parts (search_parts, rank) VALUES ('merge', :pages)", pages=size)
    done: int = tx.value("SELECT total_changes()")
    # Both statements count as one change each, whatever they did.
    return done - before > 2


def words_after(db: Reader, word: str, most: int) -> list[tuple[int, str]]:
    """(number, word) of the next words, in their order."""
    rows = db.rows(
        "SELECT number, word FROM search_words WHERE word > :word ORDER BY word LIMIT :most",
        word=word,
        most=most,
    )
    return [(row[0], row[1]) for row in rows]


def is_used(db: Reader, word: str) -> bool:
    """Whether some message in the index still has the word."""
    match = f'"{word}"'
    found = db.value("SELECT 1 FROM search_index WHERE search_index MATCH :match LIMIT 1", match=match)
    return found is not None


def drop_word(tx: Tx, number: int, word: str) -> None:
    tx.run(
        "INSERT INTO search_parts (search_parts, rowid, word) VALUES ('delete', :number, :word)",
        number=number,
        word=word,
    )
    tx.run("DELETE FROM search_words WHERE number = :number", number=number)


# Who may look where, and what is called how


def stretches(db: Reader, account: str) -> dict[str, list[tuple[int, int]]]:
    """Of each room that the account is in, the stretches of its log that it may see."""
    found: dict[str, list[tuple[int, int]]] = {}
    for room, first, last in db.rows(
        "SELECT i.room, i.from_seq, coalesce(i.to_seq, :ever) FROM members m"
        " CROSS JOIN member_intervals i ON i.room = m.room AND i.account = m.account"
        " WHERE m.account = :account",
        account=account,
        ever=EVER,
    ):
        found.setdefault(room, []).append((first, last))
    return found


def people(db: Reader, account: str, *, of_my_rooms: bool) -> list[tuple[str, str, str, str]]:
    """(id, sign-in name, display name, what the account itself calls them) of everybody who can be looked
    for, or only of who is seen in the account's rooms."""
    only = (
        "AND a.id IN (SELECT o.account FROM members m JOIN members o ON o.room = m.room"
        " WHERE m.account = :account AND o.role <> 'staff')"
    )
    rows: list[tuple[str, str, str, str]] = db.rows(
        "SELECT a.id, a.name, a.display, coalesce(n.name, '') FROM accounts a"
        " LEFT JOIN nicknames n ON n.account = :account AND n.person = a.id"
        " WHERE a.deleted_at = 0 AND a.id <> coalesce((SELECT value FROM settings WHERE name = 'desk'), '')"
        f" {only if of_my_rooms else ''} ORDER BY a.id",
        account=account,
    )
    return rows


def rooms(db: Reader, account: str) -> list[tuple[str, str, str]]:
    """(id, name, the other person of a direct message or nothing) of each room that the account is in."""
    rows: list[tuple[str, str, str]] = db.rows(
        "SELECT r.id, r.name, coalesce(replace(replace(r.pair, :account, ''), ':', ''), '')"
        " FROM members m JOIN rooms r ON r.id = m.room WHERE m.account = :account",
        account=account,
    )
    return rows


def public_rooms(db: Reader, account: str) -> list[tuple[str, str]]:
    """(id, name) of those that it is not in and could join."""
    rows: list[tuple[str, str]] = db.rows(
        "SELECT r.id, r.name FROM rooms r WHERE r.kind = 'public' AND r.archived_at = 0 AND r.deleted_at = 0"
        " AND NOT EXISTS (SELECT 1 FROM members m WHERE m.room = r.id AND m.account = :account)"
        " AND NOT EXISTS (SELECT 1 FROM bans b WHERE b.room = r.id AND b.account = :account"
        " AND (b.until = 0 OR b.until > :now))",
        account=account,
        now=db.now,
    )
    return rows
