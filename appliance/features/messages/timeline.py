"""Messages as they are read: one, a run of a room's history, those that are for somebody."""

import msgspec

from appliance.features.auth.model import Person, as_person, person_columns
from appliance.features.messages.counting import COUNTS
from appliance.features.messages.model import Message
from appliance.features.rooms.actions import FOREVER, MAY_SEE, stretches
from appliance.kernel.transaction import Reader, Row

Authored = tuple[Message, Person]

_COLUMNS = (
    "m.id, m.room, m.seq, m.rev, m.author, m.at, m.content, m.client_id, m.reply_to, m.edited_at,"
    f" m.deleted_at, m.mentions, m.everyone, m.quiet, {person_columns}"
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
        mentions=row[11].split(),
        everyone=bool(row[12]),
        quiet=bool(row[13]),
    )
    return message, as_person(row[14:], now)


def message(db: Reader, message_id: str) -> Authored | None:
    """A message, whoever asks."""
    row = db.row(f"SELECT {_COLUMNS} {_FROM} WHERE m.id = :id", id=message_id)
    return None if row is None else _authored(row, db.now)


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


def mentioned(db: Reader, account: str, before: str, most: int) -> list[Authored]:
    """Up to `most` messages with ids below `before` that name the account, or are for the whole of a room of
    theirs, newest first. What the staff says with one voice is not kept from those who share it."""
    found: dict[str, Authored] = {}
    for candidates, newest_first in ((_NAMED, "n.message DESC"), (_FOR_ALL, "m.id DESC")):
        rows = db.rows(
            f"SELECT {_COLUMNS} {candidates} AND {COUNTS} AND {MAY_SEE} ORDER BY {newest_first} LIMIT :most",
            account=account,
            voice=account,
            before=before,
            most=most,
        )
        found |= {row[0]: _authored(row, db.now) for row in rows}
    return sorted(found.values(), key=lambda authored: authored[0].id, reverse=True)[:most]


_NAMED = (
    "FROM mentions n CROSS JOIN messages m ON m.room = n.room AND m.seq = n.seq"
    " JOIN accounts a ON a.id = m.author JOIN members me ON me.room = n.room AND me.account = n.account"
    " WHERE n.account = :account AND n.message < :before"
)
_FOR_ALL = (
    # Where they stand first, which the index of such messages says; else all of a room is gone through.
    "FROM members me CROSS JOIN messages e ON e.everyone = 1 AND e.room = me.room"
    " CROSS JOIN messages m ON m.room = e.room AND m.seq = e.seq"
    " JOIN accounts a ON a.id = m.author WHERE me.account = :account AND m.id < :before"
)


def newest_of_all(db: Reader, room: str, most: int) -> list[Authored]:
    """Up to `most` of the newest messages that are not deleted, oldest first, whoever asks."""
    return _between(db, room, 0, FOREVER, "AND m.deleted_at = 0 ORDER BY m.seq DESC", most)[::-1]


def rooms_of_author(db: Reader, account: str) -> list[str]:
    """Where the account is or was, and so may have said something."""
    rows = db.rows(
        "SELECT DISTINCT room FROM member_intervals WHERE account = :account ORDER BY room", account=account
    )
    return [row[0] for row in rows]


def heads_at(db: Reader, rooms: list[str], at: int) -> dict[str, int]:
    """The seq of the last message that was said up to a time, by room; 0 where there is none."""
    last = "SELECT COALESCE(MAX(seq), 0) FROM messages WHERE room = :room AND at <= :at"
    return {room: db.value(last, room=room, at=at) for room in rooms}


def said_by(
    db: Reader, account: str, room: str, after: int, until: int, most: int
) -> tuple[list[str], int | None]:
    """(ids of what the account said up to the seq `until` and did not delete, the seq to go on from, or None
    at the end) among the next `most` messages of a room above `after`. There is no index by author: every
    post would pay for it, and hardly anybody asks."""
    rows = db.rows(
        "SELECT seq, id, author = :account AND deleted_at = 0 FROM messages"
        " WHERE room = :room AND seq > :after AND seq <= :until ORDER BY seq LIMIT :most",
        account=account,
        until=until,
        room=room,
        after=after,
        most=most,
    )
    return [row[1] for row in rows if row[2]], rows[-1][0] if len(rows) == most else None
