"""How calls end, by somebody or by themselves."""

from dataclasses import replace

from appliance.features.auth import actions as auth
from appliance.features.calls import store
from appliance.features.calls.actions.telling import QUIET, event, note, person, tell
from appliance.features.calls.model import CallOutcome, Kept
from appliance.features.messages import actions as messages
from appliance.features.messages.model import CallEntry
from appliance.features.people import actions as people
from appliance.features.rooms import actions as rooms
from appliance.kernel import jobs
from appliance.kernel.transaction import Reader, Tx

TIDY = "calls.tidy"
KEEP_MS = 3_600_000
"""How long a call that is over can still be asked about by its id."""
UNREAD: tuple[CallOutcome, ...] = ("missed", "cancelled", "busy")
"""How a call ended that its callee has still to hear of."""


def miss(tx: Tx, call_id: str) -> None:
    """It rang for long enough."""
    kept = store.call(tx, call_id)
    if kept is not None and kept.state == "ringing":
        end(tx, kept, "missed")


def lose(tx: Tx, call_id: str, account: str) -> None:
    """The page of one side has been gone for too long; what counts is until when both were here."""
    kept = store.call(tx, call_id)
    if kept is not None and kept.state != "ended":
        leave(tx, kept, account, at=kept.seen_at)


def see(tx: Tx, call_id: str, at: int) -> None:
    """Both pages were here at that time."""
    store.see(tx, call_id, at)


def review(tx: Tx) -> None:
    """End every open call that cannot go on: one side is signed out where their page is, or no longer in the
    room, which may be closed; or one blocked the other."""
    for kept in store.all_open(tx):
        gone = next((who for who in (kept.caller, kept.callee) if _is_gone(tx, kept, who)), None)
        room = rooms.open_room(tx, kept.room)
        if gone is not None or room is None:
            leave(tx, kept, gone or kept.caller)
        elif people.blocked_by(tx, kept.callee, kept.caller):
            leave(tx, kept, kept.caller)
        elif not kept.hidden and people.blocked_by(tx, kept.caller, kept.callee):
            if kept.state == "active":
                leave(tx, kept, kept.callee)
            else:
                _hide(tx, kept)


def _is_gone(db: Reader, kept: Kept, account: str) -> bool:
    _, device = kept.seat_of(account)
    if device and auth.on_device(db, device) is None:
        return True
    return rooms.role_of(db, kept.room, account) is None


def _hide(tx: Tx, kept: Kept) -> None:
    """It rings on for the caller alone, who is not to know that they were blocked."""
    store.hide(tx, kept.id)
    over = replace(kept, state="ended", outcome="missed", ended_at=tx.now)
    tx.emit(kept.callee, event(tx, over, kept.callee))
    tx.hint(QUIET, kept.id)
    # To the caller nothing happened: even hearing the same again would say when it was.
    note(tx, replace(kept, hidden=True))


def leave(tx: Tx, kept: Kept, account: str, *, at: int = 0, refused: CallOutcome = "missed") -> None:
    """One side goes, or went at that time; `refused`: what it is called when it is the callee, at whom it
    rings."""
    end(tx, kept, kept.ends(account, refused), at=at if kept.state == "active" else 0)


def make_up(tx: Tx, over: Kept) -> None:
    """Write down an end that people were told of while the database took nothing."""
    kept = store.call(tx, over.id)
    if kept is None or kept.state == "ended":
        return
    # Of an answer that was written at that very moment nobody had heard.
    known = kept.answered_at == over.answered_at
    end(tx, kept, over.outcome if known else "failed", at=max(over.ended_at, kept.answered_at))


def end(tx: Tx, kept: Kept, outcome: CallOutcome, *, at: int = 0) -> None:
    assert outcome
    ended_at = at or tx.now
    store.end(tx, kept.id, outcome, ended_at)
    over = replace(kept, state="ended", outcome=outcome, ended_at=ended_at)
    tell(tx, over)
    if kept.state == "ringing" and not kept.hidden:
        tx.hint(QUIET, kept.id)
    duration = ended_at - kept.answered_at if outcome == "answered" else 0
    entry = CallEntry(video=kept.video, outcome=outcome, duration_ms=duration)
    messages.note_call(tx, kept.room, person(tx, kept.caller), entry, quiet=outcome not in UNREAD)
    jobs.enqueue(tx, TIDY, {}, key=TIDY, delay_ms=KEEP_MS)
