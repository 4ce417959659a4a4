"""How accounts look to others: names that look alike, changes, and an end without a name."""

import msgspec

from appliance.features.auth import rolls, store
from appliance.features.auth.actions.replay import ME
from appliance.features.auth.actions.sessions import sign_out_everywhere
from appliance.features.auth.lookalikes import skeleton
from appliance.features.auth.model import (
    MeChanged,
)
from appliance.kernel import journal
from appliance.kernel.errors import Refusal
from appliance.kernel.transaction import Reader, Tx


def name_is_free_for_guest(db: Reader, display: str) -> bool:
    """Whether nobody could take a guest of this display name for a member."""
    looks = skeleton(display)
    return bool(looks) and not rolls.member_looks_like(db, looks)


def work_out_skeletons(tx: Tx, *, most: int = 200) -> int:
    """Of accounts that were made before there were any; returns how many."""
    found = rolls.without_skeletons(tx, most)
    for account, display, name in found:
        store.put_skeletons(tx, account, skeleton(display), skeleton(name))
    return len(found)


def change_me(tx: Tx, account: str, **changes: str | int) -> int:
    """Change how an account presents itself (fields of Me) and tell its own devices; returns their log's seq.
    The rooms are to be told by whoever knows them (rooms.retell_person)."""
    held = store.me(tx, account)
    if held is None:
        raise Refusal("not_found")
    changed = msgspec.structs.replace(held, **changes)
    store.put_me(tx, changed)
    store.put_skeletons(tx, account, skeleton(changed.display), skeleton(changed.name))
    seq = journal.append(tx, account, ME, account, account)
    tx.emit(account, MeChanged(log=account, seq=seq, me=changed))
    return seq


def forget(tx: Tx, account: str) -> None:
    """Leave nothing of an account but a row without a name. Its sessions end, its sockets close."""
    sign_out_everywhere(tx, account)
    store.erase(tx, account)


def clear_log(tx: Tx, account: str) -> None:
    """Nobody will ask what changed for the account."""
    journal.clear_log(tx, account)
