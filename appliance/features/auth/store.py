"""Accounts, devices, sessions and invites on disk."""

from typing import get_args

from appliance.features.auth.model import (
    DeviceKind,
    Me,
    StoredInvite,
    as_invite,
    invite_columns,
    invite_works,
)
from appliance.kernel.session import CommunityRole, Scope, Who
from appliance.kernel.transaction import Reader, Row, Tx


def setting(db: Reader, name: str) -> str | None:
    found: str | None = db.value("SELECT value FROM settings WHERE name = :name", name=name)
    return found


def settings(db: Reader) -> dict[str, str]:
    """All that was set, by name."""
    return dict(db.rows("SELECT name, value FROM settings"))


def put_setting(tx: Tx, name: str, value: str) -> None:
    tx.run(
        "INSERT INTO settings (name, value) VALUES (:name, :value)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name=name,
        value=value,
    )


def add_account(tx: Tx, me: Me, password: str, invite: str, trusted_at: int) -> None:
    tx.run(
        "INSERT INTO accounts (id, name, display, password, role, invite, trusted_at, created_at)"
        " VALUES (:id, :name, :display, :password, :role, :invite, :trusted, :at)",
        id=me.id,
        name=me.name,
        display=me.display,
        password=password,
        role=me.role,
        invite=invite,
        trusted=trusted_at,
        at=tx.now,
    )


def set_role(tx: Tx, account: str, role: CommunityRole) -> None:
    tx.run("UPDATE accounts SET role = :role WHERE id = :id", role=role, id=account)


def promote_guest(
    tx: Tx,
    account: str,
    *,
    name: str,
    display: str,
    password: str,
    role: CommunityRole,
    invite: str,
    trusted_at: int,
) -> None:
    tx.run(
        "UPDATE accounts SET name = :name, display = :display, password = :password, role = :role,"
        " invite = :invite, trusted_at = :trusted_at, skeleton = NULL WHERE id = :id AND role = 'guest'",
        id=account,
        name=name,
        display=display,
        password=password,
        role=role,
        invite=invite,
        trusted_at=trusted_at,
    )


def suspend(tx: Tx, account: str, until: int, why: str) -> None:
    tx.run(
        "UPDATE accounts SET suspended_until = :until, suspended_why = :why WHERE id = :id",
        until=until,
        why=why,
        id=account,
    )


def silence(tx: Tx, account: str, until: int) -> None:
    tx.run("UPDATE accounts SET muted_until = :until WHERE id = :id", until=until, id=account)


def trust(tx: Tx, account: str) -> None:
    tx.run("UPDATE accounts SET trusted_at = 0 WHERE id = :id", id=account)


def set_password(tx: Tx, account: str, password: str) -> None:
    tx.run("UPDATE accounts SET password = :password WHERE id = :id", password=password, id=account)


def me(db: Reader, account: str) -> Me | None:
    row = db.row(
        "SELECT id, name, display, role, picture, status, status_until, about, muted_until FROM accounts"
        " WHERE id = :id AND deleted_at = 0",
        id=account,
    )
    if row is None:
        return None
    return Me(
        id=row[0],
        name=row[1],
        display=row[2],
        role=row[3],
        picture=row[4],
        status=row[5],
        status_until=row[6],
        about=row[7],
        muted_until=row[8],
    )


def password_of(db: Reader, name: str) -> tuple[str, str] | None:
    """(account, stored hash) of a sign-in name."""
    row = db.row("SELECT id, password FROM accounts WHERE name = :name", name=name)
    return None if row is None else (row[0], row[1])


def put_me(tx: Tx, me: Me) -> None:
    tx.run(
        "UPDATE accounts SET display = :display, picture = :picture, status = :status,"
        " status_until = :until, about = :about WHERE id = :id",
        display=me.display,
        picture=me.picture,
        status=me.status,
        until=me.status_until,
        about=me.about,
        id=me.id,
    )


def put_skeletons(tx: Tx, account: str, display: str, name: str) -> None:
    tx.run(
        "UPDATE accounts SET skeleton = :display, name_skeleton = :name WHERE id = :id",
        display=display,
        name=name,
        id=account,
    )


def erase(tx: Tx, account: str) -> None:
    """Leave a row that says nothing of whom it was, for what others still point to. No name can have a colon,
    so this one keeps no other from being taken."""
    tx.run(
        "UPDATE accounts SET name = 'deleted:' || id, display = '', password = '', role = 'member',"
        " picture = '', status = '', status_until = 0, about = '', skeleton = NULL, name_skeleton = NULL,"
        " suspended_why = '', invite = '', deleted_at = :at WHERE id = :id",
        at=tx.now,
        id=account,
    )
    tx.run("UPDATE devices SET name = '' WHERE account = :account", account=account)
    tx.run(
        "UPDATE invites SET revoked_at = :at WHERE creator = :account AND revoked_at = 0",
        at=tx.now,
        account=account,
    )


def add_device(
    tx: Tx,
    device_id: str,
    account: str,
    name: str,
    kind: DeviceKind,
    token: bytes,
    scopes: str,
    expires_at: int,
) -> None:
    tx.run(
        "INSERT INTO devices (id, account, name, kind, created_at, last_seen)"
        " VALUES (:id, :account, :name, :kind, :at, :at)",
        id=device_id,
        account=account,
        name=name,
        kind=kind,
        at=tx.now,
    )
    tx.run(
        "INSERT INTO sessions (token, device, scopes, expires_at, created_at)"
        " VALUES (:token, :device, :scopes, :expires, :at)",
        token=token,
        device=device_id,
        scopes=scopes,
        expires=expires_at,
        at=tx.now,
    )


def end_sessions(tx: Tx, device: str) -> None:
    tx.run("DELETE FROM sessions WHERE device = :device", device=device)
    tx.run(
        "UPDATE devices SET revoked_at = :at WHERE id = :device AND revoked_at IS NULL",
        at=tx.now,
        device=device,
    )


def devices_of(db: Reader, account: str) -> list[str]:
    """The devices that were not revoked."""
    rows = db.rows("SELECT id FROM devices WHERE account = :account AND revoked_at IS NULL", account=account)
    return [row[0] for row in rows]


def owner_of_device(db: Reader, device: str) -> str | None:
    """The account of a device that was not revoked."""
    found: str | None = db.value(
        "SELECT account FROM devices WHERE id = :id AND revoked_at IS NULL", id=device
    )
    return found


_WHO = (
    "SELECT a.id, d.id, a.role, s.scopes FROM sessions s JOIN devices d ON d.id = s.device"
    " JOIN accounts a ON a.id = d.account WHERE d.revoked_at IS NULL"
    " AND (s.expires_at = 0 OR s.expires_at > :now) AND a.suspended_until <= :now AND a.deleted_at = 0"
)


def session(db: Reader, token: bytes) -> Who | None:
    return _who(db.row(f"{_WHO} AND s.token = :token", token=token, now=db.now))


def session_on(db: Reader, device: str) -> Who | None:
    """Who is signed in on a device."""
    return _who(db.row(f"{_WHO} AND s.device = :device", device=device, now=db.now))


def _who(row: Row | None) -> Who | None:
    if row is None:
        return None
    scopes = _scopes(row[3])
    # What the staff may do that others may not is asked of `role` everywhere, in commands too.
    powerless = bool(scopes) and "admin" not in scopes and row[2] in ("admin", "moderator")
    return Who(row[0], row[1], "member" if powerless else row[2], scopes)


def _scopes(stored: str) -> frozenset[Scope]:
    # A word that a newer version stored, and this one does not know, must open nothing.
    return frozenset(scope for scope in get_args(Scope) if scope in stored.split()) | (
        frozenset() if not stored else frozenset(("read",))
    )


def rename_device(tx: Tx, device: str, name: str) -> None:
    tx.run("UPDATE devices SET name = :name WHERE id = :id", name=name, id=device)


def forget_devices(tx: Tx, revoked_before: int, most: int) -> int:
    """Drop devices that were revoked so long ago; returns how many they were."""
    return tx.run(
        "DELETE FROM devices WHERE id IN"
        " (SELECT id FROM devices WHERE revoked_at < :before ORDER BY revoked_at LIMIT :most)",
        before=revoked_before,
        most=most,
    )


def touch_devices(tx: Tx, seen: dict[str, int]) -> None:
    for device, at in seen.items():
        tx.run("UPDATE devices SET last_seen = :at WHERE id = :id AND last_seen < :at", at=at, id=device)


def add_invite(tx: Tx, new: StoredInvite) -> None:
    tx.run(
        f"INSERT INTO invites ({invite_columns}) VALUES (:id, :code, :creator, :uses, :uses, :expires, :at,"
        " :role, :rooms, :note, 0)",
        id=new.id,
        code=new.code,
        creator=new.creator,
        uses=new.uses,
        expires=new.expires_at,
        at=tx.now,
        role=new.role,
        rooms=" ".join(new.rooms),
        note=new.note,
    )


def revoke_invite(tx: Tx, invite: str) -> StoredInvite | None:
    """End it; None where there is none that still works."""
    row = tx.row(
        f"UPDATE invites SET revoked_at = :now WHERE id = :id AND {invite_works} RETURNING {invite_columns}",
        id=invite,
        now=tx.now,
    )
    return None if row is None else as_invite(row)


def revoke_invites_of(tx: Tx, creator: str, *, but_for_members: bool) -> None:
    """End those that somebody made, or only those by which one becomes more than a member."""
    tx.run(
        f"UPDATE invites SET revoked_at = :now WHERE creator = :creator AND {invite_works}"
        " AND (NOT :but_for_members OR role <> 'member')",
        creator=creator,
        but_for_members=but_for_members,
        now=tx.now,
    )


def use_invite(tx: Tx, code: str) -> StoredInvite | None:
    """Take one use; None when there is none left."""
    row = tx.row(
        f"UPDATE invites SET uses_left = uses_left - 1 WHERE code = :code AND {invite_works}"
        f" RETURNING {invite_columns}",
        code=code,
        now=tx.now,
    )
    return None if row is None else as_invite(row)
