"""Messages as search looks at them: what they say, whom they name, what they have."""

import msgspec

from appliance.features.auth.model import Person, as_person, person_columns
from appliance.features.messages.model import Content, Message, Text, links_in
from appliance.features.search.model import Said, Source
from appliance.kernel.transaction import Reader, Row

_content = msgspec.json.Decoder(Content)
_COLUMNS = "m.id, m.room, m.seq, m.at, m.author, m.content, m.mentions, m.everyone"
_WIDTH = 8

LINK = frozenset(("link",))
NOTHING: frozenset[str] = frozenset()


def said(message: Message) -> Said | None:
    """A message as search knows it; None for what is deleted, and for what says nothing."""
    return _said(
        (
            message.id,
            message.room,
            message.seq,
            message.at,
            message.author,
            message.content,
            " ".join(message.mentions),
            message.everyone,
        )
    )


def _said(row: Row) -> Said | None:
    content = None if row[5] is None else _content.decode(row[5])
    if not isinstance(content, Text):
        return None
    text = content.text
    kinds = LINK if ("://" in text or "." in text) and links_in(text) else NOTHING
    message, room, seq, at, author = row[:5]
    mentions = tuple(row[6].split()) if row[6] else ()
    return Said(message, room, seq, at, author, text, mentions, bool(row[7]), kinds)


def _those(rows: list[Row]) -> list[Said]:
    return [known for row in rows if (known := _said(row)) is not None]


def newer(db: Reader, above: str, below: str, most: int) -> tuple[list[Said], str | None]:
    """See Source."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM messages m WHERE m.id > :above AND m.id < :below ORDER BY m.id LIMIT :most",
        above=above,
        below=below,
        most=most,
    )
    return _those(rows), rows[-1][0] if rows else None


def older(db: Reader, below: str, most: int) -> tuple[list[Said], str | None]:
    """See Source."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM messages m WHERE m.id < :below ORDER BY m.id DESC LIMIT :most",
        below=below,
        most=most,
    )
    return _those(rows), rows[-1][0] if len(rows) == most else None


def tail(db: Reader, account: str, above: str, most: int) -> list[Said]:
    """See Source."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM messages m WHERE m.id > :above AND m.deleted_at = 0"
        # The plus keeps SQLite from going through all of those rooms.
        " AND +m.room IN (SELECT room FROM members WHERE account = :account)"
        " ORDER BY m.id DESC LIMIT :most",
        above=above,
        account=account,
        most=most,
    )
    return _those(rows)


def seen(db: Reader, account: str, places: list[tuple[str, int]]) -> list[tuple[Said, Person]]:
    """See Source."""
    found = (
        db.row(
            f"SELECT {_COLUMNS}, {person_columns} FROM messages m JOIN accounts a ON a.id = m.author"
            " WHERE m.room = :room AND m.seq = :seq AND m.deleted_at = 0 AND NOT EXISTS"
            " (SELECT 1 FROM blocks b WHERE b.account = :account AND b.blocked = m.author)",
            room=room,
            seq=seq,
            account=account,
        )
        for room, seq in places
    )
    return [
        (known, as_person(row[_WIDTH:], db.now))
        for row in found
        if row is not None and (known := _said(row)) is not None
    ]


def first_of(db: Reader, room: str, most: int) -> list[Said]:
    """The first `most` messages of a room that are not deleted."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM (SELECT * FROM messages WHERE room = :room ORDER BY seq LIMIT :most) m",
        room=room,
        most=most,
    )
    return _those(rows)


SOURCE = Source(newer, older, tail, seen)
