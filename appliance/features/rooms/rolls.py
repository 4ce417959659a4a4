"""Lists of rooms and of who is in them, as people are shown them. Only reads."""

from appliance.features.auth import actions as auth
from appliance.features.auth.model import Person, as_person, person_columns
from appliance.features.people.model import folded
from appliance.features.rooms.model import (
    BannedPerson,
    Category,
    DirectoryRoom,
    Member,
    Role,
    Room,
    as_room,
    room_columns,
)
from appliance.kernel.transaction import Reader

DIRECTORY_PAGE = 100

Standing = tuple[Room, Role, int, int]
"""(room, role, muted until, head of the room's log)"""


def members(db: Reader, room: str, *, staff: bool) -> list[Member]:
    """Everybody in the room, in the order of joining; hidden staff only where `staff`."""
    return [
        Member(person=as_person(row, db.now), role=row[-3], joined_at=row[-2], muted_until=row[-1])
        for row in db.rows(
            f"SELECT {person_columns}, m.role, m.joined_at, m.muted_until FROM members m"
            " JOIN accounts a ON a.id = m.account WHERE m.room = :room AND (:staff OR m.role <> 'staff')"
            " ORDER BY m.joined_seq, a.id",
            room=room,
            staff=staff,
        )
    ]


def others(db: Reader, room: str, account: str) -> list[Person]:
    """The members but one, in the order of joining; hidden staff never."""
    return [
        as_person(row, db.now)
        for row in db.rows(
            f"SELECT {person_columns} FROM members m JOIN accounts a ON a.id = m.account"
            " WHERE m.room = :room AND m.account <> :account AND m.role <> 'staff'"
            " ORDER BY m.joined_seq, a.id",
            room=room,
            account=account,
        )
    ]


def shared(db: Reader, account: str, other: str) -> list[str]:
    """The rooms in which `account` sees `other`."""
    rows = db.rows(
        "SELECT mine.room FROM members mine JOIN members theirs ON theirs.room = mine.room"
        " WHERE mine.account = :account AND theirs.account = :other"
        " AND (theirs.role <> 'staff' OR mine.role = 'staff') ORDER BY mine.room",
        account=account,
        other=other,
    )
    return [row[0] for row in rows]


def standing(db: Reader, account: str, room: str | None = None) -> list[Standing]:
    """How the account stands in its rooms, or in one of them."""
    only = "AND m.room = :room" if room else ""
    return [
        (as_room(row), row[-3], row[-2], row[-1])
        for row in db.rows(
            f"SELECT {room_columns}, m.role, m.muted_until, l.head FROM members m"
            f" JOIN rooms r ON r.id = m.room JOIN logs l ON l.log = m.room WHERE m.account = :account {only}",
            account=account,
            room=room,
        )
    ]


def bans(db: Reader, room: str) -> list[BannedPerson]:
    """Who is kept out now, the latest first."""
    columns = f"{person_columns}, {person_columns.replace('a.', 'o.')}"
    width = len(person_columns.split(","))
    return [
        BannedPerson(
            person=as_person(row, db.now),
            by=as_person(row[width:], db.now),
            reason=row[-3],
            at=row[-2],
            until=row[-1],
        )
        for row in db.rows(
            f"SELECT {columns}, b.reason, b.at, b.until FROM bans b JOIN accounts a ON a.id = b.account"
            " JOIN accounts o ON o.id = b.by WHERE b.room = :room AND (b.until = 0 OR b.until > :now)"
            " ORDER BY b.at DESC, b.account",
            room=room,
            now=db.now,
        )
    ]


# The directory


def categories(db: Reader) -> list[Category]:
    """In the order that the admin chose."""
    return [
        Category(id=row[0], name=row[1])
        for row in db.rows("SELECT id, name FROM categories ORDER BY position")
    ]


def directory(
    db: Reader, account: str, *, words: str, category: str, after: str
) -> tuple[list[DirectoryRoom], bool]:
    """Public rooms that are open, largest first, and whether there are more. `words`: each stands in the name
    or the topic; `after`: the id of the last one shown."""
    wanted = folded(words).split()
    found: list[DirectoryRoom] = []
    # SQLite folds only ASCII, so words are looked for here; people make few rooms an hour.
    for row in db.rows(
        f"SELECT {room_columns}, m.account FROM rooms r"
        " LEFT JOIN members m ON m.room = r.id AND m.account = :account"
        " LEFT JOIN rooms p ON p.id = :after"
        " WHERE r.kind = 'public' AND r.archived_at = 0 AND r.deleted_at = 0"
        " AND (:category = '' OR r.category = :category)"
        " AND (:after = '' OR r.member_count < p.member_count"
        " OR (r.member_count = p.member_count AND r.id > p.id))"
        f" ORDER BY r.member_count DESC, r.id {'' if wanted else 'LIMIT :most'}",
        account=account,
        after=after,
        category=category,
        most=DIRECTORY_PAGE + 1,
    ):
        room = as_room(row)
        text = folded(f"{room.name} {room.topic}") if wanted else ""
        if all(word in text for word in wanted):
            found.append(DirectoryRoom(room=room, joined=row[-1] is not None))
            if len(found) > DIRECTORY_PAGE:
                break
    return found[:DIRECTORY_PAGE], len(found) > DIRECTORY_PAGE


def unseen_topic(room: str, voice: str) -> str:
    """What sockets of hidden staff follow beside the room, so that what goes from them to others without a
    look into the database goes out as `voice`'s."""
    return f"{room}/{voice}"


def voice_in(topics: set[str], room: str) -> str | None:
    """As whom a socket that follows `topics` is heard in the room; None: as its own person."""
    begins = unseen_topic(room, "")
    return next((topic.removeprefix(begins) for topic in topics if topic.startswith(begins)), None)


def unseen_topics(db: Reader, account: str) -> list[str]:
    """The unseen topics of an account, one for each room that it is hidden in."""
    rows = db.rows("SELECT room FROM members WHERE account = :account AND role = 'staff'", account=account)
    return [unseen_topic(room, auth.desk_of(db)) for (room,) in rows]
