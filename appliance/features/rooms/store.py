"""Rooms and memberships on disk."""

from appliance.features.auth.model import Person, as_person, person_columns
from appliance.features.rooms.model import DirectoryRoom, Member, PostingStanding, Role, Room
from appliance.kernel.transaction import Reader, Row, Tx

FOREVER = 2**53
"""A seq that no log reaches."""

_ROOM = "r.id, r.kind, r.name, r.topic, r.history, r.member_count, r.created_at, r.rev"


def _room(row: Row) -> Room:
    return Room(
        id=row[0],
        kind=row[1],
        name=row[2],
        topic=row[3],
        history=row[4],
        member_count=row[5],
        created_at=row[6],
        rev=row[7],
    )


def room(db: Reader, room_id: str) -> Room | None:
    """A room, whoever asks."""
    row = db.row(f"SELECT {_ROOM} FROM rooms r WHERE r.id = :room", room=room_id)
    return None if row is None else _room(row)


def member_count(db: Reader, room_id: str) -> int:
    """How many are in a room."""
    row = db.row("SELECT member_count FROM rooms WHERE id = :room", room=room_id)
    return 0 if row is None else int(row[0])


def add_room(tx: Tx, new: Room, pair: str | None) -> None:
    tx.run(
        "INSERT INTO rooms (id, kind, name, topic, history, pair, created_at)"
        " VALUES (:id, :kind, :name, :topic, :history, :pair, :at)",
        id=new.id,
        kind=new.kind,
        name=new.name,
        topic=new.topic,
        history=new.history,
        pair=pair,
        at=tx.now,
    )


def dm_of(db: Reader, pair: str) -> str | None:
    """The direct message of two accounts."""
    found: str | None = db.value("SELECT id FROM rooms WHERE pair = :pair", pair=pair)
    return found


def role_of(db: Reader, room_id: str, account: str) -> Role | None:
    """What the account is in the room; None for no membership."""
    found: Role | None = db.value(
        "SELECT role FROM members WHERE room = :room AND account = :account", room=room_id, account=account
    )
    return found


def posting_standing(db: Reader, room_id: str, account: str) -> PostingStanding | None:
    """What a post needs to know of its author and the room, in one read; None for no membership."""
    row = db.row(
        f"SELECT {person_columns}, m.role, r.kind, r.posting, r.slow_s, r.archived_at > 0, m.muted_until,"
        " a.muted_until, a.trusted_at FROM members m JOIN accounts a ON a.id = m.account"
        " JOIN rooms r ON r.id = m.room WHERE m.room = :room AND m.account = :account",
        room=room_id,
        account=account,
    )
    if row is None:
        return None
    return PostingStanding(
        person=as_person(row, db.now),
        role=row[-8],
        kind=row[-7],
        posting=row[-6],
        slow_s=row[-5],
        archived=bool(row[-4]),
        muted_until=row[-3],
        silenced_until=row[-2],
        trusted_at=row[-1],
    )


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
    tx.run(
        "INSERT INTO member_intervals (room, account, from_seq) VALUES (:room, :account, :from_seq)"
        " ON CONFLICT (room, account, from_seq) DO UPDATE SET to_seq = NULL",
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


def count_members(tx: Tx, room_id: str, change: int) -> int:
    """Add to the room's member count; returns it."""
    count: int = tx.value(
        "UPDATE rooms SET member_count = member_count + :change WHERE id = :room RETURNING member_count",
        change=change,
        room=room_id,
    )
    return count


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
    rows = db.rows("SELECT account FROM members WHERE room = :room ORDER BY account", room=room_id)
    return [row[0] for row in rows if may_see(db, room_id, row[0], seq)]


def oldest_member(db: Reader, room_id: str) -> str | None:
    found: str | None = db.value(
        "SELECT account FROM members WHERE room = :room ORDER BY joined_seq LIMIT 1", room=room_id
    )
    return found


def has_owner(db: Reader, room_id: str) -> bool:
    return db.value("SELECT 1 FROM members WHERE room = :room AND role = 'owner'", room=room_id) is not None


def members(db: Reader, room_id: str) -> list[Member]:
    """Everybody in the room, in the order of joining."""
    return [
        Member(person=as_person(row, db.now), role=row[8], joined_at=row[9])
        for row in db.rows(
            f"SELECT {person_columns}, m.role, m.joined_at FROM members m"
            " JOIN accounts a ON a.id = m.account WHERE m.room = :room ORDER BY m.joined_seq, a.id",
            room=room_id,
        )
    ]


def rooms_of(db: Reader, account: str) -> list[str]:
    """The ids of all rooms the account is in."""
    return [row[0] for row in db.rows("SELECT room FROM members WHERE account = :account", account=account)]


def standing(db: Reader, account: str, room_id: str | None = None) -> list[tuple[Room, Role, int]]:
    """(room, role, head of its log) of the account's rooms, or of one of them."""
    only = "AND m.room = :room" if room_id else ""
    return [
        (_room(row), row[8], row[9])
        for row in db.rows(
            f"SELECT {_ROOM}, m.role, l.head FROM members m JOIN rooms r ON r.id = m.room"
            f" JOIN logs l ON l.log = m.room WHERE m.account = :account {only}",
            account=account,
            room=room_id,
        )
    ]


def others(db: Reader, room_id: str, account: str) -> list[Person]:
    """The members but one."""
    return [
        as_person(row, db.now)
        for row in db.rows(
            f"SELECT {person_columns} FROM members m JOIN accounts a ON a.id = m.account"
            " WHERE m.room = :room AND m.account <> :account",
            room=room_id,
            account=account,
        )
    ]


def directory(db: Reader, account: str, most: int = 200) -> list[DirectoryRoom]:
    """Public rooms, largest first."""
    return [
        DirectoryRoom(room=_room(row), joined=row[8] is not None)
        for row in db.rows(
            f"SELECT {_ROOM}, m.account FROM rooms r"
            " LEFT JOIN members m ON m.room = r.id AND m.account = :account"
            " WHERE r.kind = 'public' ORDER BY r.member_count DESC, r.id LIMIT :most",
            account=account,
            most=most,
        )
    ]
