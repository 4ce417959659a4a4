"""Messages, who is named in them, read marks and drafts on disk."""

import json
from collections.abc import Iterable

from appliance.features.messages.model import LEVELS, Attention, Draft, Message, Standing
from appliance.kernel.transaction import Reader, Tx


def add(tx: Tx, message: Message, device: str) -> None:
    tx.run(
        "INSERT INTO messages (room, seq, id, rev, author, device, client_id, at, content, reply_to,"
        " mentions, everyone, quiet) VALUES (:room, :seq, :id, :rev, :author, :device, :client_id, :at,"
        " :content, :reply_to, :mentions, :everyone, :quiet)",
        room=message.room,
        seq=message.seq,
        id=message.id,
        rev=message.rev,
        author=message.author,
        device=device,
        client_id=message.client_id,
        at=message.at,
        content=None if message.content is None else bytes(message.content),
        reply_to=message.reply_to,
        mentions=" ".join(message.mentions),
        everyone=message.everyone,
        quiet=message.quiet,
    )
    if message.mentions:
        name(tx, message, message.mentions)


def rewrite(tx: Tx, message_id: str, content: bytes, mentions: list[str], rev: int) -> None:
    tx.run(
        "UPDATE messages SET content = :content, mentions = :mentions, rev = :rev, edited_at = :at"
        " WHERE id = :id",
        content=content,
        mentions=" ".join(mentions),
        rev=rev,
        at=tx.now,
        id=message_id,
    )


def bury(tx: Tx, message: Message, rev: int) -> tuple[str, str]:
    """Leave a tombstone; returns the (device, client_id) that it was posted with."""
    row = tx.row(
        "UPDATE messages SET content = NULL, mentions = '', rev = :rev, deleted_at = :at WHERE id = :id"
        " RETURNING device, client_id",
        rev=rev,
        at=tx.now,
        id=message.id,
    )
    assert row is not None
    unname(tx, message, message.mentions)
    tx.run("DELETE FROM listened WHERE room = :room AND seq = :seq", room=message.room, seq=message.seq)
    return row[0], row[1]


def note_listened(tx: Tx, message: Message, account: str) -> bool:
    """The account listened to it; whether that is news."""
    return bool(
        tx.run(
            "INSERT INTO listened (room, seq, account, at) VALUES (:room, :seq, :account, :at)"
            " ON CONFLICT DO NOTHING",
            room=message.room,
            seq=message.seq,
            account=account,
            at=tx.now,
        )
    )


def listened(db: Reader, account: str, room: str, run: Iterable[int]) -> list[str]:
    """The messages at those places that the account listened to."""
    rows = db.rows(
        "SELECT m.id FROM listened l JOIN messages m ON m.room = l.room AND m.seq = l.seq"
        " WHERE l.room = :room AND l.account = :account AND l.seq IN (SELECT value FROM json_each(:run))",
        room=room,
        account=account,
        run=json.dumps([*run]),
    )
    return [row[0] for row in rows]


def listeners(db: Reader, author: str, room: str, run: Iterable[int]) -> list[tuple[str, int]]:
    """(message, how many others listened and let the author know) of the author's at those places."""
    rows = db.rows(
        "SELECT m.id, count(*) FROM listened l JOIN messages m ON m.room = l.room AND m.seq = l.seq"
        " LEFT JOIN preferences p ON p.account = l.account"
        " WHERE l.room = :room AND l.seq IN (SELECT value FROM json_each(:run))"
        " AND m.author = :author AND l.account <> :author AND coalesce(p.receipts, 1) = 1 AND NOT EXISTS"
        " (SELECT 1 FROM blocks b WHERE b.account = l.account AND b.blocked = :author)"
        " GROUP BY m.id",
        room=room,
        author=author,
        run=json.dumps([*run]),
    )
    return [(message, count) for message, count in rows]


def newest_listened(db: Reader, account: str, most: int) -> list[str]:
    """What the account listened to last."""
    rows = db.rows(
        "SELECT m.id FROM listened l JOIN messages m ON m.room = l.room AND m.seq = l.seq"
        " WHERE l.account = :account ORDER BY l.at DESC LIMIT :most",
        account=account,
        most=most,
    )
    return [row[0] for row in rows]


def name(tx: Tx, message: Message, people: Iterable[str]) -> None:
    """Count the message among those that are for `people`; never for who wrote it."""
    for account in people:
        if account != message.author:
            tx.run(
                "INSERT INTO mentions (account, room, seq, message) VALUES (:account, :room, :seq, :message)",
                account=account,
                room=message.room,
                seq=message.seq,
                message=message.id,
            )


def unname(tx: Tx, message: Message, people: Iterable[str]) -> None:
    for account in people:
        tx.run(
            "DELETE FROM mentions WHERE account = :account AND room = :room AND seq = :seq",
            account=account,
            room=message.room,
            seq=message.seq,
        )


def may_be_named(db: Reader, room: str, seq: int, account: str) -> bool:
    """Whether the account is a member who may see what stands at `seq`, and whom others know to be there."""
    found = db.value(
        "SELECT 1 FROM members m JOIN member_intervals i ON i.room = m.room AND i.account = m.account"
        " WHERE m.room = :room AND m.account = :account AND m.role <> 'staff'"
        " AND :seq >= i.from_seq AND (i.to_seq IS NULL OR :seq <= i.to_seq)",
        room=room,
        account=account,
        seq=seq,
    )
    return found is not None


def standing(db: Reader, room: str, account: str) -> Standing | None:
    """How the room stands for one of its members; what was said before they joined counts as read. None for
    no membership."""
    row = db.row(
        "SELECT coalesce(v.account, m.account), l.head, r.member_count, m.joined_at, m.joined_seq, k.seq,"
        " k.put_aside, k.level, k.muted_until"
        " FROM members m JOIN rooms r ON r.id = m.room JOIN logs l ON l.log = m.room"
        " LEFT JOIN read_marks k ON k.room = m.room AND k.account = m.account"
        " LEFT JOIN voices v ON v.room = m.room AND m.role = 'staff'"
        " WHERE m.room = :room AND m.account = :account",
        room=room,
        account=account,
    )
    if row is None:
        return None
    voice, head, count, joined_at, joined_seq, seq, aside, level, muted = row
    if seq is None:
        return Standing(room, account, voice, head, count, joined_at, joined_seq, False, "all", 0)
    return Standing(
        room,
        account,
        voice,
        head,
        count,
        joined_at,
        max(seq, joined_seq),
        aside >= joined_seq,
        # A word that a newer version stored, and this one does not know, is as good as none.
        LEVELS.get(level, "all"),
        muted if muted > db.now else 0,
    )


def mark_read(tx: Tx, room: str, account: str, seq: int) -> None:
    """The account has read up to `seq`, or further already, and puts the room no longer aside."""
    tx.run(
        "INSERT INTO read_marks (room, account, seq) VALUES (:room, :account, :seq)"
        " ON CONFLICT (room, account) DO UPDATE SET seq = max(seq, excluded.seq), put_aside = 0",
        room=room,
        account=account,
        seq=seq,
    )


def put_aside(tx: Tx, room: str, account: str, head: int) -> None:
    """The account put the room aside as unread when its log stood at `head`."""
    tx.run(
        "INSERT INTO read_marks (room, account, seq, put_aside) VALUES (:room, :account, 0, :head)"
        " ON CONFLICT (room, account) DO UPDATE SET put_aside = excluded.put_aside",
        room=room,
        account=account,
        head=head,
    )


def set_attention(tx: Tx, room: str, account: str, level: Attention, muted_until: int) -> None:
    tx.run(
        "INSERT INTO read_marks (room, account, seq, level, muted_until)"
        " VALUES (:room, :account, 0, :level, :until)"
        " ON CONFLICT (room, account) DO UPDATE SET level = excluded.level,"
        " muted_until = excluded.muted_until",
        room=room,
        account=account,
        level=level,
        until=muted_until,
    )


def chosen(db: Reader, account: str) -> list[str]:
    """The account's rooms of which it wants to be told otherwise than by default."""
    rows = db.rows(
        "SELECT m.room FROM members m JOIN read_marks k ON k.room = m.room AND k.account = m.account"
        " WHERE m.account = :account AND (k.level <> 'all' OR k.muted_until > :now) ORDER BY m.room",
        account=account,
        now=db.now,
    )
    return [row[0] for row in rows]


def marks_of(db: Reader, account: str) -> list[tuple[str, int, Attention, int]]:
    """(room, read up to, level, muted until) of every room that the account marked anything in."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in db.rows(
            "SELECT room, seq, level, muted_until FROM read_marks WHERE account = :account ORDER BY room",
            account=account,
        )
    ]


def posted_at(db: Reader, room: str, account: str) -> int:
    """When the account last posted there while posting was slow; 0 for never."""
    found: int | None = db.value(
        "SELECT posted_at FROM read_marks WHERE room = :room AND account = :account",
        room=room,
        account=account,
    )
    return found or 0


def note_posted(tx: Tx, room: str, account: str) -> None:
    tx.run(
        "INSERT INTO read_marks (room, account, seq, posted_at) VALUES (:room, :account, 0, :at)"
        " ON CONFLICT (room, account) DO UPDATE SET posted_at = excluded.posted_at",
        room=room,
        account=account,
        at=tx.now,
    )


def keep_delivered(tx: Tx, room: str, account: str, seq: int, most: int) -> None:
    """A device of the account holds everything up to `seq`; nothing where it is no member of a room of up to
    `most`, where nobody is shown it. No more than there is."""
    tx.run(
        "INSERT INTO read_marks (room, account, seq, delivered)"
        " SELECT m.room, m.account, 0, min(:seq, l.head) FROM members m JOIN logs l ON l.log = m.room"
        " JOIN rooms r ON r.id = m.room"
        " WHERE m.room = :room AND m.account = :account AND r.member_count <= :most"
        " ON CONFLICT (room, account) DO UPDATE SET delivered = max(delivered, excluded.delivered)",
        room=room,
        account=account,
        seq=seq,
        most=most,
    )


def draft(db: Reader, room: str, account: str) -> Draft | None:
    row = db.row(
        "SELECT text, reply_to, at, device FROM drafts WHERE account = :account AND room = :room",
        account=account,
        room=room,
    )
    return None if row is None else Draft(*row)


def drafted(db: Reader, account: str) -> list[str]:
    """The account's rooms in which it began to write something."""
    rows = db.rows(
        "SELECT d.room FROM drafts d JOIN members m ON m.room = d.room AND m.account = d.account"
        " WHERE d.account = :account AND d.at >= m.joined_at ORDER BY d.room",
        account=account,
    )
    return [row[0] for row in rows]


def keep_draft(tx: Tx, room: str, account: str, new: Draft) -> None:
    tx.run(
        "INSERT INTO drafts (account, room, text, reply_to, device, at)"
        " VALUES (:account, :room, :text, :reply_to, :device, :at)"
        " ON CONFLICT (account, room) DO UPDATE SET text = excluded.text, reply_to = excluded.reply_to,"
        " device = excluded.device, at = excluded.at",
        account=account,
        room=room,
        text=new.text,
        reply_to=new.reply_to,
        device=new.device,
        at=new.at,
    )


def drop_draft(tx: Tx, room: str, account: str) -> None:
    tx.run("DELETE FROM drafts WHERE account = :account AND room = :room", account=account, room=room)


def drop_stale_drafts(tx: Tx) -> bool:
    """Those of rooms that their owners are no longer in, or have joined again since; whether there are
    others."""
    tx.run(
        "DELETE FROM drafts WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.room = drafts.room"
        " AND m.account = drafts.account AND m.joined_at <= drafts.at)"
    )
    return tx.value("SELECT 1 FROM drafts LIMIT 1") is not None


def voice_of(db: Reader, room: str) -> str | None:
    """Whose account what the staff says there is shown under."""
    found: str | None = db.value("SELECT account FROM voices WHERE room = :room", room=room)
    return found


def set_voice(tx: Tx, room: str, account: str) -> None:
    tx.run(
        "INSERT INTO voices (room, account) VALUES (:room, :account)"
        " ON CONFLICT (room) DO UPDATE SET account = excluded.account",
        room=room,
        account=account,
    )


def forget(tx: Tx, account: str) -> None:
    """Everything that is the account's alone."""
    tx.run("DELETE FROM drafts WHERE account = :account", account=account)
    tx.run("DELETE FROM mentions WHERE account = :account", account=account)
    tx.run("DELETE FROM read_marks WHERE account = :account", account=account)
    tx.run("DELETE FROM listened WHERE account = :account", account=account)


def purge(tx: Tx, room: str, most: int) -> list[tuple[str, str]]:
    """Drop up to `most` messages of a room, with who is named in them, and once there are none all else that
    is kept of it; returns the (device, client_id) that each was posted with."""
    gone = tx.rows(
        "DELETE FROM messages WHERE room = :room AND seq IN"
        " (SELECT seq FROM messages WHERE room = :room ORDER BY seq LIMIT :most)"
        " RETURNING seq, mentions, device, client_id",
        room=room,
        most=most,
    )
    for seq, mentions, _, _ in gone:
        for account in mentions.split():
            tx.run(
                "DELETE FROM mentions WHERE account = :account AND room = :room AND seq = :seq",
                account=account,
                room=room,
                seq=seq,
            )
    if not gone:
        tx.run("DELETE FROM read_marks WHERE room = :room", room=room)
        tx.run("DELETE FROM drafts WHERE room = :room", room=room)
        tx.run("DELETE FROM voices WHERE room = :room", room=room)
        tx.run("DELETE FROM listened WHERE room = :room", room=room)
    return [(device, client_id) for _, _, device, client_id in gone]


def newest_at(db: Reader) -> int:
    """When the newest message of all was posted; 0 for none."""
    found: int | None = db.value("SELECT at FROM messages ORDER BY id DESC LIMIT 1")
    return found or 0
