"""What people do with calls, and what becomes of those that cannot go on."""

from dataclasses import replace
from typing import Any

import msgspec

from appliance.features.auth import actions as auth
from appliance.features.auth.model import Person
from appliance.features.calls import store
from appliance.features.calls.model import (
    AnswerCall,
    Call,
    CallChanged,
    CallOutcome,
    DeclineCall,
    HangUpCall,
    Kept,
    Moved,
    Ring,
)
from appliance.features.messages import actions as messages
from appliance.features.messages.model import CallEntry
from appliance.features.people import actions as people
from appliance.features.rooms import actions as rooms
from appliance.kernel import jobs
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

MOVED = "calls.moved"
"""Hinted at with a call as a transaction left it (see `moved`), in the order of commits."""
RINGS = "calls.rings"
"""Hinted at with the id of a call that begins to ring at its callee: what wakes their devices goes here."""
QUIET = "calls.quiet"
"""Hinted at with the id of one that no longer does, however that came."""

TIDY = "calls.tidy"
KEEP_MS = 3_600_000
"""How long a call that is over can still be asked about by its id."""
EXPORTED = 1000
UNREAD: tuple[CallOutcome, ...] = ("missed", "cancelled", "busy")
"""How a call ended that its callee has still to hear of."""


def may_be_talked_to(db: Reader, room: str, account: str) -> str | None:
    """The other one of a direct message, if the account may write to them now, neither blocked the other, and
    they let it be seen that they are there."""
    standing = rooms.posting_standing(db, Who(account, ""), room)
    rooms.require_floor(standing, db.now)
    other = store.other_in(db, room, account) if standing.kind == "dm" else None
    if other is None or people.blocked_by(db, account, other) or people.blocked_by(db, other, account):
        return None
    return None if people.preferences(db, other).invisible else other


# Verbs


def ring(tx: Tx, who: Who, command: Ring) -> Outcome:
    """Call the other one of a direct message, or answer them if they ring here at this moment."""
    standing = rooms.posting_standing(tx, who, command.room)
    if standing.kind != "dm":
        raise Refusal("calls_not_here", field="room")
    rooms.require_floor(standing, tx.now)
    callee = store.other_in(tx, command.room, who.account)
    if callee is None:
        raise Refusal("not_found", field="room")
    if people.blocked_by(tx, callee, who.account):
        raise Refusal("forbidden", field="room", text="You blocked this person.")
    mine = _open_of(tx, who.account)
    if mine is not None:
        if mine.state == "ringing" and mine.callee == who.account and mine.room == command.room:
            return _take(tx, who, mine, command.seat)
        raise Refusal("already_calling")
    hidden = people.blocked_by(tx, who.account, callee)
    # Whoever blocked the caller does not tell them either that they talk to somebody else.
    busy = not hidden and _open_of(tx, callee) is not None
    made = Kept(
        id=new_id(tx.now),
        room=command.room,
        caller=who.account,
        callee=callee,
        video=command.video,
        hidden=hidden or busy,
        state="ringing",
        outcome="",
        caller_seat=command.seat,
        caller_device=who.device,
        callee_seat="",
        callee_device="",
        began_at=tx.now,
        answered_at=0,
        seen_at=0,
        ended_at=0,
    )
    store.add(tx, made)
    if busy:
        _end(tx, made, "busy")
    else:
        _tell(tx, made)
        if not hidden:
            tx.hint(RINGS, made.id)
    return Outcome(made.id)


def answer(tx: Tx, who: Who, command: AnswerCall) -> Outcome:
    """Take a call that rings here. Of several pages the first wins."""
    kept = _require(tx, who, command.call)
    if who.account == kept.caller:
        raise Refusal("forbidden", field="call")
    if kept.state == "ended":
        raise Refusal("call_over", field="call")
    if kept.state == "active":
        if kept.seat_of(who.account) != (command.seat, who.device):
            raise Refusal("call_elsewhere", field="call")
        return Outcome(kept.id)
    return _take(tx, who, kept, command.seat)


def decline(tx: Tx, who: Who, command: DeclineCall) -> Outcome:
    """Let a call that rings here stop; one that is over already stays as it ended."""
    kept = _require(tx, who, command.call)
    if who.account == kept.caller:
        raise Refusal("forbidden", field="call")
    if kept.state == "active":
        raise Refusal("call_elsewhere", field="call")
    if kept.state == "ringing":
        _end(tx, kept, "declined")
    return Outcome(kept.id)


def hang_up(tx: Tx, who: Who, command: HangUpCall) -> Outcome:
    """End a call, from whichever of one's pages; one that is over already stays as it ended."""
    kept = _require(tx, who, command.call)
    if kept.state != "ended":
        _leave(tx, kept, who.account, refused="declined")
    return Outcome(kept.id)


def _require(db: Reader, who: Who, call_id: str) -> Kept:
    kept = store.call(db, call_id)
    if kept is None or not kept.concerns(who.account):
        raise Refusal("not_found", field="call")
    return kept


def _open_of(db: Reader, account: str) -> Kept | None:
    """The one call that the account is in or calls with, or that it knows to ring here."""
    return next((kept for kept in store.open_with(db, account) if kept.concerns(account)), None)


def _take(tx: Tx, who: Who, kept: Kept, seat: str) -> Outcome:
    store.take(tx, kept.id, seat, who.device)
    taken = replace(kept, state="active", callee_seat=seat, callee_device=who.device, answered_at=tx.now)
    _tell(tx, taken)
    tx.hint(QUIET, kept.id)
    return Outcome(kept.id)


# What happens by itself


def miss(tx: Tx, call_id: str) -> None:
    """It rang for long enough."""
    kept = store.call(tx, call_id)
    if kept is not None and kept.state == "ringing":
        _end(tx, kept, "missed")


def lose(tx: Tx, call_id: str, account: str) -> None:
    """The page of one side has been gone for too long; what counts is until when both were here."""
    kept = store.call(tx, call_id)
    if kept is not None and kept.state != "ended":
        _leave(tx, kept, account, at=kept.seen_at)


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
            _leave(tx, kept, gone or kept.caller)
        elif people.blocked_by(tx, kept.callee, kept.caller):
            _leave(tx, kept, kept.caller)
        elif not kept.hidden and people.blocked_by(tx, kept.caller, kept.callee):
            if kept.state == "active":
                _leave(tx, kept, kept.callee)
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
    tx.emit(kept.callee, _event(tx, over, kept.callee))
    tx.hint(QUIET, kept.id)
    _tell(tx, replace(kept, hidden=True))


def _leave(tx: Tx, kept: Kept, account: str, *, at: int = 0, refused: CallOutcome = "missed") -> None:
    """One side goes, or went at that time; `refused`: what it is called when it is the callee, at whom it
    rings."""
    if kept.state == "active":
        _end(tx, kept, "answered" if kept.seen_at else "failed", at=at or tx.now)
    else:
        _end(tx, kept, "cancelled" if account == kept.caller else refused)


def _end(tx: Tx, kept: Kept, outcome: CallOutcome, *, at: int = 0) -> None:
    assert outcome
    ended_at = at or tx.now
    store.end(tx, kept.id, outcome, ended_at)
    over = replace(kept, state="ended", outcome=outcome, ended_at=ended_at)
    _tell(tx, over)
    if kept.state == "ringing" and not kept.hidden:
        tx.hint(QUIET, kept.id)
    duration = ended_at - kept.answered_at if outcome == "answered" else 0
    entry = CallEntry(video=kept.video, outcome=outcome, duration_ms=duration)
    messages.note_call(tx, kept.room, _person(tx, kept.caller), entry, quiet=outcome not in UNREAD)
    jobs.enqueue(tx, TIDY, {}, key=TIDY, delay_ms=KEEP_MS)


# Telling


def _tell(tx: Tx, kept: Kept) -> None:
    for account in (kept.caller, kept.callee):
        if kept.concerns(account):
            tx.emit(account, _event(tx, kept, account))
    moved = Moved(kept, {account: _person(tx, account) for account in (kept.caller, kept.callee)})
    tx.hint(MOVED, msgspec.json.encode(moved).decode())


def _event(db: Reader, kept: Kept, account: str) -> CallChanged:
    return CallChanged(call=shown_to(kept, account), person=_person(db, kept.other(account)))


def shown_to(kept: Kept, account: str) -> Call:
    """A call as one of the two sees it."""
    return Call(
        id=kept.id,
        room=kept.room,
        caller=kept.caller,
        callee=kept.callee,
        video=kept.video,
        state=kept.state,
        seat=kept.seat_of(account)[0],
        outcome=kept.outcome,
        began_at=kept.began_at,
        answered_at=kept.answered_at,
        ended_at=kept.ended_at,
    )


def _person(db: Reader, account: str) -> Person:
    person = auth.person(db, account)
    assert person is not None
    return person


_moved = msgspec.json.Decoder(Moved)


def moved(about: str) -> Moved:
    """What a hint MOVED is about."""
    return _moved.decode(about)


def open_calls(db: Reader) -> list[Moved]:
    """All of them, as a process that starts takes them up."""
    return [
        Moved(kept, {account: _person(db, account) for account in (kept.caller, kept.callee)})
        for kept in store.all_open(db)
    ]


# What is left behind


def forget(tx: Tx, account: str) -> None:
    """End what the account is in, and keep nothing of its calls but their entries."""
    for kept in store.open_with(tx, account):
        _leave(tx, kept, account)
    store.drop_all_of(tx, account)


def export(db: Reader, account: str) -> list[dict[str, Any]]:
    """What is kept of the account's calls beside their entries, for itself to take along."""
    return [
        {
            "kind": "call",
            "incoming": kept.callee == account,
            **{name: getattr(kept, name) for name in ("id", "room", "video", "state", "outcome")},
            **{name: getattr(kept, name) for name in ("began_at", "answered_at", "ended_at")},
        }
        for kept in store.known_to(db, account, EXPORTED)
    ]


def purge(tx: Tx, room: str, most: int) -> int:
    """Drop the calls of a room that is gone for good; returns how many. There are never many."""
    return store.purge(tx, room)


def tidy(tx: Tx) -> int | None:
    """Forget what ended long enough ago; returns in how many ms there is more, None for never."""
    first = store.drop_ended(tx, tx.now - KEEP_MS)
    return None if first is None else max(1, first + KEEP_MS - tx.now)
