"""What the admin pages read. Nothing is written here."""

from appliance.features.admin.model import MEMBERS_PAGE, AccountRow, RoomRow, Standing
from appliance.features.auth.model import Device, Person, as_person, person_columns
from appliance.features.rooms.model import Room
from appliance.kernel.transaction import Reader, Row

_STANDING = (
    "CASE WHEN a.deleted_at > 0 THEN 'deleted' WHEN a.suspended_until > :now THEN 'suspended'"
    " WHEN a.muted_until > :now THEN 'muted' WHEN a.role = 'guest' THEN 'guest'"
    " WHEN a.trusted_at > :now THEN 'newcomer' ELSE 'active' END"
)
_ACCOUNT = (
    f"{person_columns}, a.role, {_STANDING} AS standing, a.created_at,"
    " coalesce((SELECT max(d.last_seen) FROM devices d WHERE d.account = a.id), 0),"
    " (SELECT count(*) FROM devices d WHERE d.account = a.id AND d.revoked_at IS NULL),"
    " (SELECT count(*) FROM members m WHERE m.account = a.id),"
    " a.suspended_until, a.suspended_why, a.muted_until, a.trusted_at"
)
_WIDE = 8
"""Columns of `person_columns`."""


def _account(row: Row, now: int) -> AccountRow:
    role, standing, created, seen, devices, rooms, suspended, why, muted, trusted = row[_WIDE:]
    return AccountRow(
        person=as_person(row, now),
        role=role,
        standing=standing,
        created_at=created,
        last_seen=seen,
        devices=devices,
        rooms=rooms,
        suspended_until=suspended,
        suspended_why=why,
        muted_until=muted,
        trusted_at=trusted,
    )


def accounts(
    db: Reader, *, beginning: str, standing: Standing | None, role: str, after: str
) -> tuple[list[AccountRow], int]:
    """A page of accounts, newest first, and how many match in all."""
    like = beginning.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    where = (
        f"(:standing = '' OR {_STANDING} = :standing) AND (:role = '' OR a.role = :role)"
        # Deleted accounts and guests only where they are asked for.
        " AND (:standing <> '' OR a.deleted_at = 0) AND (:standing <> '' OR :role <> '' OR a.role <> 'guest')"
        " AND a.role <> 'desk'"
        " AND (:like = '' OR a.name LIKE :start ESCAPE '\\' OR a.display LIKE :start ESCAPE '\\'"
        " OR a.display LIKE :word ESCAPE '\\')"
    )
    asked = {
        "standing": standing or "",
        "role": role,
        "like": like,
        "start": f"{like}%",
        "word": f"% {like}%",
        "now": db.now,
    }
    total: int = db.value(f"SELECT count(*) FROM accounts a WHERE {where}", **asked)
    rows = db.rows(
        f"SELECT {_ACCOUNT} FROM accounts a WHERE {where} AND (:after = '' OR a.id < :after)"
        " ORDER BY a.id DESC LIMIT :most",
        **asked,
        after=after,
        most=MEMBERS_PAGE + 1,
    )
    return [_account(row, db.now) for row in rows], total


def account(db: Reader, account_id: str) -> AccountRow | None:
    row = db.row(f"SELECT {_ACCOUNT} FROM accounts a WHERE a.id = :id", id=account_id, now=db.now)
    return None if row is None else _account(row, db.now)


def about(db: Reader, account_id: str) -> str:
    return db.value("SELECT about FROM accounts WHERE id = :id", id=account_id) or ""


def devices(db: Reader, account_id: str) -> list[Device]:
    """Devices that are signed in, last seen first."""
    rows = db.rows(
        "SELECT id, name, kind, created_at, last_seen FROM devices"
        " WHERE account = :account AND revoked_at IS NULL ORDER BY last_seen DESC, id LIMIT 100",
        account=account_id,
    )
    return [Device(id=row[0], name=row[1], kind=row[2], created_at=row[3], last_seen=row[4]) for row in rows]


def invited_by(db: Reader, account_id: str) -> Person | None:
    row = db.row(
        f"SELECT {person_columns} FROM accounts me JOIN invites i ON i.id = me.invite"
        " JOIN accounts a ON a.id = i.creator WHERE me.id = :id",
        id=account_id,
    )
    return None if row is None else as_person(row, db.now)


def invited(db: Reader, account_id: str) -> list[Person]:
    """Who came by links that this account made."""
    rows = db.rows(
        f"SELECT {person_columns} FROM invites i JOIN accounts a ON a.invite = i.id"
        " WHERE i.creator = :id ORDER BY a.id DESC LIMIT 200",
        id=account_id,
    )
    return [as_person(row, db.now) for row in rows]


def owned_rooms(db: Reader, account_id: str) -> list[str]:
    rows = db.rows(
        "SELECT room FROM members WHERE account = :id AND role = 'owner' ORDER BY room LIMIT 100",
        id=account_id,
    )
    return [row[0] for row in rows]


def rooms(db: Reader, *, beginning: str, kind: str, after: str, most: int) -> tuple[list[str], int]:
    """Ids of a page of rooms that have names, newest first, and how many match in all."""
    like = beginning.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    where = (
        "kind IN ('public', 'private', 'secret') AND (:kind = '' OR kind = :kind)"
        " AND (:like = '' OR name LIKE :contains ESCAPE '\\')"
    )
    asked = {"kind": kind, "like": like, "contains": f"%{like}%"}
    total: int = db.value(f"SELECT count(*) FROM rooms WHERE {where}", **asked)
    rows = db.rows(
        f"SELECT id FROM rooms WHERE {where} AND (:after = '' OR id < :after) ORDER BY id DESC LIMIT :most",
        **asked,
        after=after,
        most=most,
    )
    return [row[0] for row in rows], total


def room_row(db: Reader, room: Room) -> RoomRow:
    """A room with what is counted of it, and nothing of what is said in it."""
    owner = db.row(
        f"SELECT {person_columns} FROM members m JOIN accounts a ON a.id = m.account"
        " WHERE m.room = :room AND m.role = 'owner' LIMIT 1",
        room=room.id,
    )
    said = db.row(
        "SELECT count(*), coalesce(max(at), 0) FROM messages WHERE room = :room AND deleted_at = 0",
        room=room.id,
    )
    return RoomRow(
        room=room,
        owner=as_person(owner, db.now) if owner else None,
        messages=said[0] if said else 0,
        last_at=said[1] if said else 0,
    )


def counts(db: Reader) -> dict[str, int]:
    """How much of everything there is."""
    found = {
        "members": "SELECT count(*) FROM accounts WHERE deleted_at = 0 AND role NOT IN ('guest', 'desk')",
        "guests": "SELECT count(*) FROM accounts WHERE deleted_at = 0 AND role = 'guest'",
        "rooms": "SELECT count(*) FROM rooms WHERE kind IN ('public', 'private', 'secret')",
        "conversations": "SELECT count(*) FROM rooms WHERE kind IN ('dm', 'group')",
        "open_tickets": "SELECT count(*) FROM tickets WHERE closed_at = 0",
        "open_reports": "SELECT count(*) FROM reports WHERE resolved_at = 0",
        # Not counted one by one, which would walk over all of them: each log's head is what was said there,
        # and a little more.
        "entries": "SELECT coalesce(sum(head), 0) FROM logs",
        "database_bytes": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    }
    return {name: int(db.value(sql)) for name, sql in found.items()}
