"""The ledger on disk."""

from appliance.features.auth.model import as_person, person_columns
from appliance.features.credits.model import CreditEntry, CreditKind
from appliance.features.rooms.actions import MAY_SEE
from appliance.kernel.ids import new_id
from appliance.kernel.transaction import Reader, Tx


def balance(db: Reader, account: str) -> int:
    """What somebody has: the sum of their entries."""
    found: int = db.value(
        "SELECT coalesce(sum(amount), 0) FROM credit_entries WHERE account = :account", account=account
    )
    return found


def began(db: Reader, account: str) -> bool:
    """Whether the account was given what everybody begins with."""
    found = db.value(
        "SELECT 1 FROM credit_entries WHERE account = :account AND kind = 'start'", account=account
    )
    return found is not None


def add(
    tx: Tx, account: str, amount: int, kind: CreditKind, *, other: str = "", message: str = "", note: str = ""
) -> str:
    """Add an entry; returns its id."""
    # What one begins with stands before what first touched it, also when both come at the same moment.
    at = tx.now - 1 if kind == "start" else tx.now
    made = new_id(at)
    tx.run(
        "INSERT INTO credit_entries (id, account, amount, kind, other, message, note, at)"
        " VALUES (:id, :account, :amount, :kind, :other, :message, :note, :at)",
        id=made,
        account=account,
        amount=amount,
        kind=kind,
        other=other,
        message=message,
        note=note,
        at=at,
    )
    return made


def entries(db: Reader, account: str, before: str, most: int) -> list[CreditEntry]:
    """The account's entries, newest first. A message that it may not see (any more) is left out."""
    rows = db.rows(
        f"SELECT e.id, e.at, e.amount, e.kind, e.note, m.id, m.room, {person_columns} FROM credit_entries e"
        f" LEFT JOIN messages m ON m.id = e.message AND m.deleted_at = 0 AND {MAY_SEE}"
        " LEFT JOIN accounts a ON a.id = e.other"
        " WHERE e.account = :account AND (:before = '' OR e.id < :before) ORDER BY e.id DESC LIMIT :most",
        account=account,
        before=before,
        most=most,
    )
    return [
        CreditEntry(
            id=row[0],
            at=row[1],
            amount=row[2],
            kind=row[3],
            note=row[4],
            message=row[5] or "",
            room=row[6] or "",
            other=as_person(row[7:], db.now) if row[7] else None,
        )
        for row in rows
    ]


def newest_from_others(db: Reader, account: str) -> CreditEntry | None:
    """The last thing that somebody gave."""
    found = entries(db, account, "", 1)
    return found[0] if found and found[0].amount > 0 and found[0].other is not None else None
