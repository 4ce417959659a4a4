"""The audit log on disk."""

from appliance.features.audit.model import Action
from appliance.kernel.ids import new_id
from appliance.kernel.transaction import Reader, Row, Tx


def add(tx: Tx, actor: str, action: Action, subject: str, room: str, detail: str) -> None:
    tx.run(
        "INSERT INTO audit (id, at, actor, action, subject, room, detail)"
        " VALUES (:id, :at, :actor, :action, :subject, :room, :detail)",
        id=new_id(tx.now),
        at=tx.now,
        actor=actor,
        action=action,
        subject=subject,
        room=room,
        detail=detail,
    )


def entries(db: Reader, *, before: str, subject: str, actor: str, most: int) -> list[Row]:
    """(id, at, actor, action, subject, room, detail), newest first; an empty argument asks for all."""
    return db.rows(
        "SELECT id, at, actor, action, subject, room, detail FROM audit"
        " WHERE (:before = '' OR id < :before) AND (:subject = '' OR subject = :subject)"
        " AND (:actor = '' OR actor = :actor) ORDER BY id DESC LIMIT :most",
        before=before,
        subject=subject,
        actor=actor,
        most=most,
    )
