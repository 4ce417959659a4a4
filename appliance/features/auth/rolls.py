"""Lists of people, devices and invites, and who is what. Only reads."""

from appliance.features.auth.model import (
    Device,
    Person,
    StoredInvite,
    as_invite,
    as_person,
    invite_columns,
    invite_works,
    person_columns,
)
from appliance.kernel.session import CommunityRole, Who
from appliance.kernel.transaction import Reader


def any_account(db: Reader) -> bool:
    return db.value("SELECT 1 FROM accounts LIMIT 1") is not None


def person(db: Reader, account: str) -> Person | None:
    row = db.row(f"SELECT {person_columns} FROM accounts a WHERE a.id = :id", id=account)
    return None if row is None else as_person(row, db.now)


def standing(db: Reader, account: str) -> tuple[CommunityRole, int, int] | None:
    """(role, muted until, trusted from) of an account that is not deleted."""
    row = db.row(
        "SELECT role, muted_until, trusted_at FROM accounts WHERE id = :id AND deleted_at = 0", id=account
    )
    return None if row is None else (row[0], row[1], row[2])


def staff(db: Reader) -> list[str]:
    """The accounts of admins and moderators."""
    rows = db.rows(
        "SELECT id FROM accounts WHERE role IN ('admin', 'moderator') AND deleted_at = 0 ORDER BY id"
    )
    return [row[0] for row in rows]


def staff_seen(db: Reader) -> int:
    """When an admin or moderator was last here, or made their account; now, where there is none at all."""
    found: int | None = db.value(
        "SELECT max(max(a.created_at, coalesce(d.last_seen, 0))) FROM accounts a"
        " LEFT JOIN devices d ON d.account = a.id WHERE a.role IN ('admin', 'moderator') AND a.deleted_at = 0"
    )
    return db.now if found is None else found


def count_admins(db: Reader) -> int:
    """Those who can sign in right now."""
    found: int = db.value(
        "SELECT count(*) FROM accounts WHERE role = 'admin' AND deleted_at = 0 AND suspended_until <= :now",
        now=db.now,
    )
    return found


def without_skeletons(db: Reader, most: int) -> list[tuple[str, str, str]]:
    """(account, display name, name) of those whose skeletons were never worked out."""
    rows = db.rows(
        "SELECT id, display, name FROM accounts WHERE skeleton IS NULL AND deleted_at = 0 LIMIT :most",
        most=most,
    )
    return [(row[0], row[1], row[2]) for row in rows]


def member_looks_like(db: Reader, skeleton: str) -> bool:
    """Whether a member's display name or name has this skeleton."""
    found = db.value(
        "SELECT 1 FROM accounts WHERE (skeleton = :skeleton OR name_skeleton = :skeleton)"
        " AND role <> 'guest' AND deleted_at = 0",
        skeleton=skeleton,
    )
    return found is not None


def devices(db: Reader, who: Who) -> list[Device]:
    """The account's devices, last seen first; not the programs that act for it with a token."""
    return [
        Device(
            id=row[0],
            name=row[1],
            kind=row[2],
            created_at=row[3],
            last_seen=row[4],
            current=row[0] == who.device,
        )
        for row in db.rows(
            "SELECT id, name, kind, created_at, last_seen FROM devices"
            " WHERE account = :account AND revoked_at IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM sessions s WHERE s.device = devices.id AND s.scopes <> '')"
            " ORDER BY last_seen DESC, id",
            account=who.account,
        )
    ]


def invites(db: Reader, *, spent: bool, most: int = 200) -> list[StoredInvite]:
    """Those that still work, newest first; with `spent` the others too."""
    only = "" if spent else f"WHERE {invite_works}"
    rows = db.rows(
        f"SELECT {invite_columns} FROM invites {only} ORDER BY id DESC LIMIT :most", now=db.now, most=most
    )
    return [as_invite(row) for row in rows]


def working_invite(db: Reader, code: str) -> StoredInvite | None:
    row = db.row(
        f"SELECT {invite_columns} FROM invites WHERE code = :code AND {invite_works}", code=code, now=db.now
    )
    return None if row is None else as_invite(row)


def invite_of(db: Reader, account: str) -> StoredInvite | None:
    """The invite that the account came by."""
    row = db.row(
        f"SELECT {invite_columns} FROM invites WHERE id = (SELECT invite FROM accounts WHERE id = :account)",
        account=account,
    )
    return None if row is None else as_invite(row)


def came_by(db: Reader, invite: str, most: int = 200) -> list[Person]:
    """Who came by an invite, in the order of coming."""
    rows = db.rows(
        f"SELECT {person_columns} FROM accounts a WHERE a.invite = :invite ORDER BY a.id LIMIT :most",
        invite=invite,
        most=most,
    )
    return [as_person(row, db.now) for row in rows]
