"""Passkeys, two-step secrets, recovery codes and reset links on disk."""

from dataclasses import dataclass

from appliance.features.signin.model import NewCredential, Passkey, ResetFor
from appliance.kernel.transaction import Reader, Tx


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in has to know of an account. `password` is the stored hash, empty where there is none."""

    id: str
    name: str
    display: str
    password: str
    suspended_until: int
    suspended_why: str


_ACCOUNT = "a.id, a.name, a.display, a.password, a.suspended_until, a.suspended_why"
_LIVING = "a.deleted_at = 0 AND a.role NOT IN ('guest', 'desk')"


def by_name(db: Reader, name: str) -> Account | None:
    row = db.row(f"SELECT {_ACCOUNT} FROM accounts a WHERE a.name = :name AND {_LIVING}", name=name)
    return None if row is None else Account(*row)


def by_id(db: Reader, account: str) -> Account | None:
    row = db.row(f"SELECT {_ACCOUNT} FROM accounts a WHERE a.id = :id AND {_LIVING}", id=account)
    return None if row is None else Account(*row)


# Passkeys


@dataclass(frozen=True, slots=True)
class StoredPasskey:
    """A passkey as it is checked."""

    id: str
    account: str
    public_key: bytes
    sign_count: int


def passkey(db: Reader, credential: bytes) -> StoredPasskey | None:
    row = db.row(
        "SELECT id, account, public_key, sign_count FROM passkeys WHERE credential = :credential",
        credential=credential,
    )
    return None if row is None else StoredPasskey(*row)


def passkeys(db: Reader, account: str) -> list[Passkey]:
    """In the order of their making."""
    return [
        Passkey(id=row[0], name=row[1], created_at=row[2], used_at=row[3], synced=bool(row[4]))
        for row in db.rows(
            "SELECT id, name, created_at, used_at, synced FROM passkeys WHERE account = :account ORDER BY id",
            account=account,
        )
    ]


def credentials(db: Reader, account: str) -> tuple[bytes, ...]:
    """The authenticators' own ids of the account's passkeys."""
    rows = db.rows("SELECT credential FROM passkeys WHERE account = :account ORDER BY id", account=account)
    return tuple(row[0] for row in rows)


def add_passkey(tx: Tx, new: Passkey, account: str, credential: NewCredential) -> bool:
    """False when the credential is already somebody's."""
    return (
        tx.run(
            "INSERT INTO passkeys"
            " (id, account, credential, public_key, sign_count, synced, name, created_at, used_at)"
            " VALUES (:id, :account, :credential, :key, :count, :synced, :name, :at, 0)"
            " ON CONFLICT (credential) DO NOTHING",
            id=new.id,
            account=account,
            credential=credential.id,
            key=credential.public_key,
            count=credential.sign_count,
            synced=new.synced,
            name=new.name,
            at=new.created_at,
        )
        == 1
    )


def use_passkey(tx: Tx, passkey: str, sign_count: int) -> bool:
    """Note its use; False when it is gone, or its counter was overtaken by another use at the same time."""
    return (
        tx.run(
            "UPDATE passkeys SET sign_count = :count, used_at = :now WHERE id = :id"
            " AND (sign_count < :count OR (sign_count = 0 AND :count = 0))",
            id=passkey,
            count=sign_count,
            now=tx.now,
        )
        == 1
    )


def rename_passkey(tx: Tx, account: str, passkey: str, name: str) -> bool:
    """False when it is not one of the account's."""
    sql = "UPDATE passkeys SET name = :name WHERE id = :id AND account = :account"
    return tx.run(sql, name=name, id=passkey, account=account) == 1


def drop_passkey(tx: Tx, passkey: str) -> None:
    tx.run("DELETE FROM passkeys WHERE id = :id", id=passkey)


# Two-step codes


def totp_secret(db: Reader, account: str) -> str | None:
    found: str | None = db.value("SELECT secret FROM totp WHERE account = :account", account=account)
    return found


def put_totp(tx: Tx, account: str, secret: str, step: int) -> None:
    tx.run(
        "INSERT INTO totp (account, secret, last_step, created_at) VALUES (:account, :secret, :step, :now)"
        " ON CONFLICT (account) DO UPDATE SET"
        " secret = excluded.secret, last_step = excluded.last_step, created_at = excluded.created_at",
        account=account,
        secret=secret,
        step=step,
        now=tx.now,
    )


def use_step(tx: Tx, account: str, step: int) -> bool:
    """False when a code of this step, or of a later one, was used already."""
    sql = "UPDATE totp SET last_step = :step WHERE account = :account AND last_step < :step"
    return tx.run(sql, account=account, step=step) == 1


def drop_totp(tx: Tx, account: str) -> bool:
    """False when there was none."""
    return tx.run("DELETE FROM totp WHERE account = :account", account=account) == 1


# Recovery codes


def put_recovery_codes(tx: Tx, account: str, prints: list[bytes]) -> None:
    """In place of all earlier ones."""
    tx.run("DELETE FROM recovery_codes WHERE account = :account", account=account)
    for code in prints:
        tx.run(
            "INSERT INTO recovery_codes (account, code) VALUES (:account, :code)", account=account, code=code
        )


def recovery_left(db: Reader, account: str) -> int:
    found: int = db.value("SELECT count(*) FROM recovery_codes WHERE account = :account", account=account)
    return found


def knows_recovery(db: Reader, account: str, code: bytes) -> bool:
    sql = "SELECT 1 FROM recovery_codes WHERE account = :account AND code = :code"
    return db.value(sql, account=account, code=code) is not None


def use_recovery(tx: Tx, account: str, code: bytes) -> bool:
    """False when it is none of the account's, or was used."""
    sql = "DELETE FROM recovery_codes WHERE account = :account AND code = :code"
    return tx.run(sql, account=account, code=code) == 1


# Reset links


def put_reset_link(tx: Tx, account: str, code: bytes, expires_at: int) -> None:
    """In place of an earlier one."""
    tx.run(
        "INSERT INTO reset_links (account, code, expires_at) VALUES (:account, :code, :expires)"
        " ON CONFLICT (account) DO UPDATE SET code = excluded.code, expires_at = excluded.expires_at",
        account=account,
        code=code,
        expires=expires_at,
    )


def reset_for(db: Reader, code: bytes, community: str) -> tuple[Account, ResetFor] | None:
    """Whom a link that still works is for."""
    row = db.row(
        f"SELECT {_ACCOUNT}, r.expires_at FROM reset_links r JOIN accounts a ON a.id = r.account"
        f" WHERE r.code = :code AND r.expires_at > :now AND {_LIVING}",
        code=code,
        now=db.now,
    )
    if row is None:
        return None
    account = Account(*row[:6])
    return account, ResetFor(
        name=account.name, display=account.display, community=community, expires_at=row[6]
    )


def drop_reset_link(tx: Tx, account: str) -> None:
    tx.run("DELETE FROM reset_links WHERE account = :account", account=account)


def forget(tx: Tx, account: str) -> None:
    """Everything that proves who the account is."""
    tx.run("DELETE FROM passkeys WHERE account = :account", account=account)
    tx.run("DELETE FROM totp WHERE account = :account", account=account)
    tx.run("DELETE FROM recovery_codes WHERE account = :account", account=account)
    tx.run("DELETE FROM reset_links WHERE account = :account", account=account)
