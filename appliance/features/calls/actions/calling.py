"""Calling somebody, taking a call, and ending one."""

from dataclasses import replace

from appliance.features.calls import store
from appliance.features.calls.actions.ending import end, leave
from appliance.features.calls.actions.telling import QUIET, RINGS, tell
from appliance.features.calls.model import AnswerCall, DeclineCall, HangUpCall, Kept, Ring
from appliance.features.people import actions as people
from appliance.features.rooms import actions as rooms
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx


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
    engaged = _open_of(tx, callee) is not None
    # Whoever blocked the caller does not tell them either that they talk to somebody else; nor does whoever
    # is to be seen nowhere tell anybody.
    unseen = engaged and people.preferences(tx, callee).invisible
    hidden = unseen or people.blocked_by(tx, who.account, callee)
    busy = engaged and not hidden
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
        end(tx, made, "busy")
    else:
        tell(tx, made)
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
        end(tx, kept, "declined")
    return Outcome(kept.id)


def hang_up(tx: Tx, who: Who, command: HangUpCall) -> Outcome:
    """End a call, from whichever of one's pages; one that is over already stays as it ended."""
    kept = _require(tx, who, command.call)
    if kept.state != "ended":
        leave(tx, kept, who.account, refused="declined")
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
    tell(tx, taken)
    tx.hint(QUIET, kept.id)
    return Outcome(kept.id)
