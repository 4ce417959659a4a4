"""Reports on disk."""

from dataclasses import dataclass

import msgspec

from appliance.features.auth.model import Person, as_person, person_columns
from appliance.features.moderation.model import FiledReport, ReportReason, Verdict
from appliance.kernel.transaction import Reader, Row, Tx


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report that is about to be; `evidence`: the content of the message, if it is about one."""

    id: str
    reporter: str
    person: str
    room: str
    message: str
    evidence: bytes | None
    reason: ReportReason
    note: str


def add(tx: Tx, new: NewReport) -> None:
    tx.run(
        "INSERT INTO reports (id, reporter, person, room, message, evidence, reason, note, at)"
        " VALUES (:id, :reporter, :person, :room, :message, :evidence, :reason, :note, :at)",
        id=new.id,
        reporter=new.reporter,
        person=new.person,
        room=new.room,
        message=new.message,
        evidence=new.evidence,
        reason=new.reason,
        note=new.note,
        at=tx.now,
    )


def same(db: Reader, reporter: str, person: str, message: str) -> str | None:
    """The open report of the same by the same."""
    found: str | None = db.value(
        "SELECT id FROM reports WHERE reporter = :reporter AND person = :person AND message = :message"
        " AND resolved_at = 0",
        reporter=reporter,
        person=person,
        message=message,
    )
    return found


def count_open(db: Reader, *, but: str = "") -> int:
    """Open reports, without those about the account `but`."""
    sql = "SELECT count(*) FROM reports WHERE resolved_at = 0 AND person <> :but"
    return int(db.value(sql, but=but))


def count_about(db: Reader, person: str) -> int:
    """Resolved reports about somebody on which something was done."""
    return int(
        db.value("SELECT count(*) FROM reports WHERE person = :person AND outcome = 'acted'", person=person)
    )


def open_one(db: Reader, report: str) -> tuple[str, str] | None:
    """(person, message) of a report that is not resolved."""
    row = db.row("SELECT person, message FROM reports WHERE id = :id AND resolved_at = 0", id=report)
    return None if row is None else (row[0], row[1])


def resolve(tx: Tx, report: str, resolver: str, outcome: Verdict, resolution: str) -> None:
    """Close a report, and keep no copy of what was said."""
    tx.run(
        "UPDATE reports SET resolved_at = :at, resolver = :resolver, outcome = :outcome,"
        " resolution = :resolution, evidence = NULL WHERE id = :id",
        at=tx.now,
        resolver=resolver,
        outcome=outcome,
        resolution=resolution,
        id=report,
    )


def reports(
    db: Reader, *, resolved: bool, before: str, but: str, hidden: bool, most: int
) -> list[FiledReport]:
    """Open ones oldest first, or resolved ones newest first, without those about the account `but`; `before`:
    beyond this one in that order. Names of rooms that not everybody finds only with `hidden`."""
    named = "" if hidden else "AND h.kind = 'public'"
    where = (
        "r.resolved_at > 0 AND (:before = '' OR r.id < :before) ORDER BY r.id DESC"
        if resolved
        else "r.resolved_at = 0 AND (:before = '' OR r.id > :before) ORDER BY r.id"
    )
    rows = db.rows(
        "SELECT r.id, r.at, r.reporter, r.person, r.room, coalesce(h.name, ''), r.message, r.evidence,"
        " r.reason, r.note, r.resolved_at, r.resolver, r.outcome, r.resolution, coalesce(m.deleted_at, 0) > 0"
        " FROM reports r LEFT JOIN rooms h ON h.id = r.room"
        f" {named} LEFT JOIN messages m ON m.id = r.message WHERE r.person <> :but AND {where} LIMIT :most",
        but=but,
        before=before,
        most=most,
    )
    return [_report(db, row) for row in rows]


def _report(db: Reader, row: Row) -> FiledReport:
    return FiledReport(
        id=row[0],
        at=row[1],
        reporter=_person(db, row[2]),
        person=_person(db, row[3]),
        room=row[4],
        room_name=row[5],
        message=row[6],
        content=None if row[7] is None else msgspec.Raw(row[7]),
        reason=row[8],
        note=row[9],
        message_deleted=bool(row[14]),
        earlier=count_about(db, row[3]),
        resolved_at=row[10],
        resolver=_person(db, row[11]) if row[11] else None,
        outcome=row[12],
        resolution=row[13],
    )


def _person(db: Reader, account: str) -> Person:
    row = db.row(f"SELECT {person_columns} FROM accounts a WHERE a.id = :id", id=account)
    return as_person(row, db.now) if row else Person(id=account, name="", display="", gone=True)


def room_name(db: Reader, room: str, *, hidden: bool) -> str:
    """What a room is called; empty where there is none, and for a room that not everybody finds unless
    `hidden`."""
    only = "" if hidden else "AND kind = 'public'"
    return db.value(f"SELECT name FROM rooms WHERE id = :room {only}", room=room) or ""


def forget(tx: Tx, account: str) -> None:
    """Whoever leaves takes along what they reported and was not resolved, but not what others reported."""
    tx.run("DELETE FROM reports WHERE reporter = :account AND resolved_at = 0", account=account)
