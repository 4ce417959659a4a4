"""Which files there are, whose they are, and which message shows each."""

from appliance.features.media.model import Arrived, Held
from appliance.features.rooms.actions import MAY_SEE
from appliance.kernel.transaction import Reader, Tx


def add(tx: Tx, media: str, account: str, arrived: Arrived) -> None:
    tx.run(
        "INSERT INTO media (id, account, digest, type, bytes, at)"
        " VALUES (:id, :account, :digest, :type, :bytes, :at)",
        id=media,
        account=account,
        digest=arrived.digest,
        type=arrived.type,
        bytes=arrived.bytes,
        at=tx.now,
    )


def free(db: Reader, account: str, digest: str) -> str | None:
    """A file of the account with this content that no message shows."""
    found: str | None = db.value(
        "SELECT id FROM media WHERE digest = :digest AND account = :account AND room = ''",
        digest=digest,
        account=account,
    )
    return found


def bytes_of(db: Reader, account: str) -> int:
    """How much the account keeps here."""
    found: int = db.value(
        "SELECT coalesce(sum(bytes), 0) FROM media WHERE account = :account", account=account
    )
    return found


def show(tx: Tx, media: str, account: str, room: str, seq: int) -> bool:
    """From here on the message at that place shows it; whether it was the account's, and free."""
    return bool(
        tx.run(
            "UPDATE media SET room = :room, seq = :seq WHERE id = :id AND account = :account AND room = ''",
            room=room,
            seq=seq,
            id=media,
            account=account,
        )
    )


def seen(db: Reader, account: str, media: str) -> Held | None:
    """A file that a message shows, in a room that the account is in, in a stretch that it may see."""
    row = db.row(
        "SELECT m.id, m.digest, m.type, m.bytes FROM media m"
        " JOIN members me ON me.room = m.room AND me.account = :account"
        f" WHERE m.id = :id AND {MAY_SEE}",
        id=media,
        account=account,
    )
    return None if row is None else Held(*row)


def drop_shown(tx: Tx, room: str, seq: int) -> list[str]:
    """Those of one message; returns the digests."""
    rows = tx.rows("DELETE FROM media WHERE room = :room AND seq = :seq RETURNING digest", room=room, seq=seq)
    return [row[0] for row in rows]


def drop_room(tx: Tx, room: str, most: int) -> list[str]:
    """Up to `most` of a room; returns the digests."""
    rows = tx.rows(
        "DELETE FROM media WHERE id IN (SELECT id FROM media WHERE room = :room LIMIT :most)"
        " RETURNING digest",
        room=room,
        most=most,
    )
    return [row[0] for row in rows]


def drop_free(tx: Tx, account: str | None, before: int, most: int) -> list[str]:
    """Up to `most` that no message shows, of the account or of anybody, uploaded before a time."""
    rows = tx.rows(
        "DELETE FROM media WHERE id IN (SELECT id FROM media WHERE room = '' AND at < :before"
        " AND (:account IS NULL OR account = :account) LIMIT :most) RETURNING digest",
        account=account,
        before=before,
        most=most,
    )
    return [row[0] for row in rows]


def is_held(db: Reader, digest: str) -> bool:
    return db.value("SELECT 1 FROM media WHERE digest = :digest", digest=digest) is not None


def of_author(db: Reader, account: str, after: str) -> Held | None:
    """The next file above an id that the account shows in some message."""
    row = db.row(
        "SELECT id, digest, type, bytes FROM media WHERE account = :account AND id > :after AND room <> ''"
        " ORDER BY id LIMIT 1",
        account=account,
        after=after,
    )
    return None if row is None else Held(*row)
