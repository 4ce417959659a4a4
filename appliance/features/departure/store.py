"""What the database keeps of one account, where it is little. What may be long comes from its own feature."""

from typing import Any

from appliance.kernel.transaction import Reader

_PARTS: tuple[tuple[str, str, str], ...] = (
    # (kind of line, columns, the rest of the SQL)
    (
        "account",
        "id, name, display, role, picture, status, status_until, about, created_at",
        "FROM accounts WHERE id = :account",
    ),
    (
        "device",
        "id, name, kind AS device_kind, created_at, last_seen, revoked_at",
        "FROM devices WHERE account = :account",
    ),
    ("passkey", "id, name, created_at, used_at", "FROM passkeys WHERE account = :account"),
    ("authenticator_app", "created_at", "FROM totp WHERE account = :account"),
    ("identity", "issuer, subject, created_at", "FROM identities WHERE account = :account"),
    (
        "membership",
        "m.room, r.kind AS room_kind, r.name, m.role, m.joined_at, m.muted_until",
        "FROM members m JOIN rooms r ON r.id = m.room WHERE m.account = :account",
    ),
    (
        "former_membership",
        "room, max(to_seq) AS until_seq",
        "FROM member_intervals i WHERE account = :account AND to_seq IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM members m WHERE m.room = i.room AND m.account = :account) GROUP BY room",
    ),
    ("ban", "room, reason, at, until", "FROM bans WHERE account = :account"),
    (
        "invite",
        "id, uses, uses_left, role, note, created_at, expires_at",
        "FROM invites WHERE creator = :account",
    ),
    (
        "guest_link",
        "id, room, uses, uses_left, created_at, expires_at",
        "FROM guest_links WHERE creator = :account",
    ),
    ("came_as_guest", "link, came_at", "FROM guests WHERE account = :account"),
    ("support", "room, subject, opened_at, closed_at", "FROM tickets WHERE asker = :account"),
    (
        "report",
        "id, person, room, message, reason, note, at, resolved_at",
        "FROM reports WHERE reporter = :account",
    ),
)


def kept(db: Reader, account: str) -> list[dict[str, Any]]:
    """A line for each row, with the columns under their names and what it is as `kind`."""
    return [
        {"kind": kind, **dict(zip(map(_name, columns.split(", ")), row, strict=True))}
        for kind, columns, rest in _PARTS
        for row in db.rows(f"SELECT {columns} {rest} ORDER BY 1", account=account)
    ]


def _name(column: str) -> str:
    return column.rpartition(" AS ")[2].rpartition(".")[2]
