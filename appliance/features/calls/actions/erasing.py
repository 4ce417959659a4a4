"""What is kept of calls beside their entries, taken along and let go."""

from typing import Any

from appliance.features.calls import store
from appliance.features.calls.actions.ending import KEEP_MS, leave
from appliance.kernel.transaction import Reader, Tx

EXPORTED = 1000


def forget(tx: Tx, account: str) -> None:
    """End what the account is in, and keep nothing of its calls but their entries."""
    for kept in store.open_with(tx, account):
        leave(tx, kept, account)
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
