"""The logs: what changed, in which order; one per room and one per account, the same machinery.

A row points to what changed and copies nothing, so a replay joins the present state, and deleting
something leaves no copies behind. Rows are in `log_entries`, but for what is its own row (`log_rows`).
"""

from appliance.kernel.transaction import Reader, Tx

KEEP = 1000
"""Rows kept per log. More than a replay ever reads, since it resets a client that is further behind."""


def open_log(tx: Tx, log: str) -> None:
    """Make an empty log."""
    tx.run("INSERT INTO logs (log) VALUES (:log)", log=log)


def drop_log(tx: Tx, log: str) -> None:
    """Forget a log and all its rows: what it told of is gone for good."""
    tx.run("DELETE FROM log_entries WHERE log = :log", log=log)
    tx.run("DELETE FROM logs WHERE log = :log", log=log)


def take(tx: Tx, log: str) -> int:
    """Take the log's next seq for something that is its own row there (see the view log_rows)."""
    seq: int | None = tx.value("UPDATE logs SET head = head + 1 WHERE log = :log RETURNING head", log=log)
    if seq is None:
        raise LookupError(f"no log {log}")
    return seq


def append(tx: Tx, log: str, kind: str, subject: str, actor: str) -> int:
    """Write down a change at the log's next seq; returns it."""
    seq = take(tx, log)
    tx.run(
        "INSERT INTO log_entries (log, seq, kind, subject, actor, at)"
        " VALUES (:log, :seq, :kind, :subject, :actor, :at)",
        log=log,
        seq=seq,
        kind=kind,
        subject=subject,
        actor=actor,
        at=tx.now,
    )
    return seq


def head(db: Reader, log: str) -> int:
    """The seq of the newest row, 0 for an empty log or none."""
    return db.value("SELECT head FROM logs WHERE log = :log", log=log) or 0


def bounds(db: Reader, log: str) -> tuple[int, int] | None:
    """(floor, head), or None when there is no such log."""
    found = db.row("SELECT floor, head FROM logs WHERE log = :log", log=log)
    return None if found is None else (found[0], found[1])


def changes(db: Reader, log: str, after: int) -> list[tuple[str, str, int]]:
    """(kind, subject, seq of its last change) of everything that changed after `after`, oldest first."""
    return [
        (kind, subject, seq)
        for kind, subject, seq in db.rows(
            "SELECT kind, subject, max(seq) AS last FROM log_rows WHERE log = :log AND seq > :after"
            " GROUP BY kind, subject ORDER BY last",
            log=log,
            after=after,
        )
    ]


def actor(db: Reader, log: str, seq: int) -> str:
    """Who made the change at `seq`; empty when the row is no longer kept."""
    return db.value("SELECT actor FROM log_rows WHERE log = :log AND seq = :seq", log=log, seq=seq) or ""


def clear_log(tx: Tx, log: str) -> None:
    """Drop every row of a log; it goes on where it stood."""
    tx.run("DELETE FROM log_entries WHERE log = :log", log=log)
    tx.run("UPDATE logs SET floor = head WHERE log = :log", log=log)


def trim(tx: Tx, *, keep: int = KEEP, most: int = 5000) -> int:
    """Drop rows that no replay reads any more, the oldest first; returns how many. No more than `most` at
    once, since every message waits meanwhile."""
    left = most
    for log, floor, newest in tx.rows(
        "SELECT log, floor, head FROM logs WHERE head - floor > :slack LIMIT :most",
        slack=2 * keep,
        most=most,
    ):
        cut = min(newest - keep, floor + left)
        tx.run("DELETE FROM log_entries WHERE log = :log AND seq <= :cut", log=log, cut=cut)
        tx.run("UPDATE logs SET floor = :cut WHERE log = :log", log=log, cut=cut)
        left -= cut - floor
        if not left:
            break
    return most - left


def probe(tx: Tx) -> None:
    """Write something that changes nothing, to see whether the disk takes it."""
    tx.run("UPDATE logs SET head = head WHERE log = (SELECT log FROM logs LIMIT 1)")
