"""Blocks, nicknames, preferences and pictures on disk."""

from appliance.features.auth.model import Person, as_person, person_columns
from appliance.features.people.model import NicknameOf, Preferences
from appliance.kernel.transaction import Reader, Tx

DEFAULTS = Preferences(
    receipts=True, last_seen=True, invisible=False, sounds=True, toasts=True, enter_sends=True
)
_CHOICES = Preferences.__struct_fields__


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
    row = db.row(f"SELECT {', '.join(_CHOICES)} FROM preferences WHERE account = :account", account=account)
    return DEFAULTS if row is None else Preferences(**dict(zip(_CHOICES, map(bool, row), strict=True)))


def put_preferences(tx: Tx, account: str, chosen: Preferences) -> None:
    tx.run(
        f"INSERT INTO preferences (account, {', '.join(_CHOICES)})"
        f" VALUES (:account, {', '.join(f':{name}' for name in _CHOICES)})"
        f" ON CONFLICT (account) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _CHOICES)}",
        account=account,
        **{name: getattr(chosen, name) for name in _CHOICES},
    )
