"""What is said of a call: to both people, to the process that holds it, and to whatever wakes devices."""

import msgspec

from appliance.features.auth import actions as auth
from appliance.features.auth.model import Person
from appliance.features.calls import store
from appliance.features.calls.model import Call, CallChanged, Kept, Moved
from appliance.kernel.transaction import Reader, Tx

MOVED = "calls.moved"
"""Hinted at with a call as a transaction left it (see `moved`), in the order of commits."""
RINGS = "calls.rings"
"""Hinted at with the id of a call that begins to ring at its callee: what wakes their devices goes here."""
QUIET = "calls.quiet"
"""Hinted at with the id of one that no longer does, however that came."""


def tell(tx: Tx, kept: Kept) -> None:
    """Tell all who are to know how a call stands now."""
    for account in (kept.caller, kept.callee):
        if kept.concerns(account):
            tx.emit(account, event(tx, kept, account))
    note(tx, kept)


def note(tx: Tx, kept: Kept) -> None:
    """Let the process that holds it know alone."""
    moved = Moved(kept, {account: person(tx, account) for account in (kept.caller, kept.callee)})
    tx.hint(MOVED, msgspec.json.encode(moved).decode())


def event(db: Reader, kept: Kept, account: str) -> CallChanged:
    """The same for one of the two."""
    return CallChanged(call=shown_to(kept, account), person=person(db, kept.other(account)))


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


def person(db: Reader, account: str) -> Person:
    """One of the two, as the other sees them."""
    found = auth.person(db, account)
    assert found is not None
    return found


_moved = msgspec.json.Decoder(Moved)


def moved(about: str) -> Moved:
    """What a hint MOVED is about."""
    return _moved.decode(about)


def open_calls(db: Reader) -> list[Moved]:
    """All of them, as a process that starts takes them up."""
    return [
        Moved(kept, {account: person(db, account) for account in (kept.caller, kept.callee)})
        for kept in store.all_open(db)
    ]
