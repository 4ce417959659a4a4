"""Support conversations on disk."""

from dataclasses import dataclass

from appliance.kernel.transaction import Reader, Row, Tx


@dataclass(frozen=True, slots=True)
class StoredTicket:
    """One row of tickets. `waiting_since`: when the asker wrote what the desk did not answer yet."""

    room: str
    asker: str
    subject: str
    opened_at: int
    closed_at: int
    assignee: str
    waiting_since: int


# The asker's first message above everything that the desk said; read from the messages, so that nothing can
# come to differ from them. `:desk` speaks for all of the staff.
_WAITING = (
    "coalesce((SELECT min(m.at) FROM messages m WHERE m.room = t.room AND m.author = t.asker"
    " AND m.deleted_at = 0 AND m.seq > coalesce((SELECT max(d.seq) FROM messages d"
    " WHERE d.room = t.room AND d.author = :desk), 0)), 0)"
)
_TICKET = f"t.room, t.asker, t.subject, t.opened_at, t.closed_at, t.assignee, {_WAITING}"


def _ticket(row: Row) -> StoredTicket:
    return StoredTicket(*row)


def add(tx: Tx, room: str, asker: str, subject: str) -> None:
    tx.run(
        "INSERT INTO tickets (room, asker, subject, opened_at) VALUES (:room, :asker, :subject, :at)",
        room=room,
        asker=asker,
        subject=subject,
        at=tx.now,
    )


def ticket(db: Reader, room: str, desk: str) -> StoredTicket | None:
    row = db.row(f"SELECT {_TICKET} FROM tickets t WHERE t.room = :room", room=room, desk=desk)
    return None if row is None else _ticket(row)


def count_open(db: Reader, asker: str) -> int:
    return int(db.value("SELECT count(*) FROM tickets WHERE asker = :asker AND closed_at = 0", asker=asker))


def count_waiting(db: Reader, desk: str) -> int:
    """Open conversations in which the asker waits for an answer."""
    return int(
        db.value(f"SELECT count(*) FROM tickets t WHERE t.closed_at = 0 AND {_WAITING} > 0", desk=desk)
    )


def queue(db: Reader, desk: str, *, closed: bool, most: int) -> list[StoredTicket]:
    """Open ones, who waits longest first; or closed ones, newest first."""
    where = (
        "t.closed_at > 0 ORDER BY t.closed_at DESC"
        if closed
        else f"t.closed_at = 0 ORDER BY {_WAITING} = 0, {_WAITING}, t.opened_at"
    )
    rows = db.rows(f"SELECT {_TICKET} FROM tickets t WHERE {where} LIMIT :most", desk=desk, most=most)
    return [_ticket(row) for row in rows]


def of_asker(db: Reader, asker: str, most: int) -> list[tuple[str, str, int, int]]:
    """(room, subject, opened at, closed at), newest first."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in db.rows(
            "SELECT room, subject, opened_at, closed_at FROM tickets WHERE asker = :asker"
            " ORDER BY opened_at DESC LIMIT :most",
            asker=asker,
            most=most,
        )
    ]


def assign(tx: Tx, room: str, assignee: str) -> None:
    tx.run("UPDATE tickets SET assignee = :assignee WHERE room = :room", assignee=assignee, room=room)


def assigned_to(db: Reader, account: str) -> list[str]:
    """The conversations that somebody of the staff looks after."""
    return [
        row[0] for row in db.rows("SELECT room FROM tickets WHERE assignee = :a ORDER BY room", a=account)
    ]


def close(tx: Tx, room: str, at: int) -> None:
    """Close it at that time, or open it again with 0."""
    tx.run("UPDATE tickets SET closed_at = :at WHERE room = :room", at=at, room=room)


def purge(tx: Tx, room: str, most: int) -> int:
    """Forget a conversation; returns rows dropped."""
    return tx.run("DELETE FROM tickets WHERE room = :room", room=room)
