"""Calls on disk."""

from dataclasses import asdict, fields

from appliance.features.calls.model import CallOutcome, Kept
from appliance.kernel.transaction import Reader, Row, Tx

_FIELDS = [field.name for field in fields(Kept)]
_COLUMNS = ", ".join(_FIELDS)


def _kept(row: Row) -> Kept:
    id, room, caller, callee, video, hidden, *rest = row
    return Kept(id, room, caller, callee, bool(video), bool(hidden), *rest)


def add(tx: Tx, call: Kept) -> None:
    values = ", ".join(f":{name}" for name in _FIELDS)
    tx.run(f"INSERT INTO calls ({_COLUMNS}) VALUES ({values})", **asdict(call))


def call(db: Reader, call_id: str) -> Kept | None:
    row = db.row(f"SELECT {_COLUMNS} FROM calls WHERE id = :id", id=call_id)
    return None if row is None else _kept(row)


def all_open(db: Reader) -> list[Kept]:
    """Every call that has not ended, the oldest first."""
    return [_kept(row) for row in db.rows(f"SELECT {_COLUMNS} FROM calls WHERE state <> 'ended' ORDER BY id")]


def open_with(db: Reader, account: str) -> list[Kept]:
    """Those of one account, also what it is not to know of."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM calls WHERE caller = :account AND state <> 'ended'"
        f" UNION ALL SELECT {_COLUMNS} FROM calls WHERE callee = :account AND state <> 'ended'",
        account=account,
    )
    return [_kept(row) for row in rows]


def known_to(db: Reader, account: str, most: int) -> list[Kept]:
    """The newest calls that the account may know of."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM calls WHERE caller = :account OR (callee = :account AND hidden = 0)"
        " ORDER BY id DESC LIMIT :most",
        account=account,
        most=most,
    )
    return [_kept(row) for row in rows]


def other_in(db: Reader, room: str, account: str) -> str | None:
    """The other one of a direct message."""
    found: str | None = db.value(
        "SELECT account FROM members WHERE room = :room AND account <> :account", room=room, account=account
    )
    return found


def take(tx: Tx, call_id: str, seat: str, device: str) -> None:
    """The callee is in it, on this page."""
    tx.run(
        "UPDATE calls SET state = 'active', callee_seat = :seat, callee_device = :device, answered_at = :at"
        " WHERE id = :id",
        seat=seat,
        device=device,
        at=tx.now,
        id=call_id,
    )


def hide(tx: Tx, call_id: str) -> None:
    tx.run("UPDATE calls SET hidden = 1 WHERE id = :id", id=call_id)


def end(tx: Tx, call_id: str, outcome: CallOutcome, at: int) -> None:
    tx.run(
        "UPDATE calls SET state = 'ended', outcome = :outcome, ended_at = :at WHERE id = :id",
        outcome=outcome,
        at=at,
        id=call_id,
    )


def see(tx: Tx, call_id: str, at: int) -> None:
    """Both pages were here at that time."""
    tx.run("UPDATE calls SET seen_at = max(seen_at, :at) WHERE id = :id", id=call_id, at=at)


def drop_ended(tx: Tx, before: int) -> int | None:
    """Forget what ended before; returns when the first of the others did, None where there are none."""
    tx.run("DELETE FROM calls WHERE state = 'ended' AND ended_at <= :before", before=before)
    found: int | None = tx.value("SELECT min(ended_at) FROM calls WHERE state = 'ended'")
    return found


def drop_all_of(tx: Tx, account: str) -> None:
    tx.run("DELETE FROM calls WHERE caller = :account OR callee = :account", account=account)


def purge(tx: Tx, room: str) -> int:
    return tx.run("DELETE FROM calls WHERE room = :room", room=room)
