"""Messages and read marks on disk."""

import msgspec

from appliance.features.auth.model import Person, as_person, person_columns
from appliance.features.messages.model import Message
from appliance.features.rooms.actions import FOREVER, MAY_SEE, stretches
from appliance.kernel.transaction import Reader, Row, Tx

Authored = tuple[Message, Person]

UNREAD_CAP = 1000

_COLUMNS = (
    "m.id, m.room, m.seq, m.rev, m.author, m.at, m.content, m.client_id, m.reply_to, m.edited_at,"
    f" m.deleted_at, {person_columns}"
)
_FROM = "FROM messages m JOIN accounts a ON a.id = m.author"


def _authored(row: Row, now: int) -> Authored:
    message = Message(
        id=row[0],
        room=row[1],
        seq=row[2],
        rev=row[3],
        author=row[4],
        at=row[5],
        content=None if row[6] is None else msgspec.Raw(row[6]),
        client_id=row[7],
        reply_to=row[8],
        edited_at=row[9],
        deleted_at=row[10],
    )
    return message, as_person(row[11:], now)


def author_in(db: Reader, room: str, account: str) -> Person | None:
    """The account as a person, if it is a member of the room: the one read that a post needs of both."""
    row = db.row(
        f"SELECT {person_columns} FROM members m JOIN accounts a ON a.id = m.account"
        " WHERE m.room = :room AND m.account = :account",
        room=room,
        account=account,
    )
    return None if row is None else as_person(row, db.now)


def add(tx: Tx, message: Message, device: str) -> None:
    tx.run(
        "INSERT INTO messages (room, seq, id, rev, author, device, client_id, at, content, reply_to)"
        " VALUES (:room, :seq, :id, :rev, :author, :device, :client_id, :at, :content, :reply_to)",
        room=message.room,
        seq=message.seq,
        id=message.id,
        rev=message.rev,
        author=message.author,
        device=device,
        client_id=message.client_id,
        at=message.at,
        content=None if message.content is None else bytes(message.content),
        reply_to=message.reply_to,
    )


def rewrite(tx: Tx, message_id: str, content: bytes, rev: int) -> None:
    tx.run(
        "UPDATE messages SET content = :content, rev = :rev, edited_at = :at WHERE id = :id",
        content=content,
        rev=rev,
        at=tx.now,
        id=message_id,
    )


def bury(tx: Tx, message_id: str, rev: int) -> tuple[str, str]:
    """Leave a tombstone; returns the (device, client_id) that it was posted with."""
    row = tx.row(
        "UPDATE messages SET content = NULL, rev = :rev, deleted_at = :at WHERE id = :id"
        " RETURNING device, client_id",
        rev=rev,
        at=tx.now,
        id=message_id,
    )
    assert row is not None
    return row[0], row[1]


def seen(db: Reader, account: str, message_id: str) -> Authored | None:
    """A message in a stretch of history that the account may see."""
    row = db.row(f"SELECT {_COLUMNS} {_FROM} WHERE m.id = :id AND {MAY_SEE}", id=message_id, account=account)
    return None if row is None else _authored(row, db.now)


def seen_of(db: Reader, account: str, ids: list[str]) -> list[Authored]:
    """Those of `ids` that the account may see."""
    found = (seen(db, account, message_id) for message_id in ids)
    return [authored for authored in found if authored is not None]


def before(db: Reader, account: str, room: str, seq: int, most: int) -> list[Authored]:
    """Up to `most` messages below `seq`, oldest first."""
    found = _newest(db, account, room, seq - 1, most)
    return found[::-1]


def after(db: Reader, account: str, room: str, seq: int, most: int) -> list[Authored]:
    """Up to `most` messages above `seq`, oldest first."""
    found: list[Authored] = []
    for first, last in stretches(db, room, account):
        found += _between(db, room, max(first, seq + 1), last, "ORDER BY m.seq", most - len(found))
    return found


def newest_kept(db: Reader, account: str, room: str) -> Authored | None:
    """The newest message that is not deleted."""
    found = _newest(db, account, room, FOREVER, 1, "AND m.deleted_at = 0")
    return found[0] if found else None


def _newest(db: Reader, account: str, room: str, upto: int, most: int, only: str = "") -> list[Authored]:
    """Up to `most` messages at or below `upto`, newest first."""
    found: list[Authored] = []
    # Stretch by stretch: who asks of each message whether it may be seen walks over all that may not be, and
    # for a newcomer that can be the whole history of a room.
    for first, last in reversed(stretches(db, room, account)):
        order = f"{only} ORDER BY m.seq DESC"
        found += _between(db, room, first, min(last, upto), order, most - len(found))
    return found


def _between(db: Reader, room: str, first: int, last: int, order: str, most: int) -> list[Authored]:
    """Up to `most` messages from `first` to `last`, whoever asks; `order` is the rest of the SQL."""
    if first > last or most <= 0:
        return []
    rows = db.rows(
        f"SELECT {_COLUMNS} {_FROM} WHERE m.room = :room AND m.seq BETWEEN :first AND :last"
        f" {order} LIMIT :most",
        room=room,
        first=first,
        last=last,
        most=most,
    )
    return [_authored(row, db.now) for row in rows]


def read_seq(db: Reader, room: str, account: str) -> int:
    """How far the account has read; what was said before it joined does not count as unread."""
    found: int | None = db.value(
        "SELECT max(m.joined_seq, coalesce(r.seq, 0)) FROM members m"
        " LEFT JOIN read_marks r ON r.room = m.room AND r.account = m.account"
        " WHERE m.room = :room AND m.account = :account",
        room=room,
        account=account,
    )
    return found or 0


def mark_read(tx: Tx, room: str, account: str, seq: int) -> None:
    tx.run(
        "INSERT INTO read_marks (room, account, seq) VALUES (:room, :account, :seq)"
        " ON CONFLICT (room, account) DO UPDATE SET seq = excluded.seq",
        room=room,
        account=account,
        seq=seq,
    )


def unread(db: Reader, room: str, account: str, after_seq: int) -> int:
    """Messages of others above `after_seq`, counted up to UNREAD_CAP."""
    count: int = db.value(
        # Driven from the few stretches that one may see: asking for each message whether it lies in one
        # costs twice as much. CROSS JOIN keeps SQLite from turning that around.
        "SELECT count(*) FROM (SELECT 1 FROM member_intervals i CROSS JOIN messages m ON m.room = i.room"
        " AND m.seq >= max(i.from_seq, :first) AND m.seq <= coalesce(i.to_seq, :newest)"
        " WHERE i.room = :room AND i.account = :account"
        " AND m.author <> :account AND m.deleted_at = 0 LIMIT :cap)",
        room=room,
        first=after_seq + 1,
        newest=FOREVER,
        account=account,
        cap=UNREAD_CAP,
    )
    return count


def newest_at(db: Reader) -> int:
    """When the newest message of all was posted; 0 for none."""
    found: int | None = db.value("SELECT at FROM messages ORDER BY id DESC LIMIT 1")
    return found or 0
