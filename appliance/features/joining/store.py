"""Guest links and guests on disk."""

from dataclasses import dataclass

from appliance.features.auth.model import Person, as_person, person_columns
from appliance.kernel.transaction import Reader, Row, Tx


@dataclass(frozen=True, slots=True)
class StoredLink:
    """One row of guest_links."""

    id: str
    code: str
    room: str
    creator: str
    uses: int
    uses_left: int
    expires_at: int
    created_at: int


_LINK = "l.id, l.code, l.room, l.creator, l.uses, l.uses_left, l.expires_at, l.created_at"
_WORKS = "l.uses_left > 0 AND l.expires_at > :now AND l.revoked_at = 0"


def _link(row: Row | None) -> StoredLink | None:
    return None if row is None else StoredLink(*row)


def add_link(tx: Tx, new: StoredLink) -> None:
    tx.run(
        "INSERT INTO guest_links (id, code, room, creator, uses, uses_left, expires_at, created_at)"
        " VALUES (:id, :code, :room, :creator, :uses, :uses, :expires, :at)",
        id=new.id,
        code=new.code,
        room=new.room,
        creator=new.creator,
        uses=new.uses,
        expires=new.expires_at,
        at=tx.now,
    )


def link(db: Reader, link_id: str) -> StoredLink | None:
    """A link, whether it still works or not."""
    return _link(db.row(f"SELECT {_LINK} FROM guest_links l WHERE l.id = :id", id=link_id))


def working_link(db: Reader, code: str) -> StoredLink | None:
    sql = f"SELECT {_LINK} FROM guest_links l WHERE l.code = :code AND {_WORKS}"
    return _link(db.row(sql, code=code, now=db.now))


def links_of(db: Reader, room: str, most: int) -> list[StoredLink]:
    """Those of a room that still work, or by which guests are still there, newest first."""
    rows = db.rows(
        f"SELECT {_LINK} FROM guest_links l WHERE l.room = :room AND ({_WORKS} OR EXISTS ("
        "SELECT 1 FROM guests g JOIN members m ON m.account = g.account AND m.room = l.room"
        " AND m.role = 'guest' WHERE g.link = l.id)) ORDER BY l.id DESC LIMIT :most",
        room=room,
        now=db.now,
        most=most,
    )
    return [StoredLink(*row) for row in rows]


def count_working(db: Reader, room: str) -> int:
    sql = f"SELECT count(*) FROM guest_links l WHERE l.room = :room AND {_WORKS}"
    return int(db.value(sql, room=room, now=db.now))


def use_link(tx: Tx, link_id: str) -> bool:
    """Take one use; False when there is none left."""
    sql = f"UPDATE guest_links AS l SET uses_left = uses_left - 1 WHERE l.id = :id AND {_WORKS}"
    return tx.run(sql, id=link_id, now=tx.now) == 1


def revoke_link(tx: Tx, link_id: str) -> bool:
    """False when it was revoked before."""
    sql = "UPDATE guest_links SET revoked_at = :now WHERE id = :id AND revoked_at = 0"
    return tx.run(sql, now=tx.now, id=link_id) == 1


def forget(tx: Tx, account: str) -> None:
    """What the account made no longer works, and how it came in is forgotten."""
    tx.run(
        "UPDATE guest_links SET revoked_at = :now WHERE creator = :account AND revoked_at = 0",
        now=tx.now,
        account=account,
    )
    tx.run("DELETE FROM guests WHERE account = :account", account=account)


def drop_links(tx: Tx, room: str, most: int) -> int:
    """Forget a room's links, guests first; returns rows dropped, at most so many."""
    guests = tx.run(
        "DELETE FROM guests WHERE account IN"
        " (SELECT g.account FROM guests g JOIN guest_links l ON l.id = g.link"
        " WHERE l.room = :room LIMIT :most)",
        room=room,
        most=most,
    )
    if guests:
        return guests
    return tx.run(
        "DELETE FROM guest_links WHERE id IN (SELECT id FROM guest_links WHERE room = :room LIMIT :most)",
        room=room,
        most=most,
    )


def add_guest(tx: Tx, account: str, link_id: str) -> None:
    tx.run(
        "INSERT INTO guests (account, link, came_at) VALUES (:account, :link, :at)",
        account=account,
        link=link_id,
        at=tx.now,
    )


def guests_by(db: Reader, link_id: str, room: str) -> list[Person]:
    """Who came by a link and is a guest in its room now."""
    rows = db.rows(
        f"SELECT {person_columns} FROM guests g JOIN accounts a ON a.id = g.account"
        " JOIN members m ON m.account = g.account AND m.room = :room AND m.role = 'guest'"
        " WHERE g.link = :link ORDER BY g.account",
        link=link_id,
        room=room,
    )
    return [as_person(row, db.now) for row in rows]
