"""Rooms and memberships on disk."""

from appliance.features.rooms.model import Category, Role, Room, as_room, room_columns
from appliance.kernel.transaction import Reader, Tx

FOREVER = 2**53
"""A seq that no log reaches."""

# The room


def room(db: Reader, room_id: str) -> Room | None:
    """A room, whoever asks."""
    row = db.row(f"SELECT {room_columns} FROM rooms r WHERE r.id = :room", room=room_id)
    return None if row is None else as_room(row)


def member_count(db: Reader, room_id: str) -> int:
    """How many are in a room."""
    row = db.row("SELECT member_count FROM rooms WHERE id = :room", room=room_id)
    return 0 if row is None else int(row[0])


def add_room(tx: Tx, new: Room, pair: str | None) -> None:
    tx.run(
        "INSERT INTO rooms (id, kind, name, topic, history, icon, category, posting, member_limit, locked,"
        " expires_at, created_at, pair) VALUES (:id, :kind, :name, :topic, :history, :icon, :category,"
        " :posting, :member_limit, :locked, :expires_at, :at, :pair)",
        **{name: getattr(new, name) for name in _GIVEN},
        at=tx.now,
        pair=pair,
    )


_GIVEN = (
    "id",
    "kind",
    "name",
    "topic",
    "history",
    "icon",
    "category",
    "posting",
    "member_limit",
    "locked",
    "expires_at",
)


def rewrite_room(tx: Tx, changed: Room) -> None:
    """Store everything of a room that can change, but for its count of members."""
    tx.run(
        f"UPDATE rooms SET {', '.join(f'{name} = :{name}' for name in _CHANGEABLE)} WHERE id = :id",
        **{name: getattr(changed, name) for name in (*_CHANGEABLE, "id")},
    )


_CHANGEABLE = (
    "kind",
    "name",
    "topic",
    "history",
    "icon",
    "picture",
    "category",
    "posting",
    "slow_s",
    "member_limit",
    "locked",
    "expires_at",
    "archived_at",
    "deleted_at",
    "rev",
)


def dm_of(db: Reader, pair: str) -> str | None:
    """The direct message of two accounts."""
    found: str | None = db.value("SELECT id FROM rooms WHERE pair = :pair", pair=pair)
    return found


def purge_room(tx: Tx, room_id: str) -> None:
    """Nothing of the room remains in the tables of this feature."""
    for table in ("members", "member_intervals", "dismissed", "bans", "secrets"):
        tx.run(f"DELETE FROM {table} WHERE room = :room", room=room_id)
    tx.run("DELETE FROM rooms WHERE id = :room", room=room_id)


# Members


def role_of(db: Reader, room_id: str, account: str) -> Role | None:
    """What the account is in the room; None for no membership."""
    found: Role | None = db.value(
        "SELECT role FROM members WHERE room = :room AND account = :account", room=room_id, account=account
    )
    return found


def muted_until(db: Reader, room_id: str, account: str) -> int:
    found: int | None = db.value(
        "SELECT muted_until FROM members WHERE room = :room AND account = :account",
        room=room_id,
        account=account,
    )
    return found or 0


def add_member(tx: Tx, room_id: str, account: str, role: Role, *, seq: int, from_seq: int) -> None:
    tx.run(
        "INSERT INTO members (room, account, role, joined_at, joined_seq)"
        " VALUES (:room, :account, :role, :at, :seq)",
        room=room_id,
        account=account,
        role=role,
        at=tx.now,
        seq=seq,
    )
    if from_seq == 0:
        # All of it holds every other stretch, and stretches never overlap.
        tx.run(
            "DELETE FROM member_intervals WHERE room = :room AND account = :account",
            room=room_id,
            account=account,
        )
    tx.run(
        "INSERT INTO member_intervals (room, account, from_seq) VALUES (:room, :account, :from_seq)",
        room=room_id,
        account=account,
        from_seq=from_seq,
    )


def drop_member(tx: Tx, room_id: str, account: str, *, seq: int) -> None:
    tx.run("DELETE FROM members WHERE room = :room AND account = :account", room=room_id, account=account)
    tx.run(
        "UPDATE member_intervals SET to_seq = :seq"
        " WHERE room = :room AND account = :account AND to_seq IS NULL",
        seq=seq,
        room=room_id,
        account=account,
    )


def set_role(tx: Tx, room_id: str, account: str, role: Role) -> None:
    tx.run(
        "UPDATE members SET role = :role WHERE room = :room AND account = :account",
        role=role,
        room=room_id,
        account=account,
    )


def mute(tx: Tx, room_id: str, account: str, until: int) -> None:
    tx.run(
        "UPDATE members SET muted_until = :until WHERE room = :room AND account = :account",
        until=until,
        room=room_id,
        account=account,
    )


def count_members(tx: Tx, room_id: str, change: int) -> int:
    """Add to the room's member count; returns it."""
    count: int = tx.value(
        "UPDATE rooms SET member_count = member_count + :change WHERE id = :room RETURNING member_count",
        change=change,
        room=room_id,
    )
    return count


def heir(db: Reader, room_id: str) -> str | None:
    """Who owns the room when its owner is gone: the oldest moderator, else the oldest member."""
    found: str | None = db.value(
        "SELECT account FROM members WHERE room = :room AND role IN ('moderator', 'member')"
        " ORDER BY role = 'member', joined_seq LIMIT 1",
        room=room_id,
    )
    return found


def has_owner(db: Reader, room_id: str) -> bool:
    return db.value("SELECT 1 FROM members WHERE room = :room AND role = 'owner'", room=room_id) is not None


def rooms_of(db: Reader, account: str) -> list[str]:
    """The ids of all rooms the account is in."""
    return [row[0] for row in db.rows("SELECT room FROM members WHERE account = :account", account=account)]


def accounts_in(db: Reader, room_id: str) -> list[str]:
    """Who is in the room, hidden staff too."""
    rows = db.rows("SELECT account FROM members WHERE room = :room ORDER BY account", room=room_id)
    return [row[0] for row in rows]


# Taking everybody out, and back in


def dismiss_all(tx: Tx, room_id: str, *, but: str, seq: int) -> list[str]:
    """Take out everybody but one, to remember; returns whom."""
    tx.run(
        "INSERT INTO dismissed SELECT room, account, role, joined_at, joined_seq, muted_until FROM members"
        " WHERE room = :room AND account <> :but",
        room=room_id,
        but=but,
    )
    tx.run("DELETE FROM members WHERE room = :room AND account <> :but", room=room_id, but=but)
    tx.run(
        "UPDATE member_intervals SET to_seq = :seq WHERE room = :room AND account <> :but AND to_seq IS NULL",
        seq=seq,
        room=room_id,
        but=but,
    )
    _recount(tx, room_id)
    return [
        row[0]
        for row in tx.rows("SELECT account FROM dismissed WHERE room = :room ORDER BY account", room=room_id)
    ]


def readmit_all(tx: Tx, room_id: str, *, seq: int) -> list[str]:
    """Everybody who was taken out at `seq` is in again, as they were, unless they deleted their account;
    returns who."""
    tx.run(
        "INSERT INTO members (room, account, role, joined_at, joined_seq, muted_until)"
        # Who came as a guest may have become a member meanwhile.
        " SELECT d.room, d.account, iif(d.role = 'guest' AND a.role <> 'guest', 'member', d.role),"
        " d.joined_at, d.joined_seq, d.muted_until FROM dismissed d"
        " JOIN accounts a ON a.id = d.account WHERE d.room = :room AND a.deleted_at = 0",
        room=room_id,
    )
    back = [
        row[0]
        for row in tx.rows(
            "SELECT m.account FROM members m JOIN dismissed d ON d.room = m.room AND d.account = m.account"
            " WHERE m.room = :room ORDER BY m.joined_seq, m.account",
            room=room_id,
        )
    ]
    tx.run("DELETE FROM dismissed WHERE room = :room", room=room_id)
    for account in back:
        tx.run(
            "UPDATE member_intervals SET to_seq = NULL"
            " WHERE room = :room AND account = :account AND to_seq = :seq",
            room=room_id,
            account=account,
            seq=seq,
        )
    _recount(tx, room_id)
    return back


def _recount(tx: Tx, room_id: str) -> None:
    tx.run(
        "UPDATE rooms SET member_count = (SELECT count(*) FROM members m WHERE m.room = rooms.id"
        " AND m.role <> 'staff') WHERE id = :room",
        room=room_id,
    )


def was_dismissed(db: Reader, room_id: str, account: str) -> bool:
    """Whether the account was taken out when the room was deleted."""
    found = db.value(
        "SELECT 1 FROM dismissed WHERE room = :room AND account = :account", room=room_id, account=account
    )
    return found is not None


# Who may see what


def may_see(db: Reader, room_id: str, account: str, seq: int) -> bool:
    """Whether what stands at `seq` lies in a stretch that the account may see."""
    found = db.value(
        "SELECT 1 FROM member_intervals WHERE room = :room AND account = :account"
        " AND :seq >= from_seq AND (to_seq IS NULL OR :seq <= to_seq)",
        room=room_id,
        account=account,
        seq=seq,
    )
    return found is not None


def stretches(db: Reader, room_id: str, account: str) -> list[tuple[int, int]]:
    """(first seq, last seq) of each stretch of the room's log that the account may see, oldest first. They
    never overlap; the last one of a member has no end yet, so it ends at FOREVER."""
    return [
        (row[0], row[1])
        for row in db.rows(
            "SELECT from_seq, coalesce(to_seq, :forever) FROM member_intervals"
            " WHERE room = :room AND account = :account ORDER BY from_seq",
            forever=FOREVER,
            room=room_id,
            account=account,
        )
    ]


def members_who_see(db: Reader, room_id: str, seq: int) -> list[str]:
    """The members who may see what stands at `seq`."""
    return [account for account in accounts_in(db, room_id) if may_see(db, room_id, account, seq)]


def open_history(tx: Tx, room_id: str) -> None:
    """All who are in the room now see all of its past."""
    tx.run(
        "DELETE FROM member_intervals WHERE room = :room AND account IN"
        " (SELECT account FROM members WHERE room = :room)",
        room=room_id,
    )
    tx.run(
        "INSERT INTO member_intervals (room, account, from_seq)"
        " SELECT room, account, 0 FROM members WHERE room = :room",
        room=room_id,
    )


# Bans


def ban(tx: Tx, room_id: str, account: str, *, by: str, reason: str, until: int) -> None:
    """Keep somebody out; what is over of the room's other bans is forgotten."""
    tx.run("DELETE FROM bans WHERE room = :room AND until BETWEEN 1 AND :now", room=room_id, now=tx.now)
    tx.run(
        "INSERT INTO bans (room, account, by, reason, at, until)"
        " VALUES (:room, :account, :by, :reason, :at, :until)"
        " ON CONFLICT (room, account) DO UPDATE SET by = excluded.by, reason = excluded.reason,"
        " at = excluded.at, until = excluded.until",
        room=room_id,
        account=account,
        by=by,
        reason=reason,
        at=tx.now,
        until=until,
    )


def unban(tx: Tx, room_id: str, account: str) -> None:
    tx.run("DELETE FROM bans WHERE room = :room AND account = :account", room=room_id, account=account)


def is_banned(db: Reader, room_id: str, account: str) -> bool:
    """Whether the account is kept out now."""
    found = db.value(
        "SELECT 1 FROM bans WHERE room = :room AND account = :account AND (until = 0 OR until > :now)",
        room=room_id,
        account=account,
        now=db.now,
    )
    return found is not None


def forget(tx: Tx, account: str) -> None:
    """Somebody deleted their account: nobody has to be kept out, or could come back."""
    for table in ("bans", "dismissed"):
        tx.run(f"DELETE FROM {table} WHERE account = :account", account=account)


# Secrets and categories


def secret_of(db: Reader, room_id: str) -> tuple[str, str] | None:
    """(code, stored hash of the password or an empty one) of a secret room."""
    row = db.row("SELECT code, password FROM secrets WHERE room = :room", room=room_id)
    return None if row is None else (row[0], row[1])


def behind_code(db: Reader, code: str) -> tuple[str, str] | None:
    """(room, stored hash of the password or an empty one) of a code."""
    row = db.row("SELECT room, password FROM secrets WHERE code = :code", code=code)
    return None if row is None else (row[0], row[1])


def put_secret(tx: Tx, room_id: str, code: str, password: str) -> None:
    tx.run(
        "INSERT INTO secrets (room, code, password) VALUES (:room, :code, :password)"
        " ON CONFLICT (room) DO UPDATE SET code = excluded.code, password = excluded.password",
        room=room_id,
        code=code,
        password=password,
    )


def put_categories(tx: Tx, categories: list[Category]) -> None:
    """These and no others, in this order."""
    tx.run("DELETE FROM categories")
    for position, category in enumerate(categories):
        tx.run(
            "INSERT INTO categories (id, name, position) VALUES (:id, :name, :position)",
            id=category.id,
            name=category.name,
            position=position,
        )
    tx.run(
        "UPDATE rooms SET category = '' WHERE category <> '' AND category NOT IN (SELECT id FROM categories)"
    )
