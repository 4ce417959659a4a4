"""Identities and used tickets on disk; of auth's tables what concerns tokens, to read."""

from dataclasses import dataclass

from appliance.kernel.transaction import Reader, Row, Tx


@dataclass(frozen=True, slots=True)
class StoredIdentity:
    """One row of identities."""

    id: str
    issuer: str
    subject: str
    account: str
    created_at: int


_IDENTITY = "id, issuer, subject, account, created_at"


def identity(db: Reader, issuer: str, subject: str) -> StoredIdentity | None:
    row = db.row(
        f"SELECT {_IDENTITY} FROM identities WHERE issuer = :issuer AND subject = :subject",
        issuer=issuer,
        subject=subject,
    )
    return None if row is None else StoredIdentity(*row)


def identities(db: Reader, account: str) -> list[StoredIdentity]:
    rows = db.rows(
        f"SELECT {_IDENTITY} FROM identities WHERE account = :account ORDER BY id", account=account
    )
    return [StoredIdentity(*row) for row in rows]


def add_identity(tx: Tx, new: StoredIdentity) -> None:
    tx.run(
        f"INSERT INTO identities ({_IDENTITY}) VALUES (:id, :issuer, :subject, :account, :at)",
        id=new.id,
        issuer=new.issuer,
        subject=new.subject,
        account=new.account,
        at=new.created_at,
    )


def drop_identity(tx: Tx, account: str, identity: str) -> bool:
    """False when the account has none of this id."""
    return (
        tx.run("DELETE FROM identities WHERE id = :id AND account = :account", id=identity, account=account)
        > 0
    )


def drop_identities(tx: Tx, account: str) -> None:
    tx.run("DELETE FROM identities WHERE account = :account", account=account)


def use_ticket(tx: Tx, ticket: str, expires_at: int) -> bool:
    """False when it was used before."""
    return (
        tx.run(
            "INSERT INTO used_tickets (ticket, expires_at) VALUES (:ticket, :expires) ON CONFLICT DO NOTHING",
            ticket=ticket,
            expires=expires_at,
        )
        > 0
    )


def forget_tickets(tx: Tx, most: int) -> int:
    """Drop those that are too old to be used again; returns how many they were."""
    return tx.run(
        "DELETE FROM used_tickets WHERE ticket IN"
        " (SELECT ticket FROM used_tickets WHERE expires_at <= :now ORDER BY expires_at LIMIT :most)",
        now=tx.now,
        most=most,
    )


def tokens(db: Reader, account: str) -> list[Row]:
    """(id, name, scopes, created at, last seen, expires at) of each token that works, newest first."""
    return db.rows(
        "SELECT d.id, d.name, s.scopes, d.created_at, d.last_seen, s.expires_at"
        " FROM devices d JOIN sessions s ON s.device = d.id"
        " WHERE d.account = :account AND d.revoked_at IS NULL AND s.scopes <> ''"
        " AND (s.expires_at = 0 OR s.expires_at > :now) ORDER BY d.id DESC",
        account=account,
        now=db.now,
    )
