"""Blocks, nicknames, preferences and pictures on disk, and accounts as others find them."""

from appliance.features.auth.model import Person, as_person, person_columns
from appliance.features.people.model import NicknameOf, Preferences
from appliance.kernel.session import CommunityRole
from appliance.kernel.transaction import Reader, Tx

_CHOICES = Preferences.__struct_fields__
_DEFAULTS = {
    "receipts": True,
    "last_seen": True,
    "invisible": False,
    "sounds": True,
    "toasts": True,
    "enter_sends": True,
}


def blocks(db: Reader, account: str) -> list[Person]:
    """Whom the account blocked, the latest first."""
    return [
        as_person(row, db.now)
        for row in db.rows(
            f"SELECT {person_columns} FROM blocks b JOIN accounts a ON a.id = b.blocked"
            " WHERE b.account = :account ORDER BY b.at DESC, b.blocked",
            account=account,
        )
    ]


def blocked_by(db: Reader, account: str, other: str) -> bool:
    """Whether `other` blocked `account`."""
    found = db.value(
        "SELECT 1 FROM blocks WHERE account = :other AND blocked = :account", other=other, account=account
    )
    return found is not None


def count_blocks(db: Reader, account: str) -> int:
    count: int = db.value("SELECT count(*) FROM blocks WHERE account = :account", account=account)
    return count


def add_block(tx: Tx, account: str, blocked: str) -> None:
    tx.run(
        "INSERT INTO blocks (account, blocked, at) VALUES (:account, :blocked, :at)",
        account=account,
        blocked=blocked,
        at=tx.now,
    )


def drop_block(tx: Tx, account: str, blocked: str) -> bool:
    """False when there was none."""
    return (
        tx.run(
            "DELETE FROM blocks WHERE account = :account AND blocked = :blocked",
            account=account,
            blocked=blocked,
        )
        == 1
    )


def nicknames(db: Reader, account: str) -> list[NicknameOf]:
    """What the account calls others."""
    return [
        NicknameOf(person=person, name=name)
        for person, name in db.rows(
            "SELECT person, name FROM nicknames WHERE account = :account ORDER BY person", account=account
        )
    ]


def put_nickname(tx: Tx, account: str, person: str, name: str) -> None:
    tx.run(
        "INSERT INTO nicknames (account, person, name) VALUES (:account, :person, :name)"
        " ON CONFLICT (account, person) DO UPDATE SET name = excluded.name",
        account=account,
        person=person,
        name=name,
    )


def drop_nickname(tx: Tx, account: str, person: str) -> None:
    tx.run(
        "DELETE FROM nicknames WHERE account = :account AND person = :person", account=account, person=person
    )


def preferences(db: Reader, account: str) -> Preferences:
    """What the account chose, and of the rest how it is for whoever never did."""
    row = db.row(
        f"SELECT p.account IS NOT NULL, a.role = 'guest', {', '.join(f'p.{name}' for name in _CHOICES)}"
        " FROM accounts a LEFT JOIN preferences p ON p.account = a.id WHERE a.id = :account",
        account=account,
    )
    chose, guest, *chosen = row or (False, False)
    defaults = {**_DEFAULTS, "relay_calls": bool(guest)}
    if not chose:
        return Preferences(**defaults)
    found = dict(zip(_CHOICES, chosen, strict=True))
    return Preferences(
        **{name: defaults[name] if found[name] is None else bool(found[name]) for name in _CHOICES}
    )


def put_preferences(tx: Tx, account: str, given: dict[str, bool]) -> None:
    """Choose what is given. What is not stays as it is, also unchosen."""
    tx.run("INSERT INTO preferences (account) VALUES (:account) ON CONFLICT DO NOTHING", account=account)
    for name in given.keys() & set(_CHOICES):
        tx.run(
            f"UPDATE preferences SET {name} = :chosen WHERE account = :account",
            chosen=given[name],
            account=account,
        )


def put_picture(tx: Tx, picture: str) -> None:
    tx.run("INSERT INTO pictures (id, at) VALUES (:id, :at)", id=picture, at=tx.now)


def drop_picture(tx: Tx, picture: str) -> None:
    tx.run("DELETE FROM pictures WHERE id = :id", id=picture)


def has_picture(db: Reader, picture: str) -> bool:
    return db.value("SELECT 1 FROM pictures WHERE id = :id", id=picture) is not None


def unused_pictures(db: Reader, among: list[str]) -> list[str]:
    return [picture for picture in among if not has_picture(db, picture)]


def names(db: Reader) -> list[tuple[str, str, str]]:
    """(account, name, display name) of all members."""
    rows = db.rows(
        "SELECT id, name, display FROM accounts WHERE deleted_at = 0 AND role NOT IN ('guest', 'desk')"
        " AND suspended_until <= :now",
        now=db.now,
    )
    return [(row[0], row[1], row[2]) for row in rows]


def people(db: Reader, accounts: list[str]) -> list[Person]:
    """Those accounts, in this order."""
    rows = (db.row(f"SELECT {person_columns} FROM accounts a WHERE a.id = :id", id=one) for one in accounts)
    return [as_person(row, db.now) for row in rows if row is not None]


def about(db: Reader, account: str) -> tuple[Person, str, CommunityRole, int] | None:
    """(person, about, role, since when) of an account that is not deleted."""
    row = db.row(
        f"SELECT {person_columns}, a.about, a.role, a.created_at FROM accounts a"
        " WHERE a.id = :id AND a.deleted_at = 0",
        id=account,
    )
    return None if row is None else (as_person(row, db.now), row[-3], row[-2], row[-1])


def drop_all_of(tx: Tx, account: str) -> tuple[list[str], list[str]]:
    """Nothing here speaks of the account any more; returns who had blocked it, and who had a name for it."""
    blockers = tx.rows("DELETE FROM blocks WHERE blocked = :account RETURNING account", account=account)
    namers = tx.rows("DELETE FROM nicknames WHERE person = :account RETURNING account", account=account)
    for table in ("blocks", "nicknames", "preferences"):
        tx.run(f"DELETE FROM {table} WHERE account = :account", account=account)
    return [row[0] for row in blockers], [row[0] for row in namers]
