"""What is unread: messages of others above a mark that one may see, and those of them that are for oneself.

Own messages, deleted ones, quiet ones, and those of people whom one blocked never count; for the staff of a
support room their common voice is their own.
"""

from typing import NamedTuple

from appliance.features.messages.model import UNREAD_CAP, Standing
from appliance.features.rooms.actions import FOREVER, MAY_SEE
from appliance.kernel.transaction import Reader

COUNTS = (
    "m.author <> :account AND m.author <> :voice AND m.deleted_at = 0 AND m.quiet = 0"
    " AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account = :account AND b.blocked = m.author)"
)
"""SQL: row `m` of messages may count as unread for `:account`, who speaks as `:voice`."""


class Tally(NamedTuple):
    """So many messages to read, and so many of them for me; each counted up to UNREAD_CAP."""

    unread: int
    mentions: int


def tally(db: Reader, standing: Standing) -> Tally:
    """What is unread in a room for one of its members."""
    unread = _unread(db, standing)
    return Tally(unread, _mentions(db, standing) if unread else 0)


def _unread(db: Reader, standing: Standing) -> int:
    count: int = db.value(
        # Driven from the few stretches that one may see: asking for each message whether it lies in one
        # costs twice as much. CROSS JOIN keeps SQLite from turning that around.
        "SELECT count(*) FROM (SELECT 1 FROM member_intervals i CROSS JOIN messages m ON m.room = i.room"
        " AND m.seq >= max(i.from_seq, :first) AND m.seq <= coalesce(i.to_seq, :newest)"
        f" WHERE i.room = :room AND i.account = :account AND {COUNTS} LIMIT :cap)",
        room=standing.room,
        first=standing.read_seq + 1,
        newest=FOREVER,
        account=standing.account,
        voice=standing.voice,
        cap=UNREAD_CAP,
    )
    return count


def _mentions(db: Reader, standing: Standing) -> int:
    count: int = db.value(
        "SELECT count(*) FROM (SELECT 1 FROM"
        " (SELECT seq FROM mentions WHERE account = :account AND room = :room AND seq >= :first"
        " UNION SELECT seq FROM messages WHERE room = :room AND seq >= :first AND everyone = 1) n"
        " CROSS JOIN messages m ON m.room = :room AND m.seq = n.seq"
        f" WHERE {COUNTS} AND {MAY_SEE} LIMIT :cap)",
        room=standing.room,
        first=standing.read_seq + 1,
        account=standing.account,
        voice=standing.voice,
        cap=UNREAD_CAP,
    )
    return count


def rooms_that_know(db: Reader, account: str, person: str) -> list[str]:
    """The account's rooms in which `person` is, was, or is heard as the voice of the staff. Who of the staff
    hides in a room, only those know who hide there as well."""
    rows = db.rows(
        "SELECT m.room FROM members m JOIN rooms r ON r.id = m.room WHERE m.account = :account"
        " AND ((r.kind <> 'support' OR m.role = 'staff') AND EXISTS"
        " (SELECT 1 FROM member_intervals i WHERE i.room = m.room AND i.account = :person)"
        " OR EXISTS (SELECT 1 FROM voices v WHERE v.room = m.room AND v.account = :person))"
        " ORDER BY m.room",
        account=account,
        person=person,
    )
    return [row[0] for row in rows]
